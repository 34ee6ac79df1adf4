/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/dialog.c: windows of GIMP 3: asking for values, showing bars.
 *
 * GIMP's procedure dialog brings buttons, reset, and presets; the rows are ours, as it
 * has none for lists that depend on a file. Its config and our values follow each other. */
#include "gimp3/gimp3.h"
#include "gtk/bars.h"
#include "gtk/form.h"
#include "gtk/preview.h"
#include "gtk/toolkit.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

/* So that a dialog fits a screen 720 pixels high with its title and buttons. */
#define MAX_HEIGHT 500

typedef struct {
    GimpProcedureConfig *config;
    ParamValues *values;
    Form *form;
    GtkWidget *preview; /* or NULL */
    gulong listening;   /* to the config */
} Asking;

/* A person changed a widget. */
static void
form_changed(void *user)
{
    Asking *asking = user;
    g_signal_handler_block(asking->config, asking->listening);
    gimp3_write_config(asking->config, asking->values);
    g_signal_handler_unblock(asking->config, asking->listening);
    if (asking->preview)
        preview_changed(asking->preview);
}

/* Reset, or a preset was loaded. */
static void
config_changed(GObject *config, GParamSpec *pspec, gpointer user)
{
    Asking *asking = user;
    (void)config;
    (void)pspec;
    gimp3_read_config(asking->config, asking->values, NULL);
    form_refresh(asking->form);
    if (asking->preview)
        preview_changed(asking->preview);
}

static void
pack(GtkWidget *dialog, GtkWidget *child)
{
    GtkWidget *content = gtk_dialog_get_content_area(GTK_DIALOG(dialog));
    gtk_widget_show_all(child);
    gtk_box_pack_start(GTK_BOX(content), child, TRUE, TRUE, 0);
}

gboolean
gimp3_dialog(GimpProcedure *gimp,
             GimpProcedureConfig *config,
             const Procedure *procedure,
             const Run *run)
{
    gimp_ui_init("featurescope");

    Asking asking = {
        .config = config,
        .values = param_values_new(procedure->params, procedure->n_params),
    };
    gimp3_read_config(config, asking.values, NULL);
    asking.preview = preview_new(procedure, run, asking.values);
    asking.form = form_new(asking.values, form_changed, &asking);
    asking.listening =
        g_signal_connect(config, "notify", G_CALLBACK(config_changed), &asking);

    GtkWidget *dialog = gimp_procedure_dialog_new(gimp, config, _(procedure->title));
    GtkWidget *scrolled = toolkit_scrolled(form_widget(asking.form), MAX_HEIGHT);
    GtkWidget *columns = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_container_set_border_width(GTK_CONTAINER(columns), 12);
    gtk_box_pack_start(GTK_BOX(columns), scrolled, TRUE, TRUE, 0);
    if (asking.preview)
        gtk_box_pack_start(GTK_BOX(columns), asking.preview, FALSE, FALSE, 0);
    pack(dialog, columns);
    gboolean ok = gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog));

    g_signal_handler_disconnect(config, asking.listening);
    gtk_widget_destroy(dialog);
    form_free(asking.form);
    param_values_free(asking.values);
    return ok;
}

void
gimp3_bars(const Procedure *procedure, const ResultValue *results)
{
    char **labels = NULL;
    GArray *values = NULL;
    if (!procedure->bars(results, &labels, &values))
        return;
    GtkWidget *dialog =
        gimp_dialog_new(_(procedure->title), procedure->name, NULL, 0, NULL, NULL,
                        _("_Close"), GTK_RESPONSE_CLOSE, NULL);
    GtkWidget *bars = bars_new(labels, values);
    gtk_container_set_border_width(GTK_CONTAINER(bars), 12);
    pack(dialog, bars);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_CLOSE);
    gimp_dialog_run(GIMP_DIALOG(dialog));
    gtk_widget_destroy(dialog);
    g_strfreev(labels);
    g_array_unref(values);
}
