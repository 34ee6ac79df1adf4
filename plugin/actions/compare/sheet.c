/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: two sides and their difference, drawn.
 *
 *                    A        B        B less A
 *     the photo     [ ]      [ ]      [ ]
 *     projection    [ ]      [ ]      [ ]
 *     heat map      [ ]      [ ]      [ ]
 *     answers: bars of A and B             evidence: bars of A and B */

#include "draw/sheet.h"
#include "actions/compare/bars.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/paint.h"
#include <math.h>

#define TILE 190 /* pixels, the longer side of a tile */
#define LETTER COMPARE_LETTER
#define CAPTION 2     /* lines */
#define STRENGTH 0.7f /* of colours over the photo */

enum { ROW_PHOTO, ROW_PROJECTION, ROW_HEAT, ROWS };
enum { COLUMNS = 3, DIFFERENCE = 2 };

/* The tiles' pixels: all have this size. */
typedef struct {
    const Compare *compare;
    int width, height;
    float *photo[2];  /* R'G'B'A */
    float *values[3]; /* of a heat map: A, B, B less A */
    float *rgba;      /* of the tile that is drawn */
} Tiles;

static gsize
tile_pixels(const Tiles *tiles)
{
    return (gsize)tiles->width * (gsize)tiles->height;
}

static gboolean
tiles_open(Tiles *tiles, const Compare *compare, GError **error)
{
    const Net *net = compare->side[0].net;
    int longer = MAX(net->width, net->height);
    *tiles = (Tiles){.compare = compare,
                     .width = MAX(1, TILE * net->width / longer),
                     .height = MAX(1, TILE * net->height / longer)};
    gsize pixels = tile_pixels(tiles);
    tiles->rgba = g_try_new(float, 15 * pixels);
    if (!tiles->rgba)
        return fail_run(error, _("There is not enough memory for the result."));
    tiles->photo[0] = tiles->rgba + 4 * pixels;
    tiles->photo[1] = tiles->rgba + 8 * pixels;
    for (gsize k = 0; k < 3; k++)
        tiles->values[k] = tiles->rgba + (12 + k) * pixels;
    return TRUE;
}

static RegionGrid
grid_over(const Tiles *tiles, const Net *net)
{
    return (RegionGrid){tiles->width,
                        tiles->height,
                        0,
                        0,
                        (double)net->width / tiles->width,
                        (double)net->height / tiles->height};
}

/* --- the photo --- */

/* What a net sees is painted as a signal: zero is mid-gray. signal: as large. */
static void
paint_photos(Tiles *tiles)
{
    for (int k = 0; k < 2; k++) {
        const Side *side = &tiles->compare->side[k];
        gsize count = 3 * net_pixels(side->net);
        RegionGrid grid = grid_over(tiles, side->net);
        float *signal = g_new(float, count);
        for (gsize i = 0; i < count; i++)
            signal[i] = side->seen.rgb[i] - 0.5f;
        paint_signal(signal, side->net->height, side->net->width, &grid, 0.5f,
                     tiles->photo[k]);
        g_free(signal);
    }
}

static void
paint_change_of_photo(Tiles *tiles)
{
    for (gsize i = 0; i < 4 * tile_pixels(tiles); i++)
        tiles->rgba[i] =
            i % 4 == 3 ? 1 : 0.5f + 0.5f * (tiles->photo[1][i] - tiles->photo[0][i]);
}

/* --- projections --- */

/* One scale for both where the layers are of one shape. */
static float
signal_scale(const Compare *compare, int number)
{
    const Side *a = &compare->side[0], *b = &compare->side[1];
    const float *both[2] = {a->signal, b->signal};
    if (compare->same_map)
        return paint_scale(both, 2, 3 * net_pixels(a->net), PAINT_PERCENTILE);
    return paint_scale(both + number, 1, 3 * net_pixels(compare->side[number].net),
                       PAINT_PERCENTILE);
}

static void
paint_projection(Tiles *tiles, int column)
{
    const Compare *compare = tiles->compare;
    const Side *side = &compare->side[column == DIFFERENCE ? 0 : column];
    RegionGrid grid = grid_over(tiles, side->net);
    gsize count = 3 * net_pixels(side->net);
    float scale = signal_scale(compare, column == DIFFERENCE ? 0 : column);
    float *signal = g_memdup2(side->signal, count * sizeof *signal);
    for (gsize i = 0; i < count && column == DIFFERENCE; i++)
        signal[i] = compare->side[1].signal[i] - signal[i];
    paint_signal(signal, side->net->height, side->net->width, &grid, scale, tiles->rgba);
    g_free(signal);
}

/* --- heat maps --- */

static double
heat_scale(const Tiles *tiles)
{
    double most = 0;
    for (int k = 0; k < 2; k++) {
        const Side *side = &tiles->compare->side[k];
        for (gsize i = 0; i < side->rows * side->columns; i++)
            most = fmax(most, fabs((double)side->heat[i]));
    }
    return most;
}

static void
make_heat(Tiles *tiles)
{
    for (int k = 0; k < 2; k++)
        compare_heat(&tiles->compare->side[k], tiles->width, tiles->height,
                     tiles->values[k]);
    for (gsize i = 0; i < tile_pixels(tiles); i++)
        tiles->values[2][i] = tiles->values[1][i] - tiles->values[0][i];
}

static void
paint_heat(Tiles *tiles, int column)
{
    double most = heat_scale(tiles);
    const float *photo = tiles->photo[column == DIFFERENCE ? 1 : column];
    paint_colors(tiles->values[column], tile_pixels(tiles), -most, most,
                 COLORMAP_DIVERGING, tiles->rgba);
    for (gsize i = 0; i < 4 * tile_pixels(tiles); i++)
        if (i % 4 != 3)
            tiles->rgba[i] = photo[i] + STRENGTH * (tiles->rgba[i] - photo[i]);
}

/* --- captions --- */

/* Line 1 or 2 below a tile; NULL: nothing. g_free() */
static char *
caption(const Tiles *tiles, int row, int column, int line)
{
    const Compare *compare = tiles->compare;
    const Side *side = &compare->side[column % 2];
    char number[TEXT_NUMBER], second[TEXT_NUMBER];
    if (row == ROW_PROJECTION && column == DIFFERENCE && !compare->same_map)
        return line ? NULL : g_strdup(_("layers differ"));
    if (row != ROW_PHOTO && column == DIFFERENCE)
        return line ? NULL
                    : g_strdup_printf(
                          _("correlation %s"),
                          compare_number(number,
                                         compare->correlations[row - ROW_PROJECTION]));
    if (column == DIFFERENCE)
        return NULL;
    if (row == ROW_PHOTO) {
        char *what = text_of_label("P", line ? side->label : side->answer);
        gsize k = line ? side->class_index : side->best;
        char *text = line && side->class_index == side->best
                         ? NULL
                         : g_strdup_printf(
                               "%s = %s", what,
                               text_probability(number, (double)side->probabilities[k]));
        g_free(what);
        return text;
    }
    if (row == ROW_PROJECTION)
        return line ? g_strdup(side->probe.layer.shown)
                    : g_strdup_printf(_("map %zu · %s"), side->target.unit.channel,
                                      text_number(number, side->target.unit.value));
    float low = 0, high = 0;
    for (gsize i = 0; i < side->rows * side->columns; i++) {
        low = fminf(low, side->heat[i]);
        high = fmaxf(high, side->heat[i]);
    }
    if (!line)
        return text_of_label("P", side->label);
    return g_strdup_printf("%s … %s", text_change(number, (double)low),
                           text_change(second, (double)high));
}

/* --- the grid --- */

/* What stands in a cell; FALSE: nothing. */
static gboolean
paint_cell(Tiles *tiles, int row, int column)
{
    const Compare *compare = tiles->compare;
    gsize count = 4 * tile_pixels(tiles);
    if (row == ROW_PHOTO && column == DIFFERENCE) {
        if (compare->layers)
            paint_change_of_photo(tiles);
        return compare->layers;
    }
    if (row == ROW_PHOTO)
        for (gsize i = 0; i < count; i++)
            tiles->rgba[i] = tiles->photo[column][i];
    else if (row == ROW_HEAT)
        paint_heat(tiles, column);
    else if (column != DIFFERENCE || compare->same_map)
        paint_projection(tiles, column);
    else
        return FALSE;
    return TRUE;
}

static gboolean
draw_grid(Tiles *tiles, Sheet *sheet, const SheetGrid *grid, GError **error)
{
    const Compare *compare = tiles->compare;
    const char *heads[COLUMNS] = {compare->side[0].name, compare->side[1].name,
                                  _("second less first")};
    const char *rows[ROWS] = {_("what is seen"), _("projection"), _("occlusion")};
    gboolean ok = TRUE;
    for (int column = 0; column < COLUMNS; column++) {
        GeglRectangle cell = sheet_cell(grid, (gsize)column);
        sheet_text(sheet, heads[column], cell.x + cell.width / 2.0,
                   cell.y - SHEET_LINE * LETTER, 0.5, cell.width);
    }
    for (int row = 0; ok && row < ROWS; row++)
        for (int column = 0; ok && column < COLUMNS; column++) {
            gsize place = (gsize)(row * COLUMNS + column);
            GeglRectangle cell = sheet_cell(grid, place);
            if (!column)
                sheet_text(sheet, rows[row], grid->margin,
                           cell.y + (cell.height - LETTER) / 2, 0,
                           cell.x - grid->margin - LETTER / 2);
            if (paint_cell(tiles, row, column))
                ok = sheet_picture(sheet, &cell, tiles->rgba, tiles->width, tiles->height,
                                   FALSE, error);
            for (int line = 0; line < CAPTION; line++) {
                char *text = caption(tiles, row, column, line);
                if (text)
                    sheet_caption(sheet, grid, place, line, text);
                g_free(text);
            }
        }
    return ok;
}

/* --- the sheet --- */

static gboolean
draw(Tiles *tiles, Sheet *sheet, const SheetGrid *grid, const char *name, GError **error)
{
    const Compare *compare = tiles->compare;
    double margin = grid->margin, room = grid->width - 2 * margin;
    double below = grid->height + 2 * SHEET_LINE * LETTER;
    paint_photos(tiles);
    make_heat(tiles);
    sheet_text(sheet, name, margin, margin, 0, room);
    if (!draw_grid(tiles, sheet, grid, error))
        return FALSE;
    compare_draw_key(compare, sheet, margin, grid->height, room);
    compare_draw_answers(compare, sheet, margin, below,
                         compare->n_maps ? room * 0.48 : room);
    if (compare->n_maps)
        compare_draw_evidence(compare, sheet, margin + room * 0.52, below, room * 0.48);
    return TRUE;
}

HostLayer *
compare_sheet(const Compare *compare, const char *name, GError **error)
{
    Tiles tiles;
    if (!tiles_open(&tiles, compare, error))
        return NULL;
    SheetGrid grid = sheet_grid(ROWS * COLUMNS, COLUMNS, tiles.width, tiles.height,
                                LETTER, CAPTION, 3 * SHEET_LINE, (int)(8 * LETTER));
    double rows = (double)MAX(COMPARE_ANSWERS, compare->n_maps);
    double below = (3.3 * SHEET_LINE + COMPARE_BAR * rows) * LETTER + grid.margin;
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, LETTER, grid.width, grid.height + (int)ceil(below), 1))
        ok = draw(&tiles, &sheet, &grid, name, error);
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, ok ? error : NULL);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    g_free(tiles.rgba);
    return layer;
}
