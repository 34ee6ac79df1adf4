/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv2d_back.c: the way back of a convolution: to the image side, to weights and bias.
 *
 * Both cut the channels of a group into blocks, so that no two threads add to the same
 * place: a block's share of the weights times the signal gives columns, which are added
 * to where they came from; the signal times the columns of a block gives the gradient of
 * that block's weights. */
#include "base/vector.h"
#include "ops/conv/columns.h"
#include "ops/conv/conv2d_tiles.h"
#include "ops/conv/depthwise.h"
#include "ops/product/product.h"
#include <string.h>

/* --- back to the image side --- */

typedef struct {
    const DcnConv2d *conv;
    DcnConvSizes s;
    DcnContext *context;
    size_t images;
    const DcnImages *x, *y; /* their gradients when the signal comes back */
    const float *w;
    float *dw;
    const DcnBox *box;    /* of y's signal, or NULL */
    size_t block, blocks; /* channels of a group */
    size_t parts;         /* of the images, for the weights; 1: no own sums */
} Blocks;

#define PIECE ((size_t)64)

/* Of PIECE floats. */
DCN_VECTOR static bool
is_silent(const float *x)
{
    int some = 0;
    for (size_t i = 0; i < PIECE; i++)
        some |= x[i] != 0;
    return some == 0;
}

bool
dcn_signal_range(const float *dy,
                 size_t places,
                 size_t map_range[2],
                 size_t place_range[2])
{
    size_t maps[2] = {0, 0}, least = place_range[1], most = place_range[0];
    for (size_t m = map_range[0]; m < map_range[1]; m++) {
        const float *row = dy + m * places;
        size_t first = place_range[0], last = place_range[1];
        while (last - first >= PIECE && is_silent(row + first))
            first += PIECE;
        while (first < last && row[first] == 0)
            first++;
        if (first == last)
            continue;
        while (last - first >= PIECE && is_silent(row + last - PIECE))
            last -= PIECE;
        while (row[last - 1] == 0)
            last--;
        if (maps[1] == 0)
            maps[0] = m;
        maps[1] = m + 1;
        least = first < least ? first : least;
        most = last > most ? last : most;
    }
    map_range[0] = maps[0];
    map_range[1] = maps[1];
    place_range[0] = least;
    place_range[1] = most;
    return maps[1] > 0;
}

/* The part of a group's maps and of places that a box holds. */
static void
box_ranges(const Blocks *b, size_t group, size_t maps[2], size_t places[2])
{
    size_t first = group * b->s.maps, width = (size_t)b->conv->window.out[2];
    size_t begin = (size_t)b->box->begin[0], end = (size_t)b->box->end[0];
    maps[0] = dcn_clamped(begin, first, first + b->s.maps) - first;
    maps[1] = dcn_clamped(end, first, first + b->s.maps) - first;
    places[0] = (size_t)b->box->begin[1] * width;
    places[1] = (size_t)b->box->end[1] * width;
}

static void
back_block(void *user, size_t index, size_t worker)
{
    const Blocks *b = user;
    const DcnConvSizes *s = &b->s;
    size_t c0 = index % b->blocks * b->block;
    index /= b->blocks;
    size_t group = index % b->conv->groups, image = index / b->conv->groups;
    size_t channels = s->channels - c0 < b->block ? s->channels - c0 : b->block;
    size_t rows = channels * s->kernel;
    const float *dy = dcn_images_at(b->y, image) + group * s->maps * s->out;
    float *dx = dcn_images_at(b->x, image) + (group * s->channels + c0) * s->in;
    size_t maps[2] = {0, s->maps}, places[2] = {0, s->out};
    if (b->box)
        box_ranges(b, group, maps, places);
    if (!dcn_signal_range(dy, s->out, maps, places))
        return;
    DcnProduct product = {
        .transpose_a = true,
        .m = rows,
        .k = maps[1] - maps[0],
        .alpha = 1,
        .a = b->w + (group * s->maps + maps[0]) * s->rows + c0 * s->kernel,
        .lda = s->rows,
        .ldb = s->out,
    };
    dy += maps[0] * s->out;
    if (s->pointwise) {
        product.n = places[1] - places[0];
        product.b = dy + places[0];
        product.c = dx + places[0];
        product.ldc = s->in;
        product.beta = 1;
        dcn_product_here(&product);
        return;
    }
    float *columns = dcn_scratch(b->context, worker);
    size_t width = dcn_tile_columns(dcn_block_channels(s) * s->kernel);
    product.c = columns;
    product.ldc = width;
    for (size_t begin = places[0]; begin < places[1]; begin += width) {
        product.n = places[1] - begin < width ? places[1] - begin : width;
        product.b = dy + begin;
        dcn_product_here(&product);
        dcn_columns_to_image(&b->conv->window, channels, dx, begin, begin + product.n,
                             columns, width);
    }
}

/* Blocks of channels, so small that each thread gets one. */
static void
choose_blocks(Blocks *b, size_t others)
{
    size_t threads = (size_t)dcn_context_threads(b->context);
    b->block = dcn_block_channels(&b->s);
    if (others < threads)
        b->block = dcn_clamped((b->s.channels - 1) / threads + 1, 1, b->block);
    b->blocks = (b->s.channels - 1) / b->block + 1;
}

void
dcn_conv2d_back(const DcnConv2d *conv,
                DcnContext *context,
                size_t images,
                const DcnImages *dx,
                const DcnImages *dy,
                const float *w,
                const DcnBox *box)
{
    if (dcn_depthwise_fits(conv)) {
        dcn_depthwise_back(conv, context, images, dx, dy, w);
        return;
    }
    Blocks b = {.conv = conv,
                .s = dcn_conv_sizes(conv),
                .context = context,
                .images = images,
                .x = dx,
                .y = dy,
                .w = w,
                .box = box};
    if (images == 0 || b.s.channels == 0 || b.s.maps == 0)
        return;
    choose_blocks(&b, images * conv->groups);
    dcn_parallel(context, images * conv->groups * b.blocks, back_block, &b);
}

/* --- gradient of the weights --- */

/* Sums of a part of the images: they do not depend on which thread takes it. */
static float *
own_sums(const Blocks *b, size_t part)
{
    return (float *)dcn_scratch(b->context, part) + dcn_block_floats(&b->s);
}

static void
weights_block(void *user, size_t index, size_t worker)
{
    const Blocks *b = user;
    const DcnConvSizes *s = &b->s;
    size_t part = index % b->parts;
    index /= b->parts;
    size_t c0 = index % b->blocks * b->block, group = index / b->blocks;
    size_t channels = s->channels - c0 < b->block ? s->channels - c0 : b->block;
    float *columns = dcn_scratch(b->context, worker);
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
        .c = b->dw + group * s->maps * s->rows + c0 * s->kernel,
        .ldc = s->rows,
    };
    if (b->parts > 1) {
        product.c = own_sums(b, part);
        memset(product.c, 0, s->maps * s->rows * sizeof *product.c);
    }
    size_t end = b->images * (part + 1) / b->parts;
    for (size_t image = b->images * part / b->parts; image < end; image++) {
        const float *dy = dcn_images_at(b->y, image) + group * s->maps * s->out;
        const float *x = dcn_images_at(b->x, image) + (group * s->channels + c0) * s->in;
        for (size_t begin = 0; begin < s->out; begin += width) {
            product.k = s->out - begin < width ? s->out - begin : width;
            product.a = dy + begin;
            if (s->pointwise)
                product.b = x;
            else
                dcn_columns_from_image(&b->conv->window, channels, x, begin,
                                       begin + product.k, columns, width);
            dcn_product_here(&product);
        }
    }
}

void
dcn_conv2d_grad_weights(const DcnConv2d *conv,
                        DcnContext *context,
                        size_t images,
                        float *dw,
                        const DcnImages *dy,
                        const DcnImages *x)
{
    if (dcn_depthwise_fits(conv)) {
        dcn_depthwise_grad_weights(conv, context, images, dw, dy, x);
        return;
    }
    Blocks b = {.conv = conv,
                .s = dcn_conv_sizes(conv),
                .context = context,
                .images = images,
                .x = x,
                .y = dy,
                .dw = dw};
    if (b.s.channels == 0 || b.s.maps == 0)
        return;
    size_t threads = (size_t)dcn_context_threads(context);
    b.parts = dcn_own_sums(conv, &b.s) > 0 && images >= threads ? threads : 1;
    choose_blocks(&b, conv->groups * b.parts);
    dcn_parallel(context, conv->groups * b.blocks * b.parts, weights_block, &b);
    for (size_t part = 0; b.parts > 1 && part < b.parts; part++)
        for (size_t i = 0; i < b.s.maps * b.s.rows; i++)
            dw[i] += own_sums(&b, part)[i];
}

/* --- gradient of the bias --- */

typedef struct {
    size_t images, size;
    const DcnImages *dy;
    float *db;
} Planes;

static void
planes_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Planes *p = user;
    (void)worker;
    for (size_t m = begin; m < end; m++) {
        double sum = 0;
        for (size_t i = 0; i < p->images; i++)
            sum += (double)dcn_sum(dcn_images_at(p->dy, i) + m * p->size, p->size);
        p->db[m] += (float)sum;
    }
}

void
dcn_planes_sum(DcnContext *context,
               size_t images,
               size_t planes,
               size_t plane_size,
               const DcnImages *dy,
               float *db)
{
    Planes p = {images, plane_size, dy, db};
    size_t work = images * plane_size;
    dcn_parallel_range(context, planes, DCN_GRAIN / (work ? work : 1) + 1, planes_range,
                       &p);
}
