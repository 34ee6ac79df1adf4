/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/dialog.c: what the dialogs of both hosts have in common. */
#include "gimp/adapter.h"
#include "gtk/script_button.h"
#include "gtk/toolkit.h"
#include <gdk/gdkkeysyms.h>
#include <libgimp/gimpui.h>

static gboolean
key_pressed(GtkWidget *dialog, GdkEventKey *event, gpointer role)
{
    (void)dialog;
    if (event->keyval != GDK_KEY_F1)
        return FALSE;
    gimp_standard_help_func(role, NULL);
    return TRUE;
}

void
adapter_help_key(GtkWidget *dialog, const char *role)
{
    g_signal_connect(dialog, "key-press-event", G_CALLBACK(key_pressed), (gpointer)role);
}

GtkWidget *
toolkit_dialog(const char *title, const char *role)
{
    GtkWidget *dialog =
        gimp_dialog_new(title, role, NULL, 0, gimp_standard_help_func, role, NULL, NULL);
    adapter_help_key(dialog, role);
    gimp_window_set_transient(GTK_WINDOW(dialog));
    return dialog;
}

GtkWidget *
adapter_content(const Procedure *procedure,
                const Run *run,
                const ParamValues *values,
                Form *form,
                GtkWidget *preview,
                GtkWidget *button,
                int max_height)
{
    GtkWidget *content = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    char *words = procedure->looks_at ? procedure->looks_at(run) : NULL;
    if (words) {
        GtkWidget *label = gtk_label_new(words);
        g_object_set(label, "xalign", 0.0, NULL);
        gtk_box_pack_start(GTK_BOX(content), label, FALSE, FALSE, 0);
    }
    g_free(words);
    if (preview)
        form_put_beside(form, preview);
    gtk_box_pack_start(GTK_BOX(content), toolkit_scrolled(form_widget(form), max_height),
                       TRUE, TRUE, 0);
    GtkWidget *below = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(below), script_button_new_for(procedure, values), FALSE,
                       FALSE, 0);
    if (button)
        gtk_box_pack_start(GTK_BOX(below), button, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(content), below, FALSE, FALSE, 0);
    return content;
}

typedef struct {
    const Procedure *check;
    Form *form;
    const Run *run;
    const ParamValues *values;
} Check;

static void
check_pressed(GtkButton *button, void *user)
{
    Check *check = user;
    GError *error = NULL;
    (void)button;
    if (!adapter_run_beside(check->check, check->run, check->values, &error))
        g_message("%s", error->message);
    g_clear_error(&error);
    form_refresh(check->form);
}

void
adapter_offer_check(Form *form, const Run *run, const ParamValues *values)
{
    const Procedure *found = adapter_find("plug-in-featurescope-check");
    if (!found || !run->n_drawables)
        return; /* there is no picture to feed */
    Check *check = g_new(Check, 1);
    *check = (Check){found, form, run, values};
    g_object_set_data_full(G_OBJECT(form_widget(form)), "featurescope-check", check,
                           g_free);
    form_offer(form, _("Check..."), check_pressed, check);
}

void
adapter_dialog_pack(GtkWidget *dialog, GtkWidget *content)
{
    GtkWidget *area = gtk_dialog_get_content_area(GTK_DIALOG(dialog));
    gtk_container_set_border_width(GTK_CONTAINER(content), 12);
    gtk_widget_show_all(content);
    gtk_box_pack_start(GTK_BOX(area), content, TRUE, TRUE, 0);
}
