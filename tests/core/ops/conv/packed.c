/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed.c: convolutions with packed weights give what the definition gives, also where
 * channels are zero. */
#include "ops/conv/packed.h"
#include "base/threads.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include "ops/product/inner.h"
#include <stdlib.h>

#define CASES 300

typedef struct {
    DcnConv2d conv;
    size_t images;
    int threads;
    bool add, dead;
} Case;

static Case
random_case(DcnRandom *random)
{
    Case c;
    do {
        size_t groups = (size_t)random_between(random, 1, 3);
        c = (Case){.conv = {.groups = groups,
                            .channels = groups * (size_t)random_between(random, 1, 20),
                            .maps = groups * (size_t)random_between(random, 1, 20),
                            .window = {.axes = 2,
                                       .kernel = {1},
                                       .stride = {1},
                                       .dilation = {1},
                                       .in = {1},
                                       .out = {1}}},
                   .images = (size_t)random_between(random, 1, 5),
                   .threads = (int)random_between(random, 1, 3),
                   .add = random_between(random, 0, 1),
                   .dead = random_between(random, 0, 1)};
        DcnWindow *w = &c.conv.window;
        bool pointwise = random_between(random, 0, 2) == 0;
        for (int axis = 1; axis < 3; axis++) {
            w->kernel[axis] = pointwise ? 1 : random_between(random, 1, 5);
            w->stride[axis] = pointwise ? 1 : random_between(random, 1, 3);
            w->dilation[axis] = random_between(random, 1, 2);
            w->begin[axis] = pointwise ? 0 : random_between(random, 0, 4);
            w->end[axis] = pointwise ? 0 : random_between(random, 0, 4);
            w->in[axis] = random_between(random, 9, 20);
        }
        conv_set_out(w);
    } while (!dcn_packed_fits(&c.conv));
    return c;
}

static bool
check_case(const Case *c, DcnRandom *random)
{
    const DcnConv2d *conv = &c->conv;
    const DcnWindow *v = &conv->window;
    size_t in = conv->channels * (size_t)(v->in[1] * v->in[2]),
           area = (size_t)(v->out[1] * v->out[2]), out = conv->maps * area;
    size_t kernel = conv->channels / conv->groups * (size_t)(v->kernel[1] * v->kernel[2]);
    float *x = random_floats(random, in * c->images),
          *w = random_floats(random, kernel * conv->maps),
          *bias = random_floats(random, conv->maps),
          *y = random_floats(random, out * c->images),
          *before = malloc(out * c->images * sizeof *before),
          *packed = malloc(dcn_packed_weights(conv) * sizeof *packed);
    memcpy(before, y, out * c->images * sizeof *y);
    if (c->dead)
        conv_close_channels(conv, x, c->images);
    DcnContext *context = dcn_context_new(c->threads, NULL);
    bool good = check(dcn_context_reserve(context, dcn_packed_scratch(conv), NULL),
                      "scratch memory");
    dcn_packed_prepare(conv, w, packed);
    DcnImages from = {x, in, 1, in}, to = {y, out, 1, out};
    dcn_packed_forward(conv, context, c->images, &to, &from, packed, bias,
                       (DcnClamp){-2, 3}, c->add);
    for (size_t i = 0; good && i < out * c->images; i++) {
        size_t image = i / out, map = i % out / area;
        double wanted = (double)bias[map] + (c->add ? (double)before[i] : 0) +
                        conv_define(conv, x + image * in, w, map, i % area);
        wanted = fmin(3, fmax(-2, wanted));
        good = fabs((double)y[i] - wanted) <= 1e-6 * (double)(kernel + 1);
        if (!good)
            check_fail("kernel %lldx%lld, %zu channels, %zu groups: place %zu is %g, "
                       "not %g",
                       (long long)v->kernel[1], (long long)v->kernel[2], conv->channels,
                       conv->groups, i, (double)y[i], wanted);
    }
    dcn_context_free(context);
    free(packed);
    free(before);
    free(y);
    free(bias);
    free(w);
    free(x);
    return good;
}

static void
any_convolution_gives_what_the_definition_gives(void)
{
    DcnRandom random = dcn_random_seed(24, 0);
    for (int i = 0; i < CASES; i++) {
        Case c = random_case(&random);
        if (!check_case(&c, &random))
            return;
    }
}

static void
rows_that_are_zero_are_found(void)
{
    float panel[32 * DCN_COLUMNS];
    uint32_t which[32];
    for (size_t i = 0; i < 32 * DCN_COLUMNS; i++)
        panel[i] = -0.f;
    check(dcn_live_rows(panel, 32, which) == 0, "none of zeroes");
    panel[5 * DCN_COLUMNS + 31] = 1e-40f; /* denormal, but not zero */
    panel[9 * DCN_COLUMNS] = NAN;
    check(dcn_live_rows(panel, 32, which) == 2 && which[0] == 5 && which[1] == 9,
          "a denormal and a NaN live");
    for (size_t i = 0; i < 31; i++)
        panel[i * DCN_COLUMNS + i] = 1;
    check(dcn_live_rows(panel, 32, which) == 32, "all but one are as good as all");
}

CHECK_MAIN(CHECK_TEST(any_convolution_gives_what_the_definition_gives),
           CHECK_TEST(rows_that_are_zero_are_found))
