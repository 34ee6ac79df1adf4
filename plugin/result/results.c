/* SPDX-License-Identifier: GPL-3.0-or-later */
/* results.c: the results of a run on their way to the host. */

#include "result/results.h"
#include "base/fail.h"

/* From this area on the user is told what a result takes: 100 megapixels are 400 MB a
 * layer. */
#define LARGE_PIXELS ((gint64)100 * 1000 * 1000)

static void
layer_free(void *layer)
{
    host_layer_free(layer);
}

GPtrArray *
layers_new(void)
{
    return g_ptr_array_new_with_free_func(layer_free);
}

HostLayer *
layers_add(GPtrArray *layers,
           const Region *region,
           const RegionGrid *grid,
           gboolean channel,
           const char *name,
           GError **error)
{
    HostLayer *layer =
        host_layer_new(name, &region->photo, grid->width, grid->height, channel ? 1 : 4);
    if (!layer) {
        fail_run(error, _("There is not enough memory for the result."));
        return NULL;
    }
    layer->channel = channel;
    layer->opacity = 100;
    g_ptr_array_add(layers, layer);
    return layer;
}

static void
tell_if_large(GPtrArray *layers)
{
    gint64 pixels = 0;
    for (guint i = 0; i < layers->len; i++) {
        const HostLayer *layer = g_ptr_array_index(layers, i);
        pixels += (gint64)layer->rect.width * layer->rect.height;
    }
    if (pixels < LARGE_PIXELS)
        return;
    char *text = g_strdup_printf(
        _("The result covers %d megapixels; as layers of the image it takes about %d MB. Select a smaller part to get less."),
        (int)(pixels / 1000000), (int)(pixels / 250000));
    host_message(text);
    g_free(text);
}

gboolean
layers_finish(const Run *run,
              GPtrArray *layers,
              const char *undo_name,
              const char *group,
              GError **error)
{
    HostImage *image = run->image;
    HostItem **items = NULL;
    tell_if_large(layers);
    if (!host_add(&image, run->drawables[0], undo_name, layers->len > 1 ? group : NULL,
                  (HostLayer **)layers->pdata, layers->len, &items, error))
        return FALSE;
    run->results[0].items = items;
    run->results[0].n_items = layers->len;
    run->results[1].image = image;
    return TRUE;
}

const ParamChoice layers_targets[] = {
    {"image", N_("New image")},
    {"layer", N_("Layer of the open image")},
    {NULL, NULL},
};

gboolean
layers_finish_new(const Run *run,
                  const LayersGroup *groups,
                  gsize n_groups,
                  int width,
                  int height,
                  const char *title,
                  GError **error)
{
    HostImage *image = host_image_new(width, height, title, error);
    GPtrArray *all = g_ptr_array_new();
    gboolean ok = image != NULL;
    /* Starts at the bottom, so that each group lies above those before it. */
    for (gsize i = n_groups; ok && i-- > 0;) {
        GPtrArray *layers = groups[i].layers;
        HostItem **items = NULL;
        ok = host_add(&image, NULL, title, groups[i].name, (HostLayer **)layers->pdata,
                      layers->len, &items, error);
        for (guint k = 0; ok && k < layers->len; k++)
            g_ptr_array_insert(all, (gint)k, items[k]);
        g_free(items);
    }
    if (!ok) {
        g_ptr_array_unref(all);
        if (image)
            host_image_delete(image);
        return FALSE;
    }
    host_image_show(image);
    run->results[0].n_items = all->len;
    run->results[0].items = (HostItem **)g_ptr_array_free(all, FALSE);
    run->results[1].image = image;
    return TRUE;
}

gboolean
layers_finish_sheet(const Run *run, HostLayer *sheet, const char *title, GError **error)
{
    GPtrArray *layers = layers_new();
    gboolean ok;
    g_ptr_array_add(layers, sheet);
    if (param_is(run->values, "target", "layer")) {
        if (!host_item_exists(run->drawables[0])) {
            g_ptr_array_unref(layers);
            return fail_input(error, _("The layer is gone."));
        }
        GeglRectangle rect = host_item_rect(run->drawables[0]);
        sheet->rect.x = rect.x;
        sheet->rect.y = rect.y;
        ok = layers_finish(run, layers, title, NULL, error);
    } else {
        LayersGroup group = {NULL, layers};
        ok = layers_finish_new(run, &group, 1, sheet->rect.width, sheet->rect.height,
                               title, error);
    }
    g_ptr_array_unref(layers);
    return ok;
}

char *
layers_name(const Run *run, HostItem *drawable, char *name)
{
    if (run->n_drawables < 2)
        return name;
    char *item = host_item_name(drawable);
    char *full = g_strdup_printf("%s: %s", item, name);
    g_free(item);
    g_free(name);
    return full;
}
