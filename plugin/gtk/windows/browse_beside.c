/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside.c: the second column of the browser's window. */
#include "gtk/windows/browse_beside.h"
#include "actions/browse/beside.h"
#include "base/fail.h"
#include "base/text.h"
#include <math.h>

/* --- the engine --- */

static void
news_came(void *user, BrowseNews news)
{
    BrowseFollow *window = user;
    BrowseBeside *beside = &window->beside;
    switch (news) {
    case BROWSE_MAPS:
        beside->ready = TRUE;
        browse_beside_follow(window);
        break;
    case BROWSE_VIEW:
        browse_follow_view(window);
        break;
    case BROWSE_HEAT:
        browse_follow_heat(window);
        break;
    case BROWSE_ERROR:
        panel_tell(&window->panel, browse_error(beside->browse));
        browse_follow_heat(window);
        break;
    default:
        break;
    }
}

void
browse_beside_close(BrowseFollow *window)
{
    BrowseBeside *beside = &window->beside;
    browse_free(beside->browse);
    labels_clear(&beside->labels);
    g_free(beside->name);
    *beside = (BrowseBeside){.heats = beside->heats};
    panel_show_beside(&window->panel, NULL);
}

HostItem *
browse_beside_below(const BrowseFollow *window)
{
    HostItem *item = window->run->drawables[0];
    do
        item = host_item_below(window->run->image, item);
    while (item && (host_item_is_result(item) || host_item_kind(item) != HOST_LAYER));
    return item;
}

/* The model, and the layer of the image. */
static Net *
find_other(const BrowseFollow *window, HostItem **item, GError **error)
{
    const ParamValues *values = window->values;
    *item = window->run->drawables[0];
    if (param_is(values, "against", "layer")) {
        *item = browse_beside_below(window);
        if (*item)
            return net_open(param_text(values, "model"), error);
        fail_input(error,
                   _("There is no layer below the selected one to compare it with."));
        return NULL;
    }
    Net *net = net_open(param_text(values, "other"), error);
    if (net != browse_net(window->browse))
        return net;
    fail_input(error, _("Both models are the same: “%s”."), net->card.name);
    return NULL;
}

static gboolean
open_other(BrowseFollow *window, GError **error)
{
    Seen seen;
    DcnClassifier classifier;
    BrowseBeside *beside = &window->beside;
    Run run = *window->run;
    run.values = window->values;
    if (!host_item_exists(run.drawables[0]))
        return fail_input(error, "%s", watch_gone());
    Net *net = find_other(window, &beside->item, error);
    if (!net || !net_survey(net, error) ||
        !seen_of_drawable(&seen, &run, beside->item, net, error))
        return FALSE;
    char *remark = net_remark(net);
    if (remark)
        panel_tell(&window->panel, remark);
    g_free(remark);
    beside->name = param_is(window->values, "against", "layer")
                       ? host_item_name(beside->item)
                       : g_strdup(net->card.name);
    if (net_classifier(net, &classifier, NULL)) {
        beside->classes = classifier.classes;
        beside->labels = net_labels(net, classifier.classes);
    }
    beside->browse =
        browse_new(net, &seen, param_int(window->values, "threads"), news_came, window);
    seen_clear(&seen);
    return TRUE;
}

void
browse_beside_reload(BrowseFollow *window)
{
    GError *error = NULL;
    browse_beside_close(window);
    if (!window->browse || param_is(window->values, "against", "nothing"))
        return;
    if (open_other(window, &error)) {
        browse_beside_layer(window);
        return;
    }
    panel_show_beside(&window->panel, &(PanelBeside){.text = error->message});
    g_error_free(error);
    param_set_text(window->values, "against", "nothing");
}

/* --- following --- */

void
browse_beside_layer(BrowseFollow *window)
{
    BrowseBeside *beside = &window->beside;
    const BrowseMaps *maps = window->browse ? browse_maps(window->browse) : NULL;
    if (!beside->browse || !maps)
        return;
    const char *layer =
        beside_layer(net_survey(browse_net(window->browse), NULL), maps->layer.shown,
                     net_survey(browse_net(beside->browse), NULL));
    beside->ready = FALSE;
    if (layer)
        browse_open(beside->browse, layer, BROWSE_NO_THUMBS, BROWSE_STRENGTH,
                    probe_method(window->values));
    else
        panel_show_beside(
            &window->panel,
            &(PanelBeside){.text = _("The other model has no layer like this one.")});
}

void
browse_beside_follow(BrowseFollow *window)
{
    BrowseBeside *beside = &window->beside;
    const BrowseView *view = window->browse ? browse_view(window->browse) : NULL;
    if (!beside->ready || !view || browse_beside_is_there(window))
        return;
    BrowseChoice choice = beside_choice(window->browse, view, beside->browse);
    browse_choose(beside->browse, &choice);
}

gboolean
browse_beside_is_there(const BrowseFollow *window)
{
    const BrowseBeside *beside = &window->beside;
    return beside->ready && beside_is_there(window->browse, beside->browse);
}

/* --- heat maps --- */

/* The class that the other's square follows: that of the same name. */
static gint64
class_of(const BrowseFollow *window, gint64 class_index)
{
    const BrowseBeside *beside = &window->beside;
    const float *answer = browse_answer(window->browse);
    if (class_index < 0 && answer) {
        class_index = 0;
        for (gsize i = 1; i < window->classes; i++)
            if (answer[i] > answer[class_index])
                class_index = (gint64)i;
    }
    return class_index < 0 ? -1
                           : beside_class(&window->labels, (gsize)class_index,
                                          &beside->labels, beside->classes);
}

void
browse_beside_occlude(BrowseFollow *window,
                      const BrowseSquare *square,
                      const float gray[3])
{
    BrowseBeside *beside = &window->beside;
    BrowseSquare other = *square;
    if (!beside->browse || (square->follow && !beside->ready))
        return;
    if (!square->follow)
        other.class_index = class_of(window, square->class_index);
    else if (!beside_fits(window->browse, beside->browse))
        other.map = -1;
    browse_no_heat(beside->browse);
    browse_occlude(beside->browse, &other, gray);
    beside->heats = TRUE;
}

void
browse_beside_stop(BrowseFollow *window)
{
    if (window->beside.browse)
        browse_stop(window->beside.browse);
}

void
browse_beside_no_heat(BrowseFollow *window)
{
    if (window->beside.browse)
        browse_no_heat(window->beside.browse);
}

gboolean
browse_beside_occluding(const BrowseFollow *window)
{
    return window->beside.browse && browse_occluding(window->beside.browse);
}

gboolean
browse_beside_heats(const BrowseFollow *window, Heat *heats[2])
{
    const BrowseBeside *beside = &window->beside;
    return beside_heats(window->browse, &window->labels, beside->browse, &beside->labels,
                        heats);
}

void
browse_beside_heats_toggled(void *user, gboolean heats)
{
    BrowseFollow *window = user;
    window->beside.heats = heats;
    browse_beside_show(window);
}

/* --- showing --- */

/* "before · map 249 · 3.24 · relu7 · one scale for both". g_free() */
static char *
words(const BrowseFollow *window, const char *what, gboolean one_scale)
{
    return g_strdup_printf(
        one_scale ? /* TRANSLATORS: a model or layer of the image, a map of a layer. */
            _("%s · %s · one scale for both")
                  : _("%s · %s · a scale of its own"),
        window->beside.name, what);
}

static void
show_projection(BrowseFollow *window, gboolean has_heats)
{
    const BrowseBeside *beside = &window->beside;
    if (!browse_beside_is_there(window))
        return;
    const BrowseView *view = browse_view(beside->browse);
    gboolean fits = beside_fits(window->browse, beside->browse);
    float scale = fits ? window->scale
                       : browse_scale(beside->browse, view,
                                      param_double(window->values, "percentile"));
    char *text = words(window, view->name, fits);
    PanelBeside shown = {
        .picture = browse_paint(beside->browse, view, scale),
        .crisp = view->small,
        .text = text,
        .has_heats = has_heats,
    };
    if (fits) {
        double alike = beside_correlation(window->browse, beside->browse);
        char number[TEXT_NUMBER];
        char *longer = g_strdup_printf(_("%s · correlation %s"), text,
                                       isnan(alike) ? "–" : text_number(number, alike));
        g_free(text);
        shown.text = text = longer;
        shown.difference = beside_paint_difference(window->browse, beside->browse, scale);
    }
    panel_show_beside(&window->panel, &shown);
    g_free(text);
}

static void
show_heats(BrowseFollow *window, const Heat *const heats[2], gboolean one_range)
{
    const BrowseBeside *beside = &window->beside;
    char *name = heat_name(heats[1]), *text = words(window, name, one_range);
    PanelBeside shown = {
        .picture = browse_paint_photo(beside->browse),
        .cover = browse_paint_heat(beside->browse, heats[1]),
        .text = text,
        .has_heats = TRUE,
        .heats = TRUE,
    };
    if (one_range) {
        shown.difference = browse_paint_photo(beside->browse);
        shown.difference_cover = beside_paint_heat_difference(heats);
    }
    panel_show_beside(&window->panel, &shown);
    g_free(text);
    g_free(name);
}

void
browse_beside_show(BrowseFollow *window)
{
    Heat *heats[2];
    if (!window->beside.browse)
        return;
    gboolean one_range = browse_beside_heats(window, heats);
    gboolean both = heats[0] && heats[1];
    if (both && window->beside.heats)
        show_heats(window, (const Heat *const *)heats, one_range);
    else
        show_projection(window, both);
    heat_free(heats[0]);
    heat_free(heats[1]);
}

/* --- a figure --- */

gboolean
browse_beside_figure(const BrowseFollow *window, const Run *run, GError **error)
{
    Heat *heats[2];
    const BrowseBeside *beside = &window->beside;
    const BrowseView *view = browse_view(beside->browse);
    double percentile = param_double(window->values, "percentile");
    gboolean layers = param_is(window->values, "against", "layer"), fits, ok;
    if (!host_item_exists(beside->item))
        return fail_input(error, _("The layer is gone."));
    fits = beside_fits(window->browse, beside->browse);
    gboolean one_range = browse_beside_heats(window, heats);
    char *first = layers ? host_item_name(window->run->drawables[0])
                         : g_strdup(browse_net(window->browse)->card.name);
    const BesideSide sides[2] = {
        {window->browse, window->run->drawables[0], first, window->scale, heats[0]},
        {beside->browse, beside->item, beside->name,
         fits ? window->scale : browse_scale(beside->browse, view, percentile), heats[1]},
    };
    ok = beside_figure(run, sides, one_range, error);
    heat_free(heats[0]);
    heat_free(heats[1]);
    g_free(first);
    return ok;
}
