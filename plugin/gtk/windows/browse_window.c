/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_window.c: a window to find the interesting feature map of a photo.
 *
 *     +--------+------------------+--------------------------+
 *     | layers | thumbnails of    |  photo     projection    |
 *     |        | the layer's maps |  of the map              |
 *     |        |                  |  how it is shown; heat   |
 *     +--------+------------------+--------------------------+
 *
 * The widgets are in browse_panel.c, and what is shown after a choice is in
 * browse_follow.c. This file has a person's actions and adds layers to the image. */
#include "gtk/windows/browse_window.h"
#include "actions/browse/calls.h"
#include "base/recent.h"
#include "gtk/action_dialog.h"
#include "gtk/preset_button.h"
#include "gtk/script_button.h"
#include "gtk/windows/browse_beside.h"
#include "gtk/windows/browse_nine.h"
#include "photo/fill.h"
#include "result/figure.h"

#define EVERY_MS 500
#define SCREEN_REST 80  /* of the screen's height, for title and bars */
#define MOST_HEIGHT 860 /* at first */

/* --- a person --- */

static cairo_surface_t *
tile(void *user, gsize place, char label[static GRID_LABEL])
{
    const BrowseFollow *window = user;
    const BrowseMaps *maps = browse_maps(window->browse);
    gsize map = window->order[place];
    G_STATIC_ASSERT(BROWSE_LABEL <= GRID_LABEL);
    browse_label(maps, map, browse_follow_sort(window->values), label);
    return maps->thumbs[map];
}

static void
map_chosen(void *user, gsize place)
{
    BrowseFollow *window = user;
    window->map = (gssize)window->order[place];
    window->pointed = -1;
    panel_show_number(&window->panel, (gsize)window->map,
                      browse_maps(window->browse)->count);
    browse_follow_choice(window);
}

static void
map_pointed(void *user, gssize place)
{
    BrowseFollow *window = user;
    if (!window->browse || !window->order)
        return;
    window->pointed = place < 0 ? -1 : (gssize)window->order[place];
    browse_follow_choice(window);
}

static void
map_named(void *user, gsize map)
{
    BrowseFollow *window = user;
    if (!window->browse || !window->order)
        return;
    window->map = (gssize)map;
    window->pointed = -1;
    browse_follow_order(window, FALSE);
    browse_follow_choice(window);
}

static void
hide_changed(void *user)
{
    BrowseFollow *window = user;
    if (window->browse && window->order)
        browse_follow_order(window, FALSE);
}

static void
layer_chosen(void *user, const char *layer)
{
    BrowseFollow *window = user;
    param_set_text(window->values, "layer", layer);
    if (window->browse)
        browse_follow_layer(window);
}

static void
place_chosen(void *user, double x, double y)
{
    BrowseFollow *window = user;
    const Net *net = browse_net(window->browse);
    window->x = MIN(x * net->width, net->width - 0.5);
    window->y = MIN(y * net->height, net->height - 0.5);
    param_set_text(window->values, "unit", "point");
    panel_refresh(&window->panel);
    window->rank = TRUE;
    /* Sorted by what answers there, the first of these is chosen. */
    if (browse_follow_sort(window->values) == BROWSE_HERE)
        window->map = window->pointed = -1;
    browse_follow_choice(window);
}

static void
value_changed(void *user, const char *name)
{
    BrowseFollow *window = user;
    if (g_str_equal(name, "model")) {
        param_set_text(window->values, "layer", "");
        browse_follow_reload(window);
        if (window->browse)
            recent_save(window->values); /* other actions may open meanwhile */
    } else if (g_str_equal(name, "fit")) {
        browse_follow_reload(window);
    } else if (!window->browse) {
        return;
    } else if (g_str_equal(name, "thumbnails")) {
        browse_follow_layer(window);
    } else if (g_str_equal(name, "sort")) {
        const BrowseMaps *maps = browse_maps(window->browse);
        BrowseSort sort = browse_follow_sort(window->values);
        if (sort == BROWSE_EVIDENCE && maps && !maps->evidence)
            browse_follow_layer(window);
        else if (maps)
            browse_follow_order(window, TRUE);
        if (sort == BROWSE_HERE && maps && window->rank)
            browse_follow_choice(window);
    } else if (g_str_equal(name, "label")) {
        gint64 class_index;
        if (!browse_follow_label(window, &class_index))
            return;
        browse_evidence_for(window->browse, class_index);
        if (browse_follow_sort(window->values) == BROWSE_EVIDENCE)
            browse_follow_layer(window);
    } else if (g_str_equal(name, "method")) {
        browse_follow_choice(window);
        if (param_is(window->values, "thumbnails", "projection"))
            browse_follow_layer(window);
    } else if (g_str_equal(name, "unit")) {
        browse_follow_choice(window);
    } else if (g_str_equal(name, "scale") || g_str_equal(name, "percentile")) {
        browse_follow_view(window);
    }
}

/* With the same layer, map and place. */
static void
read_again(void *user)
{
    BrowseFollow *window = user;
    gssize map = window->map;
    double x = window->x, y = window->y;
    if (!browse_follow_has_photo(window))
        return; /* what was read of it stays */
    browse_follow_reload(window);
    window->map = map;
    window->x = x;
    window->y = y;
}

static void
occlude(void *user)
{
    BrowseFollow *window = user;
    float gray[3];
    gint64 class_index;
    if (!window->browse || !browse_follow_label(window, &class_index))
        return;
    fill_color(FILL_GRAY, 1, gray);
    BrowseSquare square = {
        .follow = param_is(window->values, "heat", "activity"),
        .map = (int)window->map,
        .class_index = class_index,
    };
    panel_tell(&window->panel, NULL);
    browse_occlude(window->browse, &square, gray);
    browse_beside_occlude(window, &square, gray);
    browse_follow_heat(window);
}

static void
stop(void *user)
{
    BrowseFollow *window = user;
    browse_stop(window->browse);
    browse_beside_stop(window);
    browse_follow_heat(window);
}

static void
clear_heat(void *user)
{
    BrowseFollow *window = user;
    browse_no_heat(window->browse);
    browse_beside_no_heat(window);
    browse_follow_heat(window);
}

/* --- layers of the image --- */

static void
tell_added(BrowseFollow *window, gboolean ok, const char *name, GError *error)
{
    char *text = ok ? g_strdup_printf(_("Added: %s"), name) : g_strdup(error->message);
    panel_tell(&window->panel, text);
    g_free(text);
    g_clear_error(&error);
}

static void
add_view(BrowseFollow *window)
{
    GError *error = NULL;
    const BrowseView *view = window->browse ? browse_view(window->browse) : NULL;
    if (!view || !browse_follow_has_photo(window))
        return;
    if (view->target.silent) {
        panel_tell(
            &window->panel,
            _("Nothing was added: the map is silent here, the layer would be empty."));
        return;
    }
    gboolean ok = browse_add_view(&window->target, window->browse, view, window->values,
                                  window->scale, &error);
    tell_added(window, ok, view->name, error);
}

static void
add_heat(void *user)
{
    BrowseFollow *window = user;
    GError *error = NULL;
    const BrowseHeat *heat = browse_heat(window->browse);
    if (!heat || !browse_follow_has_photo(window))
        return;
    gboolean ok = browse_add_heat(&window->target, window->browse, heat, &window->labels,
                                  window->values, &error);
    tell_added(window, ok, _("the heat map"), error);
}

/* --- scripts --- */

static gsize
script_calls(void *user, ScriptCall calls[static SCRIPT_CALLS])
{
    const BrowseFollow *window = user;
    BrowseCall found[BROWSE_CALLS];
    G_STATIC_ASSERT(BROWSE_CALLS <= SCRIPT_CALLS);
    gsize count = 0;
    if (window->browse)
        count = browse_calls(window->browse, window->values, &window->labels, found);
    for (gsize i = 0; i < count; i++)
        calls[i] = (ScriptCall){found[i].name, found[i].procedure, found[i].values};
    return count;
}

/* --- figures, presets --- */

/* The projection that is shown, by the action that makes it; or the comparison. */
static void
make_figure(void *user)
{
    BrowseFollow *window = user;
    BrowseCall found[BROWSE_CALLS];
    GError *error = NULL;
    gsize count = 0;
    if (window->browse && browse_view(window->browse) && browse_follow_has_photo(window))
        count = browse_calls(window->browse, window->values, &window->labels, found);
    if (count) {
        const Procedure *procedure = found[0].procedure;
        Run run = *window->run;
        param_set_text(found[0].values, "target", FIGURE_NICK);
        run.values = found[0].values;
        run.results = g_new0(ResultValue, procedure->n_results);
        if (!(browse_beside_is_there(window) ? browse_beside_figure(window, &run, &error)
                                             : procedure_call(procedure, &run, &error)))
            panel_tell(&window->panel, error->message);
        for (gsize i = 0; i < procedure->n_results; i++)
            result_clear(&run.results[i]);
        g_free(run.results);
    }
    for (gsize i = 0; i < count; i++)
        param_values_free(found[i].values);
    g_clear_error(&error);
}

static void
preset_taken(void *user)
{
    BrowseFollow *window = user;
    panel_refresh(&window->panel);
    browse_follow_reload(window);
}

/* --- the window --- */

static void
responded(GtkDialog *dialog, int response, void *user)
{
    BrowseFollow *window = user;
    (void)dialog;
    if (response == ACTION_DIALOG_ACT)
        add_view(window);
    else if (response != GTK_RESPONSE_HELP)
        g_main_loop_quit(window->loop);
}

/* The image may be closed or changed while the window is open. A layer that is gone may
 * come back, by undo. */
static gboolean
tick(void *user)
{
    BrowseFollow *window = user;
    if (!host_item_exists(window->run->drawables[0])) {
        if (!window->gone)
            browse_follow_has_photo(window);
        window->gone = TRUE;
        return G_SOURCE_CONTINUE;
    }
    if (window->gone) {
        window->gone = FALSE;
        panel_tell(&window->panel, NULL);
        if (!window->browse) /* another one was asked for meanwhile */
            browse_follow_reload(window);
    }
    if (watch_changed(&window->watch))
        panel_show_changed(&window->panel, TRUE);
    return G_SOURCE_CONTINUE;
}

static GtkWidget *
make_dialog(BrowseFollow *window)
{
    GtkWidget *dialog = action_dialog_new(_("Feature Browser"), procedure_browse.name,
                                          _("_Add as Layer"), &window->panel.add);
    window->panel.script = script_button_new(script_calls, window);
    window->panel.presets =
        preset_button_new(&procedure_browse, window->values, NULL, preset_taken, window);
    panel_init(
        &window->panel, window->values,
        &(BrowsePanelCalls){
            .tile = tile,
            .map_chosen = map_chosen,
            .map_pointed = map_pointed,
            .map_named = map_named,
            .hide_changed = hide_changed,
            .layer_chosen = layer_chosen,
            .place_chosen = place_chosen,
            .value_changed = value_changed,
            .occlude = occlude,
            .stop = stop,
            .clear_heat = clear_heat,
            .add_heat = add_heat,
            .figure = make_figure,
            .read_again = read_again,
            .compare = browse_beside_menu,
            .heats_toggled = browse_beside_heats_toggled,
            .nine = {browse_nine_find, browse_nine_end_pass, browse_nine_open, window},
            .user = window,
        });
    /* On larger screens the pictures get the room. */
    int height = toolkit_screen().height - SCREEN_REST;
    if (height > 0)
        gtk_window_set_default_size(GTK_WINDOW(dialog), -1, MIN(height, MOST_HEIGHT));
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), ACTION_DIALOG_ACT);
    action_dialog_pack(dialog, window->panel.widget);
    g_signal_connect(dialog, "response", G_CALLBACK(responded), window);
    return dialog;
}

void
browse_window(const Run *run, ParamValues *values)
{
    BrowseFollow window = {.run = run,
                           .values = values,
                           .target = {.run = run},
                           .watch = {run->image, run->drawables[0], .begun = FALSE}};
    window.loop = g_main_loop_new(NULL, FALSE);
    GtkWidget *dialog = make_dialog(&window);
    browse_follow_reload(&window);
    gtk_widget_show_all(dialog);
    gtk_widget_grab_focus(grid_focus(window.panel.grid));
    guint timer = g_timeout_add(EVERY_MS, tick, &window);
    g_main_loop_run(window.loop);

    g_source_remove(timer);
    browse_nine_stop(&window);
    browse_beside_close(&window);
    browse_free(window.browse);
    window.browse = NULL;
    window.panel.closed = TRUE;
    gtk_widget_destroy(dialog);
    panel_free(&window.panel);
    labels_clear(&window.labels);
    watch_clear(&window.watch);
    g_free(window.order);
    g_main_loop_unref(window.loop);
    run->results[1].image = window.target.image ? window.target.image : run->image;
}
