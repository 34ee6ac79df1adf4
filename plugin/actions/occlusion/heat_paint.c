/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_paint.c: a heat map's pixels and legend. */

#include "actions/occlusion/heat_classes.h"
#include <string.h>

/* --- pixels --- */

static float *
cells_on_grid(const Heat *heat,
              const float *values,
              const RegionGrid *grid,
              gboolean smooth)
{
    Cells cells = {values, heat->rows, heat->columns, heat->step};
    gsize pixels = (gsize)grid->width * (gsize)grid->height;
    float *out = g_new(float, pixels);
    paint_cells(&cells, grid, smooth, out);
    return out;
}

/* The colour of a class by its place in the list by area; those that share a row of the
 * legend share its gray. */
static void
class_color(gsize place, gsize count, float rgb[3])
{
    colormap_class(place, rgb);
    if (count > HEAT_ROWS && place >= HEAT_ROWS - 1)
        rgb[0] = rgb[1] = rgb[2] = 0.8f;
}

/* A value a cell: the place of its class in the list by area. */
static float *
class_places(const Heat *heat, gsize *n_places)
{
    gsize count;
    HeatShare *all = heat_shares(heat, &count);
    *n_places = count;
    float *place = g_new0(float, heat->n_classes);
    float *cells = g_new(float, heat->rows * heat->columns);
    for (gsize i = 0; i < count; i++)
        place[all[i].class_index] = (float)i;
    for (gsize i = 0; i < heat->rows * heat->columns; i++)
        cells[i] = place[heat->best[i]];
    g_free(place);
    g_free(all);
    return cells;
}

void
heat_colors(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *rgba)
{
    gsize pixels = (gsize)grid->width * (gsize)grid->height;
    if (heat->kind == HEAT_CLASS) {
        gsize count;
        float *places = class_places(heat, &count);
        float *values = cells_on_grid(heat, places, grid, FALSE);
        for (gsize i = 0; i < pixels; i++) {
            class_color((gsize)values[i], count, rgba + 4 * i);
            rgba[4 * i + 3] = 1;
        }
        g_free(values);
        g_free(places);
        return;
    }
    float *values = cells_on_grid(heat, heat->values, grid, smooth);
    for (gsize i = 0; i < pixels && heat->change; i++)
        values[i] -= (float)heat->base;
    paint_colors(values, pixels, heat->color_low, heat->color_high, heat->map, rgba);
    g_free(values);
}

void
heat_mask(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *mask)
{
    gsize count = heat->rows * heat->columns;
    float *cells = g_new(float, count);
    /* Black is the value without a square (or the top of an absolute range), white the
     * bottom of the range. */
    double black = heat->change ? heat->base : heat->color_high;
    double white = heat->change ? heat->base + heat->color_low : heat->color_low;
    for (gsize i = 0; i < count; i++) {
        double part;
        if (heat->kind == HEAT_CLASS)
            part = heat->best[i] != (guint32)heat->base;
        else
            part =
                black > white ? (black - (double)heat->values[i]) / (black - white) : 0;
        cells[i] = (float)CLAMP(part, 0, 1);
    }
    float *values = cells_on_grid(heat, cells, grid, smooth && heat->kind != HEAT_CLASS);
    memcpy(mask, values, (gsize)grid->width * (gsize)grid->height * sizeof *mask);
    g_free(values);
    g_free(cells);
}

/* --- legend --- */

gsize
heat_rows(const Heat *heat, LegendRow rows[static HEAT_ROWS])
{
    gsize count;
    HeatShare *all = heat_shares(heat, &count);
    gsize n_rows = MIN(count, HEAT_ROWS), rest = 0;
    for (gsize i = n_rows - (count > HEAT_ROWS); i < count; i++)
        rest += all[i].cells;
    for (gsize i = 0; i < n_rows; i++) {
        class_color(i, count, rows[i].rgb);
        rows[i].text = heat_share_text(heat, &all[i]);
    }
    if (count > HEAT_ROWS) {
        LegendRow *last = &rows[HEAT_ROWS - 1];
        g_free(last->text);
        last->text =
            g_strdup_printf(_("%d other classes %.0f %%"), (int)(count - HEAT_ROWS + 1),
                            100.0 * (double)rest / (double)(heat->rows * heat->columns));
    }
    g_free(all);
    return n_rows;
}

static HostLayer *
class_legend(const Heat *heat, const char *name)
{
    LegendRow rows[HEAT_ROWS];
    gsize n_rows = heat_rows(heat, rows);
    HostLayer *layer =
        legend_rows(name, &heat->region.photo, _("Most probable class"), rows, n_rows);
    for (gsize i = 0; i < n_rows; i++)
        g_free(rows[i].text);
    return layer;
}

HostLayer *
heat_legend(const Heat *heat)
{
    char *name = g_strdup_printf(_("Legend · %s"), heat->what);
    HostLayer *layer;
    if (heat->kind == HEAT_CLASS) {
        layer = class_legend(heat, name);
    } else {
        char *title =
            heat->change ? g_strdup_printf(_("Change of %s"), heat->what) : NULL;
        layer = legend_bar(name, &heat->region.photo, title ? title : heat->what,
                           heat->color_low, heat->color_high, heat->map);
        g_free(title);
    }
    g_free(name);
    return layer;
}
