/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns_forward.c: convolution as matrix products over tiles that fit the cache. This
 * is the definition, and fits everything.
 *
 * For each image, group and range of output places, the windows become the
 * columns of a matrix (columns.h) and one product with the weights gives all maps there.
 * Images with few places share a tile. A 1x1 kernel of stride 1 needs no columns: the
 * image is that matrix already. */
#include "base/vector.h"
#include "ops/conv/columns.h"
#include "ops/conv/columns_tiles.h"
#include "ops/product/product.h"
#include <string.h>

/* Planes with fewer places than this share tiles. */
#define SHARE_PLACES 96

/* Fewer columns than this make a product inefficient. */
#define LEAST_COLUMNS 48

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return sizeof(float) * (s.rows + s.maps) * dcn_tile_columns(s.rows);
}

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    size_t share;      /* images a tile; more than 1 only if a plane is one tile */
    size_t tiles;      /* a plane */
    size_t columns;    /* a tile */
    size_t map_parts;  /* the maps of a group in parts */
    size_t full_width; /* of the columns in scratch */
} Forward;

DCN_VECTOR static void
add_and_clamp(float *restrict y, size_t n, float bias, float low, float high)
{
    for (size_t i = 0; i < n; i++) {
        float value = y[i] + bias; /* NaN stays NaN */
        value = value < low ? low : value;
        y[i] = value > high ? high : value;
    }
}

/* The rest of the operator, while the tile is in the cache. */
static void
finish_row(const Forward *f, size_t m, float *y, size_t n)
{
    float bias = f->run->bias ? f->run->bias[m] : 0;
    if (!dcn_clamp_is_open(f->run->clamp))
        add_and_clamp(y, n, bias, f->run->clamp.low, f->run->clamp.high);
    else if (f->run->bias)
        for (size_t i = 0; i < n; i++)
            y[i] += bias;
}

static void
forward_tile(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const DcnConvSizes *s = &f->s;
    size_t map_part = index % f->map_parts;
    index /= f->map_parts;
    size_t tile = index % f->tiles;
    index /= f->tiles;
    size_t group = index % f->run->conv->groups,
           first = index / f->run->conv->groups * f->share;
    size_t images = f->run->images - first < f->share ? f->run->images - first : f->share;
    size_t begin = tile * f->columns;
    size_t end = begin + f->columns < s->out ? begin + f->columns : s->out;
    size_t width = end - begin;
    size_t part = (s->maps - 1) / f->map_parts + 1, m0 = map_part * part;
    if (m0 >= s->maps)
        return;
    size_t maps = s->maps - m0 < part ? s->maps - m0 : part;
    size_t m_first = group * s->maps + m0;

    float *columns = dcn_scratch(f->run->context, worker);
    DcnProduct product = {
        .m = maps,
        .n = width * images,
        .k = s->rows,
        .alpha = 1,
        .beta = f->run->add && images == 1,
        .a = f->run->weights + m_first * s->rows,
        .lda = s->rows,
    };
    if (s->pointwise && images == 1) {
        product.b = dcn_images_at(f->run->x, first) + group * s->channels * s->in + begin;
        product.ldb = s->in;
    } else {
        for (size_t i = 0; i < images; i++)
            dcn_columns_from_image(&f->run->conv->window, s->channels,
                                   dcn_images_at(f->run->x, first + i) +
                                       group * s->channels * s->in,
                                   begin, end, columns + i * width, f->full_width);
        product.b = columns;
        product.ldb = f->full_width;
    }
    if (images == 1) {
        float *y = dcn_images_at(f->run->y, first) + m_first * s->out + begin;
        product.c = y;
        product.ldc = s->out;
        dcn_product_here(&product);
        for (size_t m = 0; m < maps; m++)
            finish_row(f, m_first + m, y + m * s->out, width);
        return;
    }
    float *maps_here = columns + s->rows * f->full_width;
    product.c = maps_here;
    product.ldc = f->full_width;
    dcn_product_here(&product);
    for (size_t m = 0; m < maps; m++)
        for (size_t i = 0; i < images; i++) {
            float *y = dcn_images_at(f->run->y, first + i) + (m_first + m) * s->out;
            const float *from = maps_here + m * f->full_width + i * width;
            if (f->run->add)
                for (size_t j = 0; j < width; j++)
                    y[j] += from[j];
            else
                memcpy(y, from, width * sizeof *y);
            finish_row(f, m_first + m, y, width);
        }
}

/* Chooses tiles that fit the cache, and so many that all threads are busy. */
static void
choose_tiles(Forward *f)
{
    const DcnConvSizes *s = &f->s;
    size_t threads = (size_t)dcn_context_threads(f->run->context);
    size_t wanted = threads > 1 ? 2 * threads : 1;
    size_t most = dcn_tile_columns(s->rows);
    f->full_width = most;
    f->share = 1;
    if (f->run->images > 1 && s->out < SHARE_PLACES) {
        f->share = dcn_clamped(most / s->out, 1, f->run->images);
        size_t even = f->run->images * f->run->conv->groups / wanted;
        if (even >= 1 && f->share > even)
            f->share = dcn_clamped(even, dcn_clamped(LEAST_COLUMNS / s->out, 1, f->share),
                                   f->share);
    }
    size_t others = ((f->run->images - 1) / f->share + 1) * f->run->conv->groups;
    f->tiles = f->share > 1 ? 1 : (s->out - 1) / most + 1;
    if (others * f->tiles < wanted && f->share == 1) {
        size_t more = (wanted - 1) / others + 1;
        f->tiles = dcn_clamped(more, f->tiles,
                               dcn_clamped(s->out / LEAST_COLUMNS, f->tiles, more));
    }
    f->columns = (s->out - 1) / f->tiles + 1;
    if (f->tiles > 1)
        f->columns = dcn_clamped((f->columns + 15) / 16 * 16, 16, most);
    f->tiles = (s->out - 1) / f->columns + 1;
    f->map_parts = 1;
    if (others * f->tiles < threads)
        f->map_parts =
            dcn_clamped(wanted / (others * f->tiles), 1, (s->maps - 1) / 16 + 1);
}

static void
forward(const DcnConvRun *run)
{
    Forward f = {.run = run, .s = dcn_conv_sizes(run->conv)};
    if (f.s.maps == 0)
        return;
    choose_tiles(&f);
    size_t shared = (run->images - 1) / f.share + 1;
    dcn_parallel(run->context, shared * run->conv->groups * f.tiles * f.map_parts,
                 forward_tile, &f);
}

const DcnConvWay dcn_way_columns_forward = {
    .name = "columns",
    .fits = dcn_columns_fit,
    .deep = true,
    .scratch = scratch,
    .run = forward,
};
