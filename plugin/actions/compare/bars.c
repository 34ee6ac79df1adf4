/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bars.c: answers and evidence of both sides, as pairs of bars. */

#include "actions/compare/bars.h"
#include <math.h>

/* In letters. */
#define NAMES 10.0 /* room for the name of a row */
#define BAR 0.7    /* height of a bar */
#define NUMBER 3.4 /* room for a number at its end */
#define LETTER COMPARE_LETTER

const char *
compare_number(char text[static TEXT_NUMBER], double r)
{
    if (isnan(r))
        g_strlcpy(text, "–", TEXT_NUMBER);
    else
        text_short_number(text, round(100 * r) / 100);
    return text;
}

/* Rows of two bars each, from an axis to both sides. NaN: no bar. */
typedef struct {
    const char *title;
    char **names;
    double (*values)[2];
    gsize count;
} Bars;

static void
draw_bars(Sheet *sheet, double left, double top, double width, const Bars *bars)
{
    const float *colors[2] = {sheet_blue, sheet_red};
    double low = 0, high = 0, names = NAMES * LETTER, number = NUMBER * LETTER;
    for (gsize i = 0; i < bars->count; i++)
        for (int k = 0; k < 2; k++)
            if (!isnan(bars->values[i][k])) {
                low = fmin(low, bars->values[i][k]);
                high = fmax(high, bars->values[i][k]);
            }
    /* Numbers stand at the ends of bars, on the sides where there are any. */
    double from = left + names + (low < 0 ? number : 0);
    double room = left + width - from - (high > 0 ? number : 0);
    double unit = high > low ? room / (high - low) : 0, axis = from - low * unit;
    sheet_text(sheet, bars->title, left, top, 0, width);
    top += 1.3 * SHEET_LINE * LETTER;
    for (gsize i = 0; i < bars->count; i++) {
        double y = top + (double)i * COMPARE_BAR * LETTER;
        sheet_text(sheet, bars->names[i], left, y + 0.2 * LETTER, 0, names - LETTER / 2);
        for (int k = 0; k < 2; k++) {
            char text[TEXT_NUMBER];
            double value = bars->values[i][k], end = axis + value * unit;
            double at = y + (0.1 + k * 0.85) * LETTER;
            if (isnan(value))
                continue;
            sheet_fill(sheet, fmin(axis, end), at, fmax(1, fabs(end - axis)),
                       BAR * LETTER, colors[k]);
            double letter = sheet->letter;
            sheet->letter = 0.8 * letter;
            if (low < 0)
                text_change(text, value);
            else
                text_probability(text, value);
            sheet_text(sheet, text, end + (value < 0 ? -0.3 : 0.3) * LETTER,
                       at - 0.15 * LETTER, value < 0 ? 1 : 0, 0);
            sheet->letter = letter;
        }
    }
    sheet_fill(sheet, floor(axis), top, 1, (double)bars->count * COMPARE_BAR * LETTER,
               sheet_gray);
}

static gsize
list_answers(const Compare *compare, char **names, double (*values)[2])
{
    gsize rows[COMPARE_ANSWERS][2];
    gsize count = compare_answers(compare, rows, COMPARE_ANSWERS);
    for (gsize i = 0; i < count; i++) {
        int from = rows[i][0] == COMPARE_NONE;
        names[i] = labels_name(&compare->side[from].labels, rows[i][from]);
        for (int k = 0; k < 2; k++)
            values[i][k] = rows[i][k] == COMPARE_NONE
                               ? NAN
                               : (double)compare->side[k].probabilities[rows[i][k]];
    }
    return count;
}

void
compare_draw_answers(
    const Compare *compare, Sheet *sheet, double left, double top, double width)
{
    char *names[COMPARE_ANSWERS];
    double values[COMPARE_ANSWERS][2];
    gsize count = list_answers(compare, names, values);
    Bars bars = {_("Answers"), names, values, count};
    draw_bars(sheet, left, top, width, &bars);
    for (gsize i = 0; i < count; i++)
        g_free(names[i]);
}

void
compare_draw_evidence(
    const Compare *compare, Sheet *sheet, double left, double top, double width)
{
    char *names[COMPARE_MOST_MAPS];
    double values[COMPARE_MOST_MAPS][2];
    char number[TEXT_NUMBER];
    for (gsize i = 0; i < compare->n_maps; i++) {
        names[i] = g_strdup_printf(_("map %zu"), compare->maps[i]);
        for (int k = 0; k < 2; k++)
            values[i][k] = compare->side[k].removal.maps[compare->maps[i]].probability;
    }
    char *title = g_strdup_printf(_("Change without the map · correlation %s"),
                                  compare_number(number, compare->correlations[2]));
    Bars bars = {title, names, values, compare->n_maps};
    draw_bars(sheet, left, top, width, &bars);
    for (gsize i = 0; i < compare->n_maps; i++)
        g_free(names[i]);
    g_free(title);
}

void
compare_draw_key(
    const Compare *compare, Sheet *sheet, double left, double top, double width)
{
    const float *colors[2] = {sheet_blue, sheet_red};
    for (int k = 0; k < 2; k++) {
        double x = left + k * width / 2;
        sheet_fill(sheet, x, top + 0.3 * LETTER, LETTER, BAR * LETTER, colors[k]);
        sheet_text(sheet, compare->side[k].name, x + 1.5 * LETTER, top, 0,
                   width / 2 - 2 * LETTER);
    }
}
