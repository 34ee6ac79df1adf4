/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settle_chart.c: how far layers have settled, as curves and as comma-separated values. */

#include "actions/evolution/settle.h"
#include "base/csv.h"
#include "base/fail.h"
#include "base/save.h"
#include "draw/chart.h"
#include <math.h>
#include <string.h>

#define LETTER 15.0

/* In letters. */
#define MARGIN 1.0
#define FIELD_WIDTH 36.0
#define FIELD_HEIGHT 20.0
#define RIGHT 2.0

static int
letters(double count)
{
    return (int)ceil(count * LETTER);
}

/* --- the axis across --- */

/* The last number in a name: 12 of "epoch-012"; -1: there is none. */
static double
number_of(const char *name)
{
    const char *end = name + strlen(name);
    while (end > name && !g_ascii_isdigit(end[-1]))
        end--;
    const char *begin = end;
    while (begin > name && g_ascii_isdigit(begin[-1]))
        begin--;
    return begin < end ? g_ascii_strtod(begin, NULL) : -1;
}

/* Where checkpoints stand: at the numbers in their names where these rise, else at 1, 2,
 * and so on. */
static double *
places_across(const Evolution *evolution)
{
    gsize count = evolution->checkpoints.count;
    double *x = g_new(double, count);
    gboolean rise = TRUE;
    for (gsize i = 0; i < count; i++) {
        x[i] = number_of(evolution->epochs[i]);
        rise = rise && x[i] >= 0 && (i == 0 || x[i] > x[i - 1]);
    }
    for (gsize i = 0; !rise && i < count; i++)
        x[i] = (double)(i + 1);
    return x;
}

/* --- the chart --- */

static void
draw_curves(const Settling *settling, Sheet *sheet, const GeglRectangle *place)
{
    const Evolution *evolution = settling->evolution;
    gsize count = evolution->checkpoints.count, n = settling->n_layers;
    double *x = places_across(evolution), *y = g_new(double, n *count);
    ChartCurve curves[SETTLE_LAYERS];
    for (gsize k = 0; k < n; k++) {
        for (gsize i = 0; i < count; i++)
            y[k * count + i] = settling->correlations[i * n + k];
        curves[k] = (ChartCurve){.x = x, .y = y + k * count, .count = count, .style = k};
    }
    char *title = g_strdup_printf(_("Correlation with “%s”, mean of a layer's maps"),
                                  evolution->epochs[count - 1]);
    Chart chart = {.title = title,
                   .unit = _("checkpoint"),
                   .low_x = x[0],
                   .high_x = x[count - 1],
                   .high_y = 1};
    double high;
    chart_range(y, n * count, &chart.low_y, &high);
    chart_draw(sheet, place, &chart, curves, n);
    g_free(title);
    g_free(y);
    g_free(x);
}

/* "relu3: 0.9 from epoch-007". g_free() */
static char *
key_text(const Settling *settling, gsize layer)
{
    const Evolution *evolution = settling->evolution;
    gsize when = settling_when(settling, layer);
    const char *shown = settling->layers[layer].shown;
    return when == evolution->checkpoints.count
               /* TRANSLATORS: a layer of the network, none of whose maps answers. */
               ? g_strdup_printf(_("%s: does not answer"), shown)
               /* TRANSLATORS: a layer, a correlation, the name of a checkpoint. */
               : g_strdup_printf(_("%s: %g from “%s”"), shown, SETTLE_ENOUGH,
                                 evolution->epochs[when]);
}

HostLayer *
settling_chart(const Settling *settling, const char *name, GError **error)
{
    GeglRectangle place = {letters(MARGIN + CHART_LEFT), letters(MARGIN + CHART_ABOVE),
                           letters(FIELD_WIDTH), letters(FIELD_HEIGHT)};
    int key_y = place.y + place.height + letters(CHART_BELOW + 0.6);
    int width = place.x + place.width + letters(RIGHT + MARGIN);
    int lines = ((int)settling->n_layers + 1) / 2;
    int height = key_y + letters(SHEET_LINE * lines + MARGIN);
    Sheet sheet;
    if (sheet_open(&sheet, LETTER, width, height, 1)) {
        draw_curves(settling, &sheet, &place);
        for (gsize k = 0; k < settling->n_layers; k++) {
            double x = k % 2 ? width / 2.0 : letters(MARGIN + 1);
            double y = key_y + letters(SHEET_LINE * (double)(k / 2));
            char *text = key_text(settling, k);
            chart_mark(&sheet, k, x + letters(0.9), y + letters(0.65), letters(1.7));
            sheet_text(&sheet, text, x + letters(2.2), y, 0,
                       width / 2.0 - letters(3.2 + MARGIN));
            g_free(text);
        }
    }
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, error);
    if (layer)
        layer->parasite = g_strdup(settling->about);
    return layer;
}

/* --- numbers --- */

gboolean
settling_save(const Settling *settling, const char *path, GError **error)
{
    const Evolution *evolution = settling->evolution;
    GString *out = g_string_new(NULL);
    csv_text(out, "checkpoint");
    for (gsize k = 0; k < settling->n_layers; k++)
        csv_text(out, settling->layers[k].shown);
    csv_end(out);
    for (gsize i = 0; i < evolution->checkpoints.count; i++) {
        csv_text(out, evolution->epochs[i]);
        for (gsize k = 0; k < settling->n_layers; k++)
            csv_number(out, settling->correlations[i * settling->n_layers + k]);
        csv_end(out);
    }
    gboolean ok = save_bytes(path, out->str, out->len, error);
    g_string_free(out, TRUE);
    return ok;
}
