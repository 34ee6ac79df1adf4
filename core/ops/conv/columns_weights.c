/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns_weights.c: the gradient of the weights, by its definition.
 *
 * The channels of a group are cut into blocks, so that no two threads add to the same
 * weight: the signal times the columns of a block gives the gradient of that block's
 * weights. */
#include "ops/conv/columns.h"
#include "ops/conv/columns_tiles.h"
#include "ops/product/product.h"
#include <string.h>

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    DcnBlocks blocks;
    size_t parts; /* of the images; 1: threads have no sums of their own */
} Gradient;

/* Floats of a thread's own sums, behind its columns: where all channels are one block, as
 * in a first layer, threads share out images. 0: they do not. */
static size_t
own_floats(const DcnConv2d *conv, const DcnConvSizes *s)
{
    size_t floats = s->maps * s->rows;
    bool one = conv->groups == 1 && dcn_block_channels(s) == s->channels;
    return one && floats <= DCN_TILE_FLOATS / 8 ? floats : 0;
}

/* The sums of a part of the images. They do not depend on the thread that takes the
 * part. */
static float *
own_sums(const Gradient *g, size_t part)
{
    return (float *)dcn_scratch(g->run->context, part) + dcn_block_floats(&g->s);
}

static void
weights_block(void *user, size_t index, size_t worker)
{
    const Gradient *g = user;
    const DcnConvSizes *s = &g->s;
    size_t part = index % g->parts;
    index /= g->parts;
    size_t c0 = index % g->blocks.n * g->blocks.channels, group = index / g->blocks.n;
    size_t channels = dcn_block_at(&g->blocks, s, c0);
    float *columns = dcn_scratch(g->run->context, worker);
    size_t width =
        s->pointwise ? s->out : dcn_tile_columns(dcn_block_channels(s) * s->kernel);
    DcnProduct product = {
        .transpose_b = true,
        .m = s->maps,
        .n = channels * s->kernel,
        .alpha = 1,
        .beta = 1,
        .lda = s->out,
        .b = columns,
        .ldb = width,
        .c = g->run->dw + group * s->maps * s->rows + c0 * s->kernel,
        .ldc = s->rows,
    };
    if (g->parts > 1) {
        product.c = own_sums(g, part);
        memset(product.c, 0, s->maps * s->rows * sizeof *product.c);
    }
    size_t end = g->run->images * (part + 1) / g->parts;
    for (size_t image = g->run->images * part / g->parts; image < end; image++) {
        const float *dy = dcn_images_at(g->run->y, image) + group * s->maps * s->out;
        const float *x =
            dcn_images_at(g->run->x, image) + (group * s->channels + c0) * s->in;
        for (size_t begin = 0; begin < s->out; begin += width) {
            product.k = s->out - begin < width ? s->out - begin : width;
            product.a = dy + begin;
            if (s->pointwise)
                product.b = x;
            else
                dcn_columns_from_image(&g->run->conv->window, channels, x, begin,
                                       begin + product.k, columns, width);
            dcn_product_here(&product);
        }
    }
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return sizeof(float) * (dcn_block_floats(&s) + own_floats(conv, &s));
}

static void
gradient(const DcnConvRun *run)
{
    Gradient g = {.run = run, .s = dcn_conv_sizes(run->conv), .parts = 1};
    size_t groups = run->conv->groups,
           threads = (size_t)dcn_context_threads(run->context);
    if (g.s.channels == 0 || g.s.maps == 0)
        return;
    if (own_floats(run->conv, &g.s) > 0 && run->images >= threads)
        g.parts = threads;
    g.blocks = dcn_blocks(&g.s, groups * g.parts, threads);
    dcn_parallel(run->context, groups * g.blocks.n * g.parts, weights_block, &g);
    for (size_t part = 0; g.parts > 1 && part < g.parts; part++)
        for (size_t i = 0; i < g.s.weights; i++)
            run->dw[i] += own_sums(&g, part)[i];
}

const DcnConvWay dcn_way_columns_weights = {
    .name = "columns",
    .fits = dcn_columns_fit,
    .deep = true,
    .scratch = scratch,
    .run = gradient,
};
