/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c: the distance of each pair as comma-separated values. */

#include "base/save.h"
#include "actions/correspondence/correspondence.h"
#include "base/csv.h"

/* Draws are counted from 1; a part has none. */
static void
put_row(const Correspondence *all, gsize layer, gsize row, GString *out)
{
    const double *distances = all->distances[layer] + row * all->n_pairs;
    gboolean drawn = row >= all->n_parts;
    gsize part = drawn ? (row - all->n_parts) % all->n_parts : row;
    for (gsize i = 0; i < all->n_subjects; i++)
        for (gsize j = i + 1; j < all->n_subjects; j++) {
            csv_text(out, all->layers.layers[layer].shown);
            csv_text(out, drawn ? "random" : "part");
            csv_text(out, all->parts[part]);
            csv_number(out, drawn ? (double)(row - all->n_parts + 1) : 0);
            csv_text(out, all->subjects[i].name);
            csv_text(out, all->subjects[j].name);
            csv_number(out, *distances++);
            csv_end(out);
        }
}

gboolean
correspondence_save(const Correspondence *all, const char *path, GError **error)
{
    GString *out = g_string_new("layer,place,part,draw,first,second,hamming\n");
    for (gsize k = 0; k < all->layers.count; k++)
        for (gsize row = 0; row < all->n_parts + all->draws; row++)
            put_row(all, k, row, out);
    gboolean ok = save_bytes(path, out->str, out->len, error);
    g_string_free(out, TRUE);
    return ok;
}
