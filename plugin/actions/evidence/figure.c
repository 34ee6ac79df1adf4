/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: evidence as a figure: the photo, the projections of the maps that speak for
 * the class, then of those against it; below each what its removal does. */

#include "result/figure.h"
#include "actions/evidence/evidence.h"
#include "base/text.h"
#include "draw/sheet.h"
#include <math.h>

/* From the lowest to the highest change of all maps, zero among them. */
typedef struct {
    double low, high;
} Range;

static double
change_of(const RemovedMap *map, gboolean score)
{
    return score ? map->score : map->probability;
}

static Range
range_of(const Evidence *evidence, gboolean score)
{
    Range range = {0, 0};
    for (gsize i = 0; i < evidence->count; i++) {
        double change = change_of(evidence->shown[i], score);
        range.low = fmin(range.low, change);
        range.high = fmax(range.high, change);
    }
    return range;
}

static void
add_bar(Panel *panel, const char *label, double change, Range range)
{
    char number[TEXT_NUMBER];
    double span = range.high - range.low;
    double zero = span > 0 ? -range.low / span : 0;
    double end = span > 0 ? (change - range.low) / span : 0;
    panel_value(panel, label, text_change(number, change), zero, end,
                change < 0 ? sheet_blue : sheet_red);
}

static gboolean
add_photo(const Evidence *evidence, Plate *plate, GError **error)
{
    char number[TEXT_NUMBER];
    Panel *panel = plate_add(plate, _("Photo"), &evidence->region.photo);
    char *what = text_of_label("P", evidence->label);
    char *note = g_strdup_printf("%s = %s", what,
                                 text_probability(number, evidence->removal.probability));
    HostLayer *photo =
        figure_photo(plate, evidence->run->drawables[0], &evidence->seen.region, error);
    if (photo)
        g_ptr_array_add(panel_pictures(panel), photo);
    panel_note(panel, note);
    g_free(note);
    g_free(what);
    return photo != NULL;
}

static gboolean
add_map(Evidence *evidence, Plate *plate, gsize index, GError **error)
{
    const RemovedMap *map = evidence->shown[index];
    char *title = g_strdup_printf(
        index < evidence->n_for ? _("For: map %zu") : _("Against: map %zu"), map->map);
    char *note = g_strdup_printf(_("Strength rank %zu"), map->rank);
    Panel *panel = plate_add(plate, title, &evidence->region.photo);
    panel_note(panel, note);
    add_bar(panel, _("Probability"), map->probability, range_of(evidence, FALSE));
    add_bar(panel, _("Score"), map->score, range_of(evidence, TRUE));
    g_free(note);
    g_free(title);
    gboolean ok = evidence_show_map(evidence, map, panel_pictures(panel), error);
    if (ok && param_is(evidence->run->values, "zero", "clear")) {
        HostLayer *photo = figure_photo(plate, evidence->run->drawables[0],
                                        &evidence->seen.region, error);
        ok = photo != NULL;
        if (photo)
            g_ptr_array_add(panel_pictures(panel), photo);
    }
    return ok;
}

static char *
caption(const Evidence *evidence)
{
    char *method = figure_value(evidence->run, "method");
    char *facts = figure_layer(evidence->probe.layer.shown, method);
    /* TRANSLATORS: a label. */
    char *sentence = g_strdup_printf(
        _("Evidence for “%s”: projections of the maps that speak for it and of those that speak against it. Bars tell what changes when a map is set to zero."),
        evidence->label);
    char *text = figure_caption(evidence->run, evidence->probe.net, sentence, facts);
    g_free(sentence);
    g_free(facts);
    g_free(method);
    return text;
}

gboolean
evidence_figure(Evidence *evidence, GError **error)
{
    Plate plate;
    figure_open(&plate, evidence->run, 1 + evidence->count);
    gboolean ok = add_photo(evidence, &plate, error);
    for (gsize i = 0; ok && i < evidence->count; i++)
        ok = add_map(evidence, &plate, i, error);
    if (ok) {
        char *text = caption(evidence);
        ok = figure_finish(evidence->run, &plate, _("Evidence"), text, error);
        g_free(text);
    }
    plate_clear(&plate);
    return ok;
}
