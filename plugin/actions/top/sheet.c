/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: the strongest nine, drawn. */

#include "actions/top/sheet.h"
#include "base/fail.h"
#include "base/text.h"
#include "result/about.h"
#include "result/figure.h"
#include <string.h>

#define ACROSS 3 /* tiles of a block */

gsize
top_count(const Top *top, guint row)
{
    return top->index.counts[g_array_index(top->maps, gsize, row)];
}

/* --- layout --- */

/* Lines of tiles in each block: a folder of few pictures fills less than three. */
static int
lines_of(const Top *top)
{
    gsize most = 1;
    for (guint row = 0; row < top->maps->len; row++)
        most = MAX(most, top_count(top, row));
    return (int)((most + ACROSS - 1) / ACROSS);
}

static void
lay_out(Top *top)
{
    FieldSize size = field_size(&top->probe);
    DcnUnit unit = {0};
    Field field = field_of(&top->probe, size, &unit, top->side);
    top->letter = sheet_letter(top->side);
    top->tile_width = field.tile_width;
    top->tile_height = field.tile_height;
    top->gap = (int)(0.4 * top->letter) + 1;
    top->caption = (int)(SHEET_LINE * top->letter);
    top->block_width = ACROSS * (top->tile_width + top->gap) - top->gap;
    top->block_height =
        lines_of(top) * (top->tile_height + top->caption + top->gap) - top->gap;
    int between = (int)(1.5 * top->letter);
    int cell_height = top->block_height + (int)(1.2 * SHEET_LINE * top->letter);
    top->grid = sheet_grid(top->maps->len, 0, 2 * top->block_width + between, cell_height,
                           top->letter, 0, 2.4 * SHEET_LINE, 0);
    sheet_spread(&top->grid, 2 * between);
}

static GeglRectangle
place_of(const Top *top, guint row, gsize number, gboolean is_patch)
{
    GeglRectangle cell = sheet_cell(&top->grid, row);
    int u = (int)(number % ACROSS), v = (int)(number / ACROSS);
    int left = is_patch ? cell.x + cell.width - top->block_width : cell.x;
    int upper = cell.y + cell.height - top->block_height;
    return (GeglRectangle){left + u * (top->tile_width + top->gap),
                           upper + v * (top->tile_height + top->caption + top->gap),
                           top->tile_width, top->tile_height};
}

/* --- drawing --- */

static void
value_text(char text[static TEXT_NUMBER], const UnitTile *tile)
{
    if (tile->what.unit.value == 0)
        g_strlcpy(text, _("silent"), TEXT_NUMBER);
    else
        text_number(text, (double)tile->what.unit.value);
}

static void
caption(const Top *top, Sheet *sheet, const GeglRectangle *place, const char *text)
{
    sheet_text(sheet, text, place->x + place->width / 2.0,
               place->y + place->height + 0.1 * top->letter, 0.5,
               place->width + top->gap - 2);
}

static void
draw_words(const Top *top, Sheet *sheet)
{
    const SheetGrid *grid = &top->grid;
    double room = grid->width - 2.0 * grid->margin;
    char *folder = g_path_get_basename(top->folder.path);
    char *title = g_strdup_printf(_("%s: the nine strongest units of %zu pictures (%s)"),
                                  top->probe.layer.shown, top->index.images, folder);
    sheet_text(sheet, title, grid->margin, grid->margin, 0, room);
    sheet_text(sheet, _("left: projections, right: the patches that caused them"),
               grid->margin, grid->margin + SHEET_LINE * sheet->letter, 0, room);
    gsize tile = 0;
    for (guint row = 0; row < top->maps->len; row++) {
        GeglRectangle cell = sheet_cell(grid, row);
        char *name = g_strdup_printf(_("map %zu"), g_array_index(top->maps, gsize, row));
        sheet_text(sheet, name, cell.x, cell.y, 0, cell.width);
        g_free(name);
        for (gsize i = 0; i < top_count(top, row); i++, tile++) {
            char value[TEXT_NUMBER];
            const UnitTile *one = &top->tiles[tile];
            char *file = g_path_get_basename(top->folder.files[one->what.file].name);
            char *shown = g_filename_display_name(file);
            GeglRectangle left = place_of(top, row, i, FALSE);
            GeglRectangle right = place_of(top, row, i, TRUE);
            value_text(value, one);
            caption(top, sheet, &left, value);
            caption(top, sheet, &right, shown);
            g_free(shown);
            g_free(file);
        }
    }
    g_free(folder);
    g_free(title);
}

static gboolean
add_tile(const Top *top,
         guint row,
         gsize number,
         const UnitTile *tile,
         gboolean is_patch,
         GPtrArray *layers,
         GError **error)
{
    const float *pixels = is_patch ? tile->patch : tile->projection;
    GeglRectangle place = place_of(top, row, number, is_patch);
    char value[TEXT_NUMBER];
    if (!pixels)
        return TRUE;
    value_text(value, tile);
    char *file = g_filename_display_name(top->folder.files[tile->what.file].name);
    char *name =
        g_strdup_printf(_("map %zu · %zu · %s · %s"),
                        g_array_index(top->maps, gsize, row), number + 1, value, file);
    HostLayer *layer = host_layer_new(name, &place, tile->width, tile->height, 4);
    g_free(name);
    g_free(file);
    if (!layer)
        return fail_run(error, _("There is not enough memory for the result."));
    memcpy(layer->pixels, pixels,
           (gsize)tile->width * (gsize)tile->height * 4 * sizeof *pixels);
    layer->opacity = 100;
    g_ptr_array_add(layers, layer);
    return TRUE;
}

static char *
about(const Top *top)
{
    GKeyFile *text = about_new(&procedure_top, top->probe.net, NULL, top->run->values);
    g_key_file_set_string(text, "result", "layer", top->probe.layer.shown);
    g_key_file_set_uint64(text, "result", "images", top->index.images);
    return about_finish(text);
}

gboolean
top_show(Top *top, GError **error)
{
    Sheet sheet;
    GPtrArray *groups[3] = {layers_new(), layers_new(), layers_new()};
    lay_out(top);
    if (sheet_open(&sheet, top->letter, top->grid.width, top->grid.height, 1))
        draw_words(top, &sheet);
    char *name = g_strdup_printf(_("%s · the strongest nine"), top->probe.layer.shown);
    HostLayer *words = sheet_finish(&sheet, name, 0, 0, error);
    gboolean ok = words != NULL;
    if (ok) {
        words->parasite = about(top);
        g_ptr_array_add(groups[2], words);
    }
    gsize tile = 0;
    for (guint row = 0; ok && row < top->maps->len; row++)
        for (gsize i = 0; ok && i < top_count(top, row); i++, tile++)
            ok = add_tile(top, row, i, &top->tiles[tile], FALSE, groups[0], error) &&
                 add_tile(top, row, i, &top->tiles[tile], TRUE, groups[1], error);
    const LayersGroup all[3] = {
        {_("Projections"), groups[0]}, {_("Patches"), groups[1]}, {NULL, groups[2]}};
    int height = top->grid.height;
    ok = ok &&
         figure_add_caption(top->run, top->probe.net, "", top->grid.width, height,
                            groups[2], &height, error) &&
         layers_finish_new(top->run, all, 3, top->grid.width, height, name, error);
    for (int i = 0; i < 3; i++)
        g_ptr_array_unref(groups[i]);
    g_free(name);
    return ok;
}
