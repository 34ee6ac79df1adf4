/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.h: lines over two axes, drawn on a sheet.
 *
 *     title
 *     60 |        o
 *        |    o--'  `--o
 *      0 |__o____________
 *          -60   0   60
 *              unit
 */
#ifndef FEATURESCOPE_DRAW_CHART_H
#define FEATURESCOPE_DRAW_CHART_H

#include "draw/sheet.h"

typedef struct {
    const double *x, *y; /* what is not finite is left out, and the line broken there */
    gsize count;
    gsize style;     /* a colour and a mark; see chart_mark() */
    gboolean faint;  /* one of many: thin, gray, without marks */
    gboolean strong; /* their mean: thick, black */
    gboolean plain;  /* without marks, as of many points */
} ChartCurve;

typedef struct {
    const char *title, *unit; /* unit: below the axis across */
    double low_x, high_x, low_y, high_y;
    double step_x; /* numbers across are its multiples, 10 at most; 0: round ones */
    const char *const *names; /* instead of numbers across: of 0, 1, …; no lines are drawn
                                 between them. NULL-ended, or NULL */
} Chart;

/* Height and width that a chart takes beside its field, in letters: of words above and
 * below, and of numbers at its left. */
#define CHART_ABOVE 1.6
#define CHART_BELOW 3.2
#define CHART_LEFT 5.0

/* The field, without words and numbers, is `place`. Curves are drawn in order. */
void chart_draw(Sheet *sheet,
                const GeglRectangle *place,
                const Chart *chart,
                const ChartCurve *curves,
                gsize n_curves);

/* Seven styles, told apart by colour and by mark; then they begin again. (Colours of
 * Okabe and Ito 2008, chosen so that colour-blind people tell them apart.) */
#define CHART_STYLES 7
void chart_color(gsize style, float rgb[3]);

/* The mark with a piece of line, `width` pixels wide, its middle at x, y. */
void chart_mark(Sheet *sheet, gsize style, double x, double y, double width);

/* From 0, or from the lowest value if that is below, to the highest; 0 to 1 where no value
 * is finite or all are 0. */
void chart_range(const double *values, gsize count, double *low, double *high);

#endif
