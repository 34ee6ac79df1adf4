/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell.c: which maps are the best, in words, and all points of their curves as a table. */

#include "actions/judge/judge.h"
#include "base/save.h"
#include "base/text.h"

const JudgedMap *
judge_fewest(const Judge *judge)
{
    const JudgedMap *fewest = NULL;
    for (guint i = 0; i < judge->maps->len; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        if (map->change.cells && (!fewest || map->change.cells < fewest->change.cells))
            fewest = map;
    }
    return fewest;
}

/* Of the maps but for the random order. */
static const JudgedMap *
best_map(const Judge *judge, gboolean insertion)
{
    const JudgedMap *best = g_ptr_array_index(judge->maps, 0);
    for (guint i = 1; i + 1 < judge->maps->len; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        if (insertion ? map->insertion_area > best->insertion_area
                      : map->deletion_area < best->deletion_area)
            best = map;
    }
    return best;
}

char *
judge_sentence(const Judge *judge)
{
    char numbers[4][TEXT_NUMBER];
    const JudgedMap *deletion = best_map(judge, FALSE),
                    *insertion = best_map(judge, TRUE);
    const JudgedMap *random = g_ptr_array_index(judge->maps, judge->maps->len - 1);
    const JudgedMap *fewest = judge_fewest(judge);
    /* TRANSLATORS: a map, its area, the area in random order; the same of the second curve. */
    GString *text = g_string_new(NULL);
    g_string_printf(
        text,
        _("Best by deletion: %s, area %s (random order: %s). Best by insertion: %s, area %s (random order: %s)."),
        deletion->name, text_probability(numbers[0], deletion->deletion_area),
        text_probability(numbers[1], random->deletion_area), insertion->name,
        text_probability(numbers[2], insertion->insertion_area),
        text_probability(numbers[3], random->insertion_area));
    if (fewest) {
        char *answer = labels_name(&judge->labels, fewest->change.best);
        g_string_append_c(text, ' ');
        /* TRANSLATORS: numbers of cells of the photo, a map, a label, its
         * probability. */
        g_string_append_printf(
            text, _("Without %zu of %zu cells (%s), the net says %s, P = %s."),
            fewest->change.cells, judge->grid.rows * judge->grid.columns, fewest->name,
            answer, text_probability(numbers[0], fewest->change.best_probability));
        g_free(answer);
    }
    return g_string_free(text, FALSE);
}

static void
append_curve(const Judge *judge,
             GString *text,
             const char *key,
             const char *way,
             const CurvePoint *p)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    gsize cells = judge->grid.rows * judge->grid.columns;
    for (gsize i = 0; i < judge->n_points; i++) {
        g_string_append_printf(text, "%s,%s,%zu,", key, way, p[i].cells);
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.6g",
                                              (double)p[i].cells / (double)cells));
        g_string_append_c(text, ',');
        g_string_append(text,
                        g_ascii_formatd(number, sizeof number, "%.9g", p[i].probability));
        g_string_append_c(text, '\n');
    }
}

gboolean
judge_save(const Judge *judge, GError **error)
{
    const char *path = param_text(judge->run->values, "data");
    if (!*path)
        return TRUE;
    GString *text = g_string_new("map,curve,cells,share,probability\n");
    for (guint i = 0; i < judge->maps->len; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        append_curve(judge, text, map->key, "deletion", map->deletion);
        append_curve(judge, text, map->key, "insertion", map->insertion);
    }
    gboolean ok = save_bytes(path, text->str, text->len, error);
    g_string_free(text, TRUE);
    return ok;
}
