/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c: a bar chart of the maps that raise or lower a class's score.
 *
 *     title
 *                          P(tabby)             score(tabby)
 *     map 17, rank 4   −0.31 ====|               −2.1 ==x==|
 *     map 301, rank 9            |= +0.02                  |==x= +0.4
 *     bars: ...   x: ... */

#include "actions/evidence/chart.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/sheet.h"
#include <math.h>

/* In letters. */
#define MARGIN 1.0
#define NAMES 11.0 /* width of the column of names */
#define PANEL 15.0 /* width of a panel */
#define NUMBER 3.4 /* room for a number at the end of a bar */
#define ROW 1.7
#define BAR 1.0

/* Letters, in pixels: to be read with ease, and at all. */
#define SMALL 9.0
#define SMALLEST 6.0

#define WIDTH (2 * MARGIN + NAMES + 2 * PANEL + 1)

typedef struct {
    Sheet sheet;
    double axis;   /* x of zero */
    double a_unit; /* pixels */
} Panel;

static double
letters(const Panel *panel, double count)
{
    return count * panel->sheet.letter;
}

/* The axis lies so that bars and their numbers have room on both sides. */
static void
set_up(Panel *panel, double left, double lowest, double highest)
{
    double room = letters(panel, PANEL - 2 * NUMBER);
    double span = fmax(highest, 0) - fmin(lowest, 0);
    panel->a_unit = span > 0 ? room / span : 0;
    panel->axis = left + letters(panel, NUMBER) - fmin(lowest, 0) * panel->a_unit;
}

static void
draw_bar(Panel *panel, double y, double value)
{
    char number[TEXT_NUMBER];
    double end = panel->axis + value * panel->a_unit;
    sheet_fill(&panel->sheet, fmin(panel->axis, end), y, fmax(1, fabs(end - panel->axis)),
               letters(panel, BAR), value < 0 ? sheet_blue : sheet_red);
    double gap = letters(panel, 0.3);
    sheet_text(&panel->sheet, text_change(number, value),
               value < 0 ? end - gap : end + gap, y - letters(panel, 0.15),
               value < 0 ? 1 : 0, 0);
}

/* A mark across the bar where the estimate says it should end. */
static void
draw_mark(Panel *panel, double y, double value)
{
    if (isnan(value))
        return;
    double line = fmax(2, letters(panel, 0.2));
    sheet_fill(&panel->sheet, panel->axis + value * panel->a_unit - line / 2,
               y - letters(panel, 0.15), line, letters(panel, BAR + 0.3), sheet_black);
}

static void
draw_axis(Panel *panel, double top, double bottom)
{
    sheet_fill(&panel->sheet, floor(panel->axis), top, 1, bottom - top, sheet_gray);
}

static double
lowest(const RemovedMap *const *maps, gsize count, gboolean score, int sign)
{
    double most = 0;
    for (gsize i = 0; i < count; i++) {
        double value = score ? maps[i]->score : maps[i]->probability;
        most = fmax(most, sign * value);
        if (score && !isnan(maps[i]->estimate))
            most = fmax(most, sign * maps[i]->estimate);
    }
    return sign * most;
}

static void
draw_panel(Panel *panel,
           double left,
           double top,
           const char *title,
           const RemovedMap *const *maps,
           gsize count,
           gboolean score)
{
    set_up(panel, left, lowest(maps, count, score, -1), lowest(maps, count, score, 1));
    sheet_text(&panel->sheet, title, left + letters(panel, PANEL / 2),
               top - letters(panel, SHEET_LINE), 0.5, letters(panel, PANEL));
    draw_axis(panel, top, top + (double)count * letters(panel, ROW));
    for (gsize i = 0; i < count; i++) {
        double y = top + letters(panel, ROW * (double)i + (ROW - BAR) / 2);
        draw_bar(panel, y, score ? maps[i]->score : maps[i]->probability);
        if (score)
            draw_mark(panel, y, maps[i]->estimate);
    }
}

static void
draw(Panel *panel,
     const char *title,
     const char *label,
     const RemovedMap *const *maps,
     gsize count)
{
    double margin = letters(panel, MARGIN);
    double top = margin + letters(panel, 2 * SHEET_LINE);
    double room = panel->sheet.width - 2 * margin;
    sheet_text(&panel->sheet, title, margin, margin, 0, room);
    for (gsize i = 0; i < count; i++) {
        /* TRANSLATORS: a map of a layer, and its place among the layer's maps by
         * strength. */
        char *name = g_strdup_printf(_("map %zu, rank %zu"), maps[i]->map, maps[i]->rank);
        sheet_text(&panel->sheet, name, margin,
                   top + letters(panel, ROW * (double)i + 0.2), 0, letters(panel, NAMES));
        g_free(name);
    }
    char *probability = text_of_label("P", label);
    char *score = text_of_label(_("score"), label);
    double left = margin + letters(panel, NAMES);
    draw_panel(panel, left, top, probability, maps, count, FALSE);
    draw_panel(panel, left + letters(panel, PANEL + 1), top, score, maps, count, TRUE);
    sheet_text(
        &panel->sheet,
        _("bar: change when the map is set to zero; black mark: gradient × activation"),
        margin, top + letters(panel, ROW * (double)count + 0.4), 0, room);
    g_free(score);
    g_free(probability);
}

HostLayer *
evidence_chart(const char *name,
               const GeglRectangle *over,
               const GeglRectangle *canvas,
               const char *title,
               const char *label,
               const RemovedMap *const *maps,
               gsize count,
               GError **error)
{
    Panel panel;
    double letter = CLAMP(over->width / WIDTH, SMALL, 60.0);
    letter = fmax(fmin(letter, canvas->width / WIDTH), SMALLEST);
    int width = (int)ceil(WIDTH * letter);
    int x = MAX(MIN(over->x, canvas->width - width), 0);
    double height = 2 * MARGIN + 2 * SHEET_LINE + ROW * (double)count + 0.4 + SHEET_LINE;
    if (sheet_open(&panel.sheet, letter, width, (int)ceil(height * letter), 1))
        draw(&panel, title, label, maps, count);
    return sheet_finish(&panel.sheet, name, x, over->y, error);
}
