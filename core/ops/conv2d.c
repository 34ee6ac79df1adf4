/* conv2d.c: convolution as matrix products over tiles that fit the cache.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forward: for each image, group and range of output places, the windows become the
 * columns of a matrix (columns.h) and one product with the weights gives all maps there.
 * Images with few places share a tile. A 1x1 kernel of stride 1 needs no columns: the
 * image is that matrix already.
 */
#include "conv2d.h"
#include "columns.h"
#include "depthwise.h"
#include "product.h"
#include "vector.h"
#include <string.h>

/* Floats of the columns of a tile: half a megabyte, to stay in a core's own cache. */
#define TILE_FLOATS ((size_t)131072)

/* Planes with fewer places than this share tiles. */
#define SHARE_PLACES 96

/* Fewer columns than this make a product inefficient. */
#define LEAST_COLUMNS 48

/* Rows of a block when the signal comes back: channels x kernel. */
#define BLOCK_ROWS 192

typedef struct {
    size_t channels, maps; /* of a group */
    size_t kernel;         /* elements */
    size_t rows;           /* channels x kernel */
    size_t in, out;        /* places of a plane */
    bool pointwise;        /* the image is its own matrix of columns */
} Sizes;

static Sizes
sizes_of(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    Sizes s = {
        .channels = conv->channels / conv->groups,
        .maps = conv->maps / conv->groups,
        .kernel = (size_t)(w->kernel[1] * w->kernel[2]),
        .in = (size_t)(w->in[1] * w->in[2]),
        .out = (size_t)(w->out[1] * w->out[2]),
    };
    s.rows = s.channels * s.kernel;
    s.pointwise = s.kernel == 1 && w->stride[1] == 1 && w->stride[2] == 1 &&
                  w->begin[1] == 0 && w->begin[2] == 0 && w->end[1] == 0 &&
                  w->end[2] == 0;
    return s;
}

static size_t
clamped(size_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Columns of a full tile with that many rows. */
static size_t
tile_columns(size_t rows)
{
    return clamped(TILE_FLOATS / (rows ? rows : 1), 64, 1024) / 16 * 16;
}

/* Channels of a block when the signal comes back. */
static size_t
block_channels(const Sizes *s)
{
    return clamped(BLOCK_ROWS / s->kernel, 1, s->channels);
}

size_t
dcn_conv2d_scratch(const DcnConv2d *conv)
{
    if (dcn_depthwise_fits(conv))
        return dcn_depthwise_scratch(conv);
    Sizes s = sizes_of(conv);
    size_t rows = block_channels(&s) * s.kernel;
    size_t forward = (s.rows + s.maps) * tile_columns(s.rows);
    size_t back = rows * tile_columns(rows);
    return sizeof(float) * (forward > back ? forward : back);
}

/* --- forward
 * ------------------------------------------------------------------------------ */

typedef struct {
    const DcnConv2d *conv;
    Sizes s;
    DcnContext *context;
    size_t images;
    const DcnImages *x, *y;
    const float *w, *bias;
    DcnClamp clamp;
    bool add;
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
        float value = y[i] + bias; /* NaN passes */
        value = value < low ? low : value;
        y[i] = value > high ? high : value;
    }
}

/* The rest of the operator, while the tile is in the cache. */
static void
finish_row(const Forward *f, size_t m, float *y, size_t n)
{
    float bias = f->bias ? f->bias[m] : 0;
    if (!dcn_clamp_is_open(f->clamp))
        add_and_clamp(y, n, bias, f->clamp.low, f->clamp.high);
    else if (f->bias)
        for (size_t i = 0; i < n; i++)
            y[i] += bias;
}

static void
forward_tile(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const Sizes *s = &f->s;
    size_t map_part = index % f->map_parts;
    index /= f->map_parts;
    size_t tile = index % f->tiles;
    index /= f->tiles;
    size_t group = index % f->conv->groups, first = index / f->conv->groups * f->share;
    size_t images = f->images - first < f->share ? f->images - first : f->share;
    size_t begin = tile * f->columns;
    size_t end = begin + f->columns < s->out ? begin + f->columns : s->out;
    size_t width = end - begin;
    size_t part = (s->maps - 1) / f->map_parts + 1, m0 = map_part * part;
    if (m0 >= s->maps)
        return;
    size_t maps = s->maps - m0 < part ? s->maps - m0 : part;
    size_t m_first = group * s->maps + m0;

    float *columns = dcn_scratch(f->context, worker);
    DcnProduct product = {
        .m = maps,
        .n = width * images,
        .k = s->rows,
        .alpha = 1,
        .beta = f->add && images == 1,
        .a = f->w + m_first * s->rows,
        .lda = s->rows,
    };
    if (s->pointwise && images == 1) {
        product.b = dcn_images_at(f->x, first) + group * s->channels * s->in + begin;
        product.ldb = s->in;
    } else {
        for (size_t i = 0; i < images; i++)
            dcn_columns_from_image(&f->conv->window, s->channels,
                                   dcn_images_at(f->x, first + i) +
                                       group * s->channels * s->in,
                                   begin, end, columns + i * width, f->full_width);
        product.b = columns;
        product.ldb = f->full_width;
    }
    if (images == 1) {
        float *y = dcn_images_at(f->y, first) + m_first * s->out + begin;
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
            float *y = dcn_images_at(f->y, first + i) + (m_first + m) * s->out;
            const float *from = maps_here + m * f->full_width + i * width;
            if (f->add)
                for (size_t j = 0; j < width; j++)
                    y[j] += from[j];
            else
                memcpy(y, from, width * sizeof *y);
            finish_row(f, m_first + m, y, width);
        }
}

/* Tiles that fit the cache, and enough of them to keep all threads busy. */
static void
choose_tiles(Forward *f)
{
    const Sizes *s = &f->s;
    size_t threads = (size_t)dcn_context_threads(f->context);
    size_t wanted = threads > 1 ? 2 * threads : 1;
    size_t most = tile_columns(s->rows);
    f->full_width = most;
    f->share = 1;
    if (f->images > 1 && s->out < SHARE_PLACES) {
        f->share = clamped(most / s->out, 1, f->images);
        size_t even = f->images * f->conv->groups / wanted;
        if (even >= 1 && f->share > even)
            f->share =
                clamped(even, clamped(LEAST_COLUMNS / s->out, 1, f->share), f->share);
    }
    size_t others = ((f->images - 1) / f->share + 1) * f->conv->groups;
    f->tiles = f->share > 1 ? 1 : (s->out - 1) / most + 1;
    if (others * f->tiles < wanted && f->share == 1) {
        size_t more = (wanted - 1) / others + 1;
        f->tiles =
            clamped(more, f->tiles, clamped(s->out / LEAST_COLUMNS, f->tiles, more));
    }
    f->columns = (s->out - 1) / f->tiles + 1;
    if (f->tiles > 1)
        f->columns = clamped((f->columns + 15) / 16 * 16, 16, most);
    f->tiles = (s->out - 1) / f->columns + 1;
    f->map_parts = 1;
    if (others * f->tiles < threads)
        f->map_parts = clamped(wanted / (others * f->tiles), 1, (s->maps - 1) / 16 + 1);
}

void
dcn_conv2d_forward(const DcnConv2d *conv,
                   DcnContext *context,
                   size_t images,
                   const DcnImages *y,
                   const DcnImages *x,
                   const float *w,
                   const float *bias,
                   DcnClamp clamp,
                   bool add)
{
    if (dcn_depthwise_fits(conv)) {
        dcn_depthwise_forward(conv, context, images, y, x, w, bias, clamp, add);
        return;
    }
    Forward f = {.conv = conv,
                 .s = sizes_of(conv),
                 .context = context,
                 .images = images,
                 .x = x,
                 .y = y,
                 .w = w,
                 .bias = bias,
                 .clamp = clamp,
                 .add = add};
    if (images == 0 || f.s.maps == 0)
        return;
    choose_tiles(&f);
    size_t shared = (images - 1) / f.share + 1;
    dcn_parallel(context, shared * conv->groups * f.tiles * f.map_parts, forward_tile,
                 &f);
}

/* --- back to the image side
 * --------------------------------------------------------------- */

typedef struct {
    const DcnConv2d *conv;
    Sizes s;
    DcnContext *context;
    size_t images;
    const DcnImages *x, *y; /* their gradients when the signal comes back */
    const float *w;
    float *dw;
    size_t block, blocks; /* channels of a group */
} Blocks;

/* A signal that starts at one unit is zero nearly everywhere: the range of places and of
 * maps that hold all of it. Dense signals end each scan at once. */
static bool
signal_range(const float *dy,
             size_t maps,
             size_t places,
             size_t map_range[2],
             size_t place_range[2])
{
    map_range[0] = map_range[1] = 0;
    place_range[0] = places;
    place_range[1] = 0;
    for (size_t m = 0; m < maps; m++) {
        const float *row = dy + m * places;
        size_t first = 0, last = places;
        while (first < places && row[first] == 0)
            first++;
        if (first == places)
            continue;
        while (row[last - 1] == 0)
            last--;
        if (map_range[1] == 0)
            map_range[0] = m;
        map_range[1] = m + 1;
        if (first < place_range[0])
            place_range[0] = first;
        if (last > place_range[1])
            place_range[1] = last;
    }
    return map_range[1] > 0;
}

static void
back_block(void *user, size_t index, size_t worker)
{
    const Blocks *b = user;
    const Sizes *s = &b->s;
    size_t c0 = index % b->blocks * b->block;
    index /= b->blocks;
    size_t group = index % b->conv->groups, image = index / b->conv->groups;
    size_t channels = s->channels - c0 < b->block ? s->channels - c0 : b->block;
    size_t rows = channels * s->kernel;
    const float *dy = dcn_images_at(b->y, image) + group * s->maps * s->out;
    float *dx = dcn_images_at(b->x, image) + (group * s->channels + c0) * s->in;
    size_t maps[2], places[2];
    if (!signal_range(dy, s->maps, s->out, maps, places))
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
    size_t width = tile_columns(block_channels(s) * s->kernel);
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
    b->block = block_channels(&b->s);
    if (others < threads)
        b->block = clamped((b->s.channels - 1) / threads + 1, 1, b->block);
    b->blocks = (b->s.channels - 1) / b->block + 1;
}

void
dcn_conv2d_back(const DcnConv2d *conv,
                DcnContext *context,
                size_t images,
                const DcnImages *dx,
                const DcnImages *dy,
                const float *w)
{
    if (dcn_depthwise_fits(conv)) {
        dcn_depthwise_back(conv, context, images, dx, dy, w);
        return;
    }
    Blocks b = {.conv = conv,
                .s = sizes_of(conv),
                .context = context,
                .images = images,
                .x = dx,
                .y = dy,
                .w = w};
    if (images == 0 || b.s.channels == 0 || b.s.maps == 0)
        return;
    choose_blocks(&b, images * conv->groups);
    dcn_parallel(context, images * conv->groups * b.blocks, back_block, &b);
}

/* --- gradient of the weights
 * -------------------------------------------------------------- */

static void
weights_block(void *user, size_t index, size_t worker)
{
    const Blocks *b = user;
    const Sizes *s = &b->s;
    size_t c0 = index % b->blocks * b->block, group = index / b->blocks;
    size_t channels = s->channels - c0 < b->block ? s->channels - c0 : b->block;
    float *columns = dcn_scratch(b->context, worker);
    size_t width = s->pointwise ? s->out : tile_columns(block_channels(s) * s->kernel);
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
    for (size_t image = 0; image < b->images; image++) {
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
                .s = sizes_of(conv),
                .context = context,
                .images = images,
                .x = x,
                .y = dy,
                .dw = dw};
    if (b.s.channels == 0 || b.s.maps == 0)
        return;
    choose_blocks(&b, conv->groups);
    dcn_parallel(context, conv->groups * b.blocks, weights_block, &b);
}

/* --- gradient of the bias
 * ----------------------------------------------------------------- */

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
