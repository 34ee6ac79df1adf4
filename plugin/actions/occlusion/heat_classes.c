/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_classes.c: the classes of a class map, by the area that each one has. */

#include "actions/occlusion/heat_classes.h"
#include "base/procedure.h"
#include <stdlib.h>

static int
larger(const void *a, const void *b)
{
    const HeatShare *first = a, *second = b;
    if (first->cells != second->cells)
        return first->cells < second->cells ? 1 : -1;
    return first->class_index > second->class_index ? 1 : -1;
}

HeatShare *
heat_shares(const Heat *heat, gsize *count)
{
    HeatShare *all = g_new0(HeatShare, heat->n_classes);
    for (gsize i = 0; i < heat->n_classes; i++)
        all[i].class_index = i;
    for (gsize i = 0; i < heat->rows * heat->columns; i++)
        all[heat->best[i]].cells++;
    qsort(all, heat->n_classes, sizeof *all, larger);
    for (*count = 0; *count < heat->n_classes && all[*count].cells; ++*count)
        ;
    return all;
}

char *
heat_share_text(const Heat *heat, const HeatShare *share)
{
    double percent = 100.0 * (double)share->cells / (double)(heat->rows * heat->columns);
    char *name = labels_name(heat->labels, share->class_index);
    char *text = percent < 1 ? g_strdup_printf(_("%s < 1 %%"), name)
                             : g_strdup_printf(_("%s %.0f %%"), name, percent);
    g_free(name);
    return text;
}
