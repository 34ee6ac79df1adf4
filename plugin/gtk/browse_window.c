/* browse_window.c: see browse_window.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     +--------+------------------+--------------------------+
 *     | layers | thumbnails of    |  photo     projection    |
 *     |        | the layer's maps |  of the map              |
 *     |        |                  |  how it is shown; heat   |
 *     +--------+------------------+--------------------------+
 *
 * The widgets' part is browse_panel.c. Here is what follows what: a layer brings its
 * maps, a map or a place on the photo its projection. All is computed beside the main
 * loop (browse_engine.h). */
#include "browse_window.h"

#include "action_dialog.h"
#include "browse_panel.h"
#include "fail.h"

#define EVERY_MS 500
#define HEAT_OPACITY 0.65

typedef struct {
    const Run *run;
    ParamValues *values;
    BrowsePanel panel;
    GMainLoop *loop;
    BrowseTarget target;

    Browse *browse; /* NULL: the network or the photo cannot be read */
    Labels labels;  /* of its classes */
    gsize *order;   /* of the maps that are shown */
    gssize map;     /* that is chosen; -1: the strongest */
    gssize pointed; /* that the pointer is on; -1: none */
    double x, y;    /* of the photo, in pixels of the network's; below 0: not chosen */
    float scale;    /* of the projection that is shown */
} Window;

/* --- what is asked for --- */

static BrowseSort
sort_of(const ParamValues *values)
{
    return param_is(values, "sort", "evidence") ? BROWSE_EVIDENCE
           : param_is(values, "sort", "index")  ? BROWSE_INDEX
                                                : BROWSE_STRENGTH;
}

static void
open_layer(Window *window)
{
    gboolean projections = param_is(window->values, "thumbnails", "projection");
    panel_tell(&window->panel, _("Running the network"));
    browse_open(window->browse, param_text(window->values, "layer"),
                projections ? BROWSE_PROJECTIONS : BROWSE_ACTIVATIONS,
                sort_of(window->values), probe_method(window->values));
}

static void
look(Window *window)
{
    const Net *net = browse_net(window->browse);
    gboolean point = param_is(window->values, "unit", "point");
    if (point && window->x < 0) {
        window->x = net->width / 2.0;
        window->y = net->height / 2.0;
    }
    browse_look(window->browse,
                &(BrowseChoice){
                    .map = (int)(window->pointed >= 0 ? window->pointed : window->map),
                    .unit = point                                     ? BROWSE_POINT
                            : param_is(window->values, "unit", "map") ? BROWSE_WHOLE
                                                                      : BROWSE_UNIT,
                    .x = window->x,
                    .y = window->y,
                    .method = probe_method(window->values),
                });
}

/* --- what came --- */

static void
sort_maps(Window *window)
{
    const BrowseMaps *maps = browse_maps(window->browse);
    gssize place = -1;
    g_free(window->order);
    window->order = browse_order(maps, sort_of(window->values));
    for (gsize i = 0; i < maps->count; i++)
        if ((gssize)window->order[i] == window->map)
            place = (gssize)i;
    grid_fill(window->panel.grid, maps->count, place);
}

/* The same map stays chosen as long as the layer does. */
static void
maps_came(Window *window)
{
    const BrowseMaps *maps = browse_maps(window->browse);
    const BrowseView *view = browse_view(window->browse);
    gboolean same = view && g_str_equal(view->layer.tensor, maps->layer.tensor);
    if (!same || window->map < 0 || (gsize)window->map >= maps->count) {
        gsize *order = browse_order(maps, sort_of(window->values));
        window->map = (gssize)order[0];
        g_free(order);
    }
    window->pointed = -1;
    sort_maps(window);
    panel_tell(&window->panel, NULL);
    look(window);
}

static void
paint_view(Window *window)
{
    const BrowseView *view = window->browse ? browse_view(window->browse) : NULL;
    if (!view)
        return;
    if (!param_is(window->values, "scale", "held") || !(window->scale > 0))
        window->scale = browse_scale(window->browse, view,
                                     param_double(window->values, "percentile"));
    panel_show_view(&window->panel, window->browse, view, window->scale);
}

static void
paint_heat(Window *window)
{
    const BrowseHeat *heat = browse_heat(window->browse);
    cairo_surface_t *surface = NULL;
    if (heat)
        surface = browse_paint_heat(window->browse, heat, &window->labels);
    picture_cover(window->panel.photo, surface, HEAT_OPACITY);
    panel_show_heat(&window->panel, window->browse, heat, &window->labels);
}

static void
news_came(void *user, BrowseNews news)
{
    Window *window = user;
    switch (news) {
    case BROWSE_MAPS:
        maps_came(window);
        break;
    case BROWSE_ORDER:
        sort_maps(window);
        break;
    case BROWSE_THUMB:
        grid_redraw(window->panel.grid);
        break;
    case BROWSE_VIEW:
        paint_view(window);
        break;
    case BROWSE_HEAT:
        paint_heat(window);
        break;
    case BROWSE_ERROR:
        panel_tell(&window->panel, browse_error(window->browse));
        panel_show_heat(&window->panel, window->browse, browse_heat(window->browse),
                        &window->labels);
        break;
    }
}

/* --- the network and the photo --- */

static void
close_network(Window *window)
{
    browse_free(window->browse);
    window->browse = NULL;
    labels_clear(&window->labels);
    g_clear_pointer(&window->order, g_free);
    window->map = window->pointed = -1;
    window->x = window->y = -1;
    window->scale = 0;
    grid_fill(window->panel.grid, 0, -1);
    panel_clear(&window->panel);
}

static gboolean
open_network(Window *window, GError **error)
{
    Look seen;
    DcnClassifier classifier;
    Run run = *window->run;
    run.values = window->values;
    Net *net = net_open(param_text(window->values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey || !look_at(&seen, &run, run.drawables[0], net, error))
        return FALSE;
    net_tell(net);
    if (net_classifier(net, &classifier, NULL))
        window->labels = net_labels(net, classifier.classes);
    window->browse =
        browse_new(net, &seen, param_int(window->values, "threads"), news_came, window);
    look_clear(&seen);
    picture_set(window->panel.photo, browse_paint_photo(window->browse), FALSE);
    const char *layer = layer_list_fill(window->panel.layers, survey,
                                        param_text(window->values, "layer"));
    if (!layer)
        return fail_input(error,
                          _("The model “%s” has no layer with feature maps; name a "
                            "layer."),
                          net->card.name);
    param_set_text(window->values, "layer", layer);
    panel_show_heat(&window->panel, window->browse, NULL, NULL);
    return TRUE;
}

static void
reload(Window *window)
{
    GError *error = NULL;
    close_network(window);
    if (open_network(window, &error))
        open_layer(window);
    else
        panel_tell(&window->panel, error->message);
    g_clear_error(&error);
}

/* --- a person --- */

static cairo_surface_t *
tile(void *user, gsize place, char label[static GRID_LABEL])
{
    const Window *window = user;
    const BrowseMaps *maps = browse_maps(window->browse);
    gsize map = window->order[place];
    g_snprintf(label, GRID_LABEL, "%zu", map);
    return maps->thumbs[map];
}

static void
map_chosen(void *user, gsize place)
{
    Window *window = user;
    window->map = (gssize)window->order[place];
    window->pointed = -1;
    look(window);
}

static void
map_pointed(void *user, gssize place)
{
    Window *window = user;
    if (!window->browse || !window->order)
        return;
    window->pointed = place < 0 ? -1 : (gssize)window->order[place];
    look(window);
}

static void
layer_chosen(void *user, const char *layer)
{
    Window *window = user;
    param_set_text(window->values, "layer", layer);
    if (window->browse)
        open_layer(window);
}

static void
place_chosen(void *user, double x, double y)
{
    Window *window = user;
    const Net *net = browse_net(window->browse);
    window->x = MIN(x * net->width, net->width - 0.5);
    window->y = MIN(y * net->height, net->height - 0.5);
    param_set_text(window->values, "unit", "point");
    panel_refresh(&window->panel);
    look(window);
}

static void
value_changed(void *user, const char *name)
{
    Window *window = user;
    if (g_str_equal(name, "model")) {
        param_set_text(window->values, "layer", "");
        reload(window);
    } else if (g_str_equal(name, "fit")) {
        reload(window);
    } else if (!window->browse) {
        return;
    } else if (g_str_equal(name, "thumbnails")) {
        open_layer(window);
    } else if (g_str_equal(name, "sort")) {
        const BrowseMaps *maps = browse_maps(window->browse);
        if (sort_of(window->values) == BROWSE_EVIDENCE && maps && !maps->evidence)
            open_layer(window);
        else if (maps)
            sort_maps(window);
    } else if (g_str_equal(name, "method")) {
        look(window);
        if (param_is(window->values, "thumbnails", "projection"))
            open_layer(window);
    } else if (g_str_equal(name, "unit")) {
        look(window);
    } else if (g_str_equal(name, "scale") || g_str_equal(name, "percentile")) {
        paint_view(window);
    }
}

static void
occlude(void *user)
{
    Window *window = user;
    const float gray[3] = {128 / 255.0f, 128 / 255.0f, 128 / 255.0f};
    if (!window->browse)
        return;
    panel_tell(&window->panel, NULL);
    browse_occlude(window->browse,
                   &(BrowseSquare){
                       .follow = param_is(window->values, "heat", "activity"),
                       .map = (int)window->map,
                       .class_index = -1,
                   },
                   gray);
    panel_show_heat(&window->panel, window->browse, browse_heat(window->browse),
                    &window->labels);
}

static void
stop(void *user)
{
    Window *window = user;
    browse_stop(window->browse);
    paint_heat(window);
}

static void
clear_heat(void *user)
{
    Window *window = user;
    browse_no_heat(window->browse);
    paint_heat(window);
}

/* --- layers of the image --- */

static void
tell_added(Window *window, gboolean ok, const char *name, GError *error)
{
    char *text = ok ? g_strdup_printf(_("Added: %s"), name) : g_strdup(error->message);
    panel_tell(&window->panel, text);
    g_free(text);
    g_clear_error(&error);
}

static void
add_view(Window *window)
{
    GError *error = NULL;
    const BrowseView *view = window->browse ? browse_view(window->browse) : NULL;
    if (!view)
        return;
    gboolean ok = browse_add_view(&window->target, window->browse, view, window->values,
                                  window->scale, &error);
    tell_added(window, ok, view->name, error);
}

static void
add_heat(void *user)
{
    Window *window = user;
    GError *error = NULL;
    const BrowseHeat *heat = browse_heat(window->browse);
    if (!heat)
        return;
    gboolean ok = browse_add_heat(&window->target, window->browse, heat, &window->labels,
                                  window->values, &error);
    tell_added(window, ok, _("the heat map"), error);
}

/* --- the window --- */

static void
responded(GtkDialog *dialog, int response, void *user)
{
    Window *window = user;
    (void)dialog;
    if (response == ACTION_DIALOG_ACT)
        add_view(window);
    else
        g_main_loop_quit(window->loop);
}

/* The image may be closed while the window is open. */
static gboolean
tick(void *user)
{
    Window *window = user;
    if (host_item_exists(window->run->drawables[0]))
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(window->loop);
    return G_SOURCE_REMOVE;
}

static GtkWidget *
make_dialog(Window *window)
{
    GtkWidget *dialog = action_dialog_new(_("Feature Browser"), BROWSE_PROCEDURE,
                                          _("_Add as Layer"), &window->panel.add);
    panel_init(&window->panel, window->values,
               &(BrowsePanelCalls){
                   .tile = tile,
                   .map_chosen = map_chosen,
                   .map_pointed = map_pointed,
                   .layer_chosen = layer_chosen,
                   .place_chosen = place_chosen,
                   .value_changed = value_changed,
                   .occlude = occlude,
                   .stop = stop,
                   .clear_heat = clear_heat,
                   .add_heat = add_heat,
                   .user = window,
               });
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), ACTION_DIALOG_ACT);
    action_dialog_pack(dialog, window->panel.widget);
    g_signal_connect(dialog, "response", G_CALLBACK(responded), window);
    return dialog;
}

gboolean
browse_window(const Run *run, ParamValues *values, GError **error)
{
    if (run->n_drawables != 1)
        return fail_input(error,
                          _("%d layers are selected; the browser looks at one: select "
                            "one."),
                          (int)run->n_drawables);
    Window window = {.run = run, .values = values, .target = {.run = run}};
    window.loop = g_main_loop_new(NULL, FALSE);
    GtkWidget *dialog = make_dialog(&window);
    reload(&window);
    gtk_widget_show_all(dialog);
    gtk_widget_grab_focus(grid_focus(window.panel.grid));
    guint timer = g_timeout_add(EVERY_MS, tick, &window);
    g_main_loop_run(window.loop);

    /* Gone already if the image was closed. */
    GSource *source = g_main_context_find_source_by_id(NULL, timer);
    if (source)
        g_source_destroy(source);
    browse_free(window.browse);
    window.browse = NULL;
    window.panel.closed = TRUE;
    gtk_widget_destroy(dialog);
    panel_free(&window.panel);
    labels_clear(&window.labels);
    g_free(window.order);
    g_main_loop_unref(window.loop);
    run->results[1].image = window.target.image ? window.target.image : run->image;
    return TRUE;
}
