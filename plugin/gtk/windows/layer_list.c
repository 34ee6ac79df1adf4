/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer_list.c: the layers of a network, of which one is chosen.
 *
 * Neighbours whose names begin alike stand below a heading, with what differs:
 * "fire9/squeeze1x1" and "fire9/concat" are "squeeze1x1" and "concat" below "fire9".
 * What is typed above the list keeps the layers that have it in name or kind. */
#include "gtk/windows/layer_list.h"
#include "gtk/toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define KIND_LETTERS 7

/* A heading has no name. */
enum { COLUMN_NAME, COLUMN_SHOWN, COLUMN_KIND, COLUMN_SIZE, COLUMN_TIP, N_COLUMNS };

typedef struct {
    GtkWidget *view;
    GtkTreeStore *store;
    GtkTreeModel *kept; /* of the store, what fits the filter */
    char *filter;       /* folded */
    char *name;         /* of the chosen layer; or NULL */
    gboolean filling;
    void (*chosen)(void *user, const char *layer);
    void *user;
} List;

static void
list_free(gpointer data)
{
    List *list = data;
    g_object_unref(list->kept);
    g_object_unref(list->store);
    g_free(list->filter);
    g_free(list->name);
    g_free(list);
}

static void
take_row(List *list, GtkTreeIter *row)
{
    char *name;
    gtk_tree_model_get(list->kept, row, COLUMN_NAME, &name, -1);
    if (name && g_strcmp0(name, list->name) != 0) {
        g_free(list->name);
        list->name = g_strdup(name);
        list->chosen(list->user, name);
    }
    g_free(name);
}

static void
selection_changed(GtkTreeSelection *selection, List *list)
{
    GtkTreeIter row;
    if (!list->filling && gtk_tree_selection_get_selected(selection, NULL, &row))
        take_row(list, &row);
}

static gboolean
may_be_chosen(GtkTreeSelection *selection,
              GtkTreeModel *model,
              GtkTreePath *path,
              gboolean is_chosen,
              gpointer unused)
{
    GtkTreeIter row;
    (void)selection;
    (void)is_chosen;
    (void)unused;
    if (!gtk_tree_model_get_iter(model, &row, path))
        return FALSE;
    return !gtk_tree_model_iter_has_child(model, &row);
}

/* --- the filter --- */

static gboolean
has_text(GtkTreeModel *model, GtkTreeIter *row, int column, const char *wanted)
{
    char *text;
    gtk_tree_model_get(model, row, column, &text, -1);
    char *folded = g_utf8_casefold(text ? text : "", -1);
    gboolean found = strstr(folded, wanted) != NULL;
    g_free(folded);
    g_free(text);
    return found;
}

/* A heading is kept with any layer below it. */
static gboolean
is_kept(GtkTreeModel *model, GtkTreeIter *row, gpointer user)
{
    const List *list = user;
    GtkTreeIter child;
    if (!gtk_tree_model_iter_children(model, &child, row))
        return has_text(model, row, COLUMN_NAME, list->filter) ||
               has_text(model, row, COLUMN_KIND, list->filter);
    do
        if (is_kept(model, &child, user))
            return TRUE;
    while (gtk_tree_model_iter_next(model, &child));
    return FALSE;
}

static gboolean
first_layer(GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *row, gpointer found)
{
    (void)path;
    if (gtk_tree_model_iter_has_child(model, row))
        return FALSE;
    *(GtkTreeIter *)found = *row;
    return TRUE;
}

typedef struct {
    const char *name;
    GtkTreeIter row;
    gboolean found;
} Search;

static gboolean
layer_of_name(GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *row, gpointer user)
{
    Search *search = user;
    char *name;
    (void)path;
    gtk_tree_model_get(model, row, COLUMN_NAME, &name, -1);
    search->found = g_strcmp0(name, search->name) == 0;
    if (search->found)
        search->row = *row;
    g_free(name);
    return search->found;
}

static void
select_row(List *list, GtkTreeIter *row)
{
    GtkTreePath *path = gtk_tree_model_get_path(list->kept, row);
    gtk_tree_view_set_cursor(GTK_TREE_VIEW(list->view), path, NULL, FALSE);
    gtk_tree_view_scroll_to_cell(GTK_TREE_VIEW(list->view), path, NULL, TRUE, 0.5f, 0);
    gtk_tree_path_free(path);
}

/* The chosen layer stays chosen while the filter hides it, and is marked when it is back. */
static void
mark_chosen(List *list)
{
    Search search = {.name = list->name};
    gtk_tree_view_expand_all(GTK_TREE_VIEW(list->view));
    if (!list->name)
        return;
    gtk_tree_model_foreach(list->kept, layer_of_name, &search);
    if (search.found)
        select_row(list, &search.row);
}

static void
filter_changed(GtkEntry *entry, List *list)
{
    g_free(list->filter);
    list->filter = g_utf8_casefold(gtk_entry_get_text(entry), -1);
    list->filling = TRUE;
    gtk_tree_model_filter_refilter(GTK_TREE_MODEL_FILTER(list->kept));
    mark_chosen(list);
    list->filling = FALSE;
}

/* Return takes the first layer that is shown. */
static void
filter_activated(GtkEntry *entry, List *list)
{
    GtkTreeIter row = {0};
    (void)entry;
    gtk_tree_model_foreach(list->kept, first_layer, &row);
    if (!row.stamp)
        return;
    select_row(list, &row);
    take_row(list, &row); /* GTK 3 may have selected it while the list was filtered */
}

static GtkWidget *
filter_new(List *list)
{
    GtkWidget *entry = gtk_entry_new();
    gtk_entry_set_icon_from_icon_name(GTK_ENTRY(entry), GTK_ENTRY_ICON_PRIMARY,
                                      "edit-find");
    toolkit_entry_hint(entry, _("Filter"));
    gtk_widget_set_tooltip_text(
        entry, _("Show only layers that have this text in their name or kind"));
    g_signal_connect(entry, "changed", G_CALLBACK(filter_changed), list);
    g_signal_connect(entry, "activate", G_CALLBACK(filter_activated), list);
    return entry;
}

/* --- the widget --- */

static void
add_column(List *list, const char *title, int column, PangoEllipsizeMode shorten)
{
    gboolean expand = column == COLUMN_SHOWN; /* the names get what room there is */
    GtkCellRenderer *cell = gtk_cell_renderer_text_new();
    GtkTreeViewColumn *made =
        gtk_tree_view_column_new_with_attributes(title, cell, "text", column, NULL);
    g_object_set(cell, "ellipsize", shorten, NULL);
    if (shorten != PANGO_ELLIPSIZE_NONE)
        g_object_set(cell, "width-chars", KIND_LETTERS, NULL);
    gtk_tree_view_column_set_expand(made, expand);
    gtk_tree_view_column_set_resizable(made, TRUE);
    gtk_tree_view_append_column(GTK_TREE_VIEW(list->view), made);
}

static void
view_new(List *list)
{
    list->view = gtk_tree_view_new_with_model(list->kept);
    GtkTreeView *view = GTK_TREE_VIEW(list->view);
    toolkit_list_readable(list->view);
    gtk_tree_view_set_enable_search(view, FALSE); /* the filter does it */
    gtk_tree_view_set_show_expanders(view, FALSE);
    gtk_tree_view_set_level_indentation(view, 10);
    gtk_tree_view_set_tooltip_column(view, COLUMN_TIP);
    /* TRANSLATORS: of a network, not of an image. */
    add_column(list, g_dpgettext2(GETTEXT_PACKAGE, "network", "Layer"), COLUMN_SHOWN,
               PANGO_ELLIPSIZE_MIDDLE);
    add_column(list, _("Kind"), COLUMN_KIND, PANGO_ELLIPSIZE_END);
    /* TRANSLATORS: maps × height × width of a layer. */
    add_column(list, _("Size"), COLUMN_SIZE, PANGO_ELLIPSIZE_NONE);
    GtkTreeSelection *selection = gtk_tree_view_get_selection(view);
    gtk_tree_selection_set_select_function(selection, may_be_chosen, NULL, NULL);
    g_signal_connect(selection, "changed", G_CALLBACK(selection_changed), list);
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
    list->filter = g_strdup("");
    list->store = gtk_tree_store_new(N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING,
                                     G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
    list->kept = gtk_tree_model_filter_new(GTK_TREE_MODEL(list->store), NULL);
    gtk_tree_model_filter_set_visible_func(GTK_TREE_MODEL_FILTER(list->kept), is_kept,
                                           list, NULL);
    view_new(list);

    GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled), GTK_SHADOW_IN);
    gtk_container_add(GTK_CONTAINER(scrolled), list->view);

    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    gtk_box_pack_start(GTK_BOX(box), filter_new(list), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), scrolled, TRUE, TRUE, 0);
    gtk_widget_set_size_request(box, width, height);
    g_object_set_data_full(G_OBJECT(box), "featurescope-layers", list, list_free);
    return box;
}

/* --- filling --- */

/* Letters of a name before what tells it from its neighbours: "fire9/" of
 * "fire9/concat". 0: none. */
static gsize
common_length(const char *name)
{
    const char *end = strrchr(name, '/');
    if (!end)
        end = strrchr(name, '.');
    return end && end[1] ? (gsize)(end + 1 - name) : 0;
}

static gboolean
begin_alike(const char *name, const char *next)
{
    gsize length = common_length(name);
    return length && length == common_length(next) && strncmp(name, next, length) == 0;
}

static void
add_layer(List *list, GtkTreeIter *heading, const DcnLayer *layer)
{
    const DcnMaps *maps = &layer->maps;
    GtkTreeIter row;
    char *size = layer->spatial ? g_strdup_printf("%zu×%zu×%zu", maps->maps, maps->height,
                                                  maps->width)
                                : g_strdup_printf("%zu", maps->maps);
    char *tip = g_markup_printf_escaped("%s\n%s, %s", layer->name, layer->op, size);
    gtk_tree_store_append(list->store, &row, heading);
    gtk_tree_store_set(list->store, &row, COLUMN_NAME, layer->name, COLUMN_SHOWN,
                       layer->name + (heading ? common_length(layer->name) : 0),
                       COLUMN_KIND, layer->op, COLUMN_SIZE, size, COLUMN_TIP, tip, -1);
    g_free(tip);
    g_free(size);
}

static void
add_heading(List *list, GtkTreeIter *row, const char *name)
{
    char *shown = g_strndup(name, common_length(name) - 1);
    char *tip = g_markup_escape_text(shown, -1);
    gtk_tree_store_append(list->store, row, NULL);
    gtk_tree_store_set(list->store, row, COLUMN_SHOWN, shown, COLUMN_TIP, tip, -1);
    g_free(tip);
    g_free(shown);
}

const char *
layer_list_fill(GtkWidget *widget, const DcnPlan *survey, const char *wanted)
{
    List *list = g_object_get_data(G_OBJECT(widget), "featurescope-layers");
    int tensor = *wanted ? dcn_plan_find(survey, wanted, NULL) : -1;
    gsize count = dcn_plan_layer_count(survey);
    const char *name = NULL;
    if (tensor < 0)
        tensor = dcn_plan_default_layer(survey);
    list->filling = TRUE;
    gtk_tree_store_clear(list->store);
    GtkTreeIter heading, *below = NULL;
    for (gsize i = 0; i < count; i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        gboolean alike = i + 1 < count &&
                         begin_alike(layer->name, dcn_plan_layer(survey, i + 1)->name);
        if (!below && alike) {
            add_heading(list, &heading, layer->name);
            below = &heading;
        }
        add_layer(list, below, layer);
        if (!alike)
            below = NULL;
        if (!name || layer->tensor == tensor)
            name = layer->name;
    }
    g_free(list->name);
    list->name = g_strdup(name);
    mark_chosen(list);
    list->filling = FALSE;
    return name;
}

void
layer_list_clear(GtkWidget *widget)
{
    List *list = g_object_get_data(G_OBJECT(widget), "featurescope-layers");
    list->filling = TRUE;
    gtk_tree_store_clear(list->store);
    g_clear_pointer(&list->name, g_free);
    list->filling = FALSE;
}
