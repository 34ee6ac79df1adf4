/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bars.c: labels and their shares, as bars in a window. */
#include "gtk/bars.h"
#include "base/text.h"
#include "gtk/toolkit.h"

/* A blue bar over a gray one; both can be seen on light and on dark. */
static void
draw_bar(cairo_t *cairo, int width, int height, void *user)
{
    const double *value = user;
    double thick = MIN(height, 12), top = (height - thick) / 2;
    cairo_rectangle(cairo, 0, top, width, thick);
    cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.35);
    cairo_fill(cairo);
    cairo_rectangle(cairo, 0, top, width * CLAMP(*value, 0, 1), thick);
    cairo_set_source_rgb(cairo, 0.30, 0.55, 0.85);
    cairo_fill(cairo);
}

static GtkWidget *
name_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(label), 30);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_widget_set_tooltip_text(label, text);
    return label;
}

static GtkWidget *
percent_new(double value)
{
    char text[TEXT_NUMBER];
    GtkWidget *label = gtk_label_new(text_percent(text, value));
    g_object_set(label, "xalign", 1.0, NULL);
    gtk_label_set_width_chars(GTK_LABEL(label), 8);
    return label;
}

GtkWidget *
bars_new(char **labels, const GArray *values)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    for (guint i = 0; labels[i] && i < values->len; i++) {
        double value = g_array_index(values, double, i);
        GtkWidget *row = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
        double *kept = g_memdup2(&value, sizeof value);
        GtkWidget *bar = toolkit_canvas(200, 12, draw_bar, kept);
        g_object_set_data_full(G_OBJECT(bar), "featurescope-value", kept, g_free);
        gtk_box_pack_start(GTK_BOX(row), name_new(labels[i]), FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(row), bar, TRUE, TRUE, 0);
        gtk_box_pack_start(GTK_BOX(row), percent_new(value), FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(box), row, FALSE, FALSE, 0);
    }
    return box;
}
