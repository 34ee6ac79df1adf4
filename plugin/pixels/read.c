/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c: reads pixels by GEGL. */

#include "pixels/read.h"
#include "base/procedure.h"

static gboolean
read_as(GeglBuffer *buffer,
        const GeglRectangle *rect,
        const char *format,
        void *rows,
        GError **error)
{
    gboolean inside = gegl_rectangle_contains(gegl_buffer_get_extent(buffer), rect);
    if (inside)
        gegl_buffer_get(buffer, rect, 1.0, babl_format(format), rows, GEGL_AUTO_ROWSTRIDE,
                        GEGL_ABYSS_NONE);
    else
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("Pixels were asked for outside the picture"));
    return inside;
}

gboolean
pixels_read(GeglBuffer *buffer, const GeglRectangle *rect, float *rgba, GError **error)
{
    return read_as(buffer, rect, "R'G'B'A float", rgba, error);
}

gboolean
pixels_are_bytes(GeglBuffer *buffer)
{
    return gegl_buffer_get_format(buffer) == babl_format("R'G'B' u8");
}

gboolean
pixels_read_bytes(GeglBuffer *buffer,
                  const GeglRectangle *rect,
                  guint8 *rgb,
                  GError **error)
{
    return read_as(buffer, rect, "R'G'B' u8", rgb, error);
}
