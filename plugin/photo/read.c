/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c: the pixels of a region at the network's size: the mean over each output's area,
 * seen over white. Rows of the photo are shrunk across, then added to the outputs. */

#include "base/fail.h"
#include "photo/region.h"
#include "pixels/axis.h"
#include "pixels/quad.h"
#include "pixels/strips.h"
#include <math.h>
#include <string.h>

static inline Quad
over_white(Quad pixel)
{
    pixel = quad_cut(pixel);
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
    const float *weight = axis->weights;
    for (int o = 0; o < axis->outputs; o++, weight += taps, shrunk += 3) {
        const float *pixel = row + (gsize)axis->first[o] * step;
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
    *first = axis_first_of(down, *first, y);
    for (int o = *first; o < down->outputs && down->first[o] <= y; o++) {
        gsize tap = (gsize)o * (gsize)down->taps + (gsize)(y - down->first[o]);
        float weight = down->weights[tap];
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
        *four = quad_cut(*four / white);
    }
    for (; i < count; i++)
        values[i] = CLAMP(values[i] / white, 0, 1);
}

/* --- the photo, row by row */

/* One reading of a region. */
typedef struct {
    HostPixels *pixels;
    GeglRectangle photo; /* in the pixels */
    int item_x, item_y;
    RegionEdit edit;
    void *user;
    gboolean bytes;
    Axis across, down;
    int first;     /* row of outputs that the next row of the photo is part of */
    float *row;    /* of bytes, as floats, and one more */
    float *shrunk; /* a row, of the outputs across, and one more */
    float *rgb;    /* the outputs */
} Reading;

static void
reading_clear(Reading *r)
{
    axis_clear(&r->across);
    axis_clear(&r->down);
    g_free(r->row);
    g_free(r->shrunk);
}

static gboolean
read_rows(void *user, const GeglRectangle *rect, void *rows, GError **error)
{
    Reading *r = user;
    if (r->bytes)
        return host_pixels_read_bytes(r->pixels, rect, rows, error);
    if (!host_pixels_read(r->pixels, rect, rows, error))
        return FALSE;
    GeglRectangle place = {rect->x + r->item_x, rect->y + r->item_y, rect->width,
                           rect->height};
    if (r->edit)
        r->edit(r->user, &place, rows);
    return TRUE;
}

static void
take_row(void *user, int y, void *row)
{
    Reading *r = user;
    gsize width = (gsize)r->photo.width;
    if (r->bytes) {
        see_bytes(row, 3 * width, r->row);
        shrink_row(&r->across, r->row, 3, r->shrunk);
    } else {
        see_over_white(row, width);
        shrink_row(&r->across, row, 4, r->shrunk);
    }
    add_row(&r->down, y, &r->first, r->shrunk, 3 * (gsize)r->across.outputs, r->rgb);
}

/* outputs cells over `seen` inputs, of which `count` from `begin` on exist. */
static gboolean
set_axis(Axis *axis, int outputs, int seen, int begin, int count)
{
    AxisShape shape = {.filter = AXIS_AREA,
                       .edge = AXIS_MISSING,
                       .outputs = outputs,
                       .length = seen,
                       .low = begin,
                       .high = begin + count};
    return axis_set(axis, &shape);
}

/* Rows of the photo and of the outputs. FALSE without memory. */
static gboolean
reading_room(Reading *r, int outputs)
{
    r->row = g_try_new0(float, 3 * (gsize)r->photo.width + 1);
    r->shrunk = g_try_new(float, 3 * (gsize)outputs + 1);
    return r->row && r->shrunk;
}

/* FALSE without memory. */
static gboolean
reading_init(Reading *r, const Region *region)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    return reading_room(r, region->width) &&
           set_axis(&r->across, region->width, seen->width, photo->x - seen->x,
                    photo->width) &&
           set_axis(&r->down, region->height, seen->height, photo->y - seen->y,
                    photo->height);
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
    gsize count = 3 * (gsize)region->width * (gsize)region->height;
    Reading r = {
        .pixels = pixels,
        .photo = {photo->x - item_x, photo->y - item_y, photo->width, photo->height},
        .item_x = item_x,
        .item_y = item_y,
        .edit = edit,
        .user = user,
        .bytes = !edit && host_pixels_are_bytes(pixels),
        .rgb = rgb};
    float white = r.bytes ? 255 : 1;
    Strips strips = {read_rows, take_row, &r,
                     (gsize)photo->width * (r.bytes ? 3 : sizeof(Quad))};

    memset(rgb, 0, count * sizeof *rgb);
    gboolean ok = (reading_init(&r, region) ||
                   fail_run(error, _("There is not enough memory to read the photo."))) &&
                  strips_read(&strips, &r.photo, error);
    if (ok && !gegl_rectangle_equal(photo, &region->seen))
        add_bars(&r.across, &r.down, white, bars, rgb);
    if (ok)
        finish(rgb, count, white);
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

/* --- windows that begin between pixels */

/* `outputs` cells over a window from `begin` on, of a photo's `size` pixels. *from and
 * *count: those that are read. */
static gboolean
set_window_axis(Axis *axis,
                int outputs,
                double begin,
                double length,
                int size,
                gboolean whole,
                int *from,
                int *count)
{
    /* One more on both sides: enlarging looks beyond an output's area. */
    double low = floor(begin) - 1, high = ceil(begin + length) + 1;
    *from = (int)CLAMP(low, 0, size - 1);
    *count = (int)CLAMP(high, *from + 1, size) - *from;
    AxisShape shape = {.filter = AXIS_AREA,
                       .edge = whole ? AXIS_WHOLE : AXIS_MISSING,
                       .outputs = outputs,
                       .begin = begin,
                       .length = length,
                       .low = *from,
                       .high = *from + *count};
    return axis_set(axis, &shape);
}

/* From rgb, whose white is `white`. */
static void
add_shares(const Reading *r, float white, gboolean whole, float *rgba)
{
    const float *from = r->rgb;
    for (int y = 0; y < r->down.outputs; y++)
        for (int x = 0; x < r->across.outputs; x++, from += 3, rgba += 4) {
            for (int c = 0; c < 3; c++)
                rgba[c] = CLAMP(from[c] / white, 0, 1);
            rgba[3] = whole ? 1 : MIN(r->across.share[x] * r->down.share[y], 1);
        }
}

gboolean
region_read_window(const RegionWindow *window,
                   HostPixels *pixels,
                   const GeglRectangle *photo,
                   int item_x,
                   int item_y,
                   int width,
                   int height,
                   gboolean whole,
                   float *rgba,
                   GError **error)
{
    Reading r = {.pixels = pixels,
                 .item_x = item_x,
                 .item_y = item_y,
                 .bytes = host_pixels_are_bytes(pixels)};
    gboolean ok = set_window_axis(&r.across, width, window->x - photo->x, window->width,
                                  photo->width, whole, &r.photo.x, &r.photo.width) &&
                  set_window_axis(&r.down, height, window->y - photo->y, window->height,
                                  photo->height, whole, &r.photo.y, &r.photo.height) &&
                  reading_room(&r, width);
    r.photo.x += photo->x - item_x;
    r.photo.y += photo->y - item_y;
    r.rgb = ok ? g_try_malloc0_n((gsize)height * 3, (gsize)width * sizeof *rgba) : NULL;
    ok = r.rgb || fail_run(error, _("There is not enough memory to read the photo."));
    Strips strips = {read_rows, take_row, &r,
                     (gsize)r.photo.width * (r.bytes ? 3 : sizeof(Quad))};
    ok = ok && strips_read(&strips, &r.photo, error);
    if (ok)
        add_shares(&r, r.bytes ? 255 : 1, whole, rgba);
    g_free(r.rgb);
    reading_clear(&r);
    return ok;
}
