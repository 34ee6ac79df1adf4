/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c: the curves of each map, and of random orders. */

#include "actions/judge/judge.h"

/* Random orders whose mean is shown. */
#define CHANCES 3

static CurvePoint *
new_points(const Judge *judge)
{
    gsize cells = judge->grid.rows * judge->grid.columns, last = judge->n_points - 1;
    CurvePoint *points = g_new0(CurvePoint, judge->n_points);
    for (gsize i = 0; i <= last; i++)
        points[i].cells = (i * cells + last / 2) / last;
    return points;
}

static gboolean
run_curves(Judge *judge, Curves *curves, JudgedMap *map, GError **error)
{
    const float *photo = judge->seen.rgb;
    return curves_run(curves, photo, judge->removed, map->order, map->deletion,
                      judge->n_points, error) &&
           curves_run(curves, judge->blurred, photo, map->order, map->insertion,
                      judge->n_points, error);
}

static gboolean
judge_map(Judge *judge, Curves *curves, JudgedMap *map, GError **error)
{
    map->order = curve_order(&judge->grid, map->cells, 1);
    map->deletion = new_points(judge);
    map->insertion = new_points(judge);
    return run_curves(judge, curves, map, error) &&
           curves_change(curves, judge->seen.rgb, judge->removed, map->order,
                         map->deletion, judge->n_points, &map->change, error);
}

/* The mean of some random orders, in map->deletion and map->insertion. */
static gboolean
judge_random(Judge *judge, Curves *curves, GError **error)
{
    JudgedMap *mean = g_new0(JudgedMap, 1);
    g_ptr_array_add(judge->maps, mean);
    mean->name = g_strdup(_("random order"));
    mean->key = g_strdup("random");
    mean->deletion = new_points(judge);
    mean->insertion = new_points(judge);
    gboolean ok = TRUE;
    for (guint32 k = 0; ok && k < CHANCES; k++) {
        JudgedMap one = {.deletion = new_points(judge), .insertion = new_points(judge)};
        one.order = curve_order(&judge->grid, NULL, k + 2);
        ok = run_curves(judge, curves, &one, error);
        for (gsize i = 0; ok && i < judge->n_points; i++) {
            mean->deletion[i].probability += one.deletion[i].probability / CHANCES;
            mean->insertion[i].probability += one.insertion[i].probability / CHANCES;
        }
        g_free(one.order);
        g_free(one.deletion);
        g_free(one.insertion);
    }
    return ok;
}

gboolean
judge_maps(Judge *judge, GError **error)
{
    Curves curves;
    guint count = judge->maps->len;
    if (!curves_open(&curves, judge->net, &judge->classifier, judge->class_index,
                     &judge->grid, param_int(judge->run->values, "threads"), error))
        return FALSE;
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < count; i++) {
        JudgedMap *map = g_ptr_array_index(judge->maps, i);
        char *text = g_strdup_printf(_("Judging: %s"), map->name);
        host_progress_text(text);
        host_progress(0.5 + 0.45 * i / (count + CHANCES));
        g_free(text);
        ok = judge_map(judge, &curves, map, error);
    }
    ok = ok && judge_random(judge, &curves, error);
    curves_close(&curves);
    for (guint i = 0; ok && i < judge->maps->len; i++) {
        JudgedMap *map = g_ptr_array_index(judge->maps, i);
        map->deletion_area = curve_area(map->deletion, judge->n_points);
        map->insertion_area = curve_area(map->insertion, judge->n_points);
        judge->probability = map->deletion[0].probability;
    }
    return ok;
}
