/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c: all numbers of the transformations as comma-separated values. */

#include "base/save.h"
#include "actions/invariance/invariance.h"
#include <math.h>
#include <string.h>

/* A field in quotes where it needs them (RFC 4180). */
static void
put_text(GString *out, const char *text)
{
    gboolean quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    if (quoted)
        g_string_append_c(out, '"');
}

static void
put_number(GString *out, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_c(out, ',');
    if (isfinite(value))
        g_string_append(out, g_ascii_formatd(number, sizeof number, "%.9g", value));
}

static void
put_head(const Invariance *invariance, GString *out)
{
    static const char *const measures[3] = {"distance", "relative", "cosine"};
    g_string_append(out, "picture,label,transformation,amount,probability");
    for (gsize k = 0; k < invariance->n_layers; k++)
        for (int m = 0; m < 3; m++) {
            char *name =
                g_strdup_printf("%s %s", invariance->layers[k].shown, measures[m]);
            g_string_append_c(out, ',');
            put_text(out, name);
            g_free(name);
        }
    g_string_append_c(out, '\n');
}

static void
put_step(const Invariance *invariance,
         const Curve *curve,
         const Sweep *sweep,
         gsize i,
         GString *out)
{
    gsize step = sweep->first + i;
    put_text(out, curve->name);
    g_string_append_c(out, ',');
    put_text(out, curve->label ? curve->label : "");
    g_string_append_printf(out, ",%s", invariance_nick(sweep->kind));
    put_number(out, sweep->amounts[i]);
    put_number(out, curve->probability[step]);
    for (gsize k = 0; k < invariance->n_layers; k++) {
        put_number(out, curve->distance[k][step]);
        put_number(out, curve->distance[k][step] / curve->length[k]);
        put_number(out, curve->cosine[k][step]);
    }
    g_string_append_c(out, '\n');
}

gboolean
invariance_save(const Invariance *invariance, const char *path, GError **error)
{
    GString *out = g_string_new(NULL);
    put_head(invariance, out);
    for (gsize p = 0; p < invariance->n_curves; p++)
        for (gsize s = 0; s < invariance->n_sweeps; s++)
            for (gsize i = 0; i < invariance->sweeps[s].count; i++)
                put_step(invariance, &invariance->curves[p], &invariance->sweeps[s], i,
                         out);
    gboolean ok = save_bytes(path, out->str, out->len, error);
    g_string_free(out, TRUE);
    return ok;
}
