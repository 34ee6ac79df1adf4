/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c: a layer's pixels into a buffer, scaled to its rectangle. */

#include "base/procedure.h"
#include "pixels/pixels.h"
#include "pixels/scale.h"

typedef struct {
    const HostLayer *layer;
    GeglBuffer *buffer;
    int x, y;           /* of the buffer's corner in the image */
    GeglRectangle seen; /* the part of the layer inside the buffer, in the image */
    int components;
    gboolean (*convert)(void *user, const float *in, void *out, int n_pixels);
    void *user;
    const Babl *format; /* of what goes into the buffer */
    guint8 *converted;  /* rows; NULL without convert */
    gsize room;         /* rows that `converted` has memory for */
} Writer;

/* Converts the part of the rows that lies inside the buffer to its format. Rows follow
 * each other without gaps. */
static gboolean
convert_rows(Writer *writer, int n_rows, const float *rows, GError **error)
{
    int width = writer->seen.width;
    gsize bytes = (gsize)width * babl_format_get_bytes_per_pixel(writer->format);
    gsize step = (gsize)writer->layer->rect.width * writer->components;
    if (writer->room < (gsize)n_rows) {
        g_free(writer->converted);
        writer->converted = g_try_malloc_n(n_rows, bytes);
        writer->room = writer->converted ? n_rows : 0;
    }
    gboolean done = writer->converted != NULL;
    for (int i = 0; done && i < n_rows; i++)
        done = writer->convert(writer->user, rows + i * step,
                               writer->converted + i * bytes, width);
    if (!done)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The colours of \"%s\" could not be converted"),
                    writer->layer->name);
    return done;
}

static gboolean
writer_take(void *user, int y, int n_rows, const float *rows, GError **error)
{
    Writer *writer = user;
    const GeglRectangle *seen = &writer->seen;
    int row_pixels = writer->layer->rect.width;
    int top = writer->layer->rect.y;
    int from = MAX(y, seen->y - top);
    int to = MIN(y + n_rows, seen->y + seen->height - top);
    if (from >= to)
        return TRUE;

    gsize left = seen->x - writer->layer->rect.x;
    const float *first =
        rows + ((gsize)(from - y) * row_pixels + left) * writer->components;
    GeglRectangle rect = {seen->x - writer->x, top + from - writer->y, seen->width,
                          to - from};
    if (!writer->convert) {
        int stride = row_pixels * writer->components * (int)sizeof(float);
        gegl_buffer_set(writer->buffer, &rect, 0, writer->format, first, stride);
        return TRUE;
    }

    if (!convert_rows(writer, to - from, first, error))
        return FALSE;
    gegl_buffer_set(writer->buffer, &rect, 0, writer->format, writer->converted,
                    GEGL_AUTO_ROWSTRIDE);
    return TRUE;
}

gboolean
pixels_write(const HostLayer *layer,
             GeglBuffer *buffer,
             int x,
             int y,
             gboolean (*convert)(void *user, const float *in, void *out, int n_pixels),
             void *user,
             const Babl *format,
             GError **error)
{
    GeglRectangle extent = *gegl_buffer_get_extent(buffer);
    extent.x += x;
    extent.y += y;
    GeglRectangle seen;
    if (!gegl_rectangle_intersect(&seen, &layer->rect, &extent))
        return TRUE;

    Writer writer = {
        .layer = layer,
        .buffer = buffer,
        .x = x,
        .y = y,
        .seen = seen,
        .components = layer->channel ? 1 : 4,
        .convert = convert,
        .user = user,
        .format = format,
    };
    if (!convert)
        writer.format = babl_format(layer->channel ? "Y float" : "R'G'B'A float");

    gboolean done = scale_pixels(layer->pixels, layer->width, layer->height,
                                 writer.components, layer->rect.width, layer->rect.height,
                                 layer->nearest, writer_take, &writer, error);
    g_free(writer.converted);
    return done;
}
