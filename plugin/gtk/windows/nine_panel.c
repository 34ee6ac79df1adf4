/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_panel.c: the strongest nine of a map, with words, and a button to find them. */
#include "gtk/windows/nine_panel.h"
#include "base/procedure.h"
#include "gtk/toolkit.h"
#include "gtk/windows/nine_strip.h"

#define SIDE 45 /* of a picture, at least */

typedef struct {
    GtkWidget *strip, *name, *button;
    NineCalls calls;
    char *folder; /* where the chooser begins; or NULL */
    gboolean runs;
} Panel;

static void
panel_free(gpointer data)
{
    Panel *panel = data;
    g_free(panel->folder);
    g_free(panel);
}

static void
choose_folder(Panel *panel)
{
    GtkWidget *dialog = gtk_file_chooser_dialog_new(
        _("Folder of Pictures"), GTK_WINDOW(gtk_widget_get_toplevel(panel->button)),
        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Cancel"), GTK_RESPONSE_CANCEL,
        _("_Find"), GTK_RESPONSE_ACCEPT, NULL);
    GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
    const char *pictures = g_get_user_special_dir(G_USER_DIRECTORY_PICTURES);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_ACCEPT);
    gtk_file_chooser_set_local_only(chooser, TRUE);
    if (panel->folder)
        gtk_file_chooser_set_filename(chooser, panel->folder);
    else
        gtk_file_chooser_set_current_folder(chooser,
                                            pictures ? pictures : g_get_home_dir());
    char *folder = NULL;
    if (gtk_dialog_run(GTK_DIALOG(dialog)) == GTK_RESPONSE_ACCEPT)
        folder = gtk_file_chooser_get_filename(chooser);
    gtk_widget_destroy(dialog);
    if (folder)
        panel->calls.find(panel->calls.user, folder);
    g_free(folder);
}

static void
clicked(Panel *panel)
{
    if (panel->runs)
        panel->calls.stop(panel->calls.user);
    else
        choose_folder(panel);
}

GtkWidget *
nine_panel_new(const NineCalls *calls)
{
    Panel *panel = g_new0(Panel, 1);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    panel->calls = *calls;
    panel->strip = nine_strip_new(SIDE, calls->open, calls->user);
    gtk_widget_set_no_show_all(panel->strip, TRUE);
    panel->name = gtk_label_new(NULL);
    g_object_set(panel->name, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(panel->name), PANGO_ELLIPSIZE_END);
    panel->button = gtk_button_new_with_mnemonic("");
    g_signal_connect_swapped(panel->button, "clicked", G_CALLBACK(clicked), panel);
    gtk_box_pack_start(GTK_BOX(line), panel->name, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), panel->button, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->strip, FALSE, FALSE, 0);
    g_object_set_data_full(G_OBJECT(box), "featurescope-nine", panel, panel_free);
    nine_panel_show(box, NULL, NULL);
    return box;
}

/* --- showing --- */

static gboolean
is_silent(const BrowseNine *nine)
{
    for (gsize i = 0; i < nine->count; i++)
        if (nine->pairs[i].value != 0)
            return FALSE;
    return TRUE;
}

/* What is shown, or why nothing is. g_free() */
static char *
words(const BrowseNine *nine)
{
    if (!nine)
        return g_strdup("");
    if (!nine->folder)
        return g_strdup(nine->remark
                            ? nine->remark
                            : _("Which pictures of a folder excite this map most?"));
    char *folder = g_filename_display_basename(nine->folder);
    GString *text = g_string_new(NULL);
    if (is_silent(nine))
        g_string_append_printf(text, _("Map %zu is silent on all %zu pictures of “%s”"),
                               nine->map, nine->images, folder);
    else
        /* TRANSLATORS: the number of a map, the number of pictures, a folder's name. */
        g_string_append_printf(text, _("Map %zu: the strongest of %zu pictures of “%s”"),
                               nine->map, nine->images, folder);
    if (nine->left)
        g_string_append_printf(text, _(" · %zu files not looked at yet"), nine->left);
    g_free(folder);
    return g_string_free(text, FALSE);
}

/* All have the same mnemonic. */
static const char *
button_words(const BrowseNine *nine, gboolean runs)
{
    if (runs)
        return _("Stop F_inding");
    if (nine && nine->folder)
        return nine->left ? _("F_ind More...") : _("Other P_ictures...");
    return _("F_ind the Strongest Nine...");
}

void
nine_panel_show(GtkWidget *widget, const BrowseNine *nine, const BrowsePass *pass)
{
    Panel *panel = g_object_get_data(G_OBJECT(widget), "featurescope-nine");
    char *text = words(nine), *tip = NULL;
    if (nine && nine->folder)
        tip = nine->remark ? g_strdup_printf("%s\n%s", nine->folder, nine->remark)
                           : g_strdup(nine->folder);
    panel->runs = pass && !pass->over;
    if (nine && nine->folder) {
        g_free(panel->folder);
        panel->folder = g_strdup(nine->folder);
    }
    gtk_label_set_text(GTK_LABEL(panel->name), text);
    gtk_widget_set_tooltip_text(panel->name, tip ? tip : text);
    gtk_button_set_label(GTK_BUTTON(panel->button), button_words(nine, panel->runs));
    gtk_widget_set_tooltip_text(
        panel->button,
        panel->runs
            ? _("Keep what was found; the next time it goes on there")
            : _("Choose a folder, whose pictures are looked at once for all maps of the layer, while you go on browsing"));
    nine_strip_show(panel->strip, nine);
    if (nine) /* until something is known, what is there keeps its place */
        gtk_widget_set_visible(panel->strip, nine->count > 0);
    g_free(tip);
    g_free(text);
}
