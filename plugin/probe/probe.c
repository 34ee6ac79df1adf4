/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe.c: one layer of a network, run on pictures and projected back. */

#include "probe/probe.h"
#include "base/fail.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

/* --- opening --- */

/* Maps are axis 1, 1 x C x H x W or 1 x C. */
static gboolean
find_maps(Probe *probe, GError **error)
{
    DcnError core = {0};
    DcnTensor constant;
    const char *name = probe->layer.shown;
    probe->tensor = dcn_plan_find(probe->plan, probe->layer.tensor, &core);
    if (probe->tensor < 0)
        return fail_core(error, &core);
    const DcnShape *shape = dcn_plan_shape(probe->plan, probe->tensor);
    if (dcn_plan_constant(probe->plan, probe->tensor, &constant))
        return fail_input(
            error, _("“%s” is a constant of the model, the same for all pictures."),
            name);
    if ((shape->rank != 4 && shape->rank != 2) || shape->dim[0] != 1) {
        char text[128];
        return fail_input(
            error,
            _("“%s” has the shape %s; a layer to look at has maps: 1×C×H×W or 1×C."),
            name, dcn_shape_print(shape, text));
    }
    probe->maps = (gsize)shape->dim[1];
    probe->height = shape->rank == 4 ? (gsize)shape->dim[2] : 1;
    probe->width = shape->rank == 4 ? (gsize)shape->dim[3] : 1;
    return TRUE;
}

gboolean
probe_open(Probe *probe, Net *net, const char *layer, int threads, GError **error)
{
    DcnError core = {0};
    *probe = (Probe){.net = net};
    if (!net_layer(net, layer, &probe->layer, error) ||
        !(probe->plan = net_plan(net, probe->layer.tensor, TRUE, error)) ||
        !find_maps(probe, error)) {
        probe_close(probe);
        return FALSE;
    }
    probe->context = dcn_context_new(threads, &core);
    if (probe->context)
        probe->session = dcn_session_new(probe->plan, probe->context, &core);
    if (probe->session)
        return TRUE;
    probe_close(probe);
    return fail_core(error, &core);
}

void
probe_close(Probe *probe)
{
    dcn_session_free(probe->session);
    dcn_plan_free(probe->plan);
    dcn_context_free(probe->context);
    net_layer_clear(&probe->layer);
    *probe = (Probe){0};
}

gboolean
probe_run(Probe *probe, const float *input, const DcnProgress *progress, GError **error)
{
    DcnError core = {0};
    memcpy(dcn_session_input(probe->session, 0), input,
           net_input_count(probe->net) * sizeof *input);
    return dcn_forward(probe->session, progress, &core) || fail_core(error, &core);
}

/* --- choosing --- */

static const float *
map_values(const Probe *probe, gsize channel)
{
    return dcn_session_tensor(probe->session, probe->tensor) +
           channel * probe->height * probe->width;
}

/* More than a tenth of the units at exactly the highest value: an upper bound, as of
 * ReLU6, was met, and which unit stands for the map is arbitrary. Copies beside each
 * other do not count: overlapping pools make them. */
static gboolean
is_saturated(const Probe *probe, gsize channel)
{
    const float *values = map_values(probe, channel);
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

static gboolean
check_map(const Probe *probe, int map, GError **error)
{
    return map < 0 || (gsize)map < probe->maps ||
           fail_input(error,
                      _("There is no map %d: layer “%s” has %zu maps, numbered from 0."),
                      map, probe->layer.shown, probe->maps);
}

gsize
probe_strongest(const Probe *probe,
                int map,
                gsize count,
                gboolean whole,
                Target *targets,
                GError **error)
{
    if (!check_map(probe, map, error))
        return 0;
    if (map >= 0) {
        targets[0] = target_of(
            probe, dcn_strongest_of_map(probe->session, probe->tensor, 0, (size_t)map),
            whole);
        return 1;
    }
    DcnUnit *units = g_new(DcnUnit, count);
    count = dcn_strongest(probe->session, probe->tensor, 0, count, units);
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
    int input = dcn_plan_input(probe->plan, 0);
    /* Boxes have channels, height, width; in an NHWC input the picture's rows are axis 0
     * of the box. */
    int input_axis = probe->net->layout.nhwc ? axis - 1 : axis;
    gint64 *begin = g_new(gint64, count), *end = g_new(gint64, count);
    for (gsize i = 0; i < count; i++) {
        DcnBox unit = {{0, 0, 0}, {1, 1, 1}}, field;
        unit.begin[axis] = (int64_t)i;
        unit.end[axis] = (int64_t)i + 1;
        if (!dcn_plan_reach_back(probe->plan, probe->tensor, &unit, input, &field))
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
    if (!check_map(probe, map, error))
        return 0;
    gsize y = nearest_on_axis(probe, 1, net_y), x = nearest_on_axis(probe, 2, net_x);
    Target *all = g_new(Target, probe->maps);
    for (gsize c = 0; c < probe->maps; c++) {
        float value = map_values(probe, c)[y * probe->width + x];
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

/* --- projecting --- */

const ParamChoice probe_methods[] = {
    {"deconvnet", N_("Deconvnet (Zeiler & Fergus)")},
    {"guided", N_("Guided backpropagation")},
    {"gradient", N_("Gradient")},
    {NULL, NULL},
};

const ParamChoice probe_units[] = {
    {"strongest", N_("Strongest unit of the map")},
    {"map", N_("Whole map")},
    {"point", N_("Unit at a point of the image")},
    {NULL, NULL},
};

DcnMethod
probe_method(const ParamValues *values)
{
    return param_is(values, "method", "guided")     ? DCN_GUIDED
           : param_is(values, "method", "gradient") ? DCN_GRADIENT
                                                    : DCN_DECONVNET;
}

gboolean
probe_project(Probe *probe,
              const Target *target,
              DcnMethod method,
              float *signal,
              const DcnProgress *progress,
              GError **error)
{
    const Net *net = probe->net;
    DcnError core = {0};
    DcnSeed seed = {
        .tensor = probe->tensor, .whole_map = target->whole, .unit = target->unit};
    float *raw = g_try_new(float, net_input_count(net));
    if (!raw)
        return fail_run(error, _("There is not enough memory for a projection."));
    gboolean ok = dcn_project(probe->session, &seed, method, raw, progress, &core);
    if (ok)
        dcn_signal_to_rgb(&net->card.how, &net->layout, (size_t)net->height,
                          (size_t)net->width, raw, signal);
    g_free(raw);
    return ok || fail_core(error, &core);
}

/* --- in words --- */

char *
probe_name(const Probe *probe, const Target *target)
{
    char number[TEXT_NUMBER];
    GString *name = g_string_new(NULL);
    /* TRANSLATORS: a layer of the network and the number of one of its feature maps. */
    g_string_append_printf(name, _("%s · map %d"), probe->layer.shown,
                           (int)target->unit.channel);
    if (target->whole)
        g_string_append(name, _(" (whole)"));
    if (target->silent)
        g_string_append(name, _(" · silent"));
    else
        g_string_append_printf(name, " · %s", text_number(number, target->unit.value));
    if (target->saturated)
        g_string_append(name, _(" · saturated"));
    return g_string_free(name, FALSE);
}

void
probe_tell(const Probe *probe, const Target *target)
{
    char *text = NULL, number[TEXT_NUMBER];
    if (target->silent)
        text = g_strdup_printf(
            target->whole
                ? _("Map %d of %s is silent here: no unit of it is above zero, so there is nothing to project and the picture is plain gray.")
                : _("The unit of map %d of %s is silent here: its value is zero, so there is nothing to project and the picture is plain gray."),
            (int)target->unit.channel, probe->layer.shown);
    else if (target->saturated)
        text = g_strdup_printf(
            _("Map %d of %s is saturated here: many of its units have the same highest value, %s."),
            (int)target->unit.channel, probe->layer.shown,
            text_number(number, target->unit.value));
    if (text)
        host_message(text);
    g_free(text);
}
