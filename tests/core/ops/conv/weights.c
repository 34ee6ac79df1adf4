/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.c: the quick ways to the gradient of a convolution's weights give what the
 * definition gives.
 *
 * A sum of n products of values around 1 is exact to about n FLT_EPSILON of its terms'
 * sum of absolutes; Winograd's transforms lose some bits more. */
#include "trainer.h"
#include "base/threads.h"
#include "check.h"
#include "ops/conv/conv_weights.h"
#include "ops/conv/winograd_weights.h"
#include <stdlib.h>

typedef struct {
    int64_t channels, maps, height, width, kernel[2], dilation[2], begin[2], end[2];
    size_t images;
} Shape;

static DcnConv2d
conv_of(const Shape *s)
{
    DcnConv2d conv = {.groups = 1,
                      .channels = (size_t)s->channels,
                      .maps = (size_t)s->maps,
                      .window = {.axes = 2,
                                 .kernel = {1, s->kernel[0], s->kernel[1]},
                                 .stride = {1, 1, 1},
                                 .dilation = {1, s->dilation[0], s->dilation[1]},
                                 .begin = {0, s->begin[0], s->begin[1]},
                                 .end = {0, s->end[0], s->end[1]},
                                 .in = {1, s->height, s->width},
                                 .out = {1, 0, 0}}};
    for (int axis = 1; axis < 3; axis++) {
        DcnWindow *w = &conv.window;
        w->out[axis] = w->in[axis] + w->begin[axis] + w->end[axis] -
                       (w->kernel[axis] - 1) * w->dilation[axis];
    }
    return conv;
}

static float *
random_floats(size_t n, uint64_t seed)
{
    DcnRandom random = dcn_random_seed(seed, 1);
    float *values = malloc(n * sizeof *values);
    for (size_t i = 0; i < n; i++)
        values[i] = (float)(dcn_random_unit(&random) * 2 - 1);
    return values;
}

/* By definition, in double. sizes: the sums of absolute terms. */
static void
define(const DcnConv2d *conv,
       size_t images,
       const float *x,
       const float *dy,
       double *dw,
       double *sizes)
{
    const DcnWindow *w = &conv->window;
    int64_t area = w->in[1] * w->in[2], out = w->out[1] * w->out[2];
    size_t at = 0;
    for (size_t m = 0; m < conv->maps; m++)
        for (size_t c = 0; c < conv->channels; c++)
            for (int64_t ky = 0; ky < w->kernel[1]; ky++)
                for (int64_t kx = 0; kx < w->kernel[2]; kx++, at++)
                    for (size_t n = 0; n < images; n++)
                        for (int64_t o = 0; o < out; o++) {
                            int64_t y = o / w->out[2] - w->begin[1] + ky * w->dilation[1];
                            int64_t i = o % w->out[2] - w->begin[2] + kx * w->dilation[2];
                            if (y < 0 || y >= w->in[1] || i < 0 || i >= w->in[2])
                                continue;
                            size_t from = (n * conv->channels + c) * (size_t)area;
                            size_t signal = (n * conv->maps + m) * (size_t)out;
                            double term = (double)x[from + (size_t)(y * w->in[2] + i)] *
                                          (double)dy[signal + (size_t)o];
                            dw[at] += term;
                            sizes[at] += fabs(term);
                        }
}

typedef void Way(const DcnConv2d *,
                 DcnContext *,
                 size_t,
                 float *,
                 const DcnImages *,
                 const DcnImages *);

static void
check_way(const Shape *shape, Way *way, size_t scratch, double tolerance, int threads)
{
    DcnConv2d conv = conv_of(shape);
    size_t in = conv.channels * (size_t)(conv.window.in[1] * conv.window.in[2]);
    size_t out = conv.maps * (size_t)(conv.window.out[1] * conv.window.out[2]);
    size_t weights = conv.maps * conv.channels *
                     (size_t)(conv.window.kernel[1] * conv.window.kernel[2]);
    float *x = random_floats(in * shape->images, 1);
    float *dy = random_floats(out * shape->images, 2);
    float *got = random_floats(weights, 3), *before = random_floats(weights, 3);
    double *wanted = calloc(2 * weights, sizeof *wanted), *sizes = wanted + weights;
    define(&conv, shape->images, x, dy, wanted, sizes);
    DcnContext *context = dcn_context_new(threads, NULL);
    check(dcn_context_reserve(context, scratch, NULL), "scratch memory");
    DcnImages images = {x, in, 1, in}, signals = {dy, out, 1, out};
    way(&conv, context, shape->images, got, &signals, &images);
    for (size_t i = 0; i < weights; i++) {
        double error = fabs((double)got[i] - (double)before[i] - wanted[i]);
        if (!(error <= tolerance * (sizes[i] + 1))) {
            check_fail("%lldx%lldx%lldx%lld, %d threads: weight %zu is %g, not %g",
                       (long long)shape->maps, (long long)shape->channels,
                       (long long)shape->height, (long long)shape->width, threads, i,
                       (double)got[i] - (double)before[i], wanted[i]);
            break;
        }
    }
    dcn_context_free(context);
    free(wanted);
    free(before);
    free(got);
    free(dy);
    free(x);
}

static void
products_over_places_are_the_gradient(void)
{
    static const Shape shapes[] = {
        {16, 8, 5, 7, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 3},
        {33, 9, 6, 4, {1, 1}, {1, 1}, {0, 0}, {0, 0}, 2},
        {40, 70, 9, 9, {5, 3}, {1, 1}, {2, 0}, {1, 2}, 2},
        {16, 24, 11, 13, {3, 2}, {2, 3}, {0, 3}, {4, 1}, 2},
        {17, 8, 4, 4, {4, 4}, {1, 1}, {5, 0}, {0, 6}, 1},
        {64, 300, 60, 17, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1}, /* several strips */
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int threads = 1; threads < 5; threads++) {
            DcnConv2d conv = conv_of(&shapes[i]);
            check(dcn_conv_weights_fits(&conv), "the shape is of that kind");
            check_way(&shapes[i], dcn_conv_weights, dcn_conv_weights_scratch(&conv), 1e-6,
                      threads);
        }
}

static void
winograd_turned_round_is_the_gradient(void)
{
    static const Shape shapes[] = {
        {16, 16, 8, 8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 16},
        {20, 33, 13, 10, {3, 3}, {1, 1}, {0, 2}, {1, 0}, 8},
        {33, 70, 4, 4, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 70},
        {64, 48, 50, 19, {3, 3}, {1, 1}, {1, 0}, {0, 1}, 2},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int threads = 1; threads < 5; threads++) {
            DcnConv2d conv = conv_of(&shapes[i]);
            check(dcn_winograd_weights_pays(&conv, shapes[i].images),
                  "the shape has tiles enough");
            check_way(&shapes[i], dcn_winograd_weights_gradient,
                      dcn_winograd_weights_scratch(&conv), 4e-6, threads);
        }
}

CHECK_MAIN(CHECK_TEST(products_over_places_are_the_gradient),
           CHECK_TEST(winograd_turned_round_is_the_gradient))
