/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taps.c: the way back of convolutions with strides or few channels is the transpose
 * of the definition, whatever the sizes and however many threads.
 *
 * A sum of n products of values below 1 grows as sqrt(n) / 3, and rounds by as many units
 * of its size at most; the bound allows for that. */
#include "ops/conv/taps.h"
#include "base/threads.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CASES 200

typedef struct {
    DcnConv2d conv;
    size_t images;
    bool add, clamped;
} Case;

static Case
random_case(DcnRandom *random)
{
    Case c;
    do {
        c = (Case){.conv = {.groups = 1,
                            .channels = (size_t)random_between(random, 1, 50),
                            .maps = (size_t)random_between(random, 8, 20),
                            .window = {.axes = 2, .in = {1}, .out = {1}}},
                   .images = (size_t)random_between(random, 1, 2),
                   .add = random_between(random, 0, 1),
                   .clamped = random_between(random, 0, 1)};
        DcnWindow *w = &c.conv.window;
        for (int axis = 0; axis < 3; axis++) {
            w->kernel[axis] = axis == 0 ? 1 : random_between(random, 1, 11);
            w->stride[axis] = axis == 0 ? 1 : random_between(random, 1, 4);
            w->dilation[axis] = 1;
            if (axis == 0)
                continue;
            w->begin[axis] = random_between(random, 0, w->kernel[axis]);
            w->end[axis] = random_between(random, 0, w->kernel[axis]);
            w->in[axis] = random_between(random, w->kernel[axis], 60);
        }
        conv_set_out(w);
    } while (!dcn_fold_fits(&c.conv));
    return c;
}

/* dx += w' dy by definition, in double. */
static void
define(const DcnConv2d *conv, const float *dy, const float *w, double *dx)
{
    const DcnWindow *v = &conv->window;
    for (size_t m = 0; m < conv->maps; m++)
        for (int64_t oy = 0; oy < v->out[1]; oy++)
            for (int64_t ox = 0; ox < v->out[2]; ox++, dy++)
                for (size_t c = 0; c < conv->channels; c++)
                    for (int64_t ky = 0; ky < v->kernel[1]; ky++)
                        for (int64_t kx = 0; kx < v->kernel[2]; kx++) {
                            int64_t y = oy * v->stride[1] - v->begin[1] + ky,
                                    x = ox * v->stride[2] - v->begin[2] + kx;
                            size_t tap =
                                ((m * conv->channels + c) * (size_t)v->kernel[1] +
                                 (size_t)ky) *
                                    (size_t)v->kernel[2] +
                                (size_t)kx;
                            if (y >= 0 && y < v->in[1] && x >= 0 && x < v->in[2])
                                dx[((int64_t)c * v->in[1] + y) * v->in[2] + x] +=
                                    (double)*dy * (double)w[tap];
                        }
}

static bool
check_case(const Case *c, DcnRandom *random)
{
    const DcnConv2d *conv = &c->conv;
    const DcnWindow *v = &conv->window;
    size_t in = conv->channels * (size_t)(v->in[1] * v->in[2]),
           out = conv->maps * (size_t)(v->out[1] * v->out[2]);
    size_t taps = (size_t)(v->kernel[1] * v->kernel[2]);
    float *dy = random_floats(random, out * c->images),
          *w = random_floats(random, taps * conv->channels * conv->maps),
          *dx[2] = {random_floats(random, in * c->images),
                    malloc(in * c->images * sizeof(float))},
          *prepared =
              aligned_alloc(64, (dcn_fold_floats(conv) * sizeof(float) + 63) / 64 * 64);
    double *wanted = calloc(in * c->images, sizeof *wanted);
    memcpy(dx[1], dx[0], in * c->images * sizeof(float));
    for (size_t i = 0; c->add && i < in * c->images; i++)
        wanted[i] = (double)dx[0][i];
    for (size_t i = 0; i < c->images; i++)
        define(conv, dy + i * out, w, wanted + i * in);
    dcn_fold_prepare(conv, w, prepared);
    DcnClamp clamp = c->clamped ? (DcnClamp){0, INFINITY} : dcn_clamp_open();
    bool good = true;
    for (int threads = 1; threads <= 3; threads += 2) {
        DcnContext *context = dcn_context_new(threads, NULL);
        good &= check(dcn_context_reserve(context, dcn_fold_scratch(conv), NULL),
                      "scratch memory");
        DcnImages to = {dx[threads > 1], in, 1, in}, from = {dy, out, 1, out};
        dcn_fold_back(conv, context, c->images, &to, &from, prepared, clamp, c->add);
        dcn_context_free(context);
    }
    double n = (double)(taps * conv->maps), tolerance = n * (double)FLT_EPSILON;
    for (size_t i = 0; good && i < in * c->images; i++) {
        double value = c->clamped && wanted[i] < 0 ? 0 : wanted[i];
        good = fabs((double)dx[0][i] - value) <= tolerance && dx[0][i] == dx[1][i];
        if (!good)
            check_fail(
                "%zu images of %zux%lldx%lld, %zu maps of %lldx%lld, kernel "
                "%lldx%lld, stride %lldx%lld: place %zu is %g and %g, not %g",
                c->images, conv->channels, (long long)v->in[1], (long long)v->in[2],
                conv->maps, (long long)v->out[1], (long long)v->out[2],
                (long long)v->kernel[1], (long long)v->kernel[2], (long long)v->stride[1],
                (long long)v->stride[2], i, (double)dx[0][i], (double)dx[1][i], value);
    }
    free(wanted);
    free(prepared);
    free(dx[1]);
    free(dx[0]);
    free(w);
    free(dy);
    return good;
}

static void
the_way_back_is_the_transpose_of_the_definition(void)
{
    DcnRandom random = dcn_random_seed(25, 0);
    for (int i = 0; i < CASES; i++) {
        Case c = random_case(&random);
        if (!check_case(&c, &random))
            return;
    }
}

CHECK_MAIN(CHECK_TEST(the_way_back_is_the_transpose_of_the_definition))
