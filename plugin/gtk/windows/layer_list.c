/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer_list.c: the layers of a network, of which one is chosen. */
#include "gtk/windows/layer_list.h"
#include "gtk/toolkit.h"
#include <glib/gi18n-lib.h>

enum { COLUMN_NAME, COLUMN_KIND, COLUMN_SIZE, N_COLUMNS };

typedef struct {
    GtkWidget *view;
    GtkListStore *store;
    gboolean filling;
    void (*chosen)(void *user, const char *layer);
    void *user;
} List;

static void
list_free(gpointer data)
{
    List *list = data;
    g_object_unref(list->store);
    g_free(list);
}

static void
selection_changed(GtkTreeSelection *selection, List *list)
{
    GtkTreeModel *model;
    GtkTreeIter row;
    char *name;
    if (list->filling || !gtk_tree_selection_get_selected(selection, &model, &row))
        return;
    gtk_tree_model_get(model, &row, COLUMN_NAME, &name, -1);
    list->chosen(list->user, name);
    g_free(name);
}

static void
add_column(List *list, const char *title, int column, PangoEllipsizeMode shorten)
{
    gboolean expand = shorten != PANGO_ELLIPSIZE_NONE;
    GtkCellRenderer *cell = gtk_cell_renderer_text_new();
    GtkTreeViewColumn *made =
        gtk_tree_view_column_new_with_attributes(title, cell, "text", column, NULL);
    g_object_set(cell, "ellipsize", shorten, NULL);
    gtk_tree_view_column_set_expand(made, expand);
    gtk_tree_view_append_column(GTK_TREE_VIEW(list->view), made);
}

GtkWidget *
layer_list_new(int width,
               int height,
               void (*chosen)(void *user, const char *layer),
               void *user)
{
    List *list = g_new0(List, 1);
    list->chosen = chosen;
    list->user = user;
    list->store =
        gtk_list_store_new(N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
    list->view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(list->store));
    toolkit_list_readable(list->view);
    gtk_tree_view_set_search_column(GTK_TREE_VIEW(list->view), COLUMN_NAME);
    add_column(list, _("Layer"), COLUMN_NAME, PANGO_ELLIPSIZE_MIDDLE);
    add_column(list, _("Kind"), COLUMN_KIND, PANGO_ELLIPSIZE_END);
    /* TRANSLATORS: maps × height × width of a layer. */
    add_column(list, _("Size"), COLUMN_SIZE, PANGO_ELLIPSIZE_NONE);
    GtkTreeSelection *selection = gtk_tree_view_get_selection(GTK_TREE_VIEW(list->view));
    g_signal_connect(selection, "changed", G_CALLBACK(selection_changed), list);

    GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled), GTK_SHADOW_IN);
    gtk_widget_set_size_request(scrolled, width, height);
    gtk_container_add(GTK_CONTAINER(scrolled), list->view);
    g_object_set_data_full(G_OBJECT(scrolled), "featurescope-layers", list, list_free);
    return scrolled;
}

static void
select_row(List *list, GtkTreeIter *row)
{
    GtkTreePath *path = gtk_tree_model_get_path(GTK_TREE_MODEL(list->store), row);
    gtk_tree_view_set_cursor(GTK_TREE_VIEW(list->view), path, NULL, FALSE);
    gtk_tree_view_scroll_to_cell(GTK_TREE_VIEW(list->view), path, NULL, TRUE, 0.5f, 0);
    gtk_tree_path_free(path);
}

static void
set_row(List *list, GtkTreeIter *row, const DcnLayer *layer)
{
    const DcnMaps *maps = &layer->maps;
    char *size = layer->spatial ? g_strdup_printf("%zu×%zu×%zu", maps->maps, maps->height,
                                                  maps->width)
                                : g_strdup_printf("%zu", maps->maps);
    gtk_list_store_append(list->store, row);
    gtk_list_store_set(list->store, row, COLUMN_NAME, layer->name, COLUMN_KIND, layer->op,
                       COLUMN_SIZE, size, -1);
    g_free(size);
}

const char *
layer_list_fill(GtkWidget *widget, const DcnPlan *survey, const char *wanted)
{
    List *list = g_object_get_data(G_OBJECT(widget), "featurescope-layers");
    int tensor = *wanted ? dcn_plan_find(survey, wanted, NULL) : -1;
    const char *name = NULL;
    GtkTreeIter chosen;
    if (tensor < 0)
        tensor = dcn_plan_default_layer(survey);
    list->filling = TRUE;
    gtk_list_store_clear(list->store);
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        GtkTreeIter row;
        set_row(list, &row, layer);
        if (!name || layer->tensor == tensor) {
            name = layer->name;
            chosen = row;
        }
    }
    if (name)
        select_row(list, &chosen);
    list->filling = FALSE;
    return name;
}
