/* SPDX-License-Identifier: GPL-3.0-or-later */
/* legend.c: layers that say what the colours of a heat map mean.
 *
 * Everything is drawn in units of the letters' size, so a legend looks alike on photos of
 * all sizes. */

#include "draw/legend.h"
#include "base/text.h"
#include "draw/sheet.h"
#include "draw/words.h"
#include <math.h>

/* Letters take this part of the region's smaller side, within limits in pixels. */
#define LETTER_PART (1.0 / 28)
#define SMALLEST_LETTER 9.0
#define LARGEST_LETTER 120.0

/* No legend over regions of a smaller side than this many smallest letters. */
#define SMALLEST_SIDE 8

/* Of the letters' size: space around, height of the bar, its width, length of a tick. */
#define MARGIN 0.6
#define BAR_HEIGHT 0.9
#define BAR_WIDTH 13.0
#define TICK 0.3
#define ROW 1.5

/* --- sheet --- */

/* lines: height of the legend in letters; it takes no more than two fifths of the region
 * where that can be read. */
static double
letter_for(const GeglRectangle *over, double lines)
{
    double side = MIN(over->width, over->height);
    double letter = fmin(side * LETTER_PART, 0.4 * over->height / lines);
    return CLAMP(letter, SMALLEST_LETTER, LARGEST_LETTER);
}

static gboolean
too_small(const GeglRectangle *over)
{
    return MIN(over->width, over->height) < SMALLEST_LETTER * SMALLEST_SIDE;
}

/* A white, slightly transparent sheet with a thin frame; width and height in pixels. */
static gboolean
open_framed(Sheet *sheet, double letter, double width, double height)
{
    gboolean ok = sheet_open(sheet, letter, (int)ceil(width), (int)ceil(height), 0.92);
    GeglRectangle inner = {1, 1, sheet->width - 2, sheet->height - 2};
    sheet_frame(sheet, &inner, 1, sheet_gray);
    return ok;
}

/* In the lower left corner of the region. */
static HostLayer *
close_over(Sheet *sheet, const char *name, const GeglRectangle *over)
{
    int gap = (int)(sheet->letter * MARGIN);
    int y = over->y + MAX(0, over->height - gap - sheet->height);
    return sheet_close(sheet, name, over->x + gap, y);
}

/* --- a bar with ticks --- */

gsize
legend_ticks(double low, double high, gsize wanted, double *ticks)
{
    double span = high - low;
    if (!(span > 0) || !isfinite(span)) {
        ticks[0] = low;
        return 1;
    }
    double power = pow(10, floor(log10(span / (double)wanted)));
    double rough = span / (double)wanted / power; /* 1 to 10 */
    double step = power * (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10);
    gsize count = 0;
    /* A tick at the very end counts, whatever rounding did to it. */
    for (double k = ceil(low / step - 1e-9); k <= high / step + 1e-9; k++)
        ticks[count++] = k == 0 ? 0 : k * step;
    return count;
}

static void
draw_bar(Sheet *sheet, double x, double y, double width, double height, Colormap map)
{
    for (int i = 0; i < (int)width; i++) {
        float rgb[3];
        colormap_at(map, (i + 0.5) / floor(width), rgb);
        cairo_set_source_rgb(sheet->cairo, (double)rgb[0], (double)rgb[1],
                             (double)rgb[2]);
        cairo_rectangle(sheet->cairo, floor(x) + i, floor(y), 1, floor(height));
        cairo_fill(sheet->cairo);
    }
    cairo_set_source_rgb(sheet->cairo, 0.3, 0.3, 0.3);
    cairo_set_line_width(sheet->cairo, 1);
    cairo_rectangle(sheet->cairo, floor(x) - 0.5, floor(y) - 0.5, floor(width) + 1,
                    floor(height) + 1);
    cairo_stroke(sheet->cairo);
}

HostLayer *
legend_bar(const char *name,
           const GeglRectangle *over,
           const char *title,
           double low,
           double high,
           Colormap map)
{
    if (too_small(over))
        return NULL;
    Sheet sheet;
    const double lines = 2 * MARGIN + ROW + BAR_HEIGHT + TICK + ROW;
    double ticks[2 * 4 + 2], letter = letter_for(over, lines), margin = letter * MARGIN;
    gsize n_ticks = legend_ticks(low, high, 4, ticks);
    double width = fmax(BAR_WIDTH * letter, words_size(letter, title, NULL)) + 2 * margin;
    /* Numbers at the ends of the bar stand half outside it. */
    double left = margin + letter, bar = width - 2 * left;
    double top = margin + ROW * letter;
    double height = lines * letter;
    if (open_framed(&sheet, letter, width, height)) {
        double line = fmax(1, letter / 12);
        double below = top + BAR_HEIGHT * letter;
        sheet_text(&sheet, title, margin, margin, 0, 0);
        draw_bar(&sheet, left, top, bar, BAR_HEIGHT * letter, map);
        for (gsize i = 0; i < n_ticks; i++) {
            char number[TEXT_NUMBER];
            double part = high > low ? (ticks[i] - low) / (high - low) : 0.5;
            double x = floor(left + part * bar);
            cairo_set_source_rgb(sheet.cairo, 0, 0, 0);
            cairo_rectangle(sheet.cairo, x - line / 2, below, line, TICK * letter);
            cairo_fill(sheet.cairo);
            text_short_number(number, ticks[i]);
            sheet_text(&sheet, number, x, below + TICK * letter, 0.5, 0);
        }
    }
    return close_over(&sheet, name, over);
}

/* --- rows of colours --- */

HostLayer *
legend_rows(const char *name,
            const GeglRectangle *over,
            const char *title,
            const LegendRow *rows,
            gsize n_rows)
{
    if (too_small(over))
        return NULL;
    Sheet sheet;
    const double lines = 2 * MARGIN + ROW * (double)(n_rows + 1);
    double letter = letter_for(over, lines), margin = letter * MARGIN;
    double indent = margin + 1.6 * letter, widest = words_size(letter, title, NULL);
    for (gsize i = 0; i < n_rows; i++)
        widest = fmax(widest, words_size(letter, rows[i].text, NULL) + 1.6 * letter);
    if (open_framed(&sheet, letter, widest + 2 * margin, lines * letter)) {
        sheet_text(&sheet, title, margin, margin, 0, 0);
        for (gsize i = 0; i < n_rows; i++) {
            const float *rgb = rows[i].rgb;
            double y = margin + ROW * letter * (double)(i + 1);
            cairo_set_source_rgb(sheet.cairo, (double)rgb[0], (double)rgb[1],
                                 (double)rgb[2]);
            cairo_rectangle(sheet.cairo, floor(margin), floor(y + 0.15 * letter),
                            ceil(letter * 1.1), ceil(letter * 1.1));
            cairo_fill(sheet.cairo);
            sheet_text(&sheet, rows[i].text, indent, y, 0, 0);
        }
    }
    return close_over(&sheet, name, over);
}
