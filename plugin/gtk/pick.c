/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pick.c: an entry with a list that is searched while typing.
 *
 * A combo box with an entry, whose text is the value, while its list and the completion
 * show the labels. Typing finds what has the typed text anywhere in its label, whatever
 * the case: "cat" finds "tabby, tabby cat". */
#include "gtk/pick.h"
#include "gtk/toolkit.h"
#include <string.h>

enum { COLUMN_VALUE, COLUMN_LABEL, COLUMN_FOLDED, N_COLUMNS };

/* What belongs to the widget: its list, and the text that a choice is appended to. */
typedef struct {
    GtkListStore *store;
    GtkWidget *entry;
    gboolean several;
    char *typed; /* the text before a line of the list was chosen */
} Pick;

static void
pick_free(gpointer data)
{
    Pick *pick = data;
    g_object_unref(pick->store);
    g_free(pick->typed);
    g_free(pick);
}

static Pick *
pick_of(GtkWidget *combo)
{
    return g_object_get_data(G_OBJECT(combo), "featurescope-pick");
}

/* What the text becomes when a value is chosen. complete: the value stands for the last
 * part of the text, which was typed to find it. */
static char *
text_with(const Pick *pick, const char *text, const char *value, gboolean complete)
{
    if (!pick->several || !text)
        return g_strdup(value);
    const char *end = text + strlen(text);
    if (complete) {
        const char *semicolon = strrchr(text, ';');
        end = semicolon ? semicolon : text;
    }
    char *before = g_strstrip(g_strndup(text, (gsize)(end - text)));
    gsize length = strlen(before);
    if (length && before[length - 1] == ';')
        before[length - 1] = '\0';
    char *joined = *before ? g_strconcat(before, "; ", value, NULL) : g_strdup(value);
    g_free(before);
    return joined;
}

static void
take_value(Pick *pick,
           GtkTreeModel *model,
           GtkTreeIter *iter,
           const char *text,
           gboolean complete)
{
    char *value;
    gtk_tree_model_get(model, iter, COLUMN_VALUE, &value, -1);
    char *joined = text_with(pick, text, value, complete);
    gtk_entry_set_text(GTK_ENTRY(pick->entry), joined);
    gtk_editable_set_position(GTK_EDITABLE(pick->entry), -1);
    g_free(joined);
    g_free(value);
}

/* A line of the list was chosen: GTK has already put its value into the entry. */
static void
combo_changed(GtkComboBox *combo, Pick *pick)
{
    GtkTreeIter iter;
    if (pick->several && gtk_combo_box_get_active_iter(combo, &iter)) {
        char *typed = g_strdup(pick->typed);
        take_value(pick, GTK_TREE_MODEL(pick->store), &iter, typed, FALSE);
        g_free(typed);
    }
}

static void
entry_changed(GtkEntry *entry, GtkComboBox *combo)
{
    if (gtk_combo_box_get_active(combo) < 0) {
        Pick *pick = pick_of(GTK_WIDGET(combo));
        g_free(pick->typed);
        pick->typed = g_strdup(gtk_entry_get_text(entry));
    }
}

/* --- completion */

/* key comes folded. Of several values the last one is being typed. */
static gboolean
matches(GtkEntryCompletion *completion, const char *key, GtkTreeIter *iter, gpointer user)
{
    const Pick *pick = user;
    const char *typed = key;
    if (pick->several && strrchr(key, ';'))
        typed = strrchr(key, ';') + 1;
    while (*typed == ' ')
        typed++;
    if (!*typed)
        return FALSE;

    char *folded;
    gtk_tree_model_get(gtk_entry_completion_get_model(completion), iter, COLUMN_FOLDED,
                       &folded, -1);
    gboolean found = folded && strstr(folded, typed);
    g_free(folded);
    return found;
}

static gboolean
match_selected(GtkEntryCompletion *completion,
               GtkTreeModel *model,
               GtkTreeIter *iter,
               Pick *pick)
{
    (void)completion;
    char *text = g_strdup(gtk_entry_get_text(GTK_ENTRY(pick->entry)));
    take_value(pick, model, iter, text, TRUE);
    g_free(text);
    return TRUE;
}

/* width_chars: at least; -1 as wide as the widget */
static void
show_labels(GtkCellLayout *layout, int width_chars)
{
    GtkCellRenderer *cell = gtk_cell_renderer_text_new();
    g_object_set(cell, "width-chars", width_chars, NULL);
    gtk_cell_layout_clear(layout);
    gtk_cell_layout_pack_start(layout, cell, TRUE);
    gtk_cell_layout_add_attribute(layout, cell, "text", COLUMN_LABEL);
}

static void
add_completion(Pick *pick)
{
    GtkEntryCompletion *completion = gtk_entry_completion_new();
    gtk_entry_completion_set_model(completion, GTK_TREE_MODEL(pick->store));
    gtk_entry_completion_set_match_func(completion, matches, pick, NULL);
    gtk_entry_completion_set_popup_set_width(completion, FALSE);
    /* A list of its own width measures its first lines only. */
    show_labels(GTK_CELL_LAYOUT(completion), 36);
    g_signal_connect(completion, "match-selected", G_CALLBACK(match_selected), pick);
    gtk_entry_set_completion(GTK_ENTRY(pick->entry), completion);
    g_object_unref(completion);
}

/* --- the widget */

GtkWidget *
pick_new(gboolean several)
{
    Pick *pick = g_new0(Pick, 1);
    pick->several = several;
    pick->store =
        gtk_list_store_new(N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);

    GtkWidget *combo =
        gtk_combo_box_new_with_model_and_entry(GTK_TREE_MODEL(pick->store));
    g_object_set_data_full(G_OBJECT(combo), "featurescope-pick", pick, pick_free);
    gtk_combo_box_set_entry_text_column(GTK_COMBO_BOX(combo), COLUMN_VALUE);
    show_labels(GTK_CELL_LAYOUT(combo), -1);
    toolkit_combo_as_list(combo);

    pick->entry = gtk_bin_get_child(GTK_BIN(combo));
    gtk_entry_set_activates_default(GTK_ENTRY(pick->entry), TRUE);
    gtk_entry_set_width_chars(GTK_ENTRY(pick->entry), 28);
    add_completion(pick);
    g_signal_connect(combo, "changed", G_CALLBACK(combo_changed), pick);
    g_signal_connect(pick->entry, "changed", G_CALLBACK(entry_changed), combo);
    return combo;
}

GtkWidget *
pick_entry(GtkWidget *combo)
{
    return pick_of(combo)->entry;
}

void
pick_fill(GtkWidget *combo, const GPtrArray *picks)
{
    Pick *pick = pick_of(combo);
    char *text = g_strdup(gtk_entry_get_text(GTK_ENTRY(pick->entry)));

    /* Emptying the list of an active line would empty the entry. */
    gtk_combo_box_set_active(GTK_COMBO_BOX(combo), -1);
    gtk_list_store_clear(pick->store);
    for (guint i = 0; picks && i < picks->len; i++) {
        const ParamPick *line = g_ptr_array_index(picks, i);
        char *normal = g_utf8_normalize(line->label, -1, G_NORMALIZE_ALL);
        char *folded = g_utf8_casefold(normal ? normal : "", -1);
        gtk_list_store_insert_with_values(pick->store, NULL, -1, COLUMN_VALUE,
                                          line->value, COLUMN_LABEL, line->label,
                                          COLUMN_FOLDED, folded, -1);
        g_free(normal);
        g_free(folded);
    }
    gtk_entry_set_text(GTK_ENTRY(pick->entry), text);
    g_free(text);
}

static gboolean
find_line(GtkTreeModel *model, const char *value, GtkTreeIter *line)
{
    gboolean found = FALSE;
    if (!gtk_tree_model_get_iter_first(model, line))
        return FALSE;
    do {
        char *other;
        gtk_tree_model_get(model, line, COLUMN_VALUE, &other, -1);
        found = g_strcmp0(other, value) == 0;
        g_free(other);
    } while (!found && gtk_tree_model_iter_next(model, line));
    return found;
}

void
pick_put_first(GtkWidget *combo, char *const *values, char *const *labels)
{
    GtkListStore *store = pick_of(combo)->store;
    for (guint i = g_strv_length((char **)values); i-- > 0;) {
        GtkTreeIter line;
        if (!find_line(GTK_TREE_MODEL(store), values[i], &line))
            continue;
        gtk_list_store_set(store, &line, COLUMN_LABEL, labels[i], -1);
        gtk_list_store_move_after(store, &line, NULL);
    }
}
