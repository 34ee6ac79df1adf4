/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pairs.c: rows of a label and two shares, before and after, as bars that follow. */
#include "gtk/windows/pairs.h"
#include "base/text.h"
#include "gtk/toolkit.h"

#define BAR 8  /* thickness, in pixels */
#define ROW 22 /* height of two bars and the space round them */

typedef struct {
    double before, after;
    gboolean empty;
    GtkWidget *name, *canvas, *numbers;
} Row;

static void
draw_bar(cairo_t *cairo, double top, int width, double share, gboolean after)
{
    cairo_rectangle(cairo, 0, top, width, BAR);
    cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.25);
    cairo_fill(cairo);
    cairo_rectangle(cairo, 0, top, width * CLAMP(share, 0, 1), BAR);
    if (after) /* both can be seen on light and on dark */
        cairo_set_source_rgb(cairo, 0.30, 0.55, 0.85);
    else
        cairo_set_source_rgb(cairo, 0.55, 0.55, 0.55);
    cairo_fill(cairo);
}

/* Before above, after below. */
static void
draw_row(cairo_t *cairo, int width, int height, void *user)
{
    const Row *row = user;
    double top = (height - 2 * BAR - 2) / 2;
    if (row->empty)
        return;
    draw_bar(cairo, top, width, row->before, FALSE);
    if (row->after >= 0)
        draw_bar(cairo, top + BAR + 2, width, row->after, TRUE);
}

static GtkWidget *
text_new(double align, int letters)
{
    GtkWidget *label = gtk_label_new(NULL);
    g_object_set(label, "xalign", align, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(label), letters);
    return label;
}

GtkWidget *
pairs_new(gsize rows)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 2);
    Row *all = g_new0(Row, rows);
    for (gsize i = 0; i < rows; i++) {
        GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
        all[i].empty = TRUE;
        all[i].name = text_new(0, 24);
        all[i].canvas = toolkit_canvas(180, ROW, draw_row, &all[i]);
        all[i].numbers = text_new(1, 17);
        gtk_box_pack_start(GTK_BOX(line), all[i].name, FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(line), all[i].canvas, TRUE, TRUE, 0);
        gtk_box_pack_start(GTK_BOX(line), all[i].numbers, FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
    }
    g_object_set_data_full(G_OBJECT(box), "featurescope-rows", all, g_free);
    return box;
}

void
pairs_set(GtkWidget *pairs, gsize row, const PairsRow *value)
{
    Row *all = g_object_get_data(G_OBJECT(pairs), "featurescope-rows");
    Row *one = &all[row];
    char *text = NULL, before[TEXT_NUMBER], after[TEXT_NUMBER];
    one->empty = value->label == NULL;
    one->before = value->before;
    one->after = value->after;
    if (value->label && value->after >= 0)
        text = g_strdup_printf("%s → %s", text_percent(before, value->before),
                               text_percent(after, value->after));
    else if (value->label)
        text = g_strdup(text_percent(before, value->before));
    gtk_label_set_text(GTK_LABEL(one->name), value->label ? value->label : "");
    gtk_widget_set_tooltip_text(one->name, value->label);
    gtk_label_set_text(GTK_LABEL(one->numbers), text ? text : "");
    gtk_widget_queue_draw(one->canvas);
    g_free(text);
}
