/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: maps over checkpoints, drawn. */

#include "draw/sheet.h"
#include "actions/evolution/evolution.h"
#include "base/text.h"

static const UnitTile *
tile_at(const Evolution *evolution, gsize epoch, gsize row)
{
    return &evolution->tiles[epoch * evolution->maps->len + row];
}

static void
tile_size(const Evolution *evolution, int *width, int *height)
{
    *width = *height = evolution->side;
    for (gsize i = 0; i < evolution->checkpoints.count * evolution->maps->len; i++)
        if (evolution->tiles[i].projection) {
            *width = evolution->tiles[i].width;
            *height = evolution->tiles[i].height;
            return;
        }
}

static gboolean
draw_tile(const Evolution *evolution,
          Sheet *sheet,
          const SheetGrid *grid,
          gsize place,
          const UnitTile *tile,
          GError **error)
{
    GeglRectangle cell = sheet_cell(grid, place);
    char text[TEXT_NUMBER];
    if (tile->what.unit.value == 0)
        g_strlcpy(text, _("silent"), TEXT_NUMBER);
    else
        text_number(text, (double)tile->what.unit.value);
    sheet_caption(sheet, grid, place, 0, text);
    if (evolution_on_folder(evolution)) {
        char *file = g_path_get_basename(evolution->images.files[tile->what.file].name);
        char *shown = g_filename_display_name(file);
        sheet_caption(sheet, grid, place, 1, shown);
        g_free(shown);
        g_free(file);
    }
    return !tile->projection || sheet_picture(sheet, &cell, tile->projection, tile->width,
                                              tile->height, FALSE, error);
}

static char *
map_name(const Evolution *evolution, gsize row)
{
    return g_strdup_printf(_("map %zu"), g_array_index(evolution->maps, gsize, row));
}

HostLayer *
evolution_sheet(const Evolution *evolution, const char *name, GError **error)
{
    gsize epochs = evolution->checkpoints.count, rows = evolution->maps->len;
    int width, height;
    tile_size(evolution, &width, &height);
    double letter = sheet_letter(width);
    SheetGrid grid = sheet_grid(epochs * rows, epochs, width, height, letter,
                                evolution_on_folder(evolution) ? 2 : 1, 2.6 * SHEET_LINE,
                                (int)(6 * letter));
    grid.width = MAX(grid.width, (int)(24 * letter));
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, letter, grid.width, grid.height, 1)) {
        sheet_text(&sheet, name, grid.margin, grid.margin, 0,
                   grid.width - 2 * grid.margin);
        for (gsize e = 0; e < epochs; e++) {
            GeglRectangle cell = sheet_cell(&grid, e);
            sheet_text(&sheet, evolution->epochs[e], cell.x + cell.width / 2.0,
                       cell.y - SHEET_LINE * letter, 0.5, cell.width);
        }
        for (gsize r = 0; ok && r < rows; r++) {
            GeglRectangle cell = sheet_cell(&grid, r * epochs);
            char *map = map_name(evolution, r);
            sheet_text(&sheet, map, grid.margin, cell.y + (cell.height - letter) / 2, 0,
                       6 * letter);
            g_free(map);
            for (gsize e = 0; ok && e < epochs; e++)
                ok = draw_tile(evolution, &sheet, &grid, r * epochs + e,
                               tile_at(evolution, e, r), error);
        }
    }
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, ok ? error : NULL);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    return layer;
}

HostLayer *
evolution_frame(const Evolution *evolution, gsize epoch, GError **error)
{
    gsize rows = evolution->maps->len;
    int width, height;
    tile_size(evolution, &width, &height);
    double letter = sheet_letter(width);
    SheetGrid grid =
        sheet_grid(rows, 0, width, height, letter, evolution_on_folder(evolution) ? 3 : 2,
                   1.4 * SHEET_LINE, 0);
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, letter, grid.width, grid.height, 1)) {
        sheet_text(&sheet, evolution->epochs[epoch], grid.margin, grid.margin, 0,
                   grid.width - 2 * grid.margin);
        for (gsize r = 0; ok && r < rows; r++) {
            char *map = map_name(evolution, r);
            ok = draw_tile(evolution, &sheet, &grid, r, tile_at(evolution, epoch, r),
                           error);
            sheet_caption(&sheet, &grid, r, evolution_on_folder(evolution) ? 2 : 1, map);
            g_free(map);
        }
    }
    /* Playback, and GIF and WebP files, take the time from the name. */
    char *name = g_strdup_printf("%s (%dms)", evolution->epochs[epoch],
                                 param_int(evolution->run->values, "delay"));
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, ok ? error : NULL);
    g_free(name);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    return layer;
}
