/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: what evidence comes to, in words. */

#include "actions/evidence/evidence.h"
#include "base/text.h"

/* Of a probability: above or below that far from 1 or 0, changes say little. */
#define SATURATED 0.001

char *
evidence_change(const Evidence *evidence, const RemovedMap *map)
{
    char number[TEXT_NUMBER];
    /* TRANSLATORS: the score of a class before the softmax: "score(tabby)". */
    char *what = text_of_label(evidence->by_score ? _("score") : "P", evidence->label);
    char *text = g_strdup_printf(
        "%s %s", what,
        text_change(number, evidence->by_score ? map->score : map->probability));
    g_free(what);
    return text;
}

char *
evidence_sentence(const Evidence *evidence)
{
    const Removal *removal = &evidence->removal;
    const char *layer = evidence->probe.layer.shown;
    const RemovedMap *strongest = &removal->maps[0];
    for (gsize i = 0; i < removal->count; i++)
        if (removal->maps[i].rank == 1)
            strongest = &removal->maps[i];
    gsize before = removal_place(removal, evidence->by_score, -1, strongest->map);
    gsize against = removal_place(removal, evidence->by_score, 1, strongest->map);
    char *change = evidence_change(evidence, strongest), *text;
    int map = (int)strongest->map;
    if (before && before <= evidence->n_for)
        text = g_strdup_printf(
            _("The strongest map of %s, %d, is among the evidence for %s: removing it changes %s, place %zu of %zu maps."),
            layer, map, evidence->label, change, before, removal->count);
    else if (before)
        text = g_strdup_printf(
            _("The strongest map of %s, %d, is not among the main evidence for %s: removing it changes %s, place %zu of %zu maps only."),
            layer, map, evidence->label, change, before, removal->count);
    else if (against)
        text = g_strdup_printf(
            _("The strongest map of %s, %d, is no evidence for %s but speaks against it: removing it changes %s."),
            layer, map, evidence->label, change);
    else
        text = g_strdup_printf(
            _("The strongest map of %s, %d, is no evidence for %s: removing it changes nothing."),
            layer, map, evidence->label);
    g_free(change);
    return text;
}

/* "12, 45, 7". g_free(). */
static char *
list_maps(const RemovalSet *set)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < set->count; i++)
        g_string_append_printf(text, "%s%zu", i ? ", " : "", set->maps[i]);
    return g_string_free(text, FALSE);
}

char *
evidence_set_sentence(const Evidence *evidence)
{
    const Removal *removal = &evidence->removal;
    const RemovalSet *set = &evidence->set;
    const char *layer = evidence->probe.layer.shown, *label = evidence->label;
    gboolean predicted = removal->class_index == removal->predicted;
    char number[TEXT_NUMBER];
    if (!param_int(evidence->run->values, "set"))
        return NULL;
    if (set->count) {
        char *maps = list_maps(set);
        /* TRANSLATORS: numbers of maps, a layer, the maps' numbers, a label, its
         * probability. */
        char *text = g_strdup_printf(
            _("Without %zu of %zu maps of %s (%s), the net says %s, P = %s, and no longer %s."),
            set->count, removal->count, layer, maps, evidence->set_label,
            text_probability(number, set->probability), evidence->predicted);
        g_free(maps);
        return text;
    }
    if (!set->tried)
        return predicted
                   ? g_strdup_printf(
                         _("No map of %s speaks for %s, so there is none to remove."),
                         layer, label)
                   : g_strdup_printf(
                         _("No map of %s speaks against %s, so there is none to remove."),
                         layer, label);
    if (predicted)
        return g_strdup_printf(
            _("The net still says %s without the most evidence for it in %s (maps removed together: %zu)."),
            label, layer, set->tried);
    return g_strdup_printf(
        _("The net says %s, and still not %s, without what speaks most against it in %s (maps removed together: %zu)."),
        evidence->set_label, label, layer, set->tried);
}

void
evidence_tell_saturated(const Evidence *evidence)
{
    char number[TEXT_NUMBER];
    double p = evidence->removal.probability;
    if (evidence->by_score || (p > SATURATED && p < 1 - SATURATED))
        return;
    char *what = text_of_label("P", evidence->label);
    /* TRANSLATORS: "P(tabby)", a number. */
    char *text = g_strdup_printf(
        _("%s is %s, where it hardly moves; the score before the softmax tells more."),
        what, text_probability(number, p));
    host_message(text);
    g_free(text);
    g_free(what);
}
