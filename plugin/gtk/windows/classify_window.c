/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify_window.c: a window that says what a network takes the photo for.
 *
 * The answer is there when the window is, and follows the model and the fit. The browser's
 * engine asks the network, beside the main loop. */
#include "gtk/windows/classify_window.h"
#include "actions/browse/engine.h"
#include "actions/classify/classify.h"
#include "base/recent.h"
#include "gtk/bars.h"
#include "gtk/clipboard.h"
#include "gtk/form.h"
#include "gtk/script_button.h"
#include "gtk/seen_view.h"
#include "gtk/toolkit.h"
#include "gtk/windows/check_window.h"

#define RESPONSE_CHECK 1
#define TEXT_WIDTH 540
#define SEEN_SIDE 120
#define BARS_HEIGHT 220 /* of more there is a scroll bar */

extern const Procedure procedure_check;

typedef struct {
    const Run *run;
    ParamValues *values; /* all of the procedure's */
    Param *table;        /* those that the window has */
    ParamValues *shown;
    Form *form;
    char *opened; /* what the engine looks at; NULL: none */

    Browse *browse;
    Labels labels;
    gsize classes;
    GArray *answers; /* of Answer, the last; or NULL */

    GtkWidget *dialog, *seen, *place, *bars, *words, *copy;
    GMainLoop *loop;
} Window;

/* --- showing --- */

static void
forget_answers(Window *window)
{
    g_clear_pointer(&window->answers, g_array_unref);
    if (window->bars)
        gtk_widget_destroy(window->bars);
    window->bars = NULL;
    gtk_widget_set_sensitive(window->copy, FALSE);
}

static void
show_bars(Window *window)
{
    char **labels = g_new0(char *, window->answers->len + 1);
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < window->answers->len; i++) {
        const Answer *one = &g_array_index(window->answers, Answer, i);
        labels[i] = g_strdup(one->label);
        g_array_append_val(values, one->probability);
    }
    window->bars = toolkit_scrolled(bars_new(labels, values), BARS_HEIGHT);
    gtk_box_pack_start(GTK_BOX(window->place), window->bars, TRUE, TRUE, 0);
    gtk_widget_show_all(window->bars);
    gtk_widget_set_sensitive(window->copy, TRUE);
    g_array_unref(values);
    g_strfreev(labels);
}

static void
show_answer(Window *window)
{
    const float *probability = browse_answer(window->browse);
    gsize count = (gsize)param_int(window->values, "count");
    if (!probability)
        return;
    forget_answers(window);
    window->answers = answer_best(&window->labels, probability, window->classes, count);
    show_bars(window);
    char *text = classify_words(browse_net(window->browse), window->classes);
    gtk_label_set_text(GTK_LABEL(window->words), text);
    g_free(text);
}

static void
tell_error(Window *window, const char *text)
{
    forget_answers(window);
    gtk_label_set_text(GTK_LABEL(window->words), text);
}

static void
news_came(void *user, BrowseNews news)
{
    Window *window = user;
    if (news == BROWSE_ANSWER)
        show_answer(window);
    else if (news == BROWSE_ERROR)
        tell_error(window, browse_error(window->browse));
}

/* --- asking --- */

static void
close_network(Window *window)
{
    browse_free(window->browse);
    window->browse = NULL;
    labels_clear(&window->labels);
    g_clear_pointer(&window->opened, g_free);
}

static gboolean
open_network(Window *window, GError **error)
{
    Seen seen;
    DcnClassifier classifier;
    Run run = *window->run;
    run.values = window->values;
    Net *net = net_open(param_text(window->values, "model"), error);
    if (!net || !net_survey(net, error) || !net_classifier(net, &classifier, error) ||
        !seen_of_drawable(&seen, &run, run.drawables[0], net, error))
        return FALSE;
    window->classes = classifier.classes;
    window->labels = net_labels(net, classifier.classes);
    window->browse =
        browse_new(net, &seen, param_int(window->values, "threads"), news_came, window);
    seen_clear(&seen);
    return browse_ask_answer(window->browse, error);
}

/* Asks again if it is another question; else shows what is there. */
static void
follow(Window *window)
{
    GError *error = NULL;
    Run run = *window->run;
    run.values = window->values;
    if (!host_item_exists(run.drawables[0]))
        return; /* the answer stays */
    char *wanted = seen_key(&run);
    if (window->opened && g_str_equal(window->opened, wanted)) {
        g_free(wanted);
        show_answer(window);
        return;
    }
    close_network(window);
    window->opened = wanted;
    tell_error(window, _("Running the network"));
    if (open_network(window, &error))
        recent_save(window->values);
    else
        tell_error(window, error->message);
    g_clear_error(&error);
}

static void
values_changed(void *user)
{
    Window *window = user;
    char *text = param_values_save(window->shown);
    param_values_load(window->values, text);
    g_free(text);
    seen_view_changed(window->seen);
    follow(window);
}

/* Another part of the photo is looked at. */
static void
moved(void *user)
{
    follow(user);
}

/* --- a person --- */

static void
copy(GtkWidget *button, Window *window)
{
    char *text = classify_text(window->answers);
    clipboard_put(button, text);
    g_free(text);
}

/* How the model is fed, in a window of its own; the answer may be another afterwards. */
static void
check(Window *window)
{
    Run other = *window->run;
    char *text = param_values_save(window->values);
    ParamValues *values =
        param_values_new(procedure_check.params, procedure_check.n_params);
    param_values_load(values, text);
    close_network(window);
    other.values = values;
    other.results = g_new0(ResultValue, procedure_check.n_results);
    check_window(&other, values);
    for (gsize i = 0; i < procedure_check.n_results; i++)
        result_clear(&other.results[i]);
    g_free(other.results);
    param_values_free(values);
    g_free(text);
    follow(window);
}

static void
responded(GtkDialog *dialog, int response, void *user)
{
    Window *window = user;
    (void)dialog;
    if (response == RESPONSE_CHECK)
        check(window);
    else if (response != GTK_RESPONSE_HELP)
        g_main_loop_quit(window->loop);
}

/* --- the window --- */

static void
make_values(Window *window)
{
    gsize count, kept = 0;
    const Param *all = param_values_table(window->values, &count);
    window->table = g_new0(Param, count);
    for (gsize i = 0; i < count; i++)
        if (!all[i].advanced)
            window->table[kept++] = all[i];
    char *text = param_values_save(window->values);
    window->shown = param_values_new(window->table, kept);
    param_values_load(window->shown, text);
    g_free(text);
}

static GtkWidget *
text_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    g_object_set(label, "xalign", 0.0, "yalign", 0.0, "max-width-chars", 60, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_widget_set_size_request(label, TEXT_WIDTH, -1);
    return label;
}

static void
pack(GtkWidget *box, GtkWidget *widget)
{
    gtk_box_pack_start(GTK_BOX(box), widget, FALSE, FALSE, 0);
}

static void
make_dialog(Window *window)
{
    window->dialog = toolkit_dialog(_("Classify"), procedure_classify.name);
    gtk_dialog_add_button(GTK_DIALOG(window->dialog), _("Chec_k..."), RESPONSE_CHECK);
    gtk_dialog_add_button(GTK_DIALOG(window->dialog), _("_Close"), GTK_RESPONSE_CLOSE);
    gtk_dialog_set_default_response(GTK_DIALOG(window->dialog), GTK_RESPONSE_CLOSE);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *foot = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    window->seen = seen_view_new(&procedure_classify, window->run, window->values,
                                 GTK_ORIENTATION_HORIZONTAL, SEEN_SIDE, 0, moved, window);
    pack(box, window->seen);
    pack(box, form_widget(window->form));
    window->place = toolkit_box(GTK_ORIENTATION_VERTICAL, 0);
    window->words = text_new(NULL);
    window->copy = gtk_button_new_with_label(_("Copy the Answer"));
    g_signal_connect(window->copy, "clicked", G_CALLBACK(copy), window);
    pack(box, window->place);
    pack(box, window->words);
    pack(
        box,
        text_new(_(
            "Why? Occlusion Sensitivity shows where it looks, Evidence for a Label which feature maps speak for it, What If what it says without a part of the photo.")));
    pack(foot, window->copy);
    pack(foot, script_button_new_for(&procedure_classify, window->values));
    pack(box, foot);
    gtk_container_set_border_width(GTK_CONTAINER(box), 12);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window->dialog))),
                       box, TRUE, TRUE, 0);
    g_signal_connect(window->dialog, "response", G_CALLBACK(responded), window);
}

void
classify_window(const Run *run, ParamValues *values)
{
    Window window = {.run = run, .values = values};
    make_values(&window);
    window.form = form_new(window.shown, values_changed, &window);
    window.loop = g_main_loop_new(NULL, FALSE);
    make_dialog(&window);
    follow(&window);
    gtk_widget_show_all(window.dialog);
    g_main_loop_run(window.loop);

    if (window.answers)
        classify_give(window.answers, run->results);
    close_network(&window);
    gtk_widget_destroy(window.dialog);
    if (window.answers)
        g_array_unref(window.answers);
    form_free(window.form);
    g_main_loop_unref(window.loop);
    param_values_free(window.shown);
    g_free(window.table);
}
