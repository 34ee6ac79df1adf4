/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: a button that shows a file or folder, and one that clears it.
 *
 * GTK's own GtkFileChooserButton cannot be emptied by a person, cannot save, and says
 * "(None)" where we mean "built in". */
#include "gtk/path.h"
#include "gtk/toolkit.h"
#include <glib/gi18n-lib.h>

typedef struct {
    GtkFileChooserAction action;
    char *title, *empty, *value;
    GtkWidget *button, *label, *clear;
    void (*changed)(void *user);
    void *user;
} Path;

static void
path_free(gpointer data)
{
    Path *path = data;
    g_free(path->title);
    g_free(path->empty);
    g_free(path->value);
    g_free(path);
}

static Path *
path_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-path");
}

static void
show_value(Path *path)
{
    gboolean any = *path->value != '\0';
    char *name = any ? g_filename_display_basename(path->value) : g_strdup(path->empty);
    char *whole = any ? g_filename_display_name(path->value) : NULL;
    gtk_label_set_text(GTK_LABEL(path->label), name);
    gtk_widget_set_tooltip_text(path->label, whole);
    gtk_widget_set_sensitive(path->clear, any);
    g_free(name);
    g_free(whole);
}

static void
take_value(Path *path, const char *value)
{
    char *copy = g_strdup(value);
    g_free(path->value);
    path->value = copy;
    show_value(path);
}

static void
choose(GtkWidget *button, Path *path)
{
    gboolean save = path->action == GTK_FILE_CHOOSER_ACTION_SAVE;
    GtkWidget *top = gtk_widget_get_toplevel(button);
    GtkWidget *dialog = gtk_file_chooser_dialog_new(
        path->title, GTK_WINDOW(top), path->action, _("_Cancel"), GTK_RESPONSE_CANCEL,
        save ? _("_Save") : _("_Open"), GTK_RESPONSE_ACCEPT, NULL);
    GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_ACCEPT);
    gtk_file_chooser_set_local_only(chooser, TRUE);
    gtk_file_chooser_set_do_overwrite_confirmation(chooser, TRUE);
    if (*path->value && save) {
        char *folder = g_path_get_dirname(path->value);
        char *name = g_filename_display_basename(path->value);
        gtk_file_chooser_set_current_folder(chooser, folder);
        gtk_file_chooser_set_current_name(chooser, name);
        g_free(folder);
        g_free(name);
    } else if (*path->value) {
        gtk_file_chooser_set_filename(chooser, path->value);
    }

    char *chosen = NULL;
    if (gtk_dialog_run(GTK_DIALOG(dialog)) == GTK_RESPONSE_ACCEPT)
        chosen = gtk_file_chooser_get_filename(chooser);
    gtk_widget_destroy(dialog);
    if (chosen) {
        take_value(path, chosen);
        path->changed(path->user);
    }
    g_free(chosen);
}

static void
empty_it(GtkWidget *button, Path *path)
{
    (void)button;
    take_value(path, "");
    path->changed(path->user);
}

GtkWidget *
path_new(GtkFileChooserAction action,
         const char *title,
         const char *empty,
         void (*changed)(void *user),
         void *user)
{
    Path *path = g_new0(Path, 1);
    path->action = action;
    path->title = g_strdup(title);
    path->empty = g_strdup(empty);
    path->value = g_strdup("");
    path->changed = changed;
    path->user = user;

    path->label = gtk_label_new(NULL);
    g_object_set(path->label, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(path->label), PANGO_ELLIPSIZE_MIDDLE);
    path->button = gtk_button_new();
    gtk_container_add(GTK_CONTAINER(path->button), path->label);
    g_signal_connect(path->button, "clicked", G_CALLBACK(choose), path);

    path->clear = gtk_button_new_with_label(_("Clear"));
    g_signal_connect(path->clear, "clicked", G_CALLBACK(empty_it), path);

    GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_box_pack_start(GTK_BOX(box), path->button, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), path->clear, FALSE, FALSE, 0);
    g_object_set_data_full(G_OBJECT(box), "featurescope-path", path, path_free);
    show_value(path);
    return box;
}

GtkWidget *
path_button(GtkWidget *widget)
{
    return path_of(widget)->button;
}

const char *
path_get(GtkWidget *widget)
{
    return path_of(widget)->value;
}

void
path_set(GtkWidget *widget, const char *value)
{
    take_value(path_of(widget), value);
}
