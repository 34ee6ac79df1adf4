/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal_set.c: the maps that change the answer when they are removed together. */

#include "probe/removal.h"
#include "probe/tail.h"

#define BATCH 16

typedef struct {
    Tail tail;
    const float *values; /* of the layer */
    gsize wanted;        /* the class asked about */
    gboolean lose;       /* it is the answer, and is to be no more; else: to become it */
    float *scores, *p;   /* room for a number a class each */
} Search;

typedef struct {
    gboolean changed; /* as wanted */
    gsize class_index;
    double probability;
} Outcome;

/* The outcomes without sets of maps, which begin at maps + i * stride and hold
 * counts[i]; at most a batch of them. */
static gboolean
try_sets(Search *search,
         const gsize *maps,
         gsize stride,
         const gsize *counts,
         gsize n_sets,
         Outcome *outcomes,
         GError **error)
{
    Tail *tail = &search->tail;
    for (gsize i = 0; i < tail->runner.batch; i++) {
        gsize k = MIN(i, n_sets - 1);
        tail_put(tail, i, search->values, maps + k * stride, counts[k]);
    }
    if (!runner_run(&tail->runner, NULL, error))
        return FALSE;
    for (gsize i = 0; i < n_sets; i++) {
        gsize best = tail_read(tail, i, search->scores, search->p);
        outcomes[i] = (Outcome){(best == search->wanted) != search->lose, best,
                                (double)search->p[best]};
    }
    return TRUE;
}

/* The fewest of the first maps of a list that do. *count: how many are listed; becomes how
 * many are needed, or 0. */
static gboolean
find_first(
    Search *search, const gsize *maps, gsize *count, Outcome *outcome, GError **error)
{
    gsize batch = search->tail.runner.batch;
    for (gsize first = 0; first < *count; first += batch) {
        gsize counts[BATCH], n_sets = MIN(batch, *count - first);
        Outcome outcomes[BATCH];
        for (gsize i = 0; i < n_sets; i++)
            counts[i] = first + i + 1;
        if (!try_sets(search, maps, 0, counts, n_sets, outcomes, error))
            return FALSE;
        for (gsize i = 0; i < n_sets; i++) {
            *outcome = outcomes[i];
            if (outcomes[i].changed) {
                *count = counts[i];
                return TRUE;
            }
        }
    }
    *count = 0;
    return TRUE;
}

/* The last map of a list without which the others do as well; *found: its place, or
 * *count. others: room for a batch of lists. */
static gboolean
find_spare(Search *search,
           const gsize *maps,
           gsize count,
           gsize *others,
           gsize *found,
           Outcome *outcome,
           GError **error)
{
    gsize batch = search->tail.runner.batch;
    *found = count;
    for (gsize last = count; last > 0 && *found == count;) {
        gsize counts[BATCH], n_sets = MIN(batch, last);
        Outcome outcomes[BATCH];
        for (gsize i = 0; i < n_sets; i++) {
            gsize *list = others + i * count, without = last - 1 - i, n = 0;
            for (gsize k = 0; k < count; k++)
                if (k != without)
                    list[n++] = maps[k];
            counts[i] = n;
        }
        if (!try_sets(search, others, count, counts, n_sets, outcomes, error))
            return FALSE;
        for (gsize i = 0; i < n_sets && *found == count; i++)
            if (outcomes[i].changed) {
                *found = last - 1 - i;
                *outcome = outcomes[i];
            }
        last -= n_sets;
    }
    return TRUE;
}

/* No map of the set can be put back afterwards. */
static gboolean
put_back(Search *search, gsize *maps, gsize *count, Outcome *outcome, GError **error)
{
    gsize *others = g_new(gsize, BATCH * *count), found = 0;
    gboolean ok = TRUE;
    while (ok && *count > 1 && found < *count) {
        ok = find_spare(search, maps, *count, others, &found, outcome, error);
        if (ok && found < *count) {
            for (gsize k = found + 1; k < *count; k++)
                maps[k - 1] = maps[k];
            --*count;
            found = 0;
        }
    }
    g_free(others);
    return ok;
}

gboolean
removal_find_set(RemovalSet *set,
                 const Removal *removal,
                 const Probe *probe,
                 const float *input,
                 const DcnClassifier *classifier,
                 gboolean by_score,
                 gsize most,
                 GError **error)
{
    gboolean lose = removal->class_index == removal->predicted;
    gsize classes = classifier->classes;
    const RemovedMap **order = g_new(const RemovedMap *, MAX(removal->count, 1));
    *set = (RemovalSet){.class_index = removal->predicted};
    set->tried = removal_most(removal, by_score, lose ? -1 : 1, most, order);
    set->maps = g_new(gsize, MAX(set->tried, 1));
    for (gsize i = 0; i < set->tried; i++)
        set->maps[i] = order[i]->map;
    g_free(order);
    if (!set->tried)
        return TRUE;
    Search search = {.values = probe_tensor(probe),
                     .wanted = removal->class_index,
                     .lose = lose,
                     .scores = g_new(float, 2 * classes)};
    Outcome outcome = {0};
    search.p = search.scores + classes;
    set->count = set->tried;
    gboolean ok =
        tail_open(&search.tail, probe, input, classifier, MIN(BATCH, set->tried),
                  RUNNER_MANY, error) &&
        find_first(&search, set->maps, &set->count, &outcome, error) &&
        (!set->count || put_back(&search, set->maps, &set->count, &outcome, error));
    tail_close(&search.tail);
    g_free(search.scores);
    set->class_index = outcome.class_index;
    set->probability = outcome.probability;
    if (!ok)
        removal_set_clear(set);
    return ok;
}

void
removal_set_clear(RemovalSet *set)
{
    g_free(set->maps);
    *set = (RemovalSet){0};
}
