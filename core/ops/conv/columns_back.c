/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns_back.c: the transpose, by its definition.
 *
 * The channels of a group are cut into blocks, so that no two threads add to the same
 * place: a block's share of the weights times the signal gives columns, which are added
 * to where they came from. Maps and places at the borders where the signal is zero are
 * left out. */
#include "ops/conv/columns.h"
#include "ops/conv/columns_tiles.h"
#include "ops/conv/planes.h"
#include "ops/conv/signal.h"
#include "ops/product/blocked_product.h"

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    DcnBlocks blocks;
} Back;

/* The part of a group's maps and of places that a box holds. */
static void
box_ranges(const Back *b, size_t group, size_t maps[2], size_t places[2])
{
    size_t first = group * b->s.maps, width = (size_t)b->run->conv->window.out[2];
    size_t begin = (size_t)b->run->box->begin[0], end = (size_t)b->run->box->end[0];
    maps[0] = dcn_clamped(begin, first, first + b->s.maps) - first;
    maps[1] = dcn_clamped(end, first, first + b->s.maps) - first;
    places[0] = (size_t)b->run->box->begin[1] * width;
    places[1] = (size_t)b->run->box->end[1] * width;
}

/* A unit reaches few places of the first tensors below it. */
static void
multiply(const DcnProduct *product)
{
    if (product->room && dcn_is_few_columns(product))
        dcn_few_columns_product(product);
    else
        dcn_product_here(product);
}

/* The channels c0 .. c0 + channels - 1 of a group. */
static void
add_block(
    const Back *b, size_t image, size_t group, size_t c0, size_t channels, float *columns)
{
    const DcnConvSizes *s = &b->s;
    size_t rows = channels * s->kernel;
    const float *dy = dcn_images_at(b->run->y, image) + group * s->maps * s->out;
    float *dx = dcn_images_at(b->run->x, image) + (group * s->channels + c0) * s->in;
    size_t maps[2] = {0, s->maps}, places[2] = {0, s->out};
    if (b->run->box)
        box_ranges(b, group, maps, places);
    if (!dcn_signal_range(dy, s->out, maps, places))
        return;
    DcnProduct product = {
        .transpose_a = true,
        .m = rows,
        .k = maps[1] - maps[0],
        .alpha = 1,
        .a = b->run->weights + (group * s->maps + maps[0]) * s->rows + c0 * s->kernel,
        .lda = s->rows,
        .ldb = s->out,
        /* the twin without forms is to round as little as BLAS does */
        .room = b->run->forms ? dcn_columns_room(columns, dcn_block_floats(s)) : NULL,
    };
    dy += maps[0] * s->out;
    if (s->pointwise) {
        product.n = places[1] - places[0];
        product.b = dy + places[0];
        product.c = dx + places[0];
        product.ldc = s->in;
        product.beta = 1;
        multiply(&product);
        return;
    }
    size_t width = dcn_tile_columns(dcn_block_channels(s) * s->kernel);
    product.c = columns;
    product.ldc = width;
    for (size_t begin = places[0]; begin < places[1]; begin += width) {
        product.n = places[1] - begin < width ? places[1] - begin : width;
        product.b = dy + begin;
        multiply(&product);
        dcn_columns_to_image(&b->run->conv->window, channels, dx, begin,
                             begin + product.n, columns, width);
    }
}

static void
back_block(void *user, size_t index, size_t worker)
{
    const Back *b = user;
    size_t c0 = index % b->blocks.n * b->blocks.channels;
    index /= b->blocks.n;
    size_t group = index % b->run->conv->groups, image = index / b->run->conv->groups;
    size_t channels = dcn_block_at(&b->blocks, &b->s, c0);
    size_t first = group * b->s.channels + c0;
    dcn_planes_start(b->run, image, first, channels);
    add_block(b, image, group, c0, channels, dcn_scratch(b->run->context, worker));
    dcn_planes_finish(b->run, image, first, channels);
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return dcn_columns_scratch(dcn_block_floats(&s));
}

static void
back(const DcnConvRun *run)
{
    Back b = {.run = run, .s = dcn_conv_sizes(run->conv)};
    size_t others = run->images * run->conv->groups;
    if (b.s.channels == 0 || b.s.maps == 0)
        return;
    b.blocks = dcn_blocks(&b.s, others, (size_t)dcn_context_threads(run->context));
    dcn_parallel(run->context, others * b.blocks.n, back_block, &b);
}

const DcnConvWay dcn_way_columns_back = {
    .name = "columns",
    .fits = dcn_columns_fit,
    .deep = true,
    .boxes = true,
    .scratch = scratch,
    .run = back,
};
