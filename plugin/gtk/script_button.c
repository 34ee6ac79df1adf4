/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script_button.c: a button that copies a call with the values on screen as a script. */
#include "gtk/script_button.h"
#include "gtk/clipboard.h"
#include "gtk/toolkit.h"

#define TOLD_MS 1500 /* how long the button says that it has copied */

typedef struct {
    GtkWidget *button;
    ScriptValues values;
    void *user;
    guint timer;                /* 0: it shows its name */
    const Procedure *procedure; /* of script_button_new_for() */
    const ParamValues *live;
} ScriptButton;

static gboolean
show_name(void *user)
{
    ScriptButton *script = user;
    gtk_button_set_label(GTK_BUTTON(script->button), _("Copy as Script"));
    script->timer = 0;
    return G_SOURCE_REMOVE;
}

static void
copy(ScriptButton *script, ScriptLanguage language)
{
    const Procedure *procedure = script->procedure;
    ParamValues *values = script->values ? script->values(script->user, &procedure)
                                         : param_values_copy(script->live);
    char *text = script_text(language, procedure, values);
    clipboard_put(script->button, text);
    g_free(text);
    param_values_free(values);
    gtk_button_set_label(GTK_BUTTON(script->button), _("Copied"));
    if (script->timer)
        g_source_remove(script->timer);
    script->timer = g_timeout_add(TOLD_MS, show_name, script);
}

static void
item_chosen(GtkWidget *item, ScriptButton *script)
{
    copy(script, (ScriptLanguage)GPOINTER_TO_INT(
                     g_object_get_data(G_OBJECT(item), "featurescope-language")));
}

static void
clicked(GtkWidget *button, ScriptButton *script)
{
    const ToolkitLanguage *languages = toolkit_languages;
    if (!languages[1].name) {
        copy(script, languages[0].language);
        return;
    }
    GtkWidget *menu = gtk_menu_new();
    for (gsize i = 0; languages[i].name; i++) {
        GtkWidget *item = gtk_menu_item_new_with_label(languages[i].name);
        g_object_set_data(G_OBJECT(item), "featurescope-language",
                          GINT_TO_POINTER(languages[i].language));
        g_signal_connect(item, "activate", G_CALLBACK(item_chosen), script);
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    }
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    toolkit_menu_below(menu, button);
}

static void
free_script(void *user)
{
    ScriptButton *script = user;
    if (script->timer)
        g_source_remove(script->timer);
    g_free(script);
}

static GtkWidget *
button_new(ScriptButton *script)
{
    script->button = gtk_button_new_with_label(_("Copy as Script"));
    gtk_widget_set_tooltip_text(
        script->button,
        _("Copies this call, with the values on screen, as text for the host's console or for a script"));
    g_object_set_data_full(G_OBJECT(script->button), "featurescope-script", script,
                           free_script);
    g_signal_connect(script->button, "clicked", G_CALLBACK(clicked), script);
    return script->button;
}

GtkWidget *
script_button_new(ScriptValues values, void *user)
{
    ScriptButton *script = g_new0(ScriptButton, 1);
    script->values = values;
    script->user = user;
    return button_new(script);
}

GtkWidget *
script_button_new_for(const Procedure *procedure, const ParamValues *values)
{
    ScriptButton *script = g_new0(ScriptButton, 1);
    script->procedure = procedure;
    script->live = values;
    return button_new(script);
}
