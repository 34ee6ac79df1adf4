/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.c: the pictures that the browser's window shows. */

#include "draw/paint.h"
#include "actions/browse/browse.h"
#include "actions/browse/private.h"
#include "draw/surface.h"
#include <math.h>
#include <string.h>

/* --- thumbnails --- */

/* Colours of few units, and which of them each pixel shows: a colour takes longer than
 * everything else. */
static void
paint_few(const float *values,
          gsize height,
          gsize width,
          const RegionGrid *grid,
          double low,
          double high,
          float *cells,
          float *rgba)
{
    gsize units = height * width, pixels = (gsize)grid->height * (gsize)grid->width;
    float *colors = g_new(float, 4 * units), *numbers = g_new(float, units);
    for (gsize i = 0; i < units; i++)
        numbers[i] = (float)i;
    paint_colors(values, units, low, high, COLORMAP_VIVID, colors);
    paint_cells(&(Cells){numbers, height, width, 1}, grid, FALSE, cells);
    for (gsize i = 0; i < pixels; i++)
        memcpy(rgba + 4 * i, colors + 4 * (gsize)cells[i], 4 * sizeof *rgba);
    g_free(numbers);
    g_free(colors);
}

cairo_surface_t *
browse_thumb_map(const float *values, gsize height, gsize width)
{
    double longest = (double)MAX(height, width), low = 0, high = 0;
    int tile_w = MAX(1, (int)(BROWSE_TILE * (double)width / longest + 0.5));
    int tile_h = MAX(1, (int)(BROWSE_TILE * (double)height / longest + 0.5));
    gsize pixels = (gsize)tile_w * (gsize)tile_h;
    float *cells = g_new(float, pixels), *rgba = g_new(float, pixels * 4);
    for (gsize i = 0; i < height * width; i++) {
        low = fmin(low, (double)values[i]);
        high = fmax(high, (double)values[i]);
    }
    high = high > low ? high : low + 1; /* a map whose units are all zero stays dark */
    RegionGrid grid = {.width = tile_w,
                       .height = tile_h,
                       .dx = (double)width / tile_w,
                       .dy = (double)height / tile_h};
    if (height * width < pixels) {
        paint_few(values, height, width, &grid, low, high, cells, rgba);
    } else {
        paint_cells(&(Cells){values, height, width, 1}, &grid, FALSE, cells);
        paint_colors(cells, pixels, low, high, COLORMAP_VIVID, rgba);
    }
    cairo_surface_t *surface = surface_of_pixels(rgba, 4, tile_w, tile_h);
    g_free(rgba);
    g_free(cells);
    return surface;
}

cairo_surface_t *
browse_thumb_signal(const Probe *probe,
                    FieldSize size,
                    const DcnUnit *unit,
                    const float *signal)
{
    Field field = field_of(probe, size, unit, BROWSE_TILE);
    float *rgba = g_new(float, 4 * (gsize)field.tile_width * (gsize)field.tile_height);
    field_paint(probe, &field, signal, rgba);
    cairo_surface_t *surface =
        surface_of_pixels(rgba, 4, field.tile_width, field.tile_height);
    g_free(rgba);
    return surface;
}

/* --- large ones --- */

float
browse_scale(const Browse *browse, const BrowseView *view, double percentile)
{
    const float *signal = view->signal;
    return paint_scale(&signal, 1, net_pixels(browse->net) * 3, percentile);
}

cairo_surface_t *
browse_paint_as(const Browse *browse,
                const BrowseView *view,
                gboolean field_only,
                float scale)
{
    const Net *net = browse->net;
    RegionGrid grid = {.width = net->width, .height = net->height, .dx = 1, .dy = 1};
    if (field_only) {
        grid.x = view->seen.left;
        grid.y = view->seen.top;
        grid.width = (int)view->seen.width;
        grid.height = (int)view->seen.height;
    }
    float *rgba = g_new(float, 4 * (gsize)grid.width * (gsize)grid.height);
    paint_signal(view->signal, net->height, net->width, &grid, scale, rgba);
    cairo_surface_t *surface = surface_of_pixels(rgba, 4, grid.width, grid.height);
    g_free(rgba);
    return surface;
}

cairo_surface_t *
browse_paint(const Browse *browse, const BrowseView *view, float scale)
{
    return browse_paint_as(browse, view, view->small, scale);
}

cairo_surface_t *
browse_paint_photo(const Browse *browse)
{
    return surface_of_pixels(browse->seen.rgb, 3, browse->net->width,
                             browse->net->height);
}

cairo_surface_t *
browse_paint_heat(const Browse *browse, const Heat *heat)
{
    const Net *net = browse->net;
    RegionGrid grid = {.width = net->width, .height = net->height, .dx = 1, .dy = 1};
    float *rgba = g_new(float, net_pixels(net) * 4);
    heat_colors(heat, &grid, TRUE, rgba);
    cairo_surface_t *surface = surface_of_pixels(rgba, 4, net->width, net->height);
    g_free(rgba);
    return surface;
}
