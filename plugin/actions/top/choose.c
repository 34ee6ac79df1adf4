/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose.c: which maps of a layer are shown. */

#include "actions/top/choose.h"
#include "base/fail.h"
#include <stdlib.h>

GArray *
top_parse_maps(const char *text, gsize maps, const char *layer, GError **error)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    char **words = g_strsplit_set(text, ";, ", -1);
    gboolean ok = TRUE;
    for (char **word = words; ok && *word; word++) {
        if (!**word)
            continue;
        guint64 number;
        ok = g_ascii_string_to_unsigned(*word, 10, 0, G_MAXUINT32, &number, NULL) ||
             fail_input(error, _("“%s” is not the number of a map."), *word);
        ok = ok && net_check_map((gint64)number, maps, layer, error);
        gsize map = (gsize)number;
        if (ok)
            g_array_append_val(chosen, map);
    }
    if (ok && !chosen->len)
        ok = fail_input(error, _("No map is named: give numbers like “17; 3”."));
    g_strfreev(words);
    if (!ok)
        g_clear_pointer(&chosen, g_array_unref);
    return chosen;
}

typedef struct {
    gsize map;
    double key, best;
} Place;

static int
by_key(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? 1 : -1;
    /* With nine pictures or fewer the nine are all there is: selectivities are equal. */
    if (x->best != y->best)
        return x->best < y->best ? 1 : -1;
    return x->map > y->map ? 1 : -1;
}

static int
by_number(const void *a, const void *b)
{
    gsize x = *(const gsize *)a, y = *(const gsize *)b;
    return x < y ? -1 : x > y;
}

GArray *
top_choose_selective(const TopIndex *index, gsize count)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    Place *places = g_new(Place, index->maps);
    for (gsize c = 0; c < index->maps; c++)
        places[c] = (Place){c, top_index_selectivity(index, c),
                            (double)index->units[c * TOP_BEST].unit.value};
    qsort(places, index->maps, sizeof *places, by_key);
    for (gsize i = 0; i < MIN(count, index->maps); i++)
        g_array_append_val(chosen, places[i].map);
    g_free(places);
    g_array_sort(chosen, by_number);
    return chosen;
}

GArray *
top_choose_random(gsize maps, gsize count, guint32 seed)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(gsize));
    GRand *random = g_rand_new_with_seed(seed);
    for (gsize c = 0; c < maps; c++)
        g_array_append_val(all, c);
    count = MIN(count, maps);
    gsize *map = (gsize *)(void *)all->data;
    for (gsize i = 0; i < count; i++) {
        gsize other = (gsize)g_rand_int_range(random, (gint32)i, (gint32)maps);
        gsize kept = map[i];
        map[i] = map[other];
        map[other] = kept;
    }
    g_rand_free(random);
    g_array_set_size(all, (guint)count);
    g_array_sort(all, by_number);
    return all;
}
