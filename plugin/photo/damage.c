/* SPDX-License-Identifier: GPL-3.0-or-later */
/* damage.c: whether an image file is whole: it is decoded, in a process of its own. */
#include "photo/damage.h"
#include "base/fail.h"
#include "host.h"

char *
damage_of(const char *file, GError **error)
{
    gboolean unknown = FALSE;
    GError *why = NULL;
    HostPixels *pixels = host_file_decode(file, &unknown, &why);
    char *damage = NULL;
    if (pixels)
        host_pixels_close(pixels);
    if (why && !g_error_matches(why, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT))
        g_propagate_error(error, g_steal_pointer(&why));
    else
        damage = g_strdup(why && !unknown ? why->message : "");
    g_clear_error(&why);
    return damage;
}

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
    char *damage = damage_of(file, error);
    gboolean whole = damage && !*damage;
    if (damage && *damage)
        fail_input(error, "%s", damage);
    g_free(damage);
    return whole;
}
