/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: an answer before and after as a figure. */

#include "actions/whatif/figure.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/sheet.h"

/* Layers of a column of bars. */
#define MOST_BARS 14

typedef struct {
    const Run *run;
    const Whatif *whatif;
    const WhatifCut *cut;
    const Region *seen;
    Plate plate;
    HostLayer *photo;
} Figure;

/* --- bars --- */

static void
add_bar(Panel *panel, const char *label, double probability, gboolean followed)
{
    char number[TEXT_NUMBER];
    panel_value(panel, label, text_probability(number, probability), 0, probability,
                followed ? sheet_red : sheet_blue);
}

/* The labels that matter before or after, in the order of before. */
static void
add_labels(const Figure *figure, Panel *panel, const WhatifAnswer *answer)
{
    gsize top[WHATIF_TOP];
    const Whatif *whatif = figure->whatif;
    const WhatifTrial *told = whatif_told(whatif);
    gsize count = whatif_pairs(whatif->before.probability, told->answer.probability,
                               whatif->asker.classes, WHATIF_TOP, top);
    for (gsize i = 0; i < count; i++) {
        char *label = labels_name(&whatif->labels, top[i]);
        add_bar(panel, label, (double)answer->probability[top[i]],
                top[i] == whatif->class_index);
        g_free(label);
    }
}

/* --- panels --- */

static gboolean
add_before(Figure *figure, gboolean selection, GError **error)
{
    GeglRectangle bounds;
    Panel *panel = plate_add(&figure->plate, _("Before"), &figure->seen->photo);
    figure->photo =
        figure_photo(&figure->plate, figure->run->drawables[0], figure->seen, error);
    if (figure->photo)
        g_ptr_array_add(panel_pictures(panel), figure->photo);
    if (selection && host_selection(figure->run->image, &bounds) &&
        gegl_rectangle_intersect(&bounds, &bounds, &figure->seen->photo))
        panel_frame(panel, &bounds);
    add_labels(figure, panel, &figure->whatif->before);
    return figure->photo != NULL;
}

/* What fills the selection, as opaque as that is selected. */
static void
paint_fill(const WhatifCut *cut, const RegionGrid *grid, const float *filled, float *rgba)
{
    const Region *region = &cut->seen.region;
    for (int v = 0; v < grid->height; v++)
        for (int u = 0; u < grid->width; u++, rgba += 4) {
            int x = CLAMP((int)(grid->x + (u + 0.5) * grid->dx), 0, region->width - 1);
            int y = CLAMP((int)(grid->y + (v + 0.5) * grid->dy), 0, region->height - 1);
            gsize at = 3 * ((gsize)y * (gsize)region->width + (gsize)x);
            float covered = cut->covered[at];
            for (gsize c = 0; covered > 0 && c < 3; c++)
                rgba[c] = (filled[at + c] - cut->rest[at + c]) / covered;
            rgba[3] = covered;
        }
}

static gboolean
add_after(Figure *figure, const float *filled, GError **error)
{
    RegionGrid grid = region_grid(figure->seen);
    Panel *panel =
        plate_add(&figure->plate, _("Without the selection"), &figure->seen->photo);
    GPtrArray *layers = panel_pictures(panel);
    HostLayer *fill = layers_add(layers, figure->seen, &grid, FALSE, _("Filled"), error);
    HostLayer *photo = figure_copy(figure->photo, fill ? error : NULL);
    if (fill)
        paint_fill(figure->cut, &grid, filled, fill->pixels);
    if (photo)
        g_ptr_array_add(layers, photo);
    add_labels(figure, panel, &whatif_told(figure->whatif)->answer);
    return fill && photo;
}

/* One trial: its labels. Several: the class that is followed, a bar for each. */
static void
add_trials(Figure *figure)
{
    const Whatif *whatif = figure->whatif;
    if (whatif->after->len == 1) {
        const WhatifTrial *trial = whatif_told(whatif);
        char *title = g_strdup_printf(_("Without %s"), trial->removed);
        add_labels(figure, plate_add(&figure->plate, title, NULL), &trial->answer);
        g_free(title);
        return;
    }
    Panel *panel = NULL;
    char *title = g_strdup_printf(_("“%s” without a layer"), whatif->label);
    for (guint i = 0; i < whatif->after->len; i++) {
        const WhatifTrial *trial = &g_array_index(whatif->after, WhatifTrial, i);
        if (i % MOST_BARS == 0)
            panel = plate_add(&figure->plate, title, NULL);
        add_bar(panel, trial->removed,
                (double)trial->answer.probability[whatif->class_index], TRUE);
    }
    g_free(title);
}

/* --- all of it --- */

static char *
caption(const Figure *figure)
{
    char *told = whatif_sentence(figure->whatif);
    /* TRANSLATORS: a whole sentence. */
    char *sentence = g_strdup_printf(
        _("What if: %s Bars are probabilities, the one of the label that is followed in red."),
        told);
    char *text = figure_caption(figure->run, figure->whatif->asker.net, sentence, "");
    g_free(sentence);
    g_free(told);
    return text;
}

gboolean
whatif_figure(const Run *run,
              const Whatif *whatif,
              const WhatifCut *cut,
              const float *filled,
              GError **error)
{
    Figure figure = {.run = run, .whatif = whatif, .cut = cut, .seen = &cut->seen.region};
    guint columns = (whatif->after->len + MOST_BARS - 1) / MOST_BARS;
    figure_open(&figure.plate, run, 1 + columns);
    gboolean ok = add_before(&figure, filled != NULL, error);
    if (ok && filled)
        ok = add_after(&figure, filled, error);
    else if (ok)
        add_trials(&figure);
    if (ok) {
        char *text = caption(&figure);
        ok = figure_finish(run, &figure.plate, _("What If"), text, error);
        g_free(text);
    }
    plate_clear(&figure.plate);
    return ok;
}
