/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_window.c: a window with a plain text that can be copied and saved. */
#include "gtk/text_window.h"
#include "base/procedure.h"
#include "base/save.h"
#include "gtk/toolkit.h"
#include <string.h>

enum { COPY = 1, SAVE };

/* So that a line of the text, and a window with its buttons, fit a small screen. */
#define WIDTH 880
#define HEIGHT 520

static GtkWidget *
view_new(const char *text)
{
    GtkWidget *view = gtk_text_view_new();
    GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(view)), text, -1);
    gtk_text_view_set_editable(GTK_TEXT_VIEW(view), FALSE);
    gtk_text_view_set_cursor_visible(GTK_TEXT_VIEW(view), FALSE);
    gtk_text_view_set_left_margin(GTK_TEXT_VIEW(view), 6);
    gtk_text_view_set_right_margin(GTK_TEXT_VIEW(view), 6);
    toolkit_monospace(view);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_AUTOMATIC,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled), GTK_SHADOW_IN);
    gtk_container_add(GTK_CONTAINER(scrolled), view);
    gtk_container_set_border_width(GTK_CONTAINER(scrolled), 12);
    return scrolled;
}

/* The clipboard's manager takes a copy over: this process ends with its window. */
static void
copy(GtkWidget *window, const char *text)
{
    GtkClipboard *clipboard = gtk_widget_get_clipboard(window, GDK_SELECTION_CLIPBOARD);
    gtk_clipboard_set_can_store(clipboard, NULL, 0);
    gtk_clipboard_set_text(clipboard, text, -1);
    gtk_clipboard_store(clipboard);
}

static void
tell(GtkWidget *window, const char *sentence)
{
    GtkWidget *message =
        gtk_message_dialog_new(GTK_WINDOW(window), GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR,
                               GTK_BUTTONS_CLOSE, "%s", sentence);
    gtk_dialog_run(GTK_DIALOG(message));
    gtk_widget_destroy(message);
}

static void
save(GtkWidget *window, const char *text)
{
    GtkWidget *chooser = gtk_file_chooser_dialog_new(
        _("Save the text"), GTK_WINDOW(window), GTK_FILE_CHOOSER_ACTION_SAVE,
        _("_Cancel"), GTK_RESPONSE_CANCEL, _("_Save"), GTK_RESPONSE_ACCEPT, NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(chooser), GTK_RESPONSE_ACCEPT);
    gtk_file_chooser_set_do_overwrite_confirmation(GTK_FILE_CHOOSER(chooser), TRUE);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "model.txt");
    char *path = gtk_dialog_run(GTK_DIALOG(chooser)) == GTK_RESPONSE_ACCEPT
                     ? gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser))
                     : NULL;
    gtk_widget_destroy(chooser);
    GError *error = NULL;
    if (path && !save_text(path, text, &error))
        tell(window, error->message);
    g_clear_error(&error);
    g_free(path);
}

void
text_window(const char *title, const char *role, const char *text)
{
    GtkWidget *window = toolkit_dialog(title, role);
    gtk_dialog_add_buttons(GTK_DIALOG(window), _("Co_py"), COPY, _("_Save…"), SAVE,
                           _("_Close"), GTK_RESPONSE_CLOSE, NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(window), GTK_RESPONSE_CLOSE);
    gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
    GtkWidget *view = view_new(text);
    gtk_widget_show_all(view);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window))), view,
                       TRUE, TRUE, 0);
    gint response;
    while ((response = gtk_dialog_run(GTK_DIALOG(window))) == COPY || response == SAVE) {
        if (response == COPY)
            copy(window, text);
        else
            save(window, text);
    }
    gtk_widget_destroy(window);
}
