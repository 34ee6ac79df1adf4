/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.c: the filled picture as a layer. */

#include "actions/whatif/show.h"
#include "actions/whatif/whatif.h"
#include "result/about.h"

/* rgb on the grid of a layer, opaque. */
static void
paint(const Region *region, const RegionGrid *grid, const float *rgb, float *rgba)
{
    for (int v = 0; v < grid->height; v++)
        for (int u = 0; u < grid->width; u++, rgba += 4) {
            int x = CLAMP((int)(grid->x + (u + 0.5) * grid->dx), 0, region->width - 1);
            int y = CLAMP((int)(grid->y + (v + 0.5) * grid->dy), 0, region->height - 1);
            const float *pixel = rgb + 3 * ((gsize)y * (gsize)region->width + (gsize)x);
            for (int c = 0; c < 3; c++)
                rgba[c] = pixel[c];
            rgba[3] = 1;
        }
}

gboolean
whatif_show(const Run *run,
            const Net *net,
            const Region *region,
            const char *change,
            const float *rgb,
            GError **error)
{
    RegionGrid grid = region_grid(region);
    GPtrArray *layers = layers_new();
    /* TRANSLATORS: name of a layer; "P(tabby) 0.62 → 0.31". */
    char *name = g_strdup_printf(_("What if · %s"), change);
    HostLayer *layer = layers_add(layers, region, &grid, FALSE, name, error);
    gboolean ok = layer != NULL;
    if (ok) {
        paint(region, &grid, rgb, layer->pixels);
        GKeyFile *about = about_new(&procedure_whatif, net, region, run->values);
        g_key_file_set_string(about, "result", "change", change);
        layer->parasite = about_finish(about);
        ok = layers_finish(run, layers, _("What If"), NULL, error);
    }
    g_free(name);
    g_ptr_array_unref(layers);
    return ok;
}
