/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: the paper's figure 5: a row a transformation, with the pictures, a chart for
 * each layer, and one for the label's probability. Below, what the curves are. */

#include "actions/invariance/invariance.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/chart.h"
#include "result/about.h"
#include <math.h>

extern const Procedure procedure_invariance;

#define LETTER 15.0

/* In letters. */
#define MARGIN 1.0
#define FIELD_WIDTH 21.0
#define FIELD_HEIGHT 19.0
#define RIGHT 2.0 /* beside a field: half of its last number */
#define MARK 2.4  /* room for the mark before a line of pictures */
#define KEY 34.0  /* width of an entry of the key */

#define COLUMNS 5
#define GAP 3 /* pixels between tiles */

typedef struct {
    const Invariance *invariance;
    gsize strips, lines;   /* pictures that are shown; lines of tiles for each */
    gboolean many;         /* more curves than styles: all gray, and their mean */
    int tile_w, tile_h;    /* as drawn */
    int line_h;            /* from one line of tiles to the next */
    int strip_x, field_x;  /* left edges */
    int top;               /* of fields and tiles */
    int width, row_height; /* of a row */
} Figure;

static int
letters(double count)
{
    return (int)ceil(count * LETTER);
}

/* --- layout --- */

static gsize
charts_of(const Invariance *invariance)
{
    return invariance->layers.count + (invariance->classifies ? 1 : 0);
}

static Figure
lay_out(const Invariance *invariance)
{
    Figure figure = {.invariance = invariance};
    figure.strips = MIN(invariance->n_curves, INVARIANCE_STRIPS);
    figure.lines = figure.strips == 1 ? 3 : figure.strips == 2 ? 2 : 1;
    figure.many = invariance->n_curves > CHART_STYLES;
    int rows = (int)(figure.strips * figure.lines), caption = letters(SHEET_LINE);
    int room = letters(FIELD_HEIGHT + 1.2) / rows - GAP;
    room -= figure.lines > 1 ? caption : 0;
    double part = fmin(1, (double)room / invariance->tile_height);
    figure.tile_w = MAX(1, (int)(invariance->tile_width * part));
    figure.tile_h = MAX(1, (int)(invariance->tile_height * part));
    figure.line_h = figure.tile_h + GAP + (figure.lines > 1 ? caption : 0);
    gboolean marks = invariance->n_curves > 1 && !figure.many;
    figure.strip_x = letters(MARGIN) + (marks ? letters(MARK) : 0);
    figure.field_x =
        figure.strip_x + COLUMNS * (figure.tile_w + GAP) + letters(CHART_LEFT);
    figure.top = letters(MARGIN + SHEET_LINE + CHART_ABOVE);
    figure.width =
        figure.field_x +
        (int)charts_of(invariance) * letters(FIELD_WIDTH + CHART_LEFT + RIGHT) -
        letters(CHART_LEFT) + letters(MARGIN);
    figure.row_height = figure.top + letters(FIELD_HEIGHT + CHART_BELOW + 0.6);
    return figure;
}

static GeglRectangle
field_of_chart(const Figure *figure, gsize number)
{
    return (GeglRectangle){figure->field_x +
                               (int)number * letters(FIELD_WIDTH + CHART_LEFT + RIGHT),
                           figure->top, letters(FIELD_WIDTH), letters(FIELD_HEIGHT)};
}

/* --- pictures --- */

/* Of `shown` steps, evenly spread, the first and the last among them. */
static gsize
shown_step(gsize i, gsize shown, gsize count)
{
    return shown < 2 ? 0 : (i * (count - 1) + (shown - 1) / 2) / (shown - 1);
}

static gboolean
draw_tile(const Figure *figure,
          Sheet *sheet,
          const Curve *curve,
          const Sweep *sweep,
          gsize i,
          int x,
          int y,
          gboolean caption,
          GError **error)
{
    const Invariance *invariance = figure->invariance;
    GeglRectangle rect = {x, y, figure->tile_w, figure->tile_h};
    const float *rgba = curve->tiles[sweep->first + i];
    if (!sheet_picture(sheet, &rect, rgba, invariance->tile_width,
                       invariance->tile_height, FALSE, error))
        return FALSE;
    if (caption) {
        char *amount = invariance_amount(sweep->kind, sweep->amounts[i]);
        sheet_text(sheet, amount, x + figure->tile_w / 2.0,
                   y + figure->tile_h + 0.05 * LETTER, 0.5, figure->tile_w);
        g_free(amount);
    }
    return TRUE;
}

static gboolean
draw_strip(const Figure *figure, Sheet *sheet, const Sweep *sweep, GError **error)
{
    gsize shown = MIN(figure->lines * COLUMNS, sweep->count);
    for (gsize p = 0; p < figure->strips; p++) {
        int y = figure->top + (int)(p * figure->lines) * figure->line_h;
        gboolean captions = figure->lines > 1 || p + 1 == figure->strips;
        if (figure->invariance->n_curves > 1 && !figure->many)
            chart_mark(sheet, p, letters(MARGIN + MARK / 2 - 0.2),
                       y + figure->tile_h / 2.0, letters(1.7));
        for (gsize i = 0; i < shown; i++) {
            int column = (int)(i % COLUMNS), line = (int)(i / COLUMNS);
            if (!draw_tile(figure, sheet, &figure->invariance->curves[p], sweep,
                           shown_step(i, shown, sweep->count),
                           figure->strip_x + column * (figure->tile_w + GAP),
                           y + line * figure->line_h, captions, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* --- charts --- */

static char *
chart_title(const Invariance *invariance, gsize number)
{
    const ParamValues *values = invariance->run->values;
    if (number == invariance->layers.count) {
        const char *label = invariance->curves[0].label;
        gboolean same = TRUE;
        for (gsize i = 1; i < invariance->n_curves; i++)
            same = same && g_str_equal(label, invariance->curves[i].label);
        return same ? text_of_label("P", label)
                    : g_strdup(_("Probability of the picture's label"));
    }
    const char *format = param_is(values, "measure", "cosine")
                             /* TRANSLATORS: a layer of the network; what a chart shows
                              * of it. */
                             ? _("%s: 1 − cosine")
                             : param_is(values, "measure", "relative")
                                   ? _("%s: distance / length")
                                   : _("%s: distance");
    return g_strdup_printf(format, invariance->layers.layers[number].shown);
}

/* The values of a chart, curve by curve; of many, their mean comes last. */
static double *
chart_values(const Figure *figure, const Sweep *sweep, gsize number)
{
    const Invariance *invariance = figure->invariance;
    gsize n = invariance->n_curves, count = sweep->count;
    double *values = g_try_new0(double, (n + 1) * count);
    for (gsize p = 0; values && p < n; p++)
        for (gsize i = 0; i < count; i++) {
            const Curve *curve = &invariance->curves[p];
            gsize step = sweep->first + i;
            double value = number == invariance->layers.count
                               ? curve->probability[step]
                               : invariance_moved(invariance, curve, number, step);
            values[p * count + i] = value;
            values[n * count + i] += value / (double)n;
        }
    return values;
}

static gboolean
draw_chart(
    const Figure *figure, Sheet *sheet, const Sweep *sweep, gsize number, GError **error)
{
    const Invariance *invariance = figure->invariance;
    gsize n = invariance->n_curves + (figure->many ? 1 : 0);
    double *values = chart_values(figure, sweep, number);
    ChartCurve *curves = g_try_new0(ChartCurve, n);
    if (!values || !curves) {
        g_free(curves);
        g_free(values);
        return fail_run(error, _("There is not enough memory for the result."));
    }
    for (gsize p = 0; p < n; p++)
        curves[p] = (ChartCurve){.x = sweep->amounts,
                                 .y = values + p * sweep->count,
                                 .count = sweep->count,
                                 .style = p,
                                 .faint = figure->many && p + 1 < n,
                                 .strong = figure->many && p + 1 == n};
    const char *mirrors[5];
    char *title = chart_title(invariance, number);
    Chart chart = {.title = title,
                   .unit = invariance_unit(sweep->kind),
                   .low_x = sweep->amounts[0],
                   .high_x = sweep->amounts[sweep->count - 1],
                   .high_y = 1};
    if (sweep->kind == TRANSFORM_TURN && chart.high_x > 180)
        chart.step_x = 90;
    if (sweep->kind == TRANSFORM_MIRROR) {
        invariance_mirrors(mirrors);
        chart.names = mirrors;
        chart.low_x = -0.5;
        chart.high_x = 3.5;
    }
    if (number < invariance->layers.count) {
        chart_range(values, n * sweep->count, &chart.low_y, &chart.high_y);
        chart.high_y += 0.04 * (chart.high_y - chart.low_y);
    }
    GeglRectangle place = field_of_chart(figure, number);
    chart_draw(sheet, &place, &chart, curves, n);
    g_free(title);
    g_free(curves);
    g_free(values);
    return TRUE;
}

/* --- layers --- */

static char *
about(const Invariance *invariance)
{
    GKeyFile *text =
        about_new(&procedure_invariance, invariance->net, NULL, invariance->run->values);
    for (gsize k = 0; k < invariance->layers.count; k++) {
        char *key = g_strdup_printf("layer%zu", k + 1);
        g_key_file_set_string(text, "result", key, invariance->layers.layers[k].shown);
        g_free(key);
    }
    g_key_file_set_uint64(text, "result", "pictures", invariance->n_curves);
    return about_finish(text);
}

static gboolean
finish(const Invariance *invariance,
       Sheet *sheet,
       const char *name,
       int y,
       GPtrArray *layers,
       GError **error)
{
    HostLayer *layer = sheet_finish(sheet, name, 0, y, error);
    if (!layer)
        return FALSE;
    layer->parasite = about(invariance);
    g_ptr_array_add(layers, layer);
    return TRUE;
}

static gboolean
draw_row(
    const Figure *figure, const Sweep *sweep, int y, GPtrArray *layers, GError **error)
{
    const char *name = invariance_kind(sweep->kind);
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, LETTER, figure->width, figure->row_height, 1)) {
        sheet_text(&sheet, name, letters(MARGIN), letters(MARGIN), 0, figure->width / 2);
        ok = draw_strip(figure, &sheet, sweep, error);
        for (gsize k = 0; ok && k < charts_of(figure->invariance); k++)
            ok = draw_chart(figure, &sheet, sweep, k, error);
    }
    if (ok)
        return finish(figure->invariance, &sheet, name, y, layers, error);
    host_layer_free(sheet_close(&sheet, name, 0, 0));
    return FALSE;
}

/* "cat.jpg: tabby, P = 0.47". g_free() */
static char *
key_text(const Invariance *invariance, const Curve *curve)
{
    char number[TEXT_NUMBER];
    const Sweep *first = &invariance->sweeps[0];
    if (!curve->label)
        return g_strdup(curve->name);
    return g_strdup_printf(
        "%s: %s, P = %s", curve->name, curve->label,
        text_probability(number, curve->probability[first->first + first->none]));
}

static gboolean
draw_key(const Figure *figure, int y, int *height, GPtrArray *layers, GError **error)
{
    const Invariance *invariance = figure->invariance;
    gsize entries = figure->many ? 1 : invariance->n_curves;
    int columns = MAX(1, (figure->width - letters(2 * MARGIN)) / letters(KEY));
    int lines = ((int)entries + columns - 1) / columns;
    Sheet sheet;
    *height = letters(MARGIN + SHEET_LINE * lines);
    if (sheet_open(&sheet, LETTER, figure->width, *height, 1))
        for (gsize i = 0; i < entries; i++) {
            int x = letters(MARGIN) + (int)i % columns * letters(KEY);
            int line = letters(SHEET_LINE * (double)(i / (gsize)columns));
            char *text =
                figure->many
                    ? g_strdup_printf(
                          _("thin: %zu pictures; thick: their mean. The first %d are shown."),
                          invariance->n_curves, INVARIANCE_STRIPS)
                    : key_text(invariance, &invariance->curves[i]);
            if (!figure->many)
                chart_mark(&sheet, i, x + letters(0.9), line + letters(0.65),
                           letters(1.7));
            sheet_text(&sheet, text, x + (figure->many ? 0 : letters(2.2)), line, 0,
                       figure->many ? figure->width - 2 * letters(MARGIN)
                                    : letters(KEY - 3));
            g_free(text);
        }
    return finish(invariance, &sheet, _("Key"), y, layers, error);
}

gboolean
invariance_figure(const Invariance *invariance,
                  GPtrArray *layers,
                  int *width,
                  int *height,
                  GError **error)
{
    Figure figure = lay_out(invariance);
    int y = 0, key_height = 0;
    for (gsize s = 0; s < invariance->n_sweeps; s++, y += figure.row_height)
        if (!draw_row(&figure, &invariance->sweeps[s], y, layers, error))
            return FALSE;
    if (!draw_key(&figure, y, &key_height, layers, error))
        return FALSE;
    *width = figure.width;
    *height = y + key_height;
    return TRUE;
}
