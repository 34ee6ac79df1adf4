/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/dialog.c: what the dialogs of both hosts have in common. */
#include "gimp/adapter.h"
#include "gtk/predicted.h"
#include "gtk/preview.h"
#include "gtk/script_button.h"
#include "gtk/seen_view.h"
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
    toolkit_pale_labels(dialog);
    gimp_window_set_transient(GTK_WINDOW(dialog));
    return dialog;
}

/* --- a dialog that asks for values --- */

/* Sides of the picture of what is looked at: below a preview, and alone. */
#define SEEN_BELOW 104
#define BELOW_WIDTH 260 /* the preview's */
#define SEEN_ALONE 190

struct AdapterAsking {
    const Procedure *procedure;
    const Run *run;
    ParamValues *values;
    void (*changed)(void *user);
    void *user;
    Form *form;
    GtkWidget *dialog;         /* NULL: not yet */
    GtkWidget *preview, *seen; /* or NULL */
    Predicted *predicted;
};

static void
follow(AdapterAsking *asking)
{
    if (asking->seen)
        seen_view_changed(asking->seen);
    if (asking->preview)
        preview_changed(asking->preview);
    predicted_follow(asking->predicted);
    if (asking->dialog)
        gtk_dialog_set_response_sensitive(
            GTK_DIALOG(asking->dialog), GTK_RESPONSE_OK,
            form_valid(asking->form) && (!asking->seen || seen_view_valid(asking->seen)));
}

static void
form_changed(void *user)
{
    AdapterAsking *asking = user;
    asking->changed(asking->user);
    follow(asking);
}

static void
seen_moved(void *user)
{
    follow(user);
}

void
adapter_asking_refresh(AdapterAsking *asking)
{
    form_refresh(asking->form);
    follow(asking);
}

AdapterAsking *
adapter_asking_new(const Procedure *procedure,
                   const Run *run,
                   ParamValues *values,
                   void (*changed)(void *user),
                   void *user)
{
    AdapterAsking *asking = g_new0(AdapterAsking, 1);
    asking->procedure = procedure;
    asking->run = run;
    asking->values = values;
    asking->changed = changed;
    asking->user = user;
    asking->preview = preview_new(procedure, run, values);
    asking->form = form_new_wide(values, form_changed, asking);
    gboolean below = asking->preview != NULL;
    asking->seen =
        seen_view_new(procedure, run, values,
                      below ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL,
                      below ? SEEN_BELOW : SEEN_ALONE, below ? BELOW_WIDTH : SEEN_ALONE,
                      seen_moved, asking);
    asking->predicted = predicted_new(procedure, run, values, asking->form);
    return asking;
}

void
adapter_asking_free(AdapterAsking *asking)
{
    predicted_free(asking->predicted);
    form_free(asking->form);
    g_free(asking);
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

/* A button beside the form's remarks about the model, which opens the check of how it is
 * fed; the form is shown anew then. */
static void
offer_check(Form *form, const Run *run, const ParamValues *values)
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

/* The form with what stands beside it. */
static GtkWidget *
rows(AdapterAsking *asking)
{
    GtkWidget *beside = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    if (asking->preview)
        gtk_box_pack_start(GTK_BOX(beside), asking->preview, FALSE, FALSE, 0);
    if (asking->seen)
        gtk_box_pack_start(GTK_BOX(beside), asking->seen, FALSE, FALSE, 0);
    if (asking->preview || asking->seen)
        form_put_beside(asking->form, beside);
    else
        g_object_unref(g_object_ref_sink(beside));
    offer_check(asking->form, asking->run, asking->values);
    return form_widget(asking->form);
}

void
adapter_asking_pack(AdapterAsking *asking,
                    GtkWidget *dialog,
                    GtkWidget *button,
                    int max_height)
{
    GtkWidget *content = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *below = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(content), toolkit_scrolled(rows(asking), max_height), TRUE,
                       TRUE, 0);
    gtk_box_pack_start(GTK_BOX(below),
                       script_button_new_for(asking->procedure, asking->values), FALSE,
                       FALSE, 0);
    if (button)
        gtk_box_pack_start(GTK_BOX(below), button, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(content), below, FALSE, FALSE, 0);
    gtk_container_set_border_width(GTK_CONTAINER(content), 12);
    gtk_widget_show_all(content);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), content,
                       TRUE, TRUE, 0);
    asking->dialog = dialog;
    follow(asking);
}
