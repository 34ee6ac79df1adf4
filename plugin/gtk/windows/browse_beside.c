/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside.c: the second column of the browser's window. */
#include "gtk/windows/browse_beside.h"
#include "actions/browse/beside.h"
#include "base/procedure.h"
#include "base/recent.h"

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
    case BROWSE_ERROR:
        panel_tell(&window->panel, browse_error(beside->browse));
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
    beside->browse = NULL;
    beside->ready = FALSE;
    panel_show_beside(&window->panel, NULL, FALSE, NULL);
}

static void
forget(BrowseBeside *beside)
{
    g_clear_pointer(&beside->model, g_free);
    g_clear_pointer(&beside->name, g_free);
    beside->item = NULL;
}

void
browse_beside_free(BrowseFollow *window)
{
    browse_beside_close(window);
    forget(&window->beside);
}

static gboolean
open_other(BrowseFollow *window, GError **error)
{
    Seen seen;
    BrowseBeside *beside = &window->beside;
    Run run = *window->run;
    run.values = window->values;
    Net *net = net_open(
        beside->model ? beside->model : param_text(window->values, "model"), error);
    HostItem *item = beside->item ? beside->item : run.drawables[0];
    if (!net || !net_survey(net, error) ||
        !seen_of_drawable(&seen, &run, item, net, error))
        return FALSE;
    char *remark = net_remark(net);
    if (remark)
        panel_tell(&window->panel, remark);
    g_free(remark);
    g_free(beside->name);
    beside->name = beside->item ? host_item_name(item) : g_strdup(net->card.name);
    beside->browse =
        browse_new(net, &seen, param_int(window->values, "threads"), news_came, window);
    seen_clear(&seen);
    return TRUE;
}

void
browse_beside_reload(BrowseFollow *window)
{
    GError *error = NULL;
    BrowseBeside *beside = &window->beside;
    browse_beside_close(window);
    if (!window->browse || (!beside->model && !beside->item))
        return;
    if (beside->item && !host_item_exists(beside->item)) {
        forget(beside);
        return;
    }
    if (open_other(window, &error)) {
        browse_beside_layer(window);
        return;
    }
    panel_tell(&window->panel, error->message);
    g_error_free(error);
    forget(beside);
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
        panel_show_beside(&window->panel, NULL, FALSE,
                          _("The other model has no layer like this one."));
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

void
browse_beside_show(BrowseFollow *window)
{
    const BrowseBeside *beside = &window->beside;
    if (!browse_beside_is_there(window))
        return;
    const BrowseView *view = browse_view(beside->browse);
    gboolean fits = beside_fits(window->browse, beside->browse);
    float scale = fits ? window->scale
                       : browse_scale(beside->browse, view,
                                      param_double(window->values, "percentile"));
    char *text = g_strdup_printf(
        fits ? /* TRANSLATORS: a model or layer of the image, a map of a layer. */
            _("%s · %s · one scale for both")
             : _("%s · %s · a scale of its own"),
        beside->name, view->name);
    panel_show_beside(&window->panel, browse_paint(beside->browse, view, scale),
                      view->small, text);
    g_free(text);
}

/* --- whom to compare with --- */

static void
take(BrowseFollow *window, const char *model, HostItem *item)
{
    forget(&window->beside);
    window->beside.model = g_strdup(model);
    window->beside.item = item;
    browse_beside_reload(window);
    browse_follow_view(window); /* alone again, it has its own scale */
}

static void
nothing_chosen(GtkWidget *item, BrowseFollow *window)
{
    (void)item;
    take(window, NULL, NULL);
}

static void
model_chosen(GtkWidget *item, BrowseFollow *window)
{
    take(window, g_object_get_data(G_OBJECT(item), "featurescope-file"), NULL);
}

/* The nearest layer below that is no result of ours. */
static HostItem *
layer_below(const BrowseFollow *window)
{
    HostItem *item = window->run->drawables[0];
    do
        item = host_item_below(window->run->image, item);
    while (item && (host_item_is_result(item) || host_item_kind(item) != HOST_LAYER));
    return item;
}

static void
below_chosen(GtkWidget *item, BrowseFollow *window)
{
    (void)item;
    HostItem *below = layer_below(window);
    if (below)
        take(window, NULL, below);
}

/* Begins where the model chosen last lies. NULL: cancelled. g_free() */
static char *
ask_file(GtkWidget *widget)
{
    GtkWidget *dialog = gtk_file_chooser_dialog_new(
        _("Compare with a Model"), GTK_WINDOW(gtk_widget_get_toplevel(widget)),
        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Cancel"), GTK_RESPONSE_CANCEL, _("_Open"),
        GTK_RESPONSE_ACCEPT, NULL);
    GtkFileFilter *models = gtk_file_filter_new();
    char **recent = recent_files("model");
    char *folder = recent[0] ? g_path_get_dirname(recent[0]) : NULL, *chosen = NULL;
    gtk_file_filter_set_name(models, "*.onnx");
    gtk_file_filter_add_pattern(models, "*.onnx");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), models);
    gtk_file_chooser_set_local_only(GTK_FILE_CHOOSER(dialog), TRUE);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_ACCEPT);
    if (folder)
        gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(dialog), folder);
    if (gtk_dialog_run(GTK_DIALOG(dialog)) == GTK_RESPONSE_ACCEPT)
        chosen = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(dialog));
    gtk_widget_destroy(dialog);
    g_free(folder);
    g_strfreev(recent);
    return chosen;
}

static void
other_chosen(GtkWidget *item, BrowseFollow *window)
{
    (void)item;
    char *file = ask_file(window->panel.compare);
    if (file)
        take(window, file, NULL);
    g_free(file);
}

static GtkWidget *
add_item(GtkWidget *menu, const char *text, GCallback chosen, BrowseFollow *window)
{
    GtkWidget *item = gtk_menu_item_new_with_label(text);
    g_signal_connect(item, "activate", chosen, window);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    return item;
}

static void
add_model(GtkWidget *menu, const char *file, BrowseFollow *window)
{
    if (g_str_equal(file, param_text(window->values, "model")))
        return;
    char *name = *file ? g_filename_display_basename(file) : g_strdup(_("Built in"));
    GtkWidget *item = add_item(menu, name, G_CALLBACK(model_chosen), window);
    g_object_set_data_full(G_OBJECT(item), "featurescope-file", g_strdup(file), g_free);
    gtk_widget_set_tooltip_text(item, *file ? file : NULL);
    g_free(name);
}

void
browse_beside_menu(void *user, GtkWidget *button)
{
    BrowseFollow *window = user;
    GtkWidget *menu = gtk_menu_new();
    HostItem *below = layer_below(window);
    char **recent = recent_files("model");
    char *name = below ? host_item_name(below) : NULL;
    /* TRANSLATORS: of an image; its name. */
    char *text = below ? g_strdup_printf(_("The Layer Below: “%s”"), name)
                       : g_strdup(_("The Layer Below"));
    GtkWidget *item = add_item(menu, text, G_CALLBACK(below_chosen), window);
    gtk_widget_set_sensitive(item, below != NULL);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    add_model(menu, "", window);
    for (char **file = recent; *file; file++)
        add_model(menu, *file, window);
    add_item(menu, _("Another Model..."), G_CALLBACK(other_chosen), window);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    item = add_item(menu, _("Nothing"), G_CALLBACK(nothing_chosen), window);
    gtk_widget_set_sensitive(item, window->beside.browse != NULL);
    g_strfreev(recent);
    g_free(text);
    g_free(name);
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    toolkit_menu_below(menu, button);
    gtk_menu_shell_select_first(GTK_MENU_SHELL(menu), FALSE);
}
