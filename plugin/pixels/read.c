/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c: reads pixels by lcms2 if the buffer has a profile, otherwise by GEGL. */

#include "pixels/read.h"
#include "base/procedure.h"
#include "pixels/colours.h"

static gboolean
check_inside(GeglBuffer *buffer, const GeglRectangle *rect, GError **error)
{
    if (gegl_rectangle_contains(gegl_buffer_get_extent(buffer), rect))
        return TRUE;
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                _("Pixels were asked for outside the picture"));
    return FALSE;
}

gboolean
pixels_read(GeglBuffer *buffer, const GeglRectangle *rect, float *rgba, GError **error)
{
    const Colours *colours = colours_of(buffer);
    if (!check_inside(buffer, rect, error))
        return FALSE;
    if (!colours) {
        gegl_buffer_get(buffer, rect, 1.0, babl_format("R'G'B'A float"), rgba,
                        GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    } else if (!colours_read(colours, buffer, rect, rgba)) {
        g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                            _("Not enough memory to read pixels"));
        return FALSE;
    }
    return TRUE;
}

gboolean
pixels_are_bytes(GeglBuffer *buffer)
{
    const Colours *colours = colours_of(buffer);
    return colours ? colours_are_bytes(colours)
                   : gegl_buffer_get_format(buffer) == babl_format("R'G'B' u8");
}

gboolean
pixels_read_bytes(GeglBuffer *buffer,
                  const GeglRectangle *rect,
                  guint8 *rgb,
                  GError **error)
{
    const Colours *colours = colours_of(buffer);
    if (!check_inside(buffer, rect, error))
        return FALSE;
    gegl_buffer_get(buffer, rect, 1.0, babl_format("R'G'B' u8"), rgb, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    if (colours)
        colours_convert_bytes(colours, rgb, (gsize)rect->width * (gsize)rect->height);
    return TRUE;
}
