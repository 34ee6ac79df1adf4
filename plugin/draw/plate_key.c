/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate_key.c: what stands below a panel's picture: a note, bars, rows of colours. */

#include "base/procedure.h"
#include "base/text.h"
#include "draw/plate_private.h"
#include "draw/sheet.h"
#include "draw/words.h"
#include <math.h>

/* In letters. */
#define SPACE 0.35 /* above everything */
#define BAR 0.8    /* height of a bar of colours */
#define TICK 0.25
#define INDENT 1.0 /* of that bar: numbers at its ends stand half outside it */
#define SWATCH 1.0
#define INDENTED 1.5 /* of texts beside a swatch */
#define VALUE 0.4    /* height of a value's bar */

#define MOST_LINES 6
#define MOST_TICKS 6

static double
letters(const PlateDrawing *drawing, double count)
{
    return count * drawing->plate->letter;
}

static int
pixels(const PlateDrawing *drawing, double count)
{
    return MAX(1, (int)(letters(drawing, count) + 0.5));
}

/* Lines of a panel's width; returns their height. */
static double
draw_lines(PlateDrawing *drawing, const char *name, const char *text, double y)
{
    char *lines =
        words_wrap(drawing->plate->letter, text, drawing->plate->cell, MOST_LINES);
    double height = plate_words(drawing, name, lines, drawing->x, y, 0);
    g_free(lines);
    return height;
}

/* A transparent sheet over the panel's width. */
static gboolean
open_sheet(PlateDrawing *drawing, Sheet *sheet, int height)
{
    return sheet_open(sheet, drawing->plate->letter, drawing->plate->cell, height, 0);
}

static void
close_sheet(PlateDrawing *drawing, Sheet *sheet, const char *name, double y)
{
    plate_take(drawing, sheet_close(sheet, name, (int)drawing->x, (int)y));
}

/* --- a bar of colours --- */

/* Round numbers that have room on a bar of a width, zero among them if it is in the
 * range; returns how many. */
static gsize
choose_ticks(const PlateDrawing *drawing, const Panel *panel, double width, double *ticks)
{
    double widest = 0;
    char number[TEXT_NUMBER];
    gsize count = legend_ticks(panel->low, panel->high, MOST_TICKS, ticks), kept = 0;
    if (count < 2)
        return count;
    for (gsize i = 0; i < count; i++)
        widest = fmax(widest, words_size(drawing->plate->letter,
                                         text_short_number(number, ticks[i]), NULL));
    double step = ticks[1] - ticks[0];
    double apart = step / (panel->high - panel->low) * width;
    /* Every k-th is kept, counted from zero. */
    gint64 k = (gint64)fmax(1, ceil((widest + letters(drawing, 0.4)) / apart));
    for (gsize i = 0; i < count; i++)
        if ((gint64)floor(ticks[i] / step + 0.5) % k == 0)
            ticks[kept++] = ticks[i];
    if (!kept)
        kept = 1; /* the first one, as it is */
    return kept;
}

static void
draw_colors(Sheet *sheet, const Panel *panel, int left, int width, int height)
{
    for (int i = 0; i < width; i++) {
        float rgb[3];
        colormap_at(panel->map, (i + 0.5) / width, rgb);
        sheet_fill(sheet, left + i, 0, 1, height, rgb);
    }
}

static double
draw_bar(PlateDrawing *drawing, const Panel *panel, double y)
{
    Sheet sheet;
    const Plate *plate = drawing->plate;
    double begin = y, ticks[2 * MOST_TICKS + 2];
    int left = pixels(drawing, INDENT), width = MAX(1, plate->cell - 2 * left);
    int bar = pixels(drawing, BAR), tick = pixels(drawing, TICK);
    double line = fmax(1, floor(letters(drawing, 1.0 / 12)));
    gsize n_ticks = choose_ticks(drawing, panel, width, ticks);
    double span = panel->high - panel->low, at[2 * MOST_TICKS + 2];
    y += draw_lines(drawing, _("Legend"), panel->bar, y) + pixels(drawing, 0.2);
    for (gsize i = 0; i < n_ticks; i++)
        at[i] = left + (span > 0 ? (ticks[i] - panel->low) / span : 0.5) * width;
    if (open_sheet(drawing, &sheet, bar + tick)) {
        draw_colors(&sheet, panel, left, width, bar);
        for (gsize i = 0; i < n_ticks; i++)
            sheet_fill(&sheet, floor(at[i] - line / 2 + 0.5), bar, line, tick,
                       plate->colors.ink);
    }
    close_sheet(drawing, &sheet, _("Colours"), y);
    y += bar + tick;
    double high = 0;
    for (gsize i = 0; i < n_ticks; i++) {
        char number[TEXT_NUMBER];
        text_short_number(number, ticks[i]);
        double half = words_size(plate->letter, number, NULL) / 2;
        double x = CLAMP(at[i], half, fmax(half, plate->cell - half));
        high = fmax(high, plate_words(drawing, NULL, number, drawing->x + x, y, 0.5));
    }
    return y + high - begin;
}

/* --- rows of colours --- */

static double
draw_rows(PlateDrawing *drawing, const Panel *panel, double y)
{
    double begin = y;
    int side = pixels(drawing, SWATCH);
    for (guint i = 0; i < panel->rows->len; i++) {
        Sheet sheet;
        const LegendRow *row = &g_array_index(panel->rows, LegendRow, i);
        double indent = letters(drawing, INDENTED);
        char *text =
            words_fit(drawing->plate->letter, row->text, drawing->plate->cell - indent);
        double height = plate_words(drawing, NULL, text, drawing->x + indent, y, 0);
        if (sheet_open(&sheet, drawing->plate->letter, side, side, 1))
            sheet_fill(&sheet, 0, 0, side, side, row->rgb);
        close_sheet(drawing, &sheet, _("Colour"), y + fmax(0, (height - side) / 2));
        y += fmax(height, side) + pixels(drawing, 0.1);
        g_free(text);
    }
    return y - begin;
}

/* --- values --- */

static double
draw_value(PlateDrawing *drawing, const PanelValue *value, double y)
{
    Sheet sheet;
    const Plate *plate = drawing->plate;
    double cell = plate->cell;
    double number = words_size(plate->letter, value->number, NULL);
    char *label =
        words_fit(plate->letter, value->label, cell - number - letters(drawing, 0.6));
    double height = plate_words(drawing, NULL, label, drawing->x, y, 0);
    plate_words(drawing, NULL, value->number, drawing->x + cell, y, 1);
    int bar = pixels(drawing, VALUE);
    double line = fmax(1, floor(letters(drawing, 1.0 / 12)));
    double left = cell * CLAMP(fmin(value->from, value->to), 0, 1);
    double right = cell * CLAMP(fmax(value->from, value->to), 0, 1);
    if (open_sheet(drawing, &sheet, bar)) {
        sheet_fill(&sheet, 0, 0, cell, bar, plate->colors.faint);
        sheet_fill(&sheet, left, 0, fmax(right - left, 1), bar, value->rgb);
        if (value->from > 0)
            sheet_fill(&sheet, floor(cell * value->from - line / 2), 0, line, bar,
                       plate->colors.ink);
    }
    close_sheet(drawing, &sheet, label, y + height);
    g_free(label);
    return height + bar + pixels(drawing, 0.35);
}

double
plate_key(PlateDrawing *drawing, const Panel *panel, double y)
{
    double begin = y;
    y = floor(y) + pixels(drawing, SPACE);
    if (panel->note)
        y += draw_lines(drawing, _("Note"), panel->note, y) + pixels(drawing, 0.2);
    if (panel->bar)
        y += draw_bar(drawing, panel, y);
    y += draw_rows(drawing, panel, y);
    for (guint i = 0; i < panel->values->len; i++)
        y += draw_value(drawing, &g_array_index(panel->values, PanelValue, i), y);
    return y - begin;
}
