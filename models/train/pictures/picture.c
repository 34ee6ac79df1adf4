/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: see picture.h. */

#include "pictures/picture.h"
#include "base/fail.h"
#include "pixels/decode.h"
#include "pixels/read.h"
#include <math.h>
#include <string.h>

/* More pixels than any photograph has; decoding needs sixteen bytes for each. */
#define MOST_PIXELS 4e8
#define STRIP_ROWS 64

gsize
picture_bytes(const Picture *picture)
{
    return sizeof *picture + (gsize)picture->width * (gsize)picture->height * 3;
}

/* --- decoding --- */

typedef struct {
    const GeglRectangle *extent;
    double step; /* pixels of the file a pixel of the picture; at least 1 */
    Picture *picture;
    double *row; /* width x 3: sums of one row of the picture */
} Shrink;

/* Adds `share` of a row of the file to the sums. */
static void
add_row(const Shrink *shrink, const float *rgba, double share)
{
    int last = shrink->extent->width;
    for (int x = 0; x < shrink->picture->width; x++) {
        double begin = x * shrink->step, end = MIN(begin + shrink->step, last);
        double *sum = shrink->row + 3 * x;
        for (int i = (int)begin; i < last && i < end; i++) {
            double part = share * (MIN(i + 1, end) - MAX(i, begin));
            double alpha = (double)CLAMP(rgba[4 * i + 3], 0.0F, 1.0F);
            for (int c = 0; c < 3; c++)
                sum[c] += part * ((double)rgba[4 * i + c] * alpha + 1 - alpha);
        }
    }
}

static void
finish_row(const Shrink *shrink, int y)
{
    Picture *picture = shrink->picture;
    double top = y * shrink->step;
    double height = MIN(top + shrink->step, shrink->extent->height) - top;
    for (int x = 0; x < picture->width; x++) {
        double left = x * shrink->step;
        double width = MIN(left + shrink->step, shrink->extent->width) - left;
        for (int c = 0; c < 3; c++) {
            double mean = shrink->row[3 * x + c] / (width * height);
            picture->rgb[((gsize)y * (gsize)picture->width + (gsize)x) * 3 + (gsize)c] =
                (guint8)(CLAMP(mean, 0, 1) * 255 + 0.5);
        }
    }
    memset(shrink->row, 0, (gsize)picture->width * 3 * sizeof *shrink->row);
}

/* Rows of the file in strips; a row may end one row of the picture and begin the next. */
static gboolean
shrink_buffer(const Shrink *shrink, GeglBuffer *buffer, float *strip, GError **error)
{
    const GeglRectangle *extent = shrink->extent;
    int y = 0;
    for (int from = 0; from < extent->height; from += STRIP_ROWS) {
        int rows = MIN(STRIP_ROWS, extent->height - from);
        GeglRectangle rect = {extent->x, extent->y + from, extent->width, rows};
        if (!pixels_read(buffer, &rect, strip, error))
            return FALSE;
        for (int r = 0; r < rows; r++) {
            const float *rgba = strip + (gsize)r * (gsize)extent->width * 4;
            double at = from + r, below = at + 1;
            while (y < shrink->picture->height) {
                double end = MIN((y + 1) * shrink->step, extent->height);
                add_row(shrink, rgba, MIN(end, below) - at);
                if (end > below)
                    break;
                finish_row(shrink, y++);
                at = end;
                if (at >= below)
                    break;
            }
        }
    }
    return TRUE;
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
    int width = (int)ceil(extent->width / step - 1e-6);
    int height = (int)ceil(extent->height / step - 1e-6);
    Picture *picture = g_try_malloc(sizeof *picture + (gsize)width * (gsize)height * 3);
    float *strip = g_try_malloc_n((gsize)extent->width * STRIP_ROWS, 4 * sizeof *strip);
    double *row = g_try_malloc0_n((gsize)width, 3 * sizeof *row);
    gboolean ok = picture && strip && row;
    if (ok) {
        picture->width = width;
        picture->height = height;
        Shrink all = {extent, step, picture, row};
        ok = shrink_buffer(&all, buffer, strip, error);
    } else {
        fail_run(error, _("There is not enough memory"));
    }
    g_free(row);
    g_free(strip);
    if (!ok)
        g_clear_pointer(&picture, g_free);
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

/* What result o is made of: weights of pixels first .. first + taps - 1. */
typedef struct {
    int first, taps;
} Span;

/* The filter of one result along one axis. begin, length: of the cut. weights: room for
 * enough. */
static Span
span_at(int o, int side, double begin, double length, int limit, float *weights)
{
    double step = length / side, wide = MAX(step, 1), centre = begin + (o + 0.5) * step;
    int first = MAX((int)floor(centre - wide), 0);
    int last = MIN((int)ceil(centre + wide), limit - 1);
    first = MIN(first, last);
    double sum = 0;
    for (int i = first; i <= last; i++) {
        double weight = 1 - fabs(i + 0.5 - centre) / wide;
        weights[i - first] = weight > 0 ? (float)weight : 0;
        sum += (double)weights[i - first];
    }
    for (int i = first; i <= last; i++)
        weights[i - first] *= (float)(1 / sum);
    return (Span){first, last - first + 1};
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
    gsize most_x = (gsize)(2 * MAX(cut->width / side, 1)) + 4;
    gsize most_y = (gsize)(2 * MAX(cut->height / side, 1)) + 4;
    gsize n = (gsize)side, rows = (gsize)picture->height;
    gsize wanted = n * most_x + most_y + 3 * n * rows;
    if (scratch->count < wanted) {
        g_free(scratch->data);
        scratch->data = g_new(float, wanted);
        scratch->count = wanted;
    }
    float *across = scratch->data, *down = across + n * most_x, *wide = down + most_y;
    Span *spans = g_newa(Span, n);
    for (int x = 0; x < side; x++)
        spans[x] = span_at(x, side, cut->left, cut->width, picture->width,
                           across + (gsize)x * most_x);

    int y_first = MAX((int)floor(cut->top - MAX(cut->height / side, 1)) - 1, 0);
    int y_last = MIN((int)ceil(cut->top + cut->height + MAX(cut->height / side, 1)) + 1,
                     picture->height - 1);
    for (int y = y_first; y <= y_last; y++) {
        const guint8 *from = picture->rgb + (gsize)y * (gsize)picture->width * 3;
        float *to = wide + (gsize)y * 3 * n;
        for (int x = 0; x < side; x++) {
            const float *w = across + (gsize)x * most_x;
            const guint8 *p = from + 3 * spans[x].first;
            float r = 0, g = 0, b = 0;
            for (int t = 0; t < spans[x].taps; t++, p += 3) {
                r += w[t] * (float)p[0];
                g += w[t] * (float)p[1];
                b += w[t] * (float)p[2];
            }
            int at = flip ? side - 1 - x : x;
            to[3 * at] = r;
            to[3 * at + 1] = g;
            to[3 * at + 2] = b;
        }
    }
    for (int y = 0; y < side; y++) {
        Span span = span_at(y, side, cut->top, cut->height, picture->height, down);
        float *to = rgb + (gsize)y * 3 * n;
        memset(to, 0, 3 * n * sizeof *to);
        for (int t = 0; t < span.taps; t++) {
            const float *from = wide + (gsize)(span.first + t) * 3 * n;
            float w = down[t] * (1.0F / 255);
            for (gsize x = 0; x < 3 * n; x++)
                to[x] += w * from[x];
        }
    }
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
