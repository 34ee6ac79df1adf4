/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/paler.c: the labels of what cannot be pressed are paler than the others.
 *
 * GTK 2 itself, whatever the theme, draws such a text twice, the second time in white and
 * a pixel beside the first: in GIMP's dark themes that is bolder than all other texts. Here
 * it is drawn once, half way between the theme's colours of texts and of what is behind. */
#include "gtk/toolkit.h"

static double
half_way(guint16 text, guint16 behind)
{
    return (text / 65535.0 + behind / 65535.0) / 2;
}

static gboolean
draw_paler(GtkWidget *label, GdkEventExpose *event)
{
    int x, y;
    if (gtk_widget_get_state(label) != GTK_STATE_INSENSITIVE)
        return FALSE;
    const GtkStyle *style = gtk_widget_get_style(label);
    const GdkColor *text = &style->fg[GTK_STATE_NORMAL];
    const GdkColor *behind = &style->bg[GTK_STATE_NORMAL];
    gtk_label_get_layout_offsets(GTK_LABEL(label), &x, &y);
    cairo_t *cairo = gdk_cairo_create(event->window);
    gdk_cairo_region(cairo, event->region);
    cairo_clip(cairo);
    cairo_set_source_rgb(cairo, half_way(text->red, behind->red),
                         half_way(text->green, behind->green),
                         half_way(text->blue, behind->blue));
    cairo_move_to(cairo, x, y);
    pango_cairo_show_layout(cairo, gtk_label_get_layout(GTK_LABEL(label)));
    cairo_destroy(cairo);
    return TRUE;
}

static void
find_labels(GtkWidget *widget, gpointer user)
{
    (void)user;
    if (GTK_IS_LABEL(widget))
        g_signal_connect(widget, "expose-event", G_CALLBACK(draw_paler), NULL);
    else if (GTK_IS_CONTAINER(widget))
        gtk_container_forall(GTK_CONTAINER(widget), find_labels, NULL);
}

void
toolkit_pale_labels(GtkWidget *window)
{
    g_signal_connect(window, "realize", G_CALLBACK(find_labels), NULL);
}
