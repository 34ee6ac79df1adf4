/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside_menu.c: the menu of whom to compare with. */
#include "base/procedure.h"
#include "base/recent.h"
#include "gtk/windows/browse_beside.h"
#include "net/shipped.h"

/* other: a model's file, empty: the built-in one. */
static void
take(BrowseFollow *window, const char *against, const char *other)
{
    param_set_text(window->values, "against", against);
    param_set_text(window->values, "other", other);
    browse_beside_reload(window);
    browse_follow_view(window); /* alone again, it has its own scale */
    browse_follow_heat(window);
}

static void
nothing_chosen(GtkWidget *item, BrowseFollow *window)
{
    (void)item;
    take(window, "nothing", "");
}

static void
model_chosen(GtkWidget *item, BrowseFollow *window)
{
    take(window, "model", g_object_get_data(G_OBJECT(item), "featurescope-file"));
}

static void
below_chosen(GtkWidget *item, BrowseFollow *window)
{
    (void)item;
    take(window, "layer", "");
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
        take(window, "model", file);
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
    HostItem *below = browse_beside_below(window);
    char **recent = recent_files("model"), **shipped = shipped_others();
    char *name = below ? host_item_name(below) : NULL;
    /* TRANSLATORS: of an image; its name. */
    char *text = below ? g_strdup_printf(_("The Layer Below: “%s”"), name)
                       : g_strdup(_("The Layer Below"));
    GtkWidget *item = add_item(menu, text, G_CALLBACK(below_chosen), window);
    gtk_widget_set_sensitive(item, below != NULL);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    add_model(menu, "", window);
    for (char **file = shipped; *file; file++)
        add_model(menu, *file, window);
    for (char **file = recent; *file; file++)
        if (!g_strv_contains((const char *const *)shipped, *file))
            add_model(menu, *file, window);
    add_item(menu, _("Another Model..."), G_CALLBACK(other_chosen), window);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    item = add_item(menu, _("Nothing"), G_CALLBACK(nothing_chosen), window);
    gtk_widget_set_sensitive(item, window->beside.browse != NULL);
    g_strfreev(shipped);
    g_strfreev(recent);
    g_free(text);
    g_free(name);
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    toolkit_menu_below(menu, button);
    gtk_menu_shell_select_first(GTK_MENU_SHELL(menu), FALSE);
}
