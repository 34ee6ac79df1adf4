/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: a button that shows a file or folder, and one that clears it.
 *
 * GTK's own GtkFileChooserButton cannot be emptied by a person, cannot save, and says
 * "(None)" where we mean "built in". */
#include "gtk/path.h"
#include "base/recent.h"
#include "gtk/toolkit.h"
#include <glib/gi18n-lib.h>

#define MOST_BESIDE 16 /* files of a folder in the menu */

typedef struct {
    GtkFileChooserAction action;
    char *title, *empty, *value;
    const char *name, *pattern; /* of path_offer(), or NULL */
    char **shipped;
    GtkWidget *button, *label, *clear;
    void (*changed)(void *user);
    void *user;
} Path;

static void
path_free(gpointer data)
{
    Path *path = data;
    g_object_unref(path->label);
    g_free(path->title);
    g_free(path->empty);
    g_free(path->value);
    g_strfreev(path->shipped);
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
    if (!path->name)
        gtk_widget_set_visible(path->clear, any);
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

/* Files of the pattern, the only ones at first, and all. */
static void
add_filters(GtkFileChooser *chooser, const char *pattern)
{
    GtkFileFilter *fitting = gtk_file_filter_new(), *all = gtk_file_filter_new();
    gtk_file_filter_set_name(fitting, pattern);
    gtk_file_filter_add_pattern(fitting, pattern);
    gtk_file_filter_set_name(all, _("All files"));
    gtk_file_filter_add_pattern(all, "*");
    gtk_file_chooser_add_filter(chooser, fitting);
    gtk_file_chooser_add_filter(chooser, all);
}

/* Where the file chosen last lies; NULL: none was. g_free() */
static char *
last_folder(const Path *path)
{
    char **recent = path->name ? recent_files(path->name) : g_new0(char *, 1);
    char *folder = recent[0] ? g_path_get_dirname(recent[0]) : NULL;
    g_strfreev(recent);
    return folder;
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
    } else {
        char *folder = last_folder(path);
        if (folder)
            gtk_file_chooser_set_current_folder(chooser, folder);
        g_free(folder);
    }
    if (path->pattern)
        add_filters(chooser, path->pattern);

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

/* --- the menu */

static gboolean
holds(const GPtrArray *files, const char *file)
{
    for (guint i = 0; i < files->len; i++)
        if (g_str_equal(g_ptr_array_index(files, i), file))
            return TRUE;
    return FALSE;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* The files that fit, of the folder of the last one; sorted. */
static GPtrArray *
files_beside(const Path *path)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    char *folder = last_folder(path);
    GDir *open = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;
    while (open && (name = g_dir_read_name(open)))
        if (g_pattern_match_simple(path->pattern, name))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    if (open)
        g_dir_close(open);
    g_free(folder);
    g_ptr_array_sort(files, by_name);
    return files;
}

/* Returns TRUE if the menu did not have it yet. */
static gboolean
add_new(GPtrArray *files, const char *file)
{
    gboolean is_new = !holds(files, file);
    if (is_new)
        g_ptr_array_add(files, g_strdup(file));
    return is_new;
}

/* The files of the menu: those that ship, the one that is chosen, those chosen last, then
 * others beside them. */
static GPtrArray *
offered(const Path *path)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (char **file = path->shipped; file && *file; file++)
        add_new(files, *file);
    if (*path->value)
        add_new(files, path->value);
    char **recent = recent_files(path->name);
    for (char **file = recent; *file; file++)
        add_new(files, *file);
    GPtrArray *beside = files_beside(path);
    for (guint i = 0, n = 0; i < beside->len && n < MOST_BESIDE; i++)
        n += add_new(files, g_ptr_array_index(beside, i));
    g_ptr_array_unref(beside);
    g_strfreev(recent);
    return files;
}

static void
item_chosen(GtkWidget *item, Path *path)
{
    take_value(path, g_object_get_data(G_OBJECT(item), "featurescope-file"));
    path->changed(path->user);
}

/* The name; where another has the same, with its folder. */
static char *
name_among(const GPtrArray *files, const char *file)
{
    char *name = g_path_get_basename(file);
    guint n_same = 0;
    for (guint i = 0; i < files->len; i++) {
        char *other = g_path_get_basename(g_ptr_array_index(files, i));
        n_same += g_str_equal(other, name);
        g_free(other);
    }
    char *shown = g_filename_display_name(n_same > 1 ? file : name);
    g_free(name);
    return shown;
}

/* Returns the entry if the file is the value. */
static GtkWidget *
add_file(GtkWidget *menu, Path *path, const char *name, const char *file)
{
    GtkWidget *item = gtk_check_menu_item_new_with_label(name);
    gtk_check_menu_item_set_draw_as_radio(GTK_CHECK_MENU_ITEM(item), TRUE);
    gboolean chosen = g_str_equal(file, path->value);
    gtk_check_menu_item_set_active(GTK_CHECK_MENU_ITEM(item), chosen);
    char *whole = *file ? g_filename_display_name(file) : NULL;
    gtk_widget_set_tooltip_text(item, whole);
    g_free(whole);
    g_object_set_data_full(G_OBJECT(item), "featurescope-file", g_strdup(file), g_free);
    g_signal_connect(item, "activate", G_CALLBACK(item_chosen), path);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    return chosen ? item : NULL;
}

static void
other_chosen(GtkWidget *item, Path *path)
{
    (void)item;
    choose(path->button, path);
}

static void
drop_menu(GtkWidget *button, Path *path)
{
    GtkWidget *menu = gtk_menu_new();
    GPtrArray *files = offered(path);
    GtkWidget *chosen = add_file(menu, path, path->empty, "");
    for (guint i = 0; i < files->len; i++) {
        char *name = name_among(files, g_ptr_array_index(files, i));
        GtkWidget *item = add_file(menu, path, name, g_ptr_array_index(files, i));
        chosen = item ? item : chosen;
        g_free(name);
    }
    g_ptr_array_unref(files);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    GtkWidget *other = gtk_menu_item_new_with_mnemonic(_("_Other..."));
    g_signal_connect(other, "activate", G_CALLBACK(other_chosen), path);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), other);
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    toolkit_menu_below(menu, button);
    gtk_menu_shell_select_item(GTK_MENU_SHELL(menu), chosen);
}

void
path_offer(GtkWidget *widget, const char *name, const char *pattern, char **shipped)
{
    Path *path = path_of(widget);
    path->name = name;
    path->pattern = pattern;
    path->shipped = shipped;
    gtk_widget_hide(path->clear);
    gtk_container_remove(GTK_CONTAINER(path->button), path->label);
    GtkWidget *inside = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_box_pack_start(GTK_BOX(inside), path->label, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(inside), gtk_label_new("▾"), FALSE, FALSE, 0);
    gtk_container_add(GTK_CONTAINER(path->button), inside);
    g_signal_handlers_disconnect_by_func(path->button, choose, path);
    g_signal_connect(path->button, "clicked", G_CALLBACK(drop_menu), path);
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

    path->label = g_object_ref_sink(gtk_label_new(NULL));
    g_object_set(path->label, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(path->label), PANGO_ELLIPSIZE_MIDDLE);
    path->button = gtk_button_new();
    gtk_container_add(GTK_CONTAINER(path->button), path->label);
    g_signal_connect(path->button, "clicked", G_CALLBACK(choose), path);

    /* There while there is something to clear: themes show badly what cannot be pressed. */
    path->clear = gtk_button_new_with_label(_("Clear"));
    gtk_widget_set_no_show_all(path->clear, TRUE);
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
