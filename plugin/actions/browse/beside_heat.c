/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beside_heat.c: the heat maps of two engines on one scale, and how they differ. */

#include "actions/browse/beside.h"
#include "draw/surface.h"

gint64
beside_class(const Labels *labels, gsize class_index, const Labels *other, gsize classes)
{
    gsize found;
    char *key = labels_key(labels, class_index);
    gboolean known = labels_find(other, classes, key, &found, NULL);
    g_free(key);
    return known ? (gint64)found : -1;
}

gboolean
beside_heats(const Browse *first,
             const Labels *labels,
             const Browse *other,
             const Labels *other_labels,
             Heat *heats[2])
{
    const BrowseHeat *a = first ? browse_heat(first) : NULL;
    const BrowseHeat *b = other ? browse_heat(other) : NULL;
    heats[0] = a ? browse_heat_map(first, a, labels, NULL) : NULL;
    heats[1] = b ? browse_heat_map(other, b, other_labels, NULL) : NULL;
    gboolean one =
        a && b && a->follow == b->follow && (!a->follow || beside_fits(first, other));
    if (one)
        heat_range_shared(heats, 2);
    return one;
}

static RegionGrid
grid_of_first(const Heat *const heats[2], const RegionGrid *grid)
{
    const Region *a = &heats[0]->region, *b = &heats[1]->region;
    double across = (double)a->width / b->width, down = (double)a->height / b->height;
    return (RegionGrid){grid->width,    grid->height,      grid->x * across,
                        grid->y * down, grid->dx * across, grid->dy * down};
}

void
beside_heat_difference(const Heat *const heats[2], const RegionGrid *grid, float *rgba)
{
    gsize count = (gsize)grid->width * (gsize)grid->height;
    RegionGrid grids[2] = {grid_of_first(heats, grid), *grid};
    float *values[2];
    for (int k = 0; k < 2; k++) {
        const Heat *heat = heats[k];
        values[k] = g_new(float, count);
        paint_cells(&(Cells){heat->values, heat->rows, heat->columns, heat->step},
                    &grids[k], TRUE, values[k]);
    }
    float bases = (float)(heats[1]->base - heats[0]->base);
    for (gsize i = 0; i < count; i++)
        values[1][i] -= values[0][i] + bases;
    paint_colors(values[1], count, heats[1]->color_low, heats[1]->color_high,
                 COLORMAP_DIVERGING, rgba);
    g_free(values[1]);
    g_free(values[0]);
}

cairo_surface_t *
beside_paint_heat_difference(const Heat *const heats[2])
{
    const Region *region = &heats[1]->region;
    RegionGrid grid = {
        .width = region->width, .height = region->height, .dx = 1, .dy = 1};
    float *rgba = g_new(float, 4 * (gsize)grid.width * (gsize)grid.height);
    beside_heat_difference(heats, &grid, rgba);
    cairo_surface_t *surface = surface_of_pixels(rgba, 4, grid.width, grid.height);
    g_free(rgba);
    return surface;
}
