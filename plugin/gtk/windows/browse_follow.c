/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_follow.c: keeps the parts of the browser's window in step: a chosen layer shows
 * its maps; a chosen map or place on the photo shows its projection. */
#include "gtk/windows/browse_follow.h"
#include "actions/browse/beside.h"
#include "actions/classify/answer.h"
#include "base/fail.h"
#include "gtk/windows/browse_beside.h"
#include "gtk/windows/browse_nine.h"

#define PREDICTED 5 /* labels that stand first in the list */

/* --- what is asked for --- */

BrowseSort
browse_follow_sort(const ParamValues *values)
{
    return param_is(values, "sort", "evidence") ? BROWSE_EVIDENCE
           : param_is(values, "sort", "index")  ? BROWSE_INDEX
           : param_is(values, "sort", "here")   ? BROWSE_HERE
                                                : BROWSE_STRENGTH;
}

gboolean
browse_follow_label(BrowseFollow *window, gint64 *class_index)
{
    const char *wanted = param_text(window->values, "label");
    GError *error = NULL;
    gsize found;
    *class_index = -1;
    if (!*wanted || !window->classes)
        return TRUE;
    if (!labels_find(&window->labels, window->classes, wanted, &found, &error)) {
        panel_tell(&window->panel, error->message);
        g_error_free(error);
        return FALSE;
    }
    *class_index = (gint64)found;
    return TRUE;
}

void
browse_follow_layer(BrowseFollow *window)
{
    gint64 class_index;
    gboolean projections = param_is(window->values, "thumbnails", "projection");
    panel_tell(&window->panel, _("Running the network"));
    window->rank = TRUE;
    if (browse_follow_label(window, &class_index))
        browse_evidence_for(window->browse, class_index);
    browse_open(window->browse, param_text(window->values, "layer"),
                projections ? BROWSE_PROJECTIONS : BROWSE_ACTIVATIONS,
                browse_follow_sort(window->values), probe_method(window->values));
}

void
browse_follow_choice(BrowseFollow *window)
{
    const Net *net = browse_net(window->browse);
    gboolean point = param_is(window->values, "unit", "point");
    gboolean rank = window->rank && browse_follow_sort(window->values) == BROWSE_HERE;
    if ((point || rank) && window->x < 0) {
        window->x = net->width / 2.0;
        window->y = net->height / 2.0;
    }
    browse_choose(window->browse,
                  &(BrowseChoice){
                      .map = (int)(window->pointed >= 0 ? window->pointed : window->map),
                      .unit = point                                     ? BROWSE_POINT
                              : param_is(window->values, "unit", "map") ? BROWSE_WHOLE
                                                                        : BROWSE_UNIT,
                      .x = window->x,
                      .y = window->y,
                      .method = probe_method(window->values),
                      .rank = rank,
                  });
    window->rank = window->rank && !rank;
}

/* --- what came --- */

void
browse_follow_order(BrowseFollow *window, gboolean from_top)
{
    const BrowseMaps *maps = browse_maps(window->browse);
    BrowseSort sort = browse_follow_sort(window->values);
    gboolean hides = panel_hides_silent(&window->panel);
    gssize place = -1;
    g_free(window->order);
    window->order = browse_order(maps, sort);
    window->shown = 0;
    for (gsize i = 0; i < maps->count; i++) {
        gsize map = window->order[i];
        if (hides && browse_silent(maps, map, sort))
            continue;
        if ((gssize)map == window->map)
            place = (gssize)window->shown;
        window->order[window->shown++] = map;
    }
    grid_fill(window->panel.grid, window->shown, place);
    if (from_top)
        grid_scroll_to_top(window->panel.grid);
    if (window->map >= 0)
        panel_show_number(&window->panel, (gsize)window->map, maps->count);
}

/* The same map stays chosen as long as the layer does, also if the photo is read again. */
static void
maps_came(BrowseFollow *window)
{
    const BrowseMaps *maps = browse_maps(window->browse);
    const BrowseView *view = browse_view(window->browse);
    gboolean same = !view || g_str_equal(view->layer.tensor, maps->layer.tensor);
    if (!same || window->map < 0 || (gsize)window->map >= maps->count) {
        gsize *order = browse_order(maps, browse_follow_sort(window->values));
        window->map = (gssize)order[0];
        g_free(order);
    }
    window->pointed = -1;
    browse_follow_order(window, FALSE);
    browse_nine_show(window);
    panel_tell(&window->panel, NULL);
    browse_follow_choice(window);
    browse_beside_layer(window);
}

/* A gray square is said to be one, and what to do about it. */
static void
tell_silence(BrowseFollow *window, const BrowseView *view)
{
    int map = (int)view->target.unit.channel;
    char *text = NULL;
    if (view->target.silent && view->choice.unit == BROWSE_POINT)
        text = g_strdup_printf(
            _("Map %d is silent at this point. Sorted by “Strength at the point”, the maps that answer there come first."),
            map);
    else if (view->target.silent)
        text = g_strdup_printf(_("Map %d is silent: nothing in this photo excites it."),
                               map);
    if (text || window->silent)
        panel_tell(&window->panel, text);
    window->silent = text != NULL;
    g_free(text);
}

/* One for both, where two are compared. */
static float
find_scale(const BrowseFollow *window, const BrowseView *view)
{
    double percentile = param_double(window->values, "percentile");
    return browse_beside_is_there(window)
               ? beside_scale(window->browse, window->beside.browse, percentile)
               : browse_scale(window->browse, view, percentile);
}

void
browse_follow_view(BrowseFollow *window)
{
    const BrowseView *view = window->browse ? browse_view(window->browse) : NULL;
    if (!view)
        return;
    if (view->choice.map < 0 && window->map < 0) { /* the strongest at a point */
        window->map = (gssize)view->target.unit.channel;
        browse_follow_order(window, TRUE);
    }
    tell_silence(window, view);
    if (!param_is(window->values, "scale", "held") || !(window->scale > 0))
        window->scale = find_scale(window, view);
    panel_show_view(&window->panel, window->browse, view, window->scale);
    browse_beside_show(window);
    browse_beside_follow(window);
    browse_nine_follow(window);
}

void
browse_follow_heat(BrowseFollow *window)
{
    Heat *heats[2];
    browse_beside_heats(window, heats);
    picture_cover(window->panel.photo,
                  heats[0] ? browse_paint_heat(window->browse, heats[0]) : NULL,
                  PANEL_HEAT_OPACITY);
    panel_show_heat(&window->panel, window->browse, heats[0],
                    browse_beside_occluding(window));
    browse_beside_show(window);
    heat_free(heats[0]);
    heat_free(heats[1]);
}

static void
put_predicted_first(BrowseFollow *window)
{
    char **keys, **names;
    answer_first(&window->labels, browse_answer(window->browse), window->classes,
                 PREDICTED, &keys, &names);
    panel_put_first(&window->panel, keys, names);
    g_strfreev(names);
    g_strfreev(keys);
}

static void
news_came(void *user, BrowseNews news)
{
    BrowseFollow *window = user;
    switch (news) {
    case BROWSE_MAPS:
        maps_came(window);
        break;
    case BROWSE_ORDER:
        browse_follow_order(window, TRUE);
        break;
    case BROWSE_THUMB:
        grid_redraw(window->panel.grid);
        break;
    case BROWSE_VIEW:
        browse_follow_view(window);
        break;
    case BROWSE_HEAT:
        browse_follow_heat(window);
        break;
    case BROWSE_ANSWER:
        put_predicted_first(window);
        break;
    case BROWSE_NINE:
        browse_nine_show(window);
        break;
    case BROWSE_PASS:
        browse_nine_show_pass(window);
        break;
    case BROWSE_ERROR:
        panel_tell(&window->panel, browse_error(window->browse));
        browse_follow_heat(window);
        break;
    }
}

/* --- the network and the photo --- */

static void
close_network(BrowseFollow *window)
{
    browse_nine_stop(window);
    browse_beside_close(window);
    browse_free(window->browse);
    window->browse = NULL;
    labels_clear(&window->labels);
    g_clear_pointer(&window->order, g_free);
    window->shown = window->classes = 0;
    window->map = window->pointed = -1;
    window->x = window->y = -1;
    window->scale = 0;
    grid_fill(window->panel.grid, 0, -1);
    layer_list_clear(window->panel.layers);
    panel_clear(&window->panel);
}

gboolean
browse_follow_has_photo(BrowseFollow *window)
{
    gboolean there = host_item_exists(window->run->drawables[0]);
    if (!there)
        panel_tell(&window->panel, watch_gone());
    return there;
}

static gboolean
open_network(BrowseFollow *window, GError **error)
{
    Seen seen;
    DcnClassifier classifier;
    Run run = *window->run;
    run.values = window->values;
    Net *net = net_open(param_text(window->values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey || !seen_of_drawable(&seen, &run, run.drawables[0], net, error))
        return FALSE;
    char *remark = net_remark(net);
    panel_show_remark(&window->panel, remark);
    g_free(remark);
    if (net_classifier(net, &classifier, NULL)) {
        window->classes = classifier.classes;
        window->labels = net_labels(net, classifier.classes);
    }
    panel_fill_labels(&window->panel);
    window->browse =
        browse_new(net, &seen, param_int(window->values, "threads"), news_came, window);
    seen_clear(&seen);
    picture_set(window->panel.photo, browse_paint_photo(window->browse), FALSE);
    const char *layer = layer_list_fill(window->panel.layers, survey,
                                        param_text(window->values, "layer"));
    if (!layer)
        return net_fail_without_maps(net, error);
    param_set_text(window->values, "layer", layer);
    panel_show_heat(&window->panel, window->browse, NULL, FALSE);
    if (window->classes)
        browse_ask_answer(window->browse, NULL);
    return TRUE;
}

void
browse_follow_reload(BrowseFollow *window)
{
    GError *error = NULL;
    close_network(window);
    watch_clear(&window->watch);
    panel_show_changed(&window->panel, FALSE);
    if (!browse_follow_has_photo(window))
        return;
    watch_changed(&window->watch); /* from what there is now */
    if (open_network(window, &error)) {
        browse_follow_layer(window);
        browse_beside_reload(window);
    } else {
        panel_tell(&window->panel, error->message);
    }
    g_clear_error(&error);
}
