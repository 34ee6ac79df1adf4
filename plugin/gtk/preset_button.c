/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preset_button.c: a button with a menu of a procedure's presets. */
#include "gtk/preset_button.h"
#include "base/presets.h"
#include "gtk/toolkit.h"

typedef struct {
    const Procedure *procedure;
    ParamValues *values;
    void (*before)(void *user);
    void (*taken)(void *user);
    void *user;
    GtkWidget *button;
} Presets;

static void
tell_error(const Presets *presets, const GError *error)
{
    GtkWidget *top = gtk_widget_get_toplevel(presets->button);
    GtkWidget *dialog =
        gtk_message_dialog_new(GTK_WINDOW(top), GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR,
                               GTK_BUTTONS_CLOSE, "%s", error->message);
    gtk_dialog_run(GTK_DIALOG(dialog));
    gtk_widget_destroy(dialog);
}

/* --- a name --- */

typedef struct {
    GtkWidget *dialog, *line;
    char **names; /* that are taken */
} Naming;

static void
name_changed(GtkEditable *entry, Naming *naming)
{
    char *name = g_strstrip(g_strdup(gtk_entry_get_text(GTK_ENTRY(entry))));
    gboolean known = g_strv_contains((const char *const *)naming->names, name);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(naming->dialog), GTK_RESPONSE_OK,
                                      *name != '\0');
    gtk_label_set_text(GTK_LABEL(naming->line),
                       known ? _("It takes the place of the one that has this name.")
                             : "");
    g_free(name);
}

/* NULL: cancelled. g_free() */
static char *
ask_name(const Presets *presets)
{
    GtkWidget *top = gtk_widget_get_toplevel(presets->button);
    Naming naming = {.names = presets_names(presets->procedure->name)};
    GtkWidget *dialog = naming.dialog = gtk_dialog_new_with_buttons(
        _("Save Preset"), GTK_WINDOW(top), GTK_DIALOG_MODAL, _("_Cancel"),
        GTK_RESPONSE_CANCEL, _("_Save"), GTK_RESPONSE_OK, NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_OK);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *row = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *label = gtk_label_new_with_mnemonic(_("_Name"));
    GtkWidget *entry = gtk_entry_new();
    naming.line = gtk_label_new("");
    g_object_set(naming.line, "xalign", 0.0, NULL);
    gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
    gtk_entry_set_width_chars(GTK_ENTRY(entry), 30);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), entry);
    gtk_box_pack_start(GTK_BOX(row), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(row), entry, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), row, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), naming.line, FALSE, FALSE, 0);
    gtk_container_set_border_width(GTK_CONTAINER(box), 12);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), box,
                       TRUE, TRUE, 0);
    g_signal_connect(entry, "changed", G_CALLBACK(name_changed), &naming);
    name_changed(GTK_EDITABLE(entry), &naming);
    gtk_widget_show_all(box);
    char *name = NULL;
    if (gtk_dialog_run(GTK_DIALOG(dialog)) == GTK_RESPONSE_OK)
        name = g_strstrip(g_strdup(gtk_entry_get_text(GTK_ENTRY(entry))));
    gtk_widget_destroy(dialog);
    g_strfreev(naming.names);
    return name;
}

/* --- the menu --- */

static const char *
name_of(GtkWidget *item)
{
    return g_object_get_data(G_OBJECT(item), "featurescope-preset");
}

static void
take(GtkWidget *item, Presets *presets)
{
    if (presets_load(presets->procedure->name, name_of(item), presets->values))
        presets->taken(presets->user);
}

static void
remove_one(GtkWidget *item, Presets *presets)
{
    GError *error = NULL;
    if (!presets_delete(presets->procedure->name, name_of(item), &error))
        tell_error(presets, error);
    g_clear_error(&error);
}

static void
save_one(GtkWidget *item, Presets *presets)
{
    (void)item;
    if (presets->before)
        presets->before(presets->user);
    GError *error = NULL;
    char *name = ask_name(presets);
    if (name && !presets_save(presets->procedure->name, name, presets->values, &error))
        tell_error(presets, error);
    g_clear_error(&error);
    g_free(name);
}

static void
add_names(GtkWidget *menu,
          char **names,
          void (*chosen)(GtkWidget *item, Presets *presets),
          Presets *presets)
{
    for (; *names; names++) {
        GtkWidget *item = gtk_menu_item_new_with_label(*names);
        g_object_set_data_full(G_OBJECT(item), "featurescope-preset", g_strdup(*names),
                               g_free);
        g_signal_connect(item, "activate", G_CALLBACK(chosen), presets);
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    }
}

static void
drop_menu(GtkWidget *button, Presets *presets)
{
    GtkWidget *menu = gtk_menu_new();
    char **names = presets_names(presets->procedure->name);
    GtkWidget *save = gtk_menu_item_new_with_mnemonic(_("_Save As..."));
    add_names(menu, names, take, presets);
    if (names[0])
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), gtk_separator_menu_item_new());
    g_signal_connect(save, "activate", G_CALLBACK(save_one), presets);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), save);
    if (names[0]) {
        GtkWidget *delete = gtk_menu_item_new_with_mnemonic(_("_Delete"));
        GtkWidget *below = gtk_menu_new();
        add_names(below, names, remove_one, presets);
        gtk_menu_item_set_submenu(GTK_MENU_ITEM(delete), below);
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), delete);
    }
    g_strfreev(names);
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    toolkit_menu_below(menu, button);
    gtk_menu_shell_select_first(GTK_MENU_SHELL(menu), FALSE);
}

GtkWidget *
preset_button_new(const Procedure *procedure,
                  ParamValues *values,
                  void (*before)(void *user),
                  void (*taken)(void *user),
                  void *user)
{
    Presets *presets = g_new(Presets, 1);
    GtkWidget *button = gtk_button_new();
    GtkWidget *inside = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    *presets = (Presets){procedure, values, before, taken, user, button};
    gtk_box_pack_start(GTK_BOX(inside), gtk_label_new(_("Presets")), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(inside), gtk_label_new("▾"), FALSE, FALSE, 0);
    gtk_container_add(GTK_CONTAINER(button), inside);
    gtk_widget_set_tooltip_text(button,
                                _("Values that you gave a name, for this action"));
    g_object_set_data_full(G_OBJECT(button), "featurescope-presets", presets, g_free);
    g_signal_connect(button, "clicked", G_CALLBACK(drop_menu), presets);
    return button;
}
