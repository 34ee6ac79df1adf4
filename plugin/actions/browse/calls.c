/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls.c: what the browser's window shows, as calls of the procedures that make it. */

#include "actions/browse/calls.h"
#include <math.h>

extern const Procedure procedure_project, procedure_occlusion, procedure_evidence,
    procedure_compare;

/* The defaults, with what the window has too. */
static ParamValues *
begin(const Procedure *procedure, const ParamValues *values)
{
    static const char *const shared[] = {"model", "fit"};
    ParamValues *made = param_values_new(procedure->params, procedure->n_params);
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        param_set_text(made, shared[i], param_text(values, shared[i]));
    return made;
}

/* The pixel of the image that a point of the network's input lies in. */
static void
set_point(ParamValues *made, const Region *region, double x, double y)
{
    const GeglRectangle *seen = &region->seen;
    param_set_point(made, "point", seen->x + (int)floor(x * seen->width / region->width),
                    seen->y + (int)floor(y * seen->height / region->height));
}

static ParamValues *
projection(const Browse *browse, const BrowseView *view, const ParamValues *values)
{
    ParamValues *made = begin(&procedure_project, values);
    param_set_text(made, "layer", view->layer.shown);
    param_set_int(made, "map", (int)view->target.unit.channel);
    param_set_text(made, "method", param_text(values, "method"));
    param_set_double(made, "percentile", param_double(values, "percentile"));
    if (view->choice.unit == BROWSE_WHOLE)
        param_set_text(made, "unit", "map");
    if (view->choice.unit == BROWSE_POINT) {
        param_set_text(made, "unit", "point");
        set_point(made, &browse_seen(browse)->region, view->choice.x, view->choice.y);
    }
    return made;
}

static ParamValues *
heat_map(const BrowseHeat *heat, const ParamValues *values, const Labels *labels)
{
    ParamValues *made = begin(&procedure_occlusion, values);
    param_set_int(made, "size", heat->size);
    param_set_int(made, "step", heat->step);
    if (heat->follow) {
        param_set_text(made, "show", "activity");
        param_set_text(made, "layer", heat->shown);
        param_set_int(made, "map", (int)heat->map);
    } else {
        char *key = labels_key(labels, heat->class_index);
        param_set_text(made, "labels", key);
        g_free(key);
    }
    return made;
}

static ParamValues *
evidence(const BrowseMaps *maps, const ParamValues *values)
{
    ParamValues *made = begin(&procedure_evidence, values);
    param_set_text(made, "layer", maps->layer.shown);
    param_set_text(made, "label", param_text(values, "label"));
    param_set_text(made, "method", param_text(values, "method"));
    param_set_text(made, "measure", "score");
    return made;
}

static ParamValues *
comparison(const BrowseView *view, const ParamValues *values)
{
    static const char *const shared[] = {"against", "other", "label", "method"};
    ParamValues *made = begin(&procedure_compare, values);
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        param_set_text(made, shared[i], param_text(values, shared[i]));
    param_set_text(made, "layer", view->layer.shown);
    param_set_int(made, "map", (int)view->target.unit.channel);
    return made;
}

gsize
browse_calls(const Browse *browse,
             const ParamValues *values,
             const Labels *labels,
             BrowseCall calls[static BROWSE_CALLS])
{
    const BrowseView *view = browse_view(browse);
    const BrowseHeat *heat = browse_heat(browse);
    const BrowseMaps *maps = browse_maps(browse);
    gsize count = 0;
    if (view)
        calls[count++] = (BrowseCall){_("Projection"), &procedure_project,
                                      projection(browse, view, values)};
    if (heat)
        calls[count++] = (BrowseCall){_("Heat Map"), &procedure_occlusion,
                                      heat_map(heat, values, labels)};
    if (maps && maps->evidence && param_is(values, "sort", "evidence"))
        calls[count++] =
            (BrowseCall){_("Evidence"), &procedure_evidence, evidence(maps, values)};
    if (view && !param_is(values, "against", "nothing"))
        calls[count++] =
            (BrowseCall){_("Comparison"), &procedure_compare, comparison(view, values)};
    return count;
}
