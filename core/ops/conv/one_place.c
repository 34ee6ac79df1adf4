/* SPDX-License-Identifier: GPL-3.0-or-later */
/* one_place.c: convolution forward of one image that is a single place, as in a
 * squeeze-and-excite block: a matrix times a vector.
 *
 * Weights are packed as for the inner loop (inner.h), eight maps together, and read once.
 * There is nothing to lay out. */
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/product/inner.h"

#define CHAINS 4 /* sums that do not wait for each other */
#define GRAIN ((size_t)32768)

typedef float Eight __attribute__((vector_size(32)));
typedef float EightAnywhere __attribute__((vector_size(32), aligned(4), may_alias));

static bool
fits(const DcnConv2d *conv)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    return conv->groups == 1 && s.pointwise && s.out == 1;
}

static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)conv;
    return use->images <= 1;
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return dcn_packed_floats(conv->maps, conv->channels);
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    (void)use;
    dcn_pack(weights, conv->maps, conv->channels, conv->channels, 1, form);
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)conv, (void)use;
    return 0;
}

/* Eight maps: the sums over n channels. */
DCN_VECTOR static void
sum_channels(const float *restrict packed,
             const float *restrict x,
             size_t n,
             float sums[DCN_ROWS])
{
    Eight chain[CHAINS] = {{0}};
    for (; n >= CHAINS; n -= CHAINS, packed += CHAINS * DCN_ROWS, x += CHAINS)
        for (size_t i = 0; i < CHAINS; i++)
            chain[i] +=
                *(const EightAnywhere *)(const void *)(packed + i * DCN_ROWS) * x[i];
    for (size_t i = 0; i < n; i++)
        chain[i] += *(const EightAnywhere *)(const void *)(packed + i * DCN_ROWS) * x[i];
    *(EightAnywhere *)(void *)sums = (chain[0] + chain[1]) + (chain[2] + chain[3]);
}

static void
run_groups(void *user, size_t begin, size_t end, size_t worker)
{
    const DcnConvRun *run = user;
    size_t channels = run->conv->channels, maps = run->conv->maps, images = run->images;
    (void)worker;
    for (size_t at = begin; at < end; at++) {
        size_t image = at % images, first = at / images * DCN_ROWS,
               n = maps - first < DCN_ROWS ? maps - first : DCN_ROWS;
        const float *x = dcn_images_at(run->x, image);
        float *y = dcn_images_at(run->y, image) + first, sums[DCN_ROWS];
        sum_channels(run->form + first * channels, x, channels, sums);
        for (size_t r = 0; r < n; r++)
            y[r] =
                dcn_clamp(run->clamp, sums[r] + (run->bias ? run->bias[first + r] : 0) +
                                          (run->add ? y[r] : 0));
    }
}

static void
forward(const DcnConvRun *run)
{
    size_t groups = (run->conv->maps + DCN_ROWS - 1) / DCN_ROWS;
    dcn_parallel_range(run->context, groups * run->images,
                       GRAIN / (run->conv->channels * DCN_ROWS + 1) + 1, run_groups,
                       (void *)(uintptr_t)run);
}

const DcnConvWay dcn_way_one_place = {
    .name = "one place",
    .fits = fits,
    .pays = pays,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
