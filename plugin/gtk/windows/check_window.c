/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_window.c: a window that shows what a network answers, fed in each of the common
 * ways, and writes the card of the one that a person takes.
 *
 * The photo is read on the main loop; a thread asks the network, a line at a time. The
 * check belongs to the thread while there is work, and the main loop waits for that before
 * it opens another. */
#include "gtk/windows/check_window.h"
#include "base/fail.h"
#include "base/worker.h"
#include "gtk/form.h"
#include "gtk/seen_view.h"
#include "gtk/toolkit.h"
#include "gtk/windows/check_table.h"
#include <string.h>

/* Time without a change of the values before the network is asked. */
#define SETTLE_MS 150
#define TEXT_WIDTH 1000 /* GTK 2 wraps at what is asked for, not at what there is */
#define ROWS_SHOWN 2
#define SEEN_SIDE 96

extern const Procedure procedure_check;

typedef struct {
    const Run *run;
    ParamValues *values;     /* all of the procedure's */
    Param table[ROWS_SHOWN]; /* those that the window has */
    ParamValues *shown;
    Form *form;
    guint timer;

    Check check;
    gboolean opened;
    Worker *worker;
    char *card; /* what was written last */

    GtkWidget *seen, *lines, *sentence;
    GMainLoop *loop;
} Window;

/* --- asking --- */

/* A question: all lines of a check about one picture. */
typedef struct {
    Window *window; /* not looked into by the thread, but for its check */
    Check *check;
    float *rgb;
} Question;

typedef struct {
    gsize row;
    GArray *answers;
    GError *error;
} News;

static void
question_free(void *data)
{
    Question *question = data;
    g_free(question->rgb);
    g_free(question);
}

static void
news_free(void *data)
{
    News *news = data;
    g_clear_pointer(&news->answers, g_array_unref);
    g_clear_error(&news->error);
    g_free(news);
}

static void
tell(Window *window, const char *sentence)
{
    gtk_label_set_text(GTK_LABEL(window->sentence), sentence);
}

static void
show_news(void *user, void *data)
{
    Window *window = user;
    News *news = data;
    if (news->error)
        tell(window, news->error->message);
    else
        check_table_set(window->lines, news->row, news->answers);
}

static bool
go_on(double done, void *user)
{
    (void)done;
    return work_goes_on(user);
}

static void
ask(Work *work, void *request)
{
    Question *question = request;
    DcnProgress progress = {go_on, work};
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < question->check->rows->len; i++) {
        CheckRow *row = question->check->rows->pdata[i];
        News *news = g_new0(News, 1);
        news->row = i;
        ok = check_ask(question->check, row, question->rgb, &progress, &news->error);
        if (ok)
            news->answers = g_array_ref(row->answers);
        work_send(work, show_news, question->window, news, news_free);
    }
}

/* --- opening --- */

/* Waits: the check is the thread's while it works. */
static void
close_check(Window *window)
{
    worker_free(window->worker);
    window->worker = worker_new();
    if (window->opened)
        check_close(&window->check);
    window->opened = FALSE;
}

/* How the network is fed now, and who says so. */
static char *
now(const Window *window)
{
    const Card *card = &window->check.net->card;
    const CheckRow *row = check_used(&window->check);
    if (card->because)
        return g_strdup_printf(card->sure == CARD_GUESSED ? _("In use: %s, %s (a guess).")
                               : card->sure == CARD_LIKELY ? _("In use: %s, %s (likely).")
                                                           : _("In use: %s, %s."),
                               row->fed, card->because);
    if (card->path)
        return g_strdup_printf(_("In use: %s, as the card “%s” says."), row->fed,
                               card->path);
    return g_strdup_printf(_("In use: %s, as the file's metadata say."), row->fed);
}

static gboolean
open_check(Window *window, Seen *seen, GError **error)
{
    Run run = *window->run;
    run.values = window->values;
    if (!host_item_exists(run.drawables[0]))
        return fail_input(error, _("The layer is gone."));
    Net *net = net_open(param_text(window->values, "model"), error);
    if (!net || !seen_of_drawable(seen, &run, run.drawables[0], net, error))
        return FALSE;
    window->opened =
        check_open(&window->check, net, param_int(window->values, "threads"), error);
    if (!window->opened)
        seen_clear(seen);
    return window->opened;
}

static void
start(Window *window, const char *before)
{
    GError *error = NULL;
    Seen seen;
    close_check(window);
    if (!open_check(window, &seen, &error)) {
        check_table_fill(window->lines, NULL);
        tell(window, error->message);
        g_error_free(error);
        return;
    }
    char *text = now(window);
    char *both = before ? g_strconcat(before, " ", text, NULL) : NULL;
    tell(window, both ? both : text);
    g_free(both);
    g_free(text);
    check_table_fill(window->lines, window->check.rows);
    Question *question = g_new(Question, 1);
    *question = (Question){window, &window->check, g_steal_pointer(&seen.rgb)};
    worker_post(window->worker, 0, ask, question, question_free);
    seen_clear(&seen);
}

static gboolean
settled(gpointer user)
{
    Window *window = user;
    window->timer = 0;
    start(window, NULL);
    return G_SOURCE_REMOVE;
}

static void
values_changed(void *user)
{
    Window *window = user;
    char *text = param_values_save(window->shown);
    param_values_load(window->values, text);
    g_free(text);
    if (window->timer)
        g_source_remove(window->timer);
    window->timer = g_timeout_add(SETTLE_MS, settled, window);
}

static void
changed(void *user)
{
    Window *window = user;
    values_changed(window);
    seen_view_changed(window->seen);
}

/* --- choosing --- */

static void
chosen(void *user, gsize index)
{
    Window *window = user;
    GError *error = NULL;
    const CheckRow *row = window->check.rows->pdata[index];
    char *card = NULL;
    if (!net_feed_as(window->check.net, &row->how, &card, &error)) {
        tell(window, error->message);
        g_error_free(error);
        return;
    }
    char *text = g_strdup_printf(_("Written to “%s”."), card);
    g_free(window->card);
    window->card = card;
    start(window, text);
    g_free(text);
}

/* --- the window --- */

static void
make_values(Window *window)
{
    gsize count, kept = 0;
    const Param *all = param_values_table(window->values, &count);
    for (gsize i = 0; i < count && kept < ROWS_SHOWN; i++)
        if (!all[i].advanced)
            window->table[kept++] = all[i];
    char *text = param_values_save(window->values);
    window->shown = param_values_new(window->table, kept);
    param_values_load(window->shown, text);
    g_free(text);
}

static void
responded(GtkDialog *dialog, int response, void *user)
{
    Window *window = user;
    (void)dialog;
    if (response != GTK_RESPONSE_HELP)
        g_main_loop_quit(window->loop);
}

static GtkWidget *
text_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    g_object_set(label, "xalign", 0.0, "yalign", 0.0, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_set_size_request(label, TEXT_WIDTH, -1);
    return label;
}

static GtkWidget *
make_dialog(Window *window)
{
    GtkWidget *dialog =
        toolkit_dialog(_("Check How Pictures Are Fed"), "plug-in-featurescope-check");
    gtk_dialog_add_button(GTK_DIALOG(dialog), _("_Close"), GTK_RESPONSE_CLOSE);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_CLOSE);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    window->lines = check_table_new(chosen, window);
    window->sentence = text_new(NULL);
    gtk_label_set_selectable(GTK_LABEL(window->sentence), TRUE);
    GtkWidget *head = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 24);
    window->seen =
        seen_view_new(&procedure_check, window->run, window->values,
                      GTK_ORIENTATION_HORIZONTAL, SEEN_SIDE, 0, values_changed, window);
    gtk_box_pack_start(GTK_BOX(head), form_widget(window->form), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(head), window->seen, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), head, FALSE, FALSE, 0);
    gtk_box_pack_start(
        GTK_BOX(box),
        text_new(_("What the network answers if the same photo is fed in each of the "
                   "common ways. Take the line whose answers fit the photo: high "
                   "probabilities alone prove nothing.")),
        FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), window->lines, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), window->sentence, FALSE, FALSE, 0);
    gtk_container_set_border_width(GTK_CONTAINER(box), 12);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), box,
                       TRUE, TRUE, 0);
    g_signal_connect(dialog, "response", G_CALLBACK(responded), window);
    return dialog;
}

void
check_window(const Run *run, ParamValues *values)
{
    Window window = {.run = run, .values = values};
    make_values(&window);
    window.form = form_new(window.shown, changed, &window);
    window.worker = worker_new();
    window.loop = g_main_loop_new(NULL, FALSE);
    GtkWidget *dialog = make_dialog(&window);
    gtk_widget_show_all(dialog);
    start(&window, NULL);
    g_main_loop_run(window.loop);

    if (window.timer)
        g_source_remove(window.timer);
    worker_free(window.worker);
    gtk_widget_destroy(dialog);
    form_free(window.form);
    g_main_loop_unref(window.loop);
    if (window.opened) {
        check_give(&window.check, check_used(&window.check)->nick, window.card,
                   run->results);
        check_close(&window.check);
    }
    g_free(window.card);
    param_values_free(window.shown);
}
