/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_table.c: ways of feeding a network, a line each, with what it answers.
 *
 *     Caffe's              Egyptian cat   tabby          ...   In use
 *     0…255, B G R, ...    ====== 42.3 %  ====   32.4 %
 *     0…1                  mosquito net   stingray       ...   [Use This]
 *     0…1, R G B           ==     16.0 %  =       8.8 % */
#include "gtk/windows/check_table.h"
#include "base/procedure.h"
#include "base/text.h"
#include "gtk/toolkit.h"

#define NAME_LETTERS 36
#define LABEL_LETTERS 14
#define PERCENT_LETTERS 7
#define BAR_WIDTH 48
#define BAR 6 /* its thickness, in pixels */
#define LINE_HEIGHT 14
#define BUTTON_LETTERS 10

typedef struct {
    double share;
    GtkWidget *name, *bar, *percent;
} Cell;

typedef struct {
    Cell cells[CHECK_TOP];
} Line;

typedef struct {
    GtkWidget *box;
    GPtrArray *lines; /* of Line */
    void (*chosen)(void *user, gsize row);
    void *user;
} Table;

static Table *
table_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-table");
}

static void
draw_bar(cairo_t *cairo, int width, int height, void *user)
{
    const Cell *cell = user;
    double top = (height - BAR) / 2;
    if (cell->share < 0)
        return;
    cairo_rectangle(cairo, 0, top, width, BAR);
    cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.25);
    cairo_fill(cairo);
    cairo_rectangle(cairo, 0, top, width * CLAMP(cell->share, 0, 1), BAR);
    cairo_set_source_rgb(cairo, 0.30, 0.55, 0.85);
    cairo_fill(cairo);
}

static GtkWidget *
text_new(double align, int letters)
{
    GtkWidget *label = gtk_label_new(NULL);
    g_object_set(label, "xalign", align, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(label), letters);
    gtk_label_set_max_width_chars(GTK_LABEL(label), letters);
    return label;
}

/* "<b>…</b>" or "<small>…</small>" round a text. */
static void
set_markup(GtkWidget *label, const char *tag, const char *text)
{
    char *markup = g_markup_printf_escaped("<%s>%s</%s>", tag, text, tag);
    gtk_label_set_markup(GTK_LABEL(label), markup);
    g_free(markup);
}

static GtkWidget *
cell_new(Cell *cell)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 4);
    cell->share = -1;
    cell->name = text_new(0, LABEL_LETTERS);
    cell->bar = toolkit_canvas(BAR_WIDTH, LINE_HEIGHT, draw_bar, cell);
    cell->percent = text_new(1, PERCENT_LETTERS);
    gtk_box_pack_start(GTK_BOX(line), cell->bar, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), cell->percent, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), cell->name, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
    return box;
}

static GtkWidget *
names_new(const CheckRow *row)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *label = text_new(0, NAME_LETTERS), *fed = text_new(0, NAME_LETTERS);
    set_markup(label, row->used ? "b" : "span", row->label);
    set_markup(fed, "small", row->fed);
    gtk_widget_set_tooltip_text(fed, row->fed);
    gtk_box_pack_start(GTK_BOX(box), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), fed, FALSE, FALSE, 0);
    return box;
}

static void
clicked(GtkButton *button, void *user)
{
    Table *table = user;
    table->chosen(table->user, GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(button),
                                                                  "featurescope-row")));
}

/* A button, or the mark of the line that is in use already. */
static GtkWidget *
end_new(Table *table, const CheckRow *row, gsize index)
{
    if (row->used) {
        GtkWidget *mark = text_new(0.5, BUTTON_LETTERS);
        set_markup(mark, "b", _("In use"));
        return mark;
    }
    GtkWidget *button = gtk_button_new_with_mnemonic(_("_Use This"));
    g_object_set_data(G_OBJECT(button), "featurescope-row", GSIZE_TO_POINTER(index));
    g_signal_connect(button, "clicked", G_CALLBACK(clicked), table);
    return button;
}

static void
remove_line(GtkWidget *line, void *unused)
{
    (void)unused;
    gtk_widget_destroy(line);
}

void
check_table_fill(GtkWidget *widget, const GPtrArray *rows)
{
    Table *table = table_of(widget);
    gtk_container_foreach(GTK_CONTAINER(table->box), remove_line, NULL);
    g_ptr_array_set_size(table->lines, 0);
    GtkSizeGroup *ends = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    for (gsize i = 0; rows && i < rows->len; i++) {
        const CheckRow *row = rows->pdata[i];
        Line *line = g_new0(Line, 1);
        GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
        GtkWidget *end = end_new(table, row, i);
        gtk_size_group_add_widget(ends, end);
        gtk_box_pack_start(GTK_BOX(box), names_new(row), FALSE, FALSE, 0);
        for (int k = 0; k < CHECK_TOP; k++)
            gtk_box_pack_start(GTK_BOX(box), cell_new(&line->cells[k]), TRUE, TRUE, 0);
        gtk_box_pack_start(GTK_BOX(box), end, FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(table->box), box, FALSE, FALSE, 0);
        g_ptr_array_add(table->lines, line);
    }
    g_object_unref(ends);
    gtk_widget_show_all(table->box);
}

void
check_table_set(GtkWidget *widget, gsize row, const GArray *answers)
{
    Table *table = table_of(widget);
    Line *line = table->lines->pdata[row];
    for (guint k = 0; k < CHECK_TOP; k++) {
        Cell *cell = &line->cells[k];
        const Answer *one = k < answers->len ? &g_array_index(answers, Answer, k) : NULL;
        char percent[TEXT_NUMBER] = "";
        if (one)
            text_percent(percent, one->probability);
        cell->share = one ? one->probability : -1;
        set_markup(cell->name, k == 0 ? "b" : "span", one ? one->label : "");
        gtk_widget_set_tooltip_text(cell->name, one ? one->label : NULL);
        gtk_label_set_text(GTK_LABEL(cell->percent), percent);
        gtk_widget_queue_draw(cell->bar);
    }
}

static void
table_free(void *data)
{
    Table *table = data;
    g_ptr_array_unref(table->lines);
    g_free(table);
}

GtkWidget *
check_table_new(void (*chosen)(void *user, gsize row), void *user)
{
    Table *table = g_new0(Table, 1);
    table->box = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    table->lines = g_ptr_array_new_with_free_func(g_free);
    table->chosen = chosen;
    table->user = user;
    g_object_set_data_full(G_OBJECT(table->box), "featurescope-table", table, table_free);
    return table->box;
}
