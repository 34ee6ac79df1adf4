/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.c: scales pixels by the filters of two axes (axis.h).
 *
 * The filter is separable: each source row is scaled across once, into a ring that holds
 * as many rows as one result row needs, and result rows are sums over the ring. The
 * source is small and the layer has millions of pixels, so only the sums have to be
 * quick. */
#include "pixels/scale.h"
#include "base/procedure.h"
#include "pixels/axis.h"
#include "pixels/quad.h"
#include <string.h>

/* Result rows that are collected before the sink gets them. A host's tiles are 64 or 128
 * rows high; if only a part of a tile was written, the host would have to fetch the tile
 * first. Fewer rows are collected where they would take more than STRIP_BYTES. */
#define STRIP_ROWS 128
#define STRIP_BYTES (32 << 20)

#define CHUNK 16 /* floats that are summed at a time: four pixels */

/* One source row across, to outputs from `begin` up to `end`: row is in x components,
 * result (end - begin) x components with colours multiplied by alpha. */
static void
scale_across(
    const Axis *axis, const float *row, int begin, int end, int components, float *result)
{
    for (int o = begin; o < end; o++) {
        const float *weights = axis->weights + (gsize)o * axis->taps;
        const float *from = row + (gsize)axis->first[o] * components;
        float *to = result + (gsize)(o - begin) * components;

        memset(to, 0, components * sizeof(float));
        for (int t = 0; t < axis->taps; t++, from += components) {
            if (components == 1) {
                to[0] += weights[t] * from[0];
            } else {
                float weight = weights[t] * from[3];
                for (int c = 0; c < 3; c++)
                    to[c] += weight * from[c];
                to[3] += weight;
            }
        }
    }
}

/* Cut to 0..1, after the colours were divided by alpha if they are a pixel's. */
static inline Quad
finished(Quad value, gboolean divide)
{
    float alpha = value[3];
    if (divide && alpha > 0)
        value /= (Quad){alpha, alpha, alpha, 1};
    return quad_cut(value);
}

/* One result row from the ring, whose rows lie `stride` floats apart; back to straight
 * alpha if divide. Written in whole chunks: up to CHUNK - 1 floats behind the row are
 * overwritten. */
static void
scale_down(const float *ring,
           gsize stride,
           const Axis *axis,
           int y,
           gsize length,
           gboolean divide,
           float *row)
{
    const float *weights = axis->weights + (gsize)y * axis->taps;
    int first = axis->first[y] % axis->taps, begin = 0, end = axis->taps;

    while (begin < end - 1 && weights[begin] == 0)
        begin++;
    while (begin < end - 1 && weights[end - 1] == 0)
        end--;
    for (gsize i = 0; i < length; i += CHUNK) {
        Quad sum[CHUNK / 4] = {0};
        int slot = (first + begin) % axis->taps;
        for (int t = begin; t < end; t++) {
            const float *from = ring + slot * stride + i;
            for (int k = 0; k < CHUNK / 4; k++)
                sum[k] += weights[t] * ((const Quad *)(const void *)from)[k];
            slot = slot + 1 < axis->taps ? slot + 1 : 0;
        }
        for (int k = 0; k < CHUNK / 4; k++)
            ((Quad *)(void *)(row + i))[k] = finished(sum[k], divide);
    }
}

/* An unchanged size is an exact copy. */
static gboolean
set_axis(Axis *axis, int in, int out, gboolean nearest)
{
    AxisShape shape = {.filter = nearest || in == out ? AXIS_NEAREST : AXIS_MITCHELL,
                       .edge = AXIS_WHOLE,
                       .outputs = out,
                       .length = in,
                       .high = in};
    return axis_set(axis, &shape);
}

static gboolean
is_opaque(const float *pixels, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (pixels[4 * i + 3] != 1)
            return FALSE;
    return TRUE;
}

/* Rows of the source as they are, but for their columns and rows being picked. */
static void
pick_row(
    const Axis *axis, const float *row, int begin, int end, int components, float *result)
{
    for (int o = begin; o < end; o++)
        memcpy(result + (gsize)(o - begin) * components,
               row + (gsize)axis->first[o] * components, components * sizeof(float));
}

gboolean
scale_part(const float *pixels,
           int width,
           int height,
           int components,
           int out_width,
           int out_height,
           gboolean nearest,
           const ScalePart *part,
           ScaleSink sink,
           void *user,
           GError **error)
{
    Axis across = {0}, down = {0};
    int left = part->x, right = part->x + part->width, end = part->y + part->height;
    gsize row_floats = (gsize)part->width * components,
          row_bytes = row_floats * sizeof(float);
    gsize stride = (row_floats + CHUNK - 1) / CHUNK * CHUNK; /* of the ring */
    int strip_rows = (int)CLAMP(STRIP_BYTES / row_bytes, 1, STRIP_ROWS);
    float *ring = NULL, *strip = NULL;
    gboolean done = FALSE;

    g_return_val_if_fail(width > 0 && height > 0 && out_width > 0 && out_height > 0,
                         FALSE);
    g_return_val_if_fail(components == 1 || components == 4, FALSE);
    g_return_val_if_fail(left >= 0 && part->y >= 0 && part->width > 0 &&
                             part->height > 0 && right <= out_width && end <= out_height,
                         FALSE);

    gboolean enough = set_axis(&across, width, out_width, nearest) &&
                      set_axis(&down, height, out_height, nearest);
    if (enough) {
        ring = g_try_malloc0_n(down.taps, stride * sizeof(float));
        strip = g_try_malloc((gsize)strip_rows * row_bytes + CHUNK * sizeof(float));
        enough = ring && strip;
    }
    if (!enough) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("Not enough memory to scale a picture to %d × %d pixels"),
                    out_width, out_height);
        goto end;
    }

    /* With one tap each way there is nothing to weigh. */
    gboolean pick = across.taps == 1 && down.taps == 1 &&
                    (nearest || (width == out_width && height == out_height));
    gboolean divide =
        components == 4 && !pick && !is_opaque(pixels, (gsize)width * (gsize)height);
    int scaled = 0; /* source rows that went into the ring so far */
    for (int y0 = part->y; y0 < end; y0 += strip_rows) {
        int rows = MIN(strip_rows, end - y0);
        for (int y = y0; y < y0 + rows; y++) {
            /* From the top, so that what goes over a row's end is overwritten. */
            float *row = strip + (gsize)(y - y0) * row_floats;
            if (pick) {
                pick_row(&across, pixels + (gsize)down.first[y] * width * components,
                         left, right, components, row);
                continue;
            }
            for (scaled = MAX(scaled, down.first[y]); scaled < down.first[y] + down.taps;
                 scaled++)
                scale_across(&across, pixels + (gsize)scaled * width * components, left,
                             right, components,
                             ring + (gsize)(scaled % down.taps) * stride);
            scale_down(ring, stride, &down, y, row_floats, divide, row);
        }
        if (!sink(user, y0, rows, strip, error))
            goto end;
    }
    done = TRUE;

end:
    g_free(ring);
    g_free(strip);
    axis_clear(&across);
    axis_clear(&down);
    return done;
}

gboolean
scale_pixels(const float *pixels,
             int width,
             int height,
             int components,
             int out_width,
             int out_height,
             gboolean nearest,
             ScaleSink sink,
             void *user,
             GError **error)
{
    ScalePart whole = {0, 0, out_width, out_height};
    return scale_part(pixels, width, height, components, out_width, out_height, nearest,
                      &whole, sink, user, error);
}
