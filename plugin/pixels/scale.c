/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.c: see scale.h.
 *
 * Separable: each source row is scaled across once, into a ring that holds as many rows
 * as one result row needs; result rows are sums over the ring. A layer has millions of
 * pixels and the photo of a network few, so only the sums have to be quick. */
#include "pixels/scale.h"
#include "base/procedure.h"
#include <math.h>
#include <string.h>

/* Result rows that are collected before the sink gets them: whole rows of a host's tiles,
 * which are 64 or 128 high, or it would have to fetch each tile before the rest of it is
 * written. Fewer where they take more than so many bytes. */
#define STRIP_ROWS 128
#define STRIP_BYTES (32 << 20)

/* Four floats at once, and floats that are summed at a time: four pixels. */
typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef gint32 QuadMask __attribute__((vector_size(16), aligned(4), may_alias));
#define CHUNK 16

/* What one output coordinate is made of: taps source coordinates from first[out] on. */
typedef struct {
    int taps;
    int *first;     /* out */
    float *weights; /* out x taps; each row sums to 1 */
} Axis;

static void
axis_clear(Axis *axis)
{
    g_free(axis->first);
    g_free(axis->weights);
}

/* The cubic with B = C = 1/3: zero from 2 on, integrates to 1. */
static double
mitchell(double x)
{
    x = fabs(x);
    if (x < 1)
        return (7 * x * x * x - 12 * x * x + 16.0 / 3) / 6;
    if (x < 2)
        return (-7.0 / 3 * x * x * x + 12 * x * x - 20 * x + 32.0 / 3) / 6;
    return 0;
}

static gboolean
axis_allocate(Axis *axis, int out, int taps)
{
    axis->taps = taps;
    axis->first = g_try_new(int, out);
    axis->weights = g_try_malloc0_n(out, taps * sizeof(float));
    return axis->first && axis->weights;
}

static gboolean
axis_init(Axis *axis, int in, int out, gboolean nearest)
{
    double step = (double)in / out;

    if (nearest || in == out) {
        if (!axis_allocate(axis, out, 1))
            return FALSE;
        for (int o = 0; o < out; o++) {
            axis->first[o] = MIN((int)floor((o + 0.5) * step), in - 1);
            axis->weights[o] = 1;
        }
        return TRUE;
    }

    double widen = MAX(step, 1);
    int reach = (int)MIN(ceil(4 * widen) + 1, in); /* the filter is 4 wide */
    if (!axis_allocate(axis, out, reach))
        return FALSE;
    for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * step; /* pixel i has its centre at i + 0.5 */
        int begin = (int)floor(centre - 2 * widen);
        int end = (int)ceil(centre + 2 * widen);
        float *weights = axis->weights + (gsize)o * reach;
        double sum = 0;

        /* What the filter would take from beyond the border is left out. */
        begin = MAX(begin, 0);
        end = MIN(end, in - 1);
        axis->first[o] = MIN(begin, in - reach);
        for (int i = begin; i <= end; i++)
            sum += mitchell((i + 0.5 - centre) / widen);
        for (int i = begin; i <= end; i++) {
            /* The last one may lie where the filter has ended: it weighs nothing. */
            int tap = MIN(i - axis->first[o], reach - 1);
            weights[tap] += (float)(mitchell((i + 0.5 - centre) / widen) / sum);
        }
    }
    return TRUE;
}

/* One source row across: row is in x components, result out x components with colours
 * multiplied by alpha. */
static void
scale_across(const Axis *axis, const float *row, int out, int components, float *result)
{
    for (int o = 0; o < out; o++) {
        const float *weights = axis->weights + (gsize)o * axis->taps;
        const float *from = row + (gsize)axis->first[o] * components;
        float *to = result + (gsize)o * components;

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
    const Quad none = {0, 0, 0, 0}, one = {1, 1, 1, 1};
    float alpha = value[3];
    if (divide && alpha > 0)
        value /= (Quad){alpha, alpha, alpha, 1};
    QuadMask above = value > one;
    value = (Quad)((above & (QuadMask)one) | (~above & (QuadMask)value));
    return (Quad)(~(value < none) & (QuadMask)value);
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
pick_row(const Axis *axis, const float *row, int out, int components, float *result)
{
    for (int o = 0; o < out; o++)
        memcpy(result + (gsize)o * components, row + (gsize)axis->first[o] * components,
               components * sizeof(float));
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
    Axis across = {0}, down = {0};
    gsize row_floats = (gsize)out_width * components,
          row_bytes = row_floats * sizeof(float);
    gsize stride = (row_floats + CHUNK - 1) / CHUNK * CHUNK; /* of the ring */
    int strip_rows = (int)CLAMP(STRIP_BYTES / row_bytes, 1, STRIP_ROWS);
    float *ring = NULL, *strip = NULL;
    gboolean done = FALSE;

    g_return_val_if_fail(width > 0 && height > 0 && out_width > 0 && out_height > 0,
                         FALSE);
    g_return_val_if_fail(components == 1 || components == 4, FALSE);

    gboolean enough = axis_init(&across, width, out_width, nearest) &&
                      axis_init(&down, height, out_height, nearest);
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
    for (int y0 = 0; y0 < out_height; y0 += strip_rows) {
        int rows = MIN(strip_rows, out_height - y0);
        for (int y = y0; y < y0 + rows; y++) {
            /* From the top, so that what goes over a row's end is overwritten. */
            float *row = strip + (gsize)(y - y0) * row_floats;
            if (pick) {
                pick_row(&across, pixels + (gsize)down.first[y] * width * components,
                         out_width, components, row);
                continue;
            }
            for (scaled = MAX(scaled, down.first[y]); scaled < down.first[y] + down.taps;
                 scaled++)
                scale_across(&across, pixels + (gsize)scaled * width * components,
                             out_width, components,
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
