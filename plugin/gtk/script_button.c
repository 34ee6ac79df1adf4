/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script_button.c: a button that copies a call with the values on screen as a script. */
#include "gtk/script_button.h"
#include "gtk/clipboard.h"
#include "gtk/toolkit.h"

#define TOLD_MS 1500 /* how long the button says that it has copied */

typedef struct {
    GtkWidget *button;
    ScriptCalls calls;
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
copy(ScriptButton *script, const char *text)
{
    clipboard_put(script->button, text);
    gtk_button_set_label(GTK_BUTTON(script->button), _("Copied"));
    if (script->timer)
        g_source_remove(script->timer);
    script->timer = g_timeout_add(TOLD_MS, show_name, script);
}

static void
item_chosen(GtkWidget *item, ScriptButton *script)
{
    copy(script, g_object_get_data(G_OBJECT(item), "featurescope-text"));
}

static void
add_item(GtkWidget *menu, ScriptButton *script, char *name, char *text)
{
    GtkWidget *item = gtk_menu_item_new_with_label(name);
    g_object_set_data_full(G_OBJECT(item), "featurescope-text", text, g_free);
    g_signal_connect(item, "activate", G_CALLBACK(item_chosen), script);
    gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    g_free(name);
}

/* Each call in each language. */
static GtkWidget *
menu_new(ScriptButton *script, const ScriptCall *calls, gsize count)
{
    const ToolkitLanguage *languages = toolkit_languages;
    GtkWidget *menu = gtk_menu_new();
    for (gsize i = 0; i < count; i++)
        for (gsize l = 0; languages[l].name; l++) {
            char *name = count == 1          ? g_strdup(languages[l].name)
                         : languages[1].name ? g_strdup_printf("%s · %s", calls[i].name,
                                                               languages[l].name)
                                             : g_strdup(calls[i].name);
            add_item(
                menu, script, name,
                script_text(languages[l].language, calls[i].procedure, calls[i].values));
        }
    gtk_widget_show_all(menu);
    g_signal_connect(menu, "selection-done", G_CALLBACK(gtk_widget_destroy), NULL);
    return menu;
}

static gsize
take_calls(const ScriptButton *script, ScriptCall calls[static SCRIPT_CALLS])
{
    if (script->calls)
        return script->calls(script->user, calls);
    calls[0] = (ScriptCall){NULL, script->procedure, param_values_copy(script->live)};
    return 1;
}

static void
clicked(GtkWidget *button, ScriptButton *script)
{
    ScriptCall calls[SCRIPT_CALLS];
    gsize count = take_calls(script, calls);
    if (count == 1 && !toolkit_languages[1].name) {
        char *text = script_text(toolkit_languages[0].language, calls[0].procedure,
                                 calls[0].values);
        copy(script, text);
        g_free(text);
    } else if (count) {
        toolkit_menu_below(menu_new(script, calls, count), button);
    }
    for (gsize i = 0; i < count; i++)
        param_values_free(calls[i].values);
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
script_button_new(ScriptCalls calls, void *user)
{
    ScriptButton *script = g_new0(ScriptButton, 1);
    script->calls = calls;
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
