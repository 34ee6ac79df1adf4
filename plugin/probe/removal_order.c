/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal_order.c: the results of removals: the maps that count most, and a table of all
 * numbers. */

#include "base/fail.h"
#include "base/save.h"
#include "probe/removal.h"
#include <math.h>
#include <stdlib.h>

/* --- order --- */

typedef struct {
    const RemovedMap *map;
    double key; /* small ones first */
} Place;

static int
by_key(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->map->map < y->map->map ? -1 : 1;
}

static gsize
sorted(const Removal *removal, gboolean by_score, int sign, Place *places)
{
    gsize count = 0;
    for (gsize i = 0; i < removal->count; i++) {
        const RemovedMap *map = &removal->maps[i];
        double change = by_score ? map->score : map->probability;
        if (sign * change > 0)
            places[count++] = (Place){map, -sign * change};
    }
    qsort(places, count, sizeof *places, by_key);
    return count;
}

gsize
removal_most(const Removal *removal,
             gboolean by_score,
             int sign,
             gsize count,
             const RemovedMap **maps)
{
    Place *places = g_new(Place, removal->count);
    count = MIN(count, sorted(removal, by_score, sign, places));
    for (gsize i = 0; i < count; i++)
        maps[i] = places[i].map;
    g_free(places);
    return count;
}

gsize
removal_place(const Removal *removal, gboolean by_score, int sign, gsize map)
{
    Place *places = g_new(Place, removal->count);
    gsize count = sorted(removal, by_score, sign, places), found = 0;
    for (gsize i = 0; i < count && !found; i++)
        if (places[i].map->map == map)
            found = i + 1;
    g_free(places);
    return found;
}

/* --- numbers --- */

static void
append_number(GString *text, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isnan(value))
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
}

gboolean
removal_save(const Removal *removal, const char *path, GError **error)
{
    GString *text = g_string_new(
        "map,activation,rank,y,x,probability_change,score_change,score_change_first_order\n");
    for (gsize i = 0; i < removal->count; i++) {
        const RemovedMap *map = &removal->maps[i];
        g_string_append_printf(text, "%zu,", map->map);
        append_number(text, (double)map->unit.value);
        g_string_append_printf(text, ",%zu,%zu,%zu,", map->rank, map->unit.y,
                               map->unit.x);
        append_number(text, map->probability);
        g_string_append_c(text, ',');
        append_number(text, map->score);
        g_string_append_c(text, ',');
        append_number(text, map->estimate);
        g_string_append_c(text, '\n');
    }
    gboolean ok = save_bytes(path, text->str, text->len, error);
    g_string_free(text, TRUE);
    return ok;
}
