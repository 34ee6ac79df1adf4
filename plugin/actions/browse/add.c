/* SPDX-License-Identifier: GPL-3.0-or-later */
/* add.c: what a browser's window finds, as layers of the image. */

#include "actions/browse/browse.h"
#include "base/text.h"
#include "result/results.h"

#define HEAT_OPACITY 65

/* --- handing over --- */

/* A person may close any image meanwhile. */
static gboolean
is_open(HostImage *image)
{
    gsize count;
    HostImage **images = host_images(&count);
    gboolean found = FALSE;
    for (gsize i = 0; i < count; i++)
        found |= images[i] == image;
    g_free(images);
    return found;
}

/* The target's image after the first layer may be another one, where the drawable is
 * not. */
static gboolean
finish(BrowseTarget *target,
       GPtrArray *layers,
       const char *undo_name,
       const char *group,
       GError **error)
{
    ResultValue results[2] = {{0}};
    if (target->image && !is_open(target->image))
        target->image = NULL;
    HostItem *above = target->image ? NULL : target->run->drawables[0];
    Run run = *target->run;
    run.results = results;
    run.drawables = &above;
    if (target->image)
        run.image = target->image;
    if (!layers_finish(&run, layers, undo_name, group, error))
        return FALSE;
    if (results[1].image != target->run->image)
        target->image = results[1].image;
    result_clear(&results[0]);
    result_clear(&results[1]);
    return TRUE;
}

/* --- a projection --- */

static char *
about_view(const Browse *browse,
           const BrowseView *view,
           const ParamValues *values,
           float scale)
{
    const Target *target = &view->target;
    GKeyFile *text = about_new(&procedure_browse, browse_net(browse),
                               &browse_seen(browse)->region, values);
    g_key_file_set_string(text, "result", "layer", view->layer.shown);
    g_key_file_set_uint64(text, "result", "map", target->unit.channel);
    g_key_file_set_boolean(text, "result", "whole-map", target->whole);
    g_key_file_set_uint64(text, "result", "unit-y", target->unit.y);
    g_key_file_set_uint64(text, "result", "unit-x", target->unit.x);
    g_key_file_set_double(text, "result", "value", (double)target->unit.value);
    g_key_file_set_double(text, "result", "black", -(double)scale);
    g_key_file_set_double(text, "result", "white", (double)scale);
    return about_finish(text);
}

gboolean
browse_add_view(BrowseTarget *target,
                const Browse *browse,
                const BrowseView *view,
                const ParamValues *values,
                float scale,
                GError **error)
{
    const Net *net = browse_net(browse);
    const Region *region = &browse_seen(browse)->region;
    RegionGrid grid = region_grid(region);
    GPtrArray *layers = layers_new();
    HostLayer *layer = layers_add(layers, region, &grid, FALSE, view->name, error);
    gboolean ok = layer != NULL;
    if (ok) {
        paint_signal(view->signal, net->height, net->width, &grid, scale, layer->pixels);
        layer->parasite = about_view(browse, view, values, scale);
        ok = finish(target, layers, _("Feature projection"), NULL, error);
    }
    g_ptr_array_unref(layers);
    return ok;
}

/* --- a heat map --- */

Heat *
browse_heat_map(const Browse *browse,
                const BrowseHeat *from,
                const Labels *labels,
                HostItem *drawable)
{
    Heat *heat = g_new(Heat, 1);
    *heat = (Heat){
        .kind = from->follow ? HEAT_ACTIVITY : HEAT_PROBABILITY,
        .rows = from->rows,
        .columns = from->columns,
        .step = from->step,
        .values =
            g_memdup2(from->values, from->rows * from->columns * sizeof *from->values),
        .base = from->base,
        .rounding = from->rounding,
        .region = browse_seen(browse)->region,
        .drawable = drawable,
        .change = TRUE,
        .map = COLORMAP_DIVERGING,
    };
    if (from->follow) {
        /* TRANSLATORS: the sum of a feature map of a layer of the network. */
        heat->what =
            g_strdup_printf(_("map %d · %s · activity"), (int)from->map, from->shown);
    } else {
        char *name = labels_name(labels, from->class_index);
        heat->what = text_of_label("P", name);
        g_free(name);
    }
    heat_measure(heat);
    heat_range_own(heat);
    return heat;
}

gboolean
browse_add_heat(BrowseTarget *target,
                const Browse *browse,
                const BrowseHeat *from,
                const Labels *labels,
                const ParamValues *values,
                GError **error)
{
    Heat *heat = browse_heat_map(browse, from, labels, target->run->drawables[0]);
    RegionGrid grid = region_grid(&heat->region);
    GPtrArray *layers = layers_new();
    HostLayer *legend = heat_legend(heat);
    if (legend)
        g_ptr_array_add(layers, legend);
    char *name = heat_name(heat);
    HostLayer *layer = layers_add(layers, &heat->region, &grid, FALSE, name, error);
    gboolean ok = layer != NULL;
    g_free(name);
    if (ok) {
        heat_colors(heat, &grid, TRUE, layer->pixels);
        layer->opacity = HEAT_OPACITY;
        GKeyFile *about =
            about_new(&procedure_browse, browse_net(browse), &heat->region, values);
        g_key_file_set_integer(about, "result", "square", from->size);
        g_key_file_set_uint64(about, "result", "cells", from->known);
        heat_describe(heat, about);
        layer->parasite = about_finish(about);
        char *group =
            g_strdup_printf(_("Occlusion · square %d, step %d"), from->size, from->step);
        ok = finish(target, layers, _("Occlusion sensitivity"), group, error);
        g_free(group);
    }
    g_ptr_array_unref(layers);
    heat_free(heat);
    return ok;
}
