/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose.c: which unit or map of a layer is projected. */

#include "probe/probe.h"
#include <math.h>
#include <stdlib.h>

/* More than a tenth of the units at exactly the highest value: an upper bound, as of
 * ReLU6, was met, and which unit stands for the map is arbitrary. Equal values that all
 * lie beside the first one do not count, since overlapping pools make such copies. */
static gboolean
is_saturated(const Probe *probe, gsize channel)
{
    const float *values = probe_values(probe, channel);
    gsize units = probe->height * probe->width, first = 0, equal = 0;
    gboolean apart = FALSE;
    for (gsize i = 1; i < units; i++)
        if (values[i] > values[first])
            first = i;
    for (gsize i = first; i < units; i++) {
        if (values[i] != values[first])
            continue;
        gint64 down = (gint64)(i / probe->width - first / probe->width);
        gint64 across = (gint64)(i % probe->width) - (gint64)(first % probe->width);
        apart = apart || down > 1 || ABS(across) > 1;
        equal++;
    }
    return values[first] > 0 && apart && equal * 10 > units;
}

static Target
target_of(const Probe *probe, DcnUnit unit, gboolean whole)
{
    return (Target){
        .unit = unit,
        .whole = whole,
        .silent = whole ? !(unit.value > 0) : unit.value == 0,
        .saturated = is_saturated(probe, unit.channel),
    };
}

gsize
probe_strongest(const Probe *probe,
                int map,
                gsize count,
                gboolean whole,
                Target *targets,
                GError **error)
{
    if (!net_check_map(map, probe->maps, probe->layer.shown, error))
        return 0;
    if (map >= 0) {
        targets[0] = target_of(probe, probe_unit(probe, (gsize)map), whole);
        return 1;
    }
    DcnUnit *units = g_new(DcnUnit, count);
    count = probe_rank(probe, count, units);
    for (gsize i = 0; i < count; i++)
        targets[i] = target_of(probe, units[i], whole);
    g_free(units);
    return count;
}

gsize
probe_nearest_unit(
    const gint64 *begin, const gint64 *end, gsize count, gint64 size, double position)
{
    /* Fields that are not cut off lie at offset + stride * index. Their beginnings are
     * true where begin > 0, their ends where end < size; two of each give the stride. */
    double stride = 0, first = NAN, last = NAN;
    for (gsize i = 0; i < count; i++) {
        if (i && begin[i - 1] > 0 && begin[i] > begin[i - 1])
            stride = (double)(begin[i] - begin[i - 1]);
        if (i && end[i] < size && end[i] > end[i - 1])
            stride = (double)(end[i] - end[i - 1]);
    }
    for (gsize i = 0; i < count; i++) {
        if (isnan(first) && begin[i] > 0)
            first = (double)begin[i] - stride * (double)i;
        if (end[i] < size)
            last = (double)end[i] - stride * (double)i;
    }
    double index;
    if (stride > 0 && !isnan(first) && !isnan(last))
        index = floor((position - (first + last) / 2) / stride + 0.5);
    else /* every field meets an edge: units are spread evenly over the picture */
        index = floor(position * (double)count / (double)size);
    return (gsize)CLAMP(index, 0, (double)(count - 1));
}

/* The unit of axis 1 (height) or 2 (width) for a position. */
static gsize
nearest_on_axis(const Probe *probe, int axis, double position)
{
    gsize count = axis == 1 ? probe->height : probe->width;
    gint64 size = axis == 1 ? probe->net->height : probe->net->width;
    int input = dcn_plan_input(probe->runner.plan, 0);
    /* Boxes have channels, height, width; in an NHWC input the picture's rows are axis 0
     * of the box. */
    int input_axis = probe->net->layout.nhwc ? axis - 1 : axis;
    gint64 *begin = g_new(gint64, count), *end = g_new(gint64, count);
    for (gsize i = 0; i < count; i++) {
        DcnUnit unit = {.y = axis == 1 ? i : 0, .x = axis == 1 ? 0 : i};
        DcnBox box =
            dcn_plan_unit_box(probe->runner.plan, probe->runner.tensor[0], &unit);
        DcnBox field;
        if (!dcn_plan_reach_back(probe->runner.plan, probe->runner.tensor[0], &box, input,
                                 &field))
            field = (DcnBox){{0, 0, 0}, {size, size, size}};
        begin[i] = field.begin[input_axis];
        end[i] = field.end[input_axis];
    }
    gsize found = probe_nearest_unit(begin, end, count, size, position);
    g_free(begin);
    g_free(end);
    return found;
}

static int
stronger(const void *a, const void *b)
{
    const Target *first = a, *second = b;
    if (first->unit.value != second->unit.value)
        return first->unit.value < second->unit.value ? 1 : -1;
    return first->unit.channel > second->unit.channel ? 1 : -1;
}

gsize
probe_at(const Probe *probe,
         int map,
         gsize count,
         double net_x,
         double net_y,
         Target *targets,
         GError **error)
{
    if (!net_check_map(map, probe->maps, probe->layer.shown, error))
        return 0;
    gsize y = nearest_on_axis(probe, 1, net_y), x = nearest_on_axis(probe, 2, net_x);
    Target *all = g_new(Target, probe->maps);
    for (gsize c = 0; c < probe->maps; c++) {
        float value = probe_values(probe, c)[y * probe->width + x];
        all[c] = (Target){.unit = {c, y, x, value}};
    }
    if (map < 0)
        qsort(all, probe->maps, sizeof *all, stronger);
    count = map < 0 ? MIN(count, probe->maps) : 1;
    for (gsize i = 0; i < count; i++)
        targets[i] = target_of(probe, all[map < 0 ? i : (gsize)map].unit, FALSE);
    g_free(all);
    return count;
}
