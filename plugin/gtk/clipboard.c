/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clipboard.c: a text for other programs, also once this one has ended. */
#include "gtk/clipboard.h"

/* The clipboard's manager takes a copy over: this process ends with its window. */
void
clipboard_put(GtkWidget *widget, const char *text)
{
    GtkClipboard *clipboard = gtk_widget_get_clipboard(widget, GDK_SELECTION_CLIPBOARD);
    gtk_clipboard_set_can_store(clipboard, NULL, 0);
    gtk_clipboard_set_text(clipboard, text, -1);
    gtk_clipboard_store(clipboard);
}
