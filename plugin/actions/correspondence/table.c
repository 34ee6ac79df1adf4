/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c: the paper's table 1, and below it the pictures as its figure 8 has them: as
 * they are, with each part covered, with some random parts covered. */

#include "actions/correspondence/correspondence.h"
#include "base/fail.h"
#include "draw/sheet.h"
#include "draw/words.h"
#include "photo/part.h"
#include "result/about.h"
#include "result/results.h"
#include <math.h>
#include <string.h>

extern const Procedure procedure_correspondence;

#define LETTER 16.0
#define TILE 112 /* longer side of a picture */

/* In letters. */
#define MARGIN 1.0
#define ROW 1.8
#define COLUMN 15.0 /* a layer's */
#define NAMES 10.0  /* least width of the rows' names */
#define MOST_NAMES 20.0

/* --- words --- */

static const char *
three_decimals(char text[static G_ASCII_DTOSTR_BUF_SIZE], double value)
{
    return isfinite(value) ? g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.3f", value)
                           : "–";
}

/* "0.067 ± 0.007 (0)". g_free() */
static char *
cell_text(const Correspondence *all, gsize layer, gsize row)
{
    char mean[G_ASCII_DTOSTR_BUF_SIZE], deviation[G_ASCII_DTOSTR_BUF_SIZE];
    const Agreement *agreement = &all->agreement[layer][row];
    const char *first = three_decimals(mean, agreement->mean);
    const char *second = three_decimals(deviation, agreement->deviation);
    if (row == all->n_parts)
        return g_strdup_printf("%s ± %s", first, second);
    return g_strdup_printf("%s ± %s  (%zu)", first, second, agreement->below);
}

/* g_free() */
static char *
note_text(const Correspondence *all)
{
    return g_strdup_printf(
        _("mean of %zu pairs ± deviation; in brackets: of %zu random draws, those with a lower mean"),
        all->n_pairs, all->draws);
}

/* --- the table --- */

static void
rule(Sheet *sheet, int y)
{
    sheet_fill(sheet, MARGIN * LETTER, y, sheet->width - 2 * MARGIN * LETTER, 1,
               sheet_gray);
}

static double
names_width(const Correspondence *all)
{
    double width = NAMES * LETTER;
    for (gsize row = 0; row <= all->n_parts; row++)
        width =
            fmax(width, words_size(LETTER, correspondence_row(all, row), NULL) + LETTER);
    return fmin(width, MOST_NAMES * LETTER);
}

static void
draw_table(const Correspondence *all, Sheet *sheet, double names, const char *title)
{
    double left = MARGIN * LETTER, y = MARGIN * LETTER, room = sheet->width - 2 * left;
    sheet_text(sheet, title, left, y, 0, room);
    y += ROW * LETTER;
    rule(sheet, (int)y);
    y += 0.3 * LETTER;
    sheet_text(sheet, _("Covered"), left, y, 0, names);
    for (gsize k = 0; k < all->layers.count; k++)
        sheet_text(sheet, all->layers.layers[k].shown,
                   left + names + (double)k * COLUMN * LETTER, y, 0,
                   (COLUMN - 1) * LETTER);
    y += ROW * LETTER;
    rule(sheet, (int)y);
    y += 0.3 * LETTER;
    for (gsize row = 0; row <= all->n_parts; row++, y += ROW * LETTER) {
        sheet_text(sheet, correspondence_row(all, row), left, y, 0, names - LETTER);
        for (gsize k = 0; k < all->layers.count; k++) {
            char *text = cell_text(all, k, row);
            sheet_text(sheet, text, left + names + (double)k * COLUMN * LETTER, y, 0,
                       (COLUMN - 0.5) * LETTER);
            g_free(text);
        }
    }
    rule(sheet, (int)y);
    char *note = note_text(all);
    sheet_text(sheet, note, left, y + 0.4 * LETTER, 0, room);
    g_free(note);
}

static HostLayer *
make_table(const Correspondence *all, int *width, GError **error)
{
    Sheet sheet;
    double names = names_width(all);
    char *title = g_strdup_printf(_("Signs that change differently, of %zu pictures: Δ"),
                                  all->n_subjects);
    char *note = note_text(all);
    double columns = COLUMN * (double)all->layers.count * LETTER;
    double room = fmax(names + columns, words_size(LETTER, note, NULL));
    *width = (int)ceil(room + 2 * MARGIN * LETTER);
    double height = (2 * MARGIN + ROW * (double)(all->n_parts + 4) + 0.6) * LETTER;
    if (sheet_open(&sheet, LETTER, *width, (int)ceil(height), 1))
        draw_table(all, &sheet, names, title);
    HostLayer *layer = sheet_finish(&sheet, _("Correspondence of parts"), 0, 0, error);
    g_free(note);
    g_free(title);
    return layer;
}

/* --- the pictures --- */

/* Column c: the picture as it is, its parts, its first draws. */
static gboolean
draw_tile(const Correspondence *all,
          Sheet *sheet,
          const SheetGrid *grid,
          gsize s,
          gsize c,
          float *room,
          GError **error)
{
    const Subject *subject = &all->subjects[s];
    gsize pixels = net_pixels(all->net);
    float *rgb = room + pixels, *rgba = rgb + 3 * pixels;
    memcpy(rgb, subject->rgb, 3 * pixels * sizeof *rgb);
    if (c > 0)
        part_cover(subject->rgb, subject->fill, correspondence_mask(all, s, c - 1, room),
                   pixels, rgb);
    for (gsize i = 0; i < pixels; i++) {
        memcpy(rgba + 4 * i, rgb + 3 * i, 3 * sizeof *rgb);
        rgba[4 * i + 3] = 1;
    }
    GeglRectangle cell = sheet_cell(grid, s * grid->columns + c);
    return sheet_picture(sheet, &cell, rgba, all->net->width, all->net->height, FALSE,
                         error);
}

static gboolean
draw_pictures(const Correspondence *all,
              Sheet *sheet,
              const SheetGrid *grid,
              GError **error)
{
    gsize shown = grid->rows, pixels = net_pixels(all->net);
    float *room = g_try_malloc_n(pixels, 8 * sizeof *room);
    gboolean ok =
        room || fail_run(error, _("There is not enough memory for the result."));
    for (gsize c = 0; ok && c < grid->columns; c++) {
        GeglRectangle cell = sheet_cell(grid, c);
        const char *name = c == 0             ? _("As it is")
                           : c > all->n_parts ? _("Random")
                                              : correspondence_row(all, c - 1);
        sheet_text(sheet, name, cell.x + cell.width / 2.0, cell.y - 1.4 * LETTER, 0.5,
                   cell.width);
        for (gsize s = 0; ok && s < shown; s++)
            ok = draw_tile(all, sheet, grid, s, c, room, error);
    }
    g_free(room);
    return ok;
}

static HostLayer *
make_pictures(const Correspondence *all, int y, int *width, GError **error)
{
    Sheet sheet;
    const Net *net = all->net;
    int side = MAX(net->width, net->height);
    gsize columns = 1 + all->n_parts + MIN(all->draws, CORRESPONDENCE_RANDOM);
    gsize shown = MIN(all->n_subjects, CORRESPONDENCE_SHOWN);
    SheetGrid grid =
        sheet_grid(shown * columns, columns, MAX(1, TILE * net->width / side),
                   MAX(1, TILE * net->height / side), LETTER, 0, 1.5, 0);
    gboolean ok = TRUE;
    *width = MAX(*width, grid.width);
    if (sheet_open(&sheet, LETTER, *width, grid.height, 1))
        ok = draw_pictures(all, &sheet, &grid, error);
    if (ok)
        return sheet_finish(&sheet, _("Pictures and their parts"), 0, y, error);
    host_layer_free(sheet_close(&sheet, "", 0, 0));
    return NULL;
}

/* --- out --- */

static char *
about(const Correspondence *all)
{
    GKeyFile *text =
        about_new(&procedure_correspondence, all->net, NULL, all->run->values);
    for (gsize k = 0; k < all->layers.count; k++)
        for (gsize row = 0; row <= all->n_parts; row++) {
            char *key = g_strdup_printf("layer%zu-row%zu", k + 1, row + 1);
            g_key_file_set_double(text, "result", key, all->agreement[k][row].mean);
            g_free(key);
        }
    g_key_file_set_uint64(text, "result", "pictures", all->n_subjects);
    return about_finish(text);
}

gboolean
correspondence_show(const Correspondence *all, GError **error)
{
    GPtrArray *layers = layers_new();
    LayersGroup group = {NULL, layers};
    int width, pictures_width = 0, height = 0;
    HostLayer *table = make_table(all, &width, error);
    gboolean ok = table != NULL;
    if (ok) {
        g_ptr_array_add(layers, table);
        height = table->rect.height;
        pictures_width = width;
        HostLayer *pictures = make_pictures(all, height, &pictures_width, error);
        ok = pictures != NULL;
        if (ok) {
            g_ptr_array_add(layers, pictures);
            height += pictures->rect.height;
        }
    }
    for (guint i = 0; i < layers->len; i++)
        ((HostLayer *)g_ptr_array_index(layers, i))->parasite = about(all);
    ok = ok && layers_finish_new(all->run, &group, 1, pictures_width, height,
                                 _("Correspondence of Parts"), error);
    g_ptr_array_unref(layers);
    return ok;
}
