/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strips.c: reads a rectangle strip by strip and hands on its rows. */

#include "pixels/strips.h"
#include "base/procedure.h"

#define STRIP_BYTES ((gsize)1 << 20)

gboolean
strips_read(const Strips *strips, const GeglRectangle *rect, GError **error)
{
    int most = (int)CLAMP(STRIP_BYTES / strips->row_bytes, 1, (gsize)rect->height);
    guint8 *rows = g_try_malloc_n((gsize)most, strips->row_bytes);
    gboolean ok = rows != NULL;
    if (!ok)
        g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                            _("Not enough memory to read pixels"));
    for (int y = 0; ok && y < rect->height; y += most) {
        GeglRectangle strip = {rect->x, rect->y + y, rect->width,
                               MIN(most, rect->height - y)};
        ok = strips->read(strips->user, &strip, rows, error);
        for (int i = 0; ok && i < strip.height; i++)
            strips->take(strips->user, y + i, rows + (gsize)i * strips->row_bytes);
    }
    g_free(rows);
    return ok;
}
