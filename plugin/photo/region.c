/* SPDX-License-Identifier: GPL-3.0-or-later */
/* region.c: which part of a photo a network sees, and its pixels at the network's size. */

#include "photo/region.h"
#include "base/fail.h"
#include <math.h>

/* Bytes of photo in memory at a time. */
#define STRIP_BYTES ((gsize)1 << 20)

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
            _("The selection (%d × %d pixels at %d, %d) lies outside the layer (%d × %d pixels at %d, %d): nothing is left to look at."),
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

/* Output o is the sum over i < taps of weight[o * taps + i] * input[begin[o] + i]. Inputs
 * are numbered from the photo's edge; share[o] is the sum of the weights, less than 1
 * where the output reaches into a bar. All outputs have as many taps, the last ones of
 * weight 0: a loop of changing length costs more than they do. */
typedef struct {
    int outputs, taps;
    int *begin;
    float *share, *weight;
} Axis;

static void
axis_clear(Axis *axis)
{
    g_free(axis->begin);
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

/* outputs cells over `seen` input pixels, of which those from `begin` to `end` exist.
 * FALSE without memory. */
static gboolean
axis_init(Axis *axis, int outputs, int seen, int begin, int end)
{
    double scale = (double)seen / outputs;
    axis->outputs = outputs;
    /* The cell of an axis that shrinks begins and ends inside a pixel; one that grows
     * lies between two. */
    axis->taps = MIN(scale < 1 ? 2 : (int)ceil(scale) + 1, end - begin);
    axis->begin = g_try_new0(int, outputs);
    axis->share = g_try_new0(float, outputs);
    axis->weight = g_try_malloc0_n(outputs, (gsize)axis->taps * sizeof(float));
    if (!axis->begin || !axis->share || !axis->weight)
        return FALSE;
    for (int o = 0; o < outputs; o++) {
        double low = o * scale, high = (o + 1) * scale;
        int from = (int)floor(low), to = (int)ceil(high);
        if (scale < 1) {
            from = (int)floor((low + high) / 2 - 0.5);
            to = from + 2;
        }
        axis->begin[o] = CLAMP(from - begin, 0, end - begin - axis->taps);
        for (int i = from; i < to; i++) {
            double weight = weight_at(low, high, i);
            /* Enlarging looks half a pixel past the picture's edge: the edge goes on. */
            int inside = CLAMP(i, 0, seen - 1);
            if (inside < begin || inside >= end || !(weight > 0))
                continue;
            int slot = inside - begin - axis->begin[o];
            axis->weight[(gsize)o * (gsize)axis->taps + (gsize)slot] += (float)weight;
            axis->share[o] += (float)weight;
        }
    }
    return TRUE;
}

/* --- reading --- */

/* Four floats at once: R'G'B' and alpha. Photos have millions of pixels, and without it
 * this loop takes longer than everything else that is ours. */
typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef gint32 QuadMask __attribute__((vector_size(16), aligned(4), may_alias));

/* 0 .. 1, a NaN becomes 0. */
static inline Quad
cut(Quad value)
{
    const Quad none = {0, 0, 0, 0}, one = {1, 1, 1, 1};
    value = (Quad)((value > none) & (QuadMask)value);
    QuadMask small = value < one;
    return (Quad)((small & (QuadMask)value) | (~small & (QuadMask)one));
}

static inline Quad
over_white(Quad pixel)
{
    pixel = cut(pixel);
    float alpha = pixel[3];
    return pixel * alpha + (1 - alpha);
}

static void
see_over_white(Quad *row, gsize pixels)
{
    for (gsize i = 0; i < pixels; i++)
        row[i] = over_white(row[i]);
}

/* R'G'B' bytes as 0 .. 255. Not inlined: the compiler would forget that nothing overlaps,
 * and take one byte at a time. */
G_GNUC_NO_INLINE static void
see_bytes(const guint8 *restrict bytes, gsize count, float *restrict row)
{
    for (gsize i = 0; i < count; i++)
        row[i] = bytes[i];
}

static inline void
shrink_by(const Axis *axis, int taps, const float *row, gsize step, float *shrunk)
{
    const float *weight = axis->weight;
    for (int o = 0; o < axis->outputs; o++, weight += taps, shrunk += 3) {
        const float *pixel = row + (gsize)axis->begin[o] * step;
        Quad sum = {0, 0, 0, 0};
        for (int i = 0; i < taps; i++, pixel += step)
            sum += weight[i] * *(const Quad *)(const void *)pixel;
        *(Quad *)(void *)shrunk = sum;
    }
}

/* A row of pixels of `step` floats, shrunk to the outputs of an axis, three floats each.
 * A fourth that comes along is not a pixel's own: the next output writes over it. */
static void
shrink_row(const Axis *axis, const float *row, gsize step, float *shrunk)
{
    switch (axis->taps) { /* of small pictures: lengths that the compiler knows */
    case 2:
        shrink_by(axis, 2, row, step, shrunk);
        break;
    case 3:
        shrink_by(axis, 3, row, step, shrunk);
        break;
    case 4:
        shrink_by(axis, 4, row, step, shrunk);
        break;
    default:
        shrink_by(axis, axis->taps, row, step, shrunk);
    }
}

/* Adds row y of the photo, shrunk, to the rows of outputs that it belongs to: *first is
 * the first of them, as rows come in order. */
static void
add_row(const Axis *down, int y, int *first, const float *shrunk, gsize count, float *rgb)
{
    while (*first < down->outputs && down->begin[*first] + down->taps <= y)
        ++*first;
    for (int o = *first; o < down->outputs && down->begin[o] <= y; o++) {
        float weight =
            down->weight[(gsize)o * (gsize)down->taps + (gsize)(y - down->begin[o])];
        float *to = rgb + (gsize)o * count;
        for (gsize i = 0; weight > 0 && i < count; i++)
            to[i] += weight * shrunk[i];
    }
}

/* white: what white pixels have come to. */
static void
add_bars(
    const Axis *across, const Axis *down, float white, const float bars[3], float *rgb)
{
    for (int y = 0; y < down->outputs; y++)
        for (int x = 0; x < across->outputs; x++, rgb += 3) {
            float rest = white * (1 - across->share[x] * down->share[y]);
            for (int c = 0; c < 3; c++)
                rgb[c] += rest * bars[c];
        }
}

static void
finish(float *values, gsize count, float white)
{
    gsize i = 0;
    for (; i + 4 <= count; i += 4) {
        Quad *four = (Quad *)(void *)(values + i);
        *four = cut(*four / white);
    }
    for (; i < count; i++)
        values[i] = CLAMP(values[i] / white, 0, 1);
}

/* What one reading needs. */
typedef struct {
    Axis across, down;
    int rows;      /* of a strip */
    void *strip;   /* R'G'B'A floats, or R'G'B' bytes */
    float *row;    /* of bytes, as floats, and one more */
    float *shrunk; /* a row, of the outputs across, and one more */
} Reading;

static void
reading_clear(Reading *reading)
{
    axis_clear(&reading->across);
    axis_clear(&reading->down);
    g_free(reading->strip);
    g_free(reading->row);
    g_free(reading->shrunk);
}

/* FALSE without memory. */
static gboolean
reading_init(Reading *reading, const Region *region, gboolean bytes)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    int left = photo->x - seen->x, top = photo->y - seen->y;
    gsize width = (gsize)photo->width;
    gsize row_bytes = width * (bytes ? 3 : sizeof(Quad));
    *reading = (Reading){0};
    reading->rows = (int)CLAMP(STRIP_BYTES / row_bytes, 1, (gsize)photo->height);
    reading->strip = g_try_malloc_n((gsize)reading->rows, row_bytes);
    reading->row = g_try_new0(float, 3 * width + 1);
    reading->shrunk = g_try_new(float, 3 * (gsize)region->width + 1);
    return reading->strip && reading->row && reading->shrunk &&
           axis_init(&reading->across, region->width, seen->width, left,
                     left + photo->width) &&
           axis_init(&reading->down, region->height, seen->height, top,
                     top + photo->height);
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
    const GeglRectangle *photo = &region->photo;
    gsize width = (gsize)photo->width, count = 3 * (gsize)region->width;
    gboolean bytes = !edit && host_pixels_are_bytes(pixels);
    float white = bytes ? 255 : 1;
    Reading r;
    gboolean ok = reading_init(&r, region, bytes) ||
                  fail_run(error, _("There is not enough memory to read the photo."));

    memset(rgb, 0, (gsize)region->height * count * sizeof *rgb);
    for (int y = 0, first = 0; ok && y < photo->height; y += r.rows) {
        GeglRectangle rect = {photo->x - item_x, photo->y - item_y + y, photo->width,
                              MIN(r.rows, photo->height - y)};
        GeglRectangle place = {photo->x, photo->y + y, rect.width, rect.height};
        ok = bytes ? host_pixels_read_bytes(pixels, &rect, r.strip, error)
                   : host_pixels_read(pixels, &rect, r.strip, error);
        if (ok && edit)
            edit(user, &place, r.strip);
        for (int i = 0; ok && i < rect.height; i++) {
            Quad *row = (Quad *)r.strip + (gsize)i * width;
            if (bytes) {
                see_bytes((guint8 *)r.strip + (gsize)i * width * 3, 3 * width, r.row);
                shrink_row(&r.across, r.row, 3, r.shrunk);
            } else {
                see_over_white(row, width);
                shrink_row(&r.across, (float *)row, 4, r.shrunk);
            }
            add_row(&r.down, y + i, &first, r.shrunk, count, rgb);
        }
    }
    if (ok && !gegl_rectangle_equal(photo, &region->seen))
        add_bars(&r.across, &r.down, white, bars, rgb);
    if (ok)
        finish(rgb, (gsize)region->height * count, white);
    reading_clear(&r);
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
