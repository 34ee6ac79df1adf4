/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c: lines over two axes, drawn on a sheet. */

#include "draw/chart.h"
#include "base/text.h"
#include "draw/legend.h"
#include <math.h>

#define MARK 0.26 /* half of a mark's width, in letters */
#define LINE 0.11
#define TICKS 5

/* --- styles --- */

void
chart_color(gsize style, float rgb[3])
{
    static const guint8 colors[CHART_STYLES][3] = {
        {0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
        {0, 0, 0},     {86, 180, 233}, {230, 159, 0},
    };
    for (int c = 0; c < 3; c++)
        rgb[c] = (float)colors[style % CHART_STYLES][c] / 255;
}

static void
set_style(cairo_t *cairo, gsize style)
{
    float rgb[3];
    chart_color(style, rgb);
    cairo_set_source_rgb(cairo, (double)rgb[0], (double)rgb[1], (double)rgb[2]);
}

/* A circle, then polygons: square, triangle, diamond, triangle down, five and six
 * corners. */
static void
draw_mark(cairo_t *cairo, gsize style, double x, double y, double radius)
{
    static const struct {
        int corners;
        double turn; /* of the first one, in degrees */
    } shapes[CHART_STYLES] = {{0, 0},  {4, 45},  {3, -90}, {4, 0},
                              {3, 90}, {5, -90}, {6, 0}};
    int corners = shapes[style % CHART_STYLES].corners;
    if (!corners)
        cairo_arc(cairo, x, y, radius, 0, 2 * G_PI);
    for (int i = 0; i < corners; i++) {
        double angle =
            (shapes[style % CHART_STYLES].turn + 360.0 * i / corners) * G_PI / 180;
        cairo_line_to(cairo, x + 1.2 * radius * cos(angle),
                      y + 1.2 * radius * sin(angle));
    }
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

void
chart_mark(Sheet *sheet, gsize style, double x, double y, double width)
{
    cairo_t *cairo = sheet->cairo;
    set_style(cairo, style);
    cairo_set_line_width(cairo, LINE * sheet->letter);
    cairo_move_to(cairo, x - width / 2, y);
    cairo_line_to(cairo, x + width / 2, y);
    cairo_stroke(cairo);
    draw_mark(cairo, style, x, y, MARK * sheet->letter);
}

/* --- the field --- */

typedef struct {
    Sheet *sheet;
    const GeglRectangle *place;
    const Chart *chart;
} Field;

static double
across(const Field *field, double x)
{
    const Chart *chart = field->chart;
    double span = chart->high_x - chart->low_x;
    double part = span > 0 ? (x - chart->low_x) / span : 0.5;
    return field->place->x + part * field->place->width;
}

static double
down(const Field *field, double y)
{
    const Chart *chart = field->chart;
    double span = chart->high_y - chart->low_y;
    double part = span > 0 ? (y - chart->low_y) / span : 0.5;
    return field->place->y + (1 - part) * field->place->height;
}

static void
rule(const Field *field, double x, double y, double width, double height, double gray)
{
    float rgb[3] = {(float)gray, (float)gray, (float)gray};
    sheet_fill(field->sheet, floor(x), floor(y), width, height, rgb);
}

static void
draw_rows(const Field *field)
{
    double ticks[2 * TICKS + 2], letter = field->sheet->letter;
    const GeglRectangle *place = field->place;
    gsize count = legend_ticks(field->chart->low_y, field->chart->high_y, TICKS, ticks);
    for (gsize i = 0; i < count; i++) {
        char number[TEXT_NUMBER];
        double y = down(field, ticks[i]);
        rule(field, place->x, y, place->width, 1, 0.88);
        sheet_text(field->sheet, text_short_number(number, ticks[i]),
                   place->x - 0.5 * letter, y - 0.65 * letter, 1, 0);
    }
}

/* As legend_ticks(). */
static gsize
ticks_across(const Chart *chart, double *ticks)
{
    gsize count = 0;
    if (!(chart->step_x > 0))
        return legend_ticks(chart->low_x, chart->high_x, TICKS, ticks);
    for (double k = ceil(chart->low_x / chart->step_x - 1e-9);
         k <= chart->high_x / chart->step_x + 1e-9 && count < 2 * TICKS; k++)
        ticks[count++] = k * chart->step_x;
    return count;
}

static void
draw_columns(const Field *field)
{
    double ticks[2 * TICKS + 2], letter = field->sheet->letter;
    const GeglRectangle *place = field->place;
    const char *const *names = field->chart->names;
    gsize count =
        names ? g_strv_length((char **)names) : ticks_across(field->chart, ticks);
    for (gsize i = 0; i < count; i++) {
        char number[TEXT_NUMBER];
        double x = across(field, names ? (double)i : ticks[i]);
        double room = names ? place->width / (double)count - 0.4 * letter : 0;
        rule(field, x, place->y, 1, place->height, 0.88);
        sheet_text(field->sheet, names ? names[i] : text_short_number(number, ticks[i]),
                   x, place->y + place->height + 0.3 * letter, 0.5, room);
    }
}

static void
draw_axes(const Field *field)
{
    const GeglRectangle *place = field->place;
    draw_rows(field);
    draw_columns(field);
    rule(field, place->x, place->y, 1, place->height, 0.3);
    rule(field, place->x, place->y + place->height, place->width + 1, 1, 0.3);
}

static void
draw_line(const Field *field, const ChartCurve *curve)
{
    cairo_t *cairo = field->sheet->cairo;
    gboolean inside = FALSE;
    for (gsize i = 0; i < curve->count; i++) {
        gboolean there = isfinite(curve->x[i]) && isfinite(curve->y[i]);
        if (there && inside)
            cairo_line_to(cairo, across(field, curve->x[i]), down(field, curve->y[i]));
        else if (there)
            cairo_move_to(cairo, across(field, curve->x[i]), down(field, curve->y[i]));
        inside = there;
    }
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void
draw_curve(const Field *field, const ChartCurve *curve)
{
    cairo_t *cairo = field->sheet->cairo;
    double letter = field->sheet->letter;
    gboolean marks = !curve->faint && !curve->strong && !curve->plain;
    if (curve->strong)
        cairo_set_source_rgb(cairo, 0, 0, 0);
    else if (curve->faint)
        cairo_set_source_rgba(cairo, 0.35, 0.35, 0.35, 0.45);
    else
        set_style(cairo, curve->style);
    cairo_set_line_width(cairo, letter * (curve->strong  ? 2 * LINE
                                          : curve->faint ? LINE / 2
                                                         : LINE));
    if (!field->chart->names)
        draw_line(field, curve);
    for (gsize i = 0; (marks || field->chart->names) && i < curve->count; i++)
        if (isfinite(curve->x[i]) && isfinite(curve->y[i]))
            draw_mark(cairo, curve->style, across(field, curve->x[i]),
                      down(field, curve->y[i]), MARK * letter);
}

void
chart_draw(Sheet *sheet,
           const GeglRectangle *place,
           const Chart *chart,
           const ChartCurve *curves,
           gsize n_curves)
{
    Field field = {sheet, place, chart};
    double letter = sheet->letter, middle = place->x + place->width / 2.0;
    draw_axes(&field);
    for (gsize i = 0; i < n_curves; i++)
        draw_curve(&field, &curves[i]);
    sheet_text(sheet, chart->title, middle, place->y - CHART_ABOVE * letter, 0.5,
               place->width + CHART_LEFT * letter);
    sheet_text(sheet, chart->unit, middle,
               place->y + place->height + (0.3 + SHEET_LINE) * letter, 0.5, place->width);
}

void
chart_range(const double *values, gsize count, double *low, double *high)
{
    *low = *high = 0;
    for (gsize i = 0; i < count; i++)
        if (isfinite(values[i])) {
            *low = fmin(*low, values[i]);
            *high = fmax(*high, values[i]);
        }
    if (*high <= *low)
        *high = *low + 1;
}
