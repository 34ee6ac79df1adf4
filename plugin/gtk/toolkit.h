/* SPDX-License-Identifier: GPL-3.0-or-later */
/* toolkit.h: what GTK 2 and GTK 3 do differently. Each adapter has its toolkit.c.
 *
 * The dialogs in this folder are made of what both have in common, so that they are
 * written once. */
#ifndef FEATURESCOPE_GTK_TOOLKIT_H
#define FEATURESCOPE_GTK_TOOLKIT_H

#include "base/script.h"
#include <gtk/gtk.h>

GtkWidget *toolkit_box(GtkOrientation orientation, int spacing);

/* Two widgets side by side with a divider to be drawn; the right one grows with the
 * window, and the left one too if both do. */
GtkWidget *toolkit_panes(GtkWidget *left, GtkWidget *right, gboolean both);

/* The colour of a GtkColorButton as "#rrggbb", encoded R'G'B'. */
void toolkit_color_set(GtkWidget *button, const char *text);
char *toolkit_color_get(GtkWidget *button); /* g_free() */

/* Says in an empty entry what that means. */
void toolkit_entry_hint(GtkWidget *entry, const char *text);

/* A canvas that calls draw with its size whenever it has to be painted. user is borrowed
 * for as long as it lives. */
typedef void (*ToolkitDraw)(cairo_t *cairo, int width, int height, void *user);
GtkWidget *toolkit_canvas(int width, int height, ToolkitDraw draw, void *user);

/* The colour of the theme's letters, as of cairo. */
void toolkit_text_color(GtkWidget *widget, double rgb[3]);

/* An upright scrollbar. */
GtkWidget *toolkit_scrollbar(GtkAdjustment *adjustment);

/* A level slider without a number. */
GtkWidget *toolkit_slider(double min, double max, double value);

/* Lets a combo box drop a scrolled list: a menu of a thousand lines is of no use. */
void toolkit_combo_as_list(GtkWidget *combo);

/* Shows a menu below a widget. */
void toolkit_menu_below(GtkWidget *menu, GtkWidget *widget);

/* Lets a text view write in letters of one width. */
void toolkit_monospace(GtkWidget *text_view);

/* Sees to it that the chosen row of a list can be read in every theme. */
void toolkit_list_readable(GtkWidget *tree_view);

/* An empty dialog of the host's, over its windows, which does not block it. role: the
 * name of the procedure; F1 and a button open its page of help. */
GtkWidget *toolkit_dialog(const char *title, const char *role);

/* The labels that the window holds when it is shown first are pale while what they belong
 * to cannot be pressed. */
void toolkit_pale_labels(GtkWidget *window);

/* The languages of the host's scripts, as it calls them; ended by {NULL}. */
typedef struct {
    const char *name;
    ScriptLanguage language;
} ToolkitLanguage;
extern const ToolkitLanguage toolkit_languages[];

/* Width and height of the smallest screen in each direction, without the desktop's bars
 * where that can be told. */
GdkRectangle toolkit_screen(void);

/* A scrolled window round a form that grows with it up to this height in pixels. */
GtkWidget *toolkit_scrolled(GtkWidget *child, int max_height);

#endif
