/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.c: heat maps and projections of an occlusion, as layers and as files. */

#include "actions/occlusion/show.h"
#include "actions/occlusion/map_projection.h"
#include "result/npy.h"
#include "result/results.h"

/* --- layers --- */

void
occlusion_set_ranges(const Run *run, GPtrArray *heats)
{
    for (guint i = 0; i < heats->len; i++) {
        Heat *heat = g_ptr_array_index(heats, i);
        heat_range_own(heat);
        if (param_is(run->values, "range", "fixed"))
            heat_range_fixed(heat, param_double(run->values, "low"),
                             param_double(run->values, "high"));
    }
    if (param_is(run->values, "range", "shared"))
        heat_range_shared((Heat **)heats->pdata, heats->len);
}

gboolean
occlusion_show_heat(const Occlusion *occlusion,
                    const Run *run,
                    const Heat *heat,
                    GPtrArray *layers,
                    GError **error)
{
    RegionGrid grid = region_grid(&heat->region);
    gboolean channel = param_is(run->values, "target", "channel");
    gboolean smooth = param_bool(run->values, "smooth");
    char *name = layers_name(run, heat->drawable, heat_name(heat));
    HostLayer *layer = layers_add(layers, &heat->region, &grid, channel, name, error);
    g_free(name);
    if (!layer)
        return FALSE;
    layer->nearest = !smooth || heat->kind == HEAT_CLASS;
    if (channel) {
        heat_mask(heat, &grid, smooth, layer->pixels);
    } else {
        heat_colors(heat, &grid, smooth, layer->pixels);
        layer->opacity = param_double(run->values, "opacity");
    }
    GKeyFile *about =
        about_new(&procedure_occlusion, occlusion->net, &heat->region, run->values);
    g_key_file_set_integer(about, "result", "square", occlusion->size);
    heat_describe(heat, about);
    layer->parasite = about_finish(about);
    heat_tell(heat);
    return TRUE;
}

/* The map, and above it its legend. All but the first map are hidden: they would cover
 * each other. */
static gboolean
show_heat(const Occlusion *occlusion,
          const Run *run,
          const Heat *heat,
          GPtrArray *layers,
          GError **error)
{
    gboolean hidden = layers->len > 0;
    HostLayer *legend =
        !param_is(run->values, "target", "channel") && param_bool(run->values, "legend")
            ? heat_legend(heat)
            : NULL;
    if (legend) {
        legend->hidden = hidden;
        g_ptr_array_add(layers, legend);
    }
    if (!occlusion_show_heat(occlusion, run, heat, layers, error))
        return FALSE;
    ((HostLayer *)g_ptr_array_index(layers, layers->len - 1))->hidden = hidden;
    return TRUE;
}

gboolean
occlusion_show(const Occlusion *occlusion,
               const Run *run,
               GPtrArray *heats,
               GPtrArray *projections,
               GPtrArray *layers,
               GError **error)
{
    occlusion_set_ranges(run, heats);
    for (guint i = 0; i < heats->len; i++)
        if (!show_heat(occlusion, run, g_ptr_array_index(heats, i), layers, error))
            return FALSE;
    for (guint i = 0; i < projections->len; i++) {
        gboolean hidden = layers->len > 0;
        if (!map_projection_show(occlusion, run, g_ptr_array_index(projections, i),
                                 layers, error))
            return FALSE;
        ((HostLayer *)g_ptr_array_index(layers, layers->len - 1))->hidden = hidden;
    }
    return TRUE;
}

/* --- numbers --- */

/* "maps.npy", or with several maps "maps-probability-tabby.npy". g_free(). */
static char *
data_path(const Run *run, HostItem *drawable, const char *suffix, guint n_maps)
{
    char *name = g_strdup(suffix);
    if (n_maps > 1)
        name = layers_name(run, drawable, name);
    char *path = npy_path(param_text(run->values, "data"), n_maps > 1 ? name : "");
    g_free(name);
    return path;
}

gboolean
occlusion_save(const Occlusion *occlusion,
               const Run *run,
               GPtrArray *heats,
               GPtrArray *projections,
               GError **error)
{
    guint n_maps = heats->len + projections->len;
    gboolean ok = TRUE;
    if (!*param_text(run->values, "data"))
        return TRUE;
    for (guint i = 0; ok && i < heats->len; i++) {
        const Heat *heat = g_ptr_array_index(heats, i);
        char *path = data_path(run, heat->drawable, heat->file, n_maps);
        ok = heat_save(heat, path, error);
        g_free(path);
    }
    for (guint i = 0; ok && i < projections->len; i++) {
        const MapProjection *projection = g_ptr_array_index(projections, i);
        gsize dim[3] = {(gsize)occlusion->net->height, (gsize)occlusion->net->width, 3};
        char *path = data_path(run, projection->drawable, "projection", n_maps);
        ok = npy_write(path, NPY_FLOAT32, 3, dim, projection->signal, error);
        g_free(path);
    }
    return ok;
}
