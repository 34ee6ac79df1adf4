/* SPDX-License-Identifier: GPL-3.0-or-later */
/* damage.c: whether an image file is whole: it is decoded, in a process of its own. */
#include "photo/damage.h"
#include "base/procedure.h"
#include "host.h"

gboolean
damage_decode(const char *file, HostPixels **pixels, GError **error)
{
    gboolean unknown = FALSE;
    GError *why = NULL;
    *pixels = host_file_decode(file, &unknown, &why);
    gboolean other = why && !g_error_matches(why, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    gboolean whole = *pixels || (unknown && !other);
    if (whole)
        g_clear_error(&why);
    else
        g_propagate_error(error, why);
    return whole;
}

gboolean
damage_refuse(const char *file, GError **error)
{
    HostPixels *pixels;
    gboolean whole = damage_decode(file, &pixels, error);
    host_pixels_close(pixels);
    return whole;
}

char *
damage_of(const char *file, GError **error)
{
    GError *why = NULL;
    if (damage_refuse(file, &why))
        return g_strdup("");
    if (!g_error_matches(why, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT)) {
        g_propagate_error(error, why);
        return NULL;
    }
    char *damage = g_strdup(why->message);
    g_error_free(why);
    return damage;
}
