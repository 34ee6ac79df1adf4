/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/show.c: a picture laid over an operation's input. */

#include "gegl/show.h"
#include "base/fail.h"
#include "pixels/scale.h"
#include <math.h>

GeglRectangle
show_at_level(const GeglRectangle *rect, int level)
{
    if (level == 0)
        return *rect;
    int half = 1 << level;
    int left = (int)floor((double)rect->x / half),
        top = (int)floor((double)rect->y / half);
    int right = (int)ceil(((double)rect->x + rect->width) / half);
    int bottom = (int)ceil(((double)rect->y + rect->height) / half);
    return (GeglRectangle){left, top, right - left, bottom - top};
}

void
show_input(GeglBuffer *input, GeglBuffer *output, const GeglRectangle *roi, int level)
{
    if (level == 0) {
        gegl_buffer_copy(input, roi, GEGL_ABYSS_NONE, output, roi);
        return;
    }
    const Babl *format = gegl_buffer_get_format(output);
    GeglRectangle rect = show_at_level(roi, level);
    gsize row = (gsize)rect.width * (gsize)babl_format_get_bytes_per_pixel(format);
    void *rows = g_try_malloc_n((gsize)rect.height, row);
    if (!rows)
        return;
    gegl_buffer_get(input, &rect, 1.0 / (1 << level), format, rows, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    gegl_buffer_set(output, &rect, level, format, rows, GEGL_AUTO_ROWSTRIDE);
    g_free(rows);
}

typedef struct {
    GeglBuffer *output;
    GeglRectangle part; /* of the layer that is shown, in the output */
    int top;            /* of the layer */
    int level;
    float opacity;
    gboolean opaque;
    const Babl *from, *linear, *to_linear;
    float *over, *under; /* rows */
    gsize room;          /* rows that these have memory for */
} Showing;

static gboolean
is_opaque(const HostLayer *layer)
{
    gsize count = (gsize)layer->width * (gsize)layer->height;
    for (gsize i = 0; i < count; i++)
        if (layer->pixels[4 * i + 3] < 1)
            return FALSE;
    return layer->opacity >= 100;
}

static gboolean
make_room(Showing *showing, gsize n_rows, GError **error)
{
    if (showing->room >= n_rows)
        return TRUE;
    gsize row = (gsize)showing->part.width * 4 * sizeof(float);
    g_free(showing->over);
    g_free(showing->under);
    showing->over = g_try_malloc_n(n_rows, row);
    showing->under = g_try_malloc_n(n_rows, row);
    showing->room = showing->over && showing->under ? n_rows : 0;
    return showing->room ||
           fail_run(error, _("There is not enough memory for the result."));
}

static gboolean
take_rows(void *user, int y, int n_rows, const float *rows, GError **error)
{
    Showing *showing = user;
    GeglRectangle rect = {showing->part.x, showing->top + y, showing->part.width, n_rows};
    if (showing->opaque) {
        gegl_buffer_set(showing->output, &rect, showing->level, showing->from, rows,
                        GEGL_AUTO_ROWSTRIDE);
        return TRUE;
    }
    if (!make_room(showing, (gsize)n_rows, error))
        return FALSE;
    gsize count = (gsize)rect.width * (gsize)n_rows;
    babl_process(showing->to_linear, rows, showing->over, (long)count);
    gegl_buffer_get(showing->output, &rect, 1.0 / (1 << showing->level), showing->linear,
                    showing->under, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    for (gsize i = 0; i < count; i++) {
        const float *over = showing->over + 4 * i;
        float *under = showing->under + 4 * i;
        float rest = 1 - over[3] * showing->opacity;
        for (int c = 0; c < 4; c++)
            under[c] = over[c] * showing->opacity + under[c] * rest;
    }
    gegl_buffer_set(showing->output, &rect, showing->level, showing->linear,
                    showing->under, GEGL_AUTO_ROWSTRIDE);
    return TRUE;
}

gboolean
show_layer(const HostLayer *layer,
           GeglBuffer *output,
           const GeglRectangle *roi,
           int level,
           GError **error)
{
    GeglRectangle seen = show_at_level(roi, level), part;
    if (!gegl_rectangle_intersect(&part, &layer->rect, &seen))
        return TRUE;
    Showing showing = {.output = output,
                       .part = part,
                       .top = layer->rect.y,
                       .level = level,
                       .opacity = (float)layer->opacity / 100,
                       .opaque = is_opaque(layer),
                       .from = babl_format("R'G'B'A float"),
                       .linear = babl_format("RaGaBaA float")};
    showing.to_linear = babl_fish(showing.from, showing.linear);
    ScalePart asked = {part.x - layer->rect.x, part.y - layer->rect.y, part.width,
                       part.height};
    gboolean ok = scale_part(layer->pixels, layer->width, layer->height, 4,
                             layer->rect.width, layer->rect.height, layer->nearest,
                             &asked, take_rows, &showing, error);
    g_free(showing.over);
    g_free(showing.under);
    return ok;
}
