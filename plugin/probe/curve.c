/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curve.c: how a class's probability runs while cells of a picture are exchanged. */

#include "probe/curve.h"
#include "base/fail.h"
#include <string.h>

/* Pictures a run. */
#define BATCH 8

/* --- cells --- */

CurveGrid
curve_grid(const Net *net, int step)
{
    return (CurveGrid){(gsize)(net->height + step - 1) / (gsize)step,
                       (gsize)(net->width + step - 1) / (gsize)step, step};
}

void
curve_cells(
    const CurveGrid *grid, const float *values, int height, int width, float *cells)
{
    for (gsize i = 0; i < grid->rows; i++)
        for (gsize j = 0; j < grid->columns; j++) {
            int top = (int)i * grid->step, left = (int)j * grid->step;
            int bottom = MIN(top + grid->step, height);
            int right = MIN(left + grid->step, width);
            double sum = 0;
            for (int y = top; y < bottom; y++)
                for (int x = left; x < right; x++)
                    sum += (double)values[(gsize)y * (gsize)width + (gsize)x];
            cells[i * grid->columns + j] =
                (float)(sum / ((bottom - top) * (right - left)));
        }
}

static int
larger(const void *a, const void *b, void *user)
{
    const float *values = user;
    float x = values[*(const gsize *)a], y = values[*(const gsize *)b];
    return x == y ? 0 : x < y ? 1 : -1;
}

gsize *
curve_order(const CurveGrid *grid, const float *values, guint32 seed)
{
    gsize count = grid->rows * grid->columns;
    GArray *cells = g_array_sized_new(FALSE, FALSE, sizeof(gsize), (guint)count);
    g_array_set_size(cells, (guint)count);
    gsize *order = (gsize *)(void *)cells->data;
    GRand *random = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < count; i++) {
        gsize k = (gsize)g_rand_int_range(random, 0, (gint32)i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    g_rand_free(random);
    if (values) /* a stable sort */
        g_array_sort_with_data(cells, larger, (void *)values);
    return (gsize *)(void *)g_array_free(cells, FALSE);
}

/* --- runs --- */

gboolean
curves_open(Curves *curves,
            Net *net,
            const DcnClassifier *classifier,
            gsize class_index,
            const CurveGrid *grid,
            int threads,
            GError **error)
{
    const DcnPlan *survey = net_survey(net, error);
    *curves = (Curves){
        .net = net, .classifier = classifier, .class_index = class_index, .grid = *grid};
    if (!survey)
        return FALSE;
    RunnerPart part = {.targets = {dcn_plan_name(survey, classifier->tensor)},
                       .batch = BATCH,
                       .purpose = RUNNER_MANY,
                       .threads = threads};
    curves->rgb = g_try_new(float, 3 * net_pixels(net));
    curves->scores = g_try_new(float, 2 * classifier->classes);
    gboolean ok =
        (curves->rgb && curves->scores) ||
        fail_run(error, _("There is not enough memory for the network's input."));
    ok = ok && runner_open(&curves->runner, net, &part, error);
    if (ok)
        curves->p = curves->scores + classifier->classes;
    else
        curves_close(curves);
    return ok;
}

void
curves_close(Curves *curves)
{
    runner_close(&curves->runner);
    g_free(curves->rgb);
    g_free(curves->scores);
    *curves = (Curves){0};
}

static void
exchange(Curves *curves, const float *to, gsize cell)
{
    const CurveGrid *grid = &curves->grid;
    int top = (int)(cell / grid->columns) * grid->step;
    int left = (int)(cell % grid->columns) * grid->step;
    int bottom = MIN(top + grid->step, curves->net->height);
    gsize width = (gsize)curves->net->width;
    gsize count = 3 * (gsize)(MIN(left + grid->step, curves->net->width) - left);
    for (int y = top; y < bottom; y++) {
        gsize at = 3 * ((gsize)y * width + (gsize)left);
        memcpy(curves->rgb + at, to + at, count * sizeof *to);
    }
}

static void
read_point(Curves *curves, gsize slot, CurvePoint *point)
{
    dcn_classifier_read(curves->classifier, runner_values(&curves->runner, 0, slot),
                        curves->scores, curves->p);
    point->best = 0;
    for (gsize k = 1; k < curves->classifier->classes; k++)
        if (curves->scores[k] > curves->scores[point->best])
            point->best = k;
    point->probability = (double)curves->p[curves->class_index];
    point->best_probability = (double)curves->p[point->best];
}

gboolean
curves_run(Curves *curves,
           const float *from,
           const float *to,
           const gsize *order,
           CurvePoint *points,
           gsize count,
           GError **error)
{
    gsize done = 0, batch = curves->runner.batch;
    memcpy(curves->rgb, from, 3 * net_pixels(curves->net) * sizeof *from);
    for (gsize first = 0; first < count; first += batch) {
        gsize n = MIN(batch, count - first);
        for (gsize i = 0; i < n; i++) {
            while (done < points[first + i].cells)
                exchange(curves, to, order[done++]);
            net_input(curves->net, curves->rgb, runner_put(&curves->runner, i, NULL));
        }
        if (!runner_run(&curves->runner, NULL, error))
            return FALSE;
        for (gsize i = 0; i < n; i++)
            read_point(curves, i, &points[first + i]);
    }
    return TRUE;
}

double
curve_area(const CurvePoint *points, gsize count)
{
    double sum = 0;
    for (gsize i = 1; i < count; i++)
        sum += (double)(points[i].cells - points[i - 1].cells) *
               (points[i].probability + points[i - 1].probability) / 2;
    return sum / (double)(points[count - 1].cells - points[0].cells);
}

gboolean
curves_change(Curves *curves,
              const float *from,
              const float *to,
              const gsize *order,
              const CurvePoint *points,
              gsize count,
              CurvePoint *point,
              GError **error)
{
    gsize after = 0;
    *point = (CurvePoint){0};
    while (after < count && points[after].best == curves->class_index)
        after++;
    if (!after || after == count)
        return TRUE;
    gsize first = points[after - 1].cells + 1, n = points[after].cells - first + 1;
    CurvePoint *between = g_new0(CurvePoint, n);
    for (gsize i = 0; i < n; i++)
        between[i].cells = first + i;
    gboolean ok = curves_run(curves, from, to, order, between, n, error);
    for (gsize i = 0; ok && i < n && !point->cells; i++)
        if (between[i].best != curves->class_index)
            *point = between[i];
    if (ok && !point->cells) /* rounding, by its place in the batch */
        *point = points[after];
    g_free(between);
    return ok;
}
