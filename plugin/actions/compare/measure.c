/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c: what two sides have in common, in numbers. */

#include "actions/compare/compare.h"
#include "base/correlation.h"
#include "draw/paint.h"
#include <math.h>
#include <string.h>

/* Places of a heat map at which two are compared, a side. */
#define PLACES 64

void
compare_heat(const Side *side, int width, int height, float *values)
{
    Cells cells = {side->heat, side->rows, side->columns, side->step};
    RegionGrid grid = {width,
                       height,
                       0,
                       0,
                       (double)side->net->width / width,
                       (double)side->net->height / height};
    paint_cells(&cells, &grid, TRUE, values);
}

static double
heat_correlation(const Compare *compare)
{
    float *heat = g_new(float, 2 * PLACES * PLACES);
    for (int k = 0; k < 2; k++)
        compare_heat(&compare->side[k], PLACES, PLACES, heat + k * PLACES * PLACES);
    double r = correlation_of(heat, heat + PLACES * PLACES, PLACES * PLACES);
    g_free(heat);
    return r;
}

static double
evidence_correlation(const Compare *compare)
{
    gsize count = compare->side[0].removal.count;
    float *changes = g_new(float, 2 * count);
    for (gsize k = 0; k < 2; k++)
        for (gsize i = 0; i < count; i++)
            changes[k * count + i] = (float)compare->side[k].removal.maps[i].probability;
    double r = correlation_of(changes, changes + count, count);
    g_free(changes);
    return r;
}

/* Takes turns: the most evidence of the one, of the other, the second of the one, ... */
static void
choose_maps(Compare *compare)
{
    gsize most = (gsize)param_int(compare->run->values, "count");
    const RemovedMap *order[2][COMPARE_MOST_MAPS];
    gsize n[2];
    for (int k = 0; k < 2; k++)
        n[k] = removal_most(&compare->side[k].removal, FALSE, -1, most, order[k]);
    for (gsize i = 0; i < most; i++)
        for (int k = 0; k < 2 && compare->n_maps < most; k++) {
            gboolean known = i >= n[k];
            for (gsize j = 0; j < compare->n_maps && !known; j++)
                known = compare->maps[j] == order[k][i]->map;
            if (!known)
                compare->maps[compare->n_maps++] = order[k][i]->map;
        }
}

void
compare_measure(Compare *compare)
{
    const Side *a = &compare->side[0], *b = &compare->side[1];
    compare->correlations[0] = compare->correlations[2] = NAN;
    compare->correlations[1] = heat_correlation(compare);
    if (!compare->same_map)
        return;
    compare->correlations[0] =
        correlation_of(a->signal, b->signal, 3 * net_pixels(a->net));
    if (compare->same_label) {
        compare->correlations[2] = evidence_correlation(compare);
        choose_maps(compare);
    }
}

/* --- answers --- */

static gsize
strongest(const Side *side, gsize rank)
{
    gsize best = 0;
    float below = INFINITY;
    for (gsize r = 0; r <= rank; r++) {
        gsize found = COMPARE_NONE;
        for (gsize k = 0; k < side->classifier.classes; k++) {
            float p = side->probabilities[k];
            gboolean after = p < below || (p == below && r && k > best);
            if (after && (found == COMPARE_NONE || p > side->probabilities[found]))
                found = k;
        }
        if (found == COMPARE_NONE)
            return COMPARE_NONE;
        best = found;
        below = side->probabilities[best];
    }
    return best;
}

/* The other side's class of the same name; COMPARE_NONE: it has none. */
static gsize
same_class(const Side *from, gsize class_index, const Side *to)
{
    gsize found = COMPARE_NONE;
    char *name = labels_key(&from->labels, class_index);
    if (from->net == to->net)
        found = class_index;
    else if (!labels_find(&to->labels, to->classifier.classes, name, &found, NULL))
        found = COMPARE_NONE;
    g_free(name);
    return found;
}

gsize
compare_answers(const Compare *compare, gsize (*rows)[2], gsize most)
{
    gsize count = 0;
    for (gsize rank = 0; rank < most; rank++)
        for (int k = 0; k < 2 && count < most; k++) {
            const Side *side = &compare->side[k];
            gsize own = strongest(side, rank);
            gboolean known = own == COMPARE_NONE;
            for (gsize i = 0; i < count && !known; i++)
                known = rows[i][k] == own;
            if (known)
                continue;
            rows[count][k] = own;
            rows[count++][!k] = same_class(side, own, &compare->side[!k]);
        }
    return count;
}
