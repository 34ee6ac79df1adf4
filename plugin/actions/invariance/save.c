/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c: all numbers of the transformations as comma-separated values. */

#include "base/save.h"
#include "actions/invariance/invariance.h"
#include "base/csv.h"

static void
put_head(const Invariance *invariance, GString *out)
{
    static const char *const measures[3] = {"distance", "relative", "cosine"};
    g_string_append(out, "picture,label,transformation,amount,probability");
    for (gsize k = 0; k < invariance->layers.count; k++)
        for (int m = 0; m < 3; m++) {
            char *name =
                g_strdup_printf("%s %s", invariance->layers.layers[k].shown, measures[m]);
            csv_text(out, name);
            g_free(name);
        }
    csv_end(out);
}

static void
put_step(const Invariance *invariance,
         const Curve *curve,
         const Sweep *sweep,
         gsize i,
         GString *out)
{
    gsize step = sweep->first + i;
    csv_text(out, curve->name);
    csv_text(out, curve->label ? curve->label : "");
    csv_text(out, invariance_nick(sweep->kind));
    csv_number(out, sweep->amounts[i]);
    csv_number(out, curve->probability[step]);
    for (gsize k = 0; k < invariance->layers.count; k++) {
        csv_number(out, curve->distance[k][step]);
        csv_number(out, curve->distance[k][step] / curve->length[k]);
        csv_number(out, curve->cosine[k][step]);
    }
    csv_end(out);
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
