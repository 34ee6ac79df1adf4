/* region.c: which part of a photo a network sees, and its pixels at the network's size.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "region.h"
#include "fail.h"
#include <math.h>

/* Bytes of photo in memory at a time. */
#define STRIP_BYTES ((gsize)8 << 20)

/* --- which part --- */

static int
at_least_1(double size)
{
    return (int)fmax(1, floor(size + 0.5));
}

/* The largest rectangle of the network's proportions inside the photo. */
static GeglRectangle
crop(const GeglRectangle *photo, int width, int height)
{
    GeglRectangle seen = *photo;
    if ((double)photo->width * height >= (double)photo->height * width)
        seen.width =
            MIN(photo->width, at_least_1((double)photo->height * width / height));
    else
        seen.height =
            MIN(photo->height, at_least_1((double)photo->width * height / width));
    seen.x += (photo->width - seen.width) / 2;
    seen.y += (photo->height - seen.height) / 2;
    return seen;
}

/* The smallest rectangle of the network's proportions around the photo. */
static GeglRectangle
pad(const GeglRectangle *photo, int width, int height)
{
    GeglRectangle seen = *photo;
    if ((double)photo->width * height >= (double)photo->height * width)
        seen.height =
            MAX(photo->height, at_least_1((double)photo->width * height / width));
    else
        seen.width =
            MAX(photo->width, at_least_1((double)photo->height * width / height));
    seen.x -= (seen.width - photo->width) / 2;
    seen.y -= (seen.height - photo->height) / 2;
    return seen;
}

gboolean
region_find(Region *region,
            const GeglRectangle *item,
            const GeglRectangle *selection,
            Fit fit,
            int width,
            int height,
            GError **error)
{
    GeglRectangle photo = *item;
    if (item->width < 1 || item->height < 1)
        return fail_input(error, _("The layer is empty: it has no pixels to look at."));
    if (selection && !gegl_rectangle_intersect(&photo, item, selection))
        return fail_input(
            error,
            _("The selection (%d × %d pixels at %d, %d) lies outside the layer "
              "(%d × %d pixels at %d, %d): nothing is left to look at."),
            selection->width, selection->height, selection->x, selection->y, item->width,
            item->height, item->x, item->y);
    GeglRectangle seen = photo;
    if (fit == FIT_CROP)
        seen = photo = crop(&photo, width, height);
    else if (fit == FIT_PAD)
        seen = pad(&photo, width, height);
    *region = (Region){seen, photo, width, height};
    return TRUE;
}

RegionGrid
region_grid(const Region *region)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    RegionGrid grid = {region->width, region->height, 0, 0, 1, 1};
    if (photo->width < seen->width) {
        double pixels = (double)photo->width * region->width / seen->width;
        grid.x = (double)(photo->x - seen->x) * region->width / seen->width;
        grid.width = at_least_1(ceil(pixels));
        grid.dx = pixels / grid.width;
    }
    if (photo->height < seen->height) {
        double pixels = (double)photo->height * region->height / seen->height;
        grid.y = (double)(photo->y - seen->y) * region->height / seen->height;
        grid.height = at_least_1(ceil(pixels));
        grid.dy = pixels / grid.height;
    }
    return grid;
}

gboolean
region_point(const Region *region, double x, double y, double *net_x, double *net_y)
{
    const GeglRectangle *seen = &region->seen;
    *net_x = (x - seen->x) * region->width / seen->width;
    *net_y = (y - seen->y) * region->height / seen->height;
    return *net_x >= 0 && *net_y >= 0 && *net_x < region->width &&
           *net_y < region->height;
}

/* --- one axis of the filter --- */

/* Output o is the sum over i < count[o] of weight[first[o] + i] * input[begin[o] + i].
 * Inputs are numbered from the photo's edge; share[o] is the sum of the weights, less
 * than 1 where the output reaches into a bar. */
typedef struct {
    int outputs;
    int *begin, *count;
    gsize *first;
    float *share, *weight;
} Axis;

static void
axis_clear(Axis *axis)
{
    g_free(axis->begin);
    g_free(axis->count);
    g_free(axis->first);
    g_free(axis->share);
    g_free(axis->weight);
}

/* Weight of input pixel i (of the seen range) for the output whose area is [low, high).
 */
static double
weight_at(double low, double high, double i)
{
    if (high - low >= 1) /* the part of [i, i + 1) that is covered */
        return fmax(0, fmin(high, i + 1) - fmax(low, i)) / (high - low);
    return fmax(0, 1 - fabs((low + high) / 2 - (i + 0.5))); /* a triangle of 2 pixels */
}

/* outputs cells over `seen` input pixels, of which those from `begin` to `end` exist. */
static Axis
axis_new(int outputs, int seen, int begin, int end)
{
    Axis axis = {.outputs = outputs};
    axis.begin = g_new0(int, outputs);
    axis.count = g_new0(int, outputs);
    axis.first = g_new0(gsize, outputs);
    axis.share = g_new0(float, outputs);
    double scale = (double)seen / outputs;
    /* Each input meets two outputs at most when the axis shrinks, each output two inputs
     * when it grows; the edges may add one. */
    axis.weight = g_new(float, (gsize)(end - begin) + 4 * (gsize)outputs);
    gsize used = 0;
    for (int o = 0; o < outputs; o++) {
        double low = o * scale, high = (o + 1) * scale;
        int from = (int)floor(low), to = (int)ceil(high);
        if (scale < 1) {
            from = (int)floor((low + high) / 2 - 0.5);
            to = from + 2;
        }
        axis.first[o] = used;
        axis.begin[o] = CLAMP(from, begin, end - 1) - begin;
        for (int i = from; i < to; i++) {
            double weight = weight_at(low, high, i);
            /* Enlarging looks half a pixel past the picture's edge: the edge goes on. */
            int inside = CLAMP(i, 0, seen - 1);
            if (inside < begin || inside >= end)
                continue;
            int slot = inside - begin - axis.begin[o];
            if (slot == axis.count[o]) {
                axis.weight[used++] = 0;
                axis.count[o]++;
            }
            axis.weight[axis.first[o] + (gsize)slot] += (float)weight;
            axis.share[o] += (float)weight;
        }
    }
    return axis;
}

/* --- reading --- */

/* Four floats at once: R'G'B' and alpha. Photos have millions of pixels, and without it
 * this loop takes longer than everything else that is ours. */
typedef float Quad __attribute__((vector_size(16), may_alias));
typedef gint32 QuadMask __attribute__((vector_size(16), may_alias));

/* 0 .. 1, a NaN becomes 0; then over white. */
static inline Quad
over_white(Quad pixel)
{
    const Quad none = {0, 0, 0, 0}, one = {1, 1, 1, 1};
    pixel = (Quad)((pixel > none) & (QuadMask)pixel);
    QuadMask small = pixel < one;
    pixel = (Quad)((small & (QuadMask)pixel) | (~small & (QuadMask)one));
    float alpha = pixel[3];
    return pixel * alpha + (1 - alpha);
}

/* Adds a row of pixels, seen over white. */
static void
add_row(Quad *sum, const float *rgba, gsize pixels, float weight)
{
    const Quad *row = (const Quad *)(const void *)rgba;
    for (gsize i = 0; i < pixels; i++)
        sum[i] += weight * over_white(row[i]);
}

/* Adds a row of pixels, shrunk to the outputs of an axis. */
static void
add_shrunk(const Axis *axis, const Quad *row, float *rgb)
{
    for (int o = 0; o < axis->outputs; o++, rgb += 3) {
        const Quad *pixel = row + axis->begin[o];
        const float *weight = axis->weight + axis->first[o];
        Quad sum = {0, 0, 0, 0};
        for (int i = 0; i < axis->count[o]; i++)
            sum += weight[i] * pixel[i];
        for (int c = 0; c < 3; c++)
            rgb[c] += sum[c];
    }
}

/* Adds rows begin .. begin + count - 1 of the photo to the outputs that they belong to:
 * first down, into one row of the photo's width, then across. */
static void
add_strip(const Axis *across,
          const Axis *down,
          int begin,
          int count,
          gsize width,
          const float *rgba,
          Quad *sum,
          float *rgb)
{
    for (int o = 0; o < down->outputs; o++) {
        int from = MAX(down->begin[o], begin);
        int to = MIN(down->begin[o] + down->count[o], begin + count);
        if (from >= to)
            continue;
        memset(sum, 0, width * sizeof *sum);
        for (int y = from; y < to; y++)
            add_row(sum, rgba + (gsize)(y - begin) * width * 4, width,
                    down->weight[down->first[o] + (gsize)(y - down->begin[o])]);
        add_shrunk(across, sum, rgb + (gsize)o * (gsize)across->outputs * 3);
    }
}

static inline float
unit(float value)
{
    return value > 0 ? value < 1 ? value : 1 : 0;
}

static void
add_bars(const Axis *across, const Axis *down, const float bars[3], float *rgb)
{
    for (int y = 0; y < down->outputs; y++)
        for (int x = 0; x < across->outputs; x++) {
            float *pixel = rgb + ((gsize)y * across->outputs + x) * 3;
            float rest = 1 - across->share[x] * down->share[y];
            for (int c = 0; c < 3; c++)
                pixel[c] = unit(pixel[c] + rest * bars[c]);
        }
}

gboolean
region_read_edited(const Region *region,
                   HostPixels *pixels,
                   int item_x,
                   int item_y,
                   const float bars[3],
                   RegionEdit edit,
                   void *user,
                   float *rgb,
                   GError **error)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    gsize width = (gsize)photo->width, row_bytes = width * sizeof(Quad);
    int strip = (int)CLAMP(STRIP_BYTES / row_bytes, 1, (gsize)photo->height);
    float *rgba = g_try_malloc_n((gsize)strip, row_bytes);
    Quad *sum = g_try_malloc(row_bytes);
    if (!rgba || !sum) {
        g_free(rgba);
        g_free(sum);
        return fail_run(error, _("There is not enough memory to read the photo."));
    }
    int left = photo->x - seen->x, top = photo->y - seen->y;
    Axis across = axis_new(region->width, seen->width, left, left + photo->width);
    Axis down = axis_new(region->height, seen->height, top, top + photo->height);

    memset(rgb, 0, (gsize)region->height * (gsize)region->width * 3 * sizeof *rgb);
    gboolean ok = TRUE;
    for (int y = 0; ok && y < photo->height; y += strip) {
        GeglRectangle rect = {photo->x - item_x, photo->y - item_y + y, photo->width,
                              MIN(strip, photo->height - y)};
        ok = host_pixels_read(pixels, &rect, rgba, error);
        GeglRectangle place = {photo->x, photo->y + y, rect.width, rect.height};
        if (ok && edit)
            edit(user, &place, rgba);
        if (ok)
            add_strip(&across, &down, y, rect.height, width, rgba, sum, rgb);
    }
    if (ok)
        add_bars(&across, &down, bars, rgb);
    axis_clear(&across);
    axis_clear(&down);
    g_free(sum);
    g_free(rgba);
    return ok;
}

gboolean
region_read(const Region *region,
            HostPixels *pixels,
            int item_x,
            int item_y,
            const float bars[3],
            float *rgb,
            GError **error)
{
    return region_read_edited(region, pixels, item_x, item_y, bars, NULL, NULL, rgb,
                              error);
}
