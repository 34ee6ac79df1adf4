/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: judged maps, drawn.
 *
 *     title
 *     [map] [map] [map] ... [photo without the fewest cells]
 *      name, areas, cells
 *     deletion curves       insertion curves */

#include "actions/judge/judge.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/chart.h"
#include "draw/paint.h"
#include <math.h>
#include <string.h>

#define TILE 150 /* pixels, the longer side */
#define LETTER 12.0
#define CAPTION 4 /* lines */
#define COLUMNS 4
#define CHART 20.0    /* height, in letters */
#define STRENGTH 0.7f /* of colours over the photo */

/* --- tiles --- */

static void
put_photo(const Judge *judge, float *rgba)
{
    for (gsize i = 0; i < net_pixels(judge->net); i++) {
        memcpy(rgba + 4 * i, judge->seen.rgb + 3 * i, 3 * sizeof *rgba);
        rgba[4 * i + 3] = 1;
    }
}

/* Red where a map says that it counts, blue where covering helps. colors: room as for
 * rgba; values: for one a pixel. */
static void
put_map(
    const Judge *judge, const JudgedMap *map, float *colors, float *values, float *rgba)
{
    const CurveGrid *grid = &judge->grid;
    gsize pixels = net_pixels(judge->net);
    RegionGrid region = {judge->net->width, judge->net->height, 0, 0, 1, 1};
    Cells cells = {map->cells, grid->rows, grid->columns, grid->step};
    double most = 0;
    for (gsize i = 0; i < grid->rows * grid->columns; i++)
        most = fmax(most, fabs((double)map->cells[i]));
    paint_cells(&cells, &region, TRUE, values);
    paint_colors(values, pixels, -most, most, COLORMAP_DIVERGING, colors);
    put_photo(judge, rgba);
    for (gsize i = 0; i < 4 * pixels; i++)
        if (i % 4 != 3)
            rgba[i] += STRENGTH * (colors[i] - rgba[i]);
}

/* The photo without the cells that change the answer. */
static void
put_rest(const Judge *judge, const JudgedMap *map, float *rgba)
{
    const CurveGrid *grid = &judge->grid;
    put_photo(judge, rgba);
    for (gsize k = 0; k < map->change.cells; k++) {
        int top = (int)(map->order[k] / grid->columns) * grid->step;
        int left = (int)(map->order[k] % grid->columns) * grid->step;
        for (int y = top; y < MIN(top + grid->step, judge->net->height); y++)
            for (int x = left; x < MIN(left + grid->step, judge->net->width); x++) {
                gsize at = (gsize)y * (gsize)judge->net->width + (gsize)x;
                memcpy(rgba + 4 * at, judge->removed + 3 * at, 3 * sizeof *rgba);
            }
    }
}

static void
caption_map(const Judge *judge, Sheet *sheet, const SheetGrid *grid, guint index)
{
    const JudgedMap *map = g_ptr_array_index(judge->maps, index);
    char number[TEXT_NUMBER], *text;
    float rgb[3] = {0.6f, 0.6f, 0.6f}; /* of the random order */
    GeglRectangle cell = sheet_cell(grid, index);
    if (map->cells)
        chart_color(index, rgb);
    sheet_fill(sheet, cell.x, cell.y + cell.height, cell.width, 0.3 * LETTER, rgb);
    sheet_caption(sheet, grid, index, 0, map->name);
    text =
        g_strdup_printf(_("deletion %s"), text_probability(number, map->deletion_area));
    sheet_caption(sheet, grid, index, 1, text);
    g_free(text);
    text =
        g_strdup_printf(_("insertion %s"), text_probability(number, map->insertion_area));
    sheet_caption(sheet, grid, index, 2, text);
    g_free(text);
    if (map->change.cells) {
        text = g_strdup_printf(_("cells that change it: %zu"), map->change.cells);
        sheet_caption(sheet, grid, index, 3, text);
        g_free(text);
    }
}

static void
caption_rest(const Judge *judge,
             Sheet *sheet,
             const SheetGrid *grid,
             const JudgedMap *map)
{
    char number[TEXT_NUMBER];
    char *answer = labels_name(&judge->labels, map->change.best);
    char *what = text_of_label("P", answer);
    char *text = g_strdup_printf("%s = %s", what,
                                 text_probability(number, map->change.best_probability));
    guint place = judge->maps->len;
    sheet_caption(sheet, grid, place, 0, _("without the fewest cells"));
    sheet_caption(sheet, grid, place, 1, text);
    sheet_caption(sheet, grid, place, 2, map->name);
    g_free(text);
    g_free(what);
    g_free(answer);
}

static gboolean
draw_tiles(const Judge *judge, Sheet *sheet, const SheetGrid *grid, GError **error)
{
    gsize pixels = net_pixels(judge->net);
    int width = judge->net->width, height = judge->net->height;
    const JudgedMap *fewest = judge_fewest(judge);
    float *rgba = g_try_new(float, 9 * pixels);
    gboolean ok =
        rgba || fail_run(error, _("There is not enough memory for the result."));
    for (guint i = 0; ok && i < judge->maps->len; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        GeglRectangle cell = sheet_cell(grid, i);
        if (map->cells)
            put_map(judge, map, rgba + 4 * pixels, rgba + 8 * pixels, rgba);
        else
            put_photo(judge, rgba);
        ok = sheet_picture(sheet, &cell, rgba, width, height, FALSE, error);
        caption_map(judge, sheet, grid, i);
    }
    if (ok && fewest) {
        GeglRectangle cell = sheet_cell(grid, judge->maps->len);
        put_rest(judge, fewest, rgba);
        ok = sheet_picture(sheet, &cell, rgba, width, height, FALSE, error);
        caption_rest(judge, sheet, grid, fewest);
    }
    g_free(rgba);
    return ok;
}

/* --- curves --- */

/* place: of the field, without words. */
static void
draw_chart(const Judge *judge,
           Sheet *sheet,
           const GeglRectangle *place,
           gboolean insertion)
{
    guint count = judge->maps->len;
    ChartCurve *curves = g_new0(ChartCurve, count);
    double *x = g_new(double, judge->n_points);
    double *y = g_new(double, judge->n_points *count);
    double cells = (double)(judge->grid.rows * judge->grid.columns);
    for (guint i = 0; i < count; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        const CurvePoint *points = insertion ? map->insertion : map->deletion;
        for (gsize k = 0; k < judge->n_points; k++) {
            x[k] = 100 * (double)points[k].cells / cells;
            y[i * judge->n_points + k] = points[k].probability;
        }
        curves[i] = (ChartCurve){.x = x,
                                 .y = y + i * judge->n_points,
                                 .count = judge->n_points,
                                 .style = i,
                                 .faint = !map->cells,
                                 .plain = TRUE};
    }
    char *what = text_of_label("P", judge->label);
    char *title = g_strdup_printf(insertion ? _("%s, cells put into a blurred photo")
                                            : _("%s, cells removed"),
                                  what);
    Chart chart = {.title = title,
                   .unit = _("percent of cells, most important first"),
                   .high_x = 100,
                   .high_y = 1};
    chart_draw(sheet, place, &chart, curves, count);
    g_free(title);
    g_free(what);
    g_free(y);
    g_free(x);
    g_free(curves);
}

HostLayer *
judge_sheet(const Judge *judge, const char *name, GError **error)
{
    int longer = MAX(judge->net->width, judge->net->height);
    int width = MAX(1, TILE * judge->net->width / longer);
    int height = MAX(1, TILE * judge->net->height / longer);
    gsize count = judge->maps->len + (judge_fewest(judge) != NULL);
    SheetGrid grid =
        sheet_grid(count, COLUMNS, width, height, LETTER, CAPTION, 1.8 * SHEET_LINE, 0);
    sheet_spread(&grid, (int)(1.5 * LETTER));
    int tiles = grid.height + (int)(CHART_ABOVE * LETTER), chart = (int)(CHART * LETTER);
    int left = (int)(CHART_LEFT * LETTER), below = (int)(CHART_BELOW * LETTER);
    grid.width = MAX(grid.width, (int)(56 * LETTER));
    int room = grid.width - 2 * grid.margin, half = room / 2;
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, LETTER, grid.width, tiles + chart + below + grid.margin, 1)) {
        char number[TEXT_NUMBER], *what = text_of_label("P", judge->label);
        char *title = g_strdup_printf("%s · %s = %s", name, what,
                                      text_probability(number, judge->probability));
        sheet_text(&sheet, title, grid.margin, grid.margin, 0, room);
        ok = draw_tiles(judge, &sheet, &grid, error);
        GeglRectangle place = {grid.margin + left, tiles, half - left - (int)LETTER,
                               chart};
        draw_chart(judge, &sheet, &place, FALSE);
        place.x += half;
        draw_chart(judge, &sheet, &place, TRUE);
        g_free(title);
        g_free(what);
    }
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, ok ? error : NULL);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    return layer;
}
