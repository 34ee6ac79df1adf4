/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: decodes a picture, shrinks it, and cuts a net's input out of it. */

#include "pictures/picture.h"
#include "base/fail.h"
#include "pixels/decode.h"
#include "pixels/read.h"
#include "pixels/strips.h"
#include <math.h>
#include <string.h>

/* More pixels than any photograph has; decoding needs sixteen bytes for each. */
#define MOST_PIXELS 4e8

gsize
picture_bytes(const Picture *picture)
{
    return sizeof *picture + (gsize)picture->width * (gsize)picture->height * 3;
}

/* --- decoding --- */

/* A file on its way to a small picture. */
typedef struct {
    GeglBuffer *buffer;
    Axis across, down;
    int first;    /* row of the picture that the next row of the file is part of */
    double *sums; /* height x width x 3 of the picture */
} Shrink;

static gboolean
read_rows(void *user, const GeglRectangle *rect, void *rows, GError **error)
{
    return pixels_read(((Shrink *)user)->buffer, rect, rows, error);
}

/* Adds `share` of a row of the file to a row of the picture. */
static void
add_row(const Axis *across, const float *row, double share, double *sums)
{
    const double *weights = across->exact;
    for (int x = 0; x < across->outputs; x++, sums += 3, weights += across->taps) {
        const float *rgba = row + 4 * (gsize)across->first[x];
        for (int t = 0; t < across->taps; t++, rgba += 4) {
            double part = share * weights[t];
            double alpha = (double)CLAMP(rgba[3], 0.0F, 1.0F);
            for (int c = 0; part > 0 && c < 3; c++)
                sums[c] += part * ((double)rgba[c] * alpha + 1 - alpha);
        }
    }
}

static void
take_row(void *user, int y, void *row)
{
    Shrink *shrink = user;
    const Axis *down = &shrink->down;
    shrink->first = axis_first_of(down, shrink->first, y);
    for (int o = shrink->first; o < down->outputs && down->first[o] <= y; o++) {
        double share =
            down->exact[(gsize)o * (gsize)down->taps + (gsize)(y - down->first[o])];
        if (share > 0)
            add_row(&shrink->across, row, share,
                    shrink->sums + 3 * (gsize)o * (gsize)shrink->across.outputs);
    }
}

/* Outputs of `step` pixels each; the last one may be smaller. */
static gboolean
set_shrink(Axis *axis, double step, int size)
{
    AxisShape shape = {.filter = AXIS_AREA,
                       .edge = AXIS_WHOLE,
                       .outputs = (int)ceil(size / step - 1e-6),
                       .high = size};
    shape.length = shape.outputs * step;
    return axis_set(axis, &shape);
}

static Picture *
finish(const Shrink *shrink)
{
    int width = shrink->across.outputs, height = shrink->down.outputs;
    gsize count = 3 * (gsize)width * (gsize)height;
    Picture *picture = g_try_malloc(sizeof *picture + count);
    if (!picture)
        return NULL;
    picture->width = width;
    picture->height = height;
    for (gsize i = 0; i < count; i++)
        picture->rgb[i] = (guint8)(CLAMP(shrink->sums[i], 0, 1) * 255 + 0.5);
    return picture;
}

static Picture *
shrink(GeglBuffer *buffer, int side, GError **error)
{
    const GeglRectangle *extent = gegl_buffer_get_extent(buffer);
    if ((double)extent->width * extent->height > MOST_PIXELS) {
        fail_input(error, _("the picture has %d×%d pixels"), extent->width,
                   extent->height);
        return NULL;
    }
    double step = MAX(1, (double)MIN(extent->width, extent->height) / side);
    Shrink s = {.buffer = buffer};
    Strips strips = {read_rows, take_row, &s, (gsize)extent->width * 4 * sizeof(float)};
    Picture *picture = NULL;
    if (set_shrink(&s.across, step, extent->width) &&
        set_shrink(&s.down, step, extent->height))
        s.sums = g_try_malloc0_n((gsize)s.across.outputs * (gsize)s.down.outputs,
                                 3 * sizeof *s.sums);
    if (!s.sums)
        fail_run(error, _("There is not enough memory"));
    else if (strips_read(&strips, extent, error) && !(picture = finish(&s)))
        fail_run(error, _("There is not enough memory"));
    g_free(s.sums);
    axis_clear(&s.across);
    axis_clear(&s.down);
    return picture;
}

Picture *
picture_read(const char *path, int side, GError **error)
{
    gboolean unknown;
    GeglBuffer *buffer = pixels_decode(path, &unknown, error);
    if (!buffer)
        return NULL;
    Picture *picture = shrink(buffer, side, error);
    g_object_unref(buffer);
    return picture;
}

/* --- cutting --- */

static void
set_cut(Axis *axis, int side, double begin, double length, int size)
{
    AxisShape shape = {.filter = AXIS_TRIANGLE,
                       .edge = AXIS_WHOLE,
                       .outputs = side,
                       .begin = begin,
                       .length = length,
                       .high = size};
    if (!axis_set(axis, &shape))
        g_error("no memory for a filter of %d outputs", side);
}

static void
cut_across(const Axis *axis, const guint8 *from, gboolean flip, float *to)
{
    const float *w = axis->weights;
    for (int x = 0; x < axis->outputs; x++, w += axis->taps) {
        const guint8 *p = from + 3 * axis->first[x];
        float r = 0, g = 0, b = 0;
        for (int t = 0; t < axis->taps; t++, p += 3) {
            r += w[t] * (float)p[0];
            g += w[t] * (float)p[1];
            b += w[t] * (float)p[2];
        }
        int at = flip ? axis->outputs - 1 - x : x;
        to[3 * at] = r;
        to[3 * at + 1] = g;
        to[3 * at + 2] = b;
    }
}

/* Rows of the picture are made side wide each, then summed downwards. */
void
picture_cut(const Picture *picture,
            const Cut *cut,
            gboolean flip,
            int side,
            float *rgb,
            Scratch *scratch)
{
    Axis *across = &scratch->across, *down = &scratch->down;
    set_cut(across, side, cut->left, cut->width, picture->width);
    set_cut(down, side, cut->top, cut->height, picture->height);
    gsize row = 3 * (gsize)side, top = (gsize)down->first[0];
    gsize end = (gsize)down->first[side - 1] + (gsize)down->taps;
    if (scratch->count < row * (end - top)) {
        g_free(scratch->rows);
        scratch->count = row * (end - top);
        scratch->rows = g_new(float, scratch->count);
    }
    for (gsize y = top; y < end; y++)
        cut_across(across, picture->rgb + y * (gsize)picture->width * 3, flip,
                   scratch->rows + (y - top) * row);
    memset(rgb, 0, row * (gsize)side * sizeof *rgb);
    for (int y = 0; y < side; y++, rgb += row)
        for (int t = 0; t < down->taps; t++) {
            const float *from = scratch->rows + ((gsize)(down->first[y] + t) - top) * row;
            float w = down->weights[y * down->taps + t] * (1.0F / 255);
            for (gsize x = 0; w > 0 && x < row; x++)
                rgb[x] += w * from[x];
        }
}

void
scratch_clear(Scratch *scratch)
{
    axis_clear(&scratch->across);
    axis_clear(&scratch->down);
    g_free(scratch->rows);
    *scratch = (Scratch){0};
}

Cut
picture_centre(const Picture *picture)
{
    int side = MIN(picture->width, picture->height);
    return (Cut){(picture->width - side) / 2.0, (picture->height - side) / 2.0, side,
                 side};
}

Cut
picture_whole(const Picture *picture)
{
    return (Cut){0, 0, picture->width, picture->height};
}
