/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif_window.c: a window that shows the network's answer without the selection.
 *
 * Four times a second the window checks if selection, photo or values have changed. If
 * so, the picture is read on the main loop, like everything that calls the host, and a
 * thread asks the network about it. The network belongs to the thread while there is
 * work; the main loop waits for that before it opens another. */
#include "gtk/windows/whatif_window.h"
#include "actions/whatif/figure.h"
#include "actions/whatif/show.h"
#include "base/fail.h"
#include "base/recent.h"
#include "gtk/action_dialog.h"
#include "gtk/form.h"
#include "gtk/preset_button.h"
#include "gtk/script_button.h"
#include "gtk/toolkit.h"
#include "gtk/windows/pairs.h"
#include "gtk/windows/whatif_piece.h"
#include "photo/watch.h"
#include <string.h>

#define EVERY_MS 250
#define FORM_HEIGHT 330
#define TEXT_WIDTH 460
#define TEXT_HEIGHT 60 /* three lines: so that the window keeps its size */

typedef struct {
    const Run *run;
    ParamValues *values; /* all of the procedure's */
    Param *table;        /* those that the window has */
    ParamValues *shown;
    Form *form;
    gboolean stale; /* values have changed since the last look */
    gboolean gone;  /* the photo, and a person was told so */
    Watch watch;
    float background[3];

    Whatif whatif;
    char *opened; /* what it was opened for; NULL: it is not */
    Worker *worker;

    GtkWidget *sentence, *pairs, *add, *figure;
    GMainLoop *loop;

    /* What is told of. The button for a figure is sensitive as long as the network has
     * not been asked for anything else. */
    char *change; /* NULL: nothing was tried */
    float *rgb;   /* the filled picture; NULL: none */
    WhatifCut cut;
} Window;

/* --- showing --- */

static void
forget(Window *window)
{
    g_clear_pointer(&window->rgb, g_free);
    g_clear_pointer(&window->change, g_free);
    whatif_cut_clear(&window->cut);
}

/* outcome: NULL: there is none. */
static void
keep(Window *window, WhatifOutcome *outcome)
{
    forget(window);
    if (outcome && outcome->change) {
        window->change = g_steal_pointer(&outcome->change);
        window->rgb = g_steal_pointer(&outcome->rgb);
        window->cut = outcome->cut;
        outcome->cut = (WhatifCut){0};
    }
    gtk_widget_set_sensitive(window->add, window->rgb != NULL);
    gtk_widget_set_sensitive(window->figure, window->change != NULL);
}

static void
tell(Window *window, const char *sentence)
{
    gtk_label_set_text(GTK_LABEL(window->sentence), sentence ? sentence : "");
}

static void
show_outcome(void *user, void *news)
{
    Window *window = user;
    WhatifOutcome *outcome = news;
    if (window->gone)
        return;
    tell(window, outcome->error ? outcome->error->message : outcome->sentence);
    for (gsize i = 0; i < WHATIF_TOP; i++)
        pairs_set(window->pairs, i,
                  &(PairsRow){outcome->label[i], outcome->before[i], outcome->after[i]});
    keep(window, outcome);
}

static void
show_error(Window *window, const GError *error)
{
    tell(window, error->message);
    for (gsize i = 0; i < WHATIF_TOP; i++)
        pairs_set(window->pairs, i, &(PairsRow){0});
    keep(window, NULL);
}

/* --- looking --- */

/* Opens the network again if another one is wanted. */
static gboolean
open_network(Window *window, GError **error)
{
    char *wanted = g_strdup_printf("%s\n%s", param_text(window->values, "model"),
                                   param_text(window->values, "layer"));
    if (window->opened && g_str_equal(window->opened, wanted)) {
        g_free(wanted);
        return TRUE;
    }
    worker_free(window->worker); /* waits: the network is the thread's while it works */
    window->worker = worker_new();
    if (window->opened)
        whatif_close(&window->whatif);
    g_clear_pointer(&window->opened, g_free);
    gboolean ok = whatif_open(&window->whatif, window->values, error);
    if (ok) {
        window->opened = g_steal_pointer(&wanted);
        recent_save(window->values); /* other actions may open meanwhile */
    }
    g_free(wanted);
    return ok;
}

static void
settle_kind(Window *window, WhatifPiece *piece)
{
    if (param_is(piece->values, "remove", "map"))
        piece->kind = WHATIF_MAP;
    else if (param_is(piece->values, "remove", "layers"))
        piece->kind = WHATIF_LAYERS;
    else if (piece->cut.area > 0)
        piece->kind = WHATIF_SELECTION;
    else if (window->watch.selected)
        piece->sentence = g_strdup(_("The network sees nothing of the selection."));
    else
        piece->sentence = g_strdup(
            _("Select a part of the photo to see what the network thinks without it."));
}

static gboolean
seen(Window *window, GError **error)
{
    gtk_widget_set_sensitive(window->figure, FALSE);
    if (!open_network(window, error))
        return FALSE;
    WhatifPiece *piece = g_new0(WhatifPiece, 1);
    piece->whatif = &window->whatif;
    piece->came = show_outcome;
    piece->user = window;
    piece->values = param_values_copy(window->values);
    piece->fill = whatif_fill(window->values);
    gboolean ok =
        whatif_cut_take(&piece->cut, window->run->image, window->run->drawables[0],
                        window->whatif.asker.net, seen_fit(window->values), error);
    if (ok) {
        settle_kind(window, piece);
        if (piece->kind == WHATIF_LAYERS) {
            piece->layers = whatif_layers(&window->whatif, window->values, error);
            ok = piece->layers != NULL;
        }
    }
    if (ok)
        worker_post(window->worker, 0, whatif_piece_run, piece, whatif_piece_free);
    else
        whatif_piece_free(piece);
    return ok;
}

/* FALSE: a person has deleted the layer or closed the image, and is told so. It may come
 * back, by undo. */
static gboolean
has_photo(Window *window)
{
    gboolean there = host_item_exists(window->run->drawables[0]);
    if (there && window->gone)
        window->stale = TRUE;
    if (!there && !window->gone) {
        GError *error = NULL;
        fail_input(&error, "%s", watch_gone());
        show_error(window, error);
        g_error_free(error);
    }
    window->gone = !there;
    return there;
}

static gboolean
tick(void *user)
{
    Window *window = user;
    float background[3];
    if (!has_photo(window))
        return G_SOURCE_CONTINUE;
    gboolean changed = watch_changed(&window->watch);
    if (param_is(window->values, "fill", "background")) {
        host_background(background);
        changed = changed || memcmp(background, window->background, sizeof background);
        memcpy(window->background, background, sizeof background);
    }
    if (changed || window->stale) {
        GError *error = NULL;
        window->stale = FALSE;
        if (!seen(window, &error))
            show_error(window, error);
        g_clear_error(&error);
    }
    return G_SOURCE_CONTINUE;
}

/* --- the window --- */

/* A window has no use for some: it shows the picture on demand, makes a figure by a
 * button, and writes no files. */
static gboolean
is_shown(const Param *param)
{
    return !param->advanced;
}

static gboolean
is_of_figure(const Param *param)
{
    return param->only_with && g_str_equal(param->only_with, "target");
}

/* The others go below an expander: the photo should be seen beside the window. */
static gboolean
is_asked_first(const Param *param)
{
    static const char *const first[] = {"remove", "fill", "color", "layers", NULL};
    return g_strv_contains(first, param->name);
}

static void
make_values(Window *window)
{
    gsize count, kept = 0;
    const Param *all = param_values_table(window->values, &count);
    window->table = g_new0(Param, count);
    for (gsize i = 0; i < count; i++)
        if (is_shown(&all[i])) {
            Param *one = &window->table[kept++];
            *one = all[i];
            one->advanced = !is_asked_first(one);
            if (is_of_figure(one))
                one->only_with = NULL;
        }
    char *text = param_values_save(window->values);
    window->shown = param_values_new(window->table, kept);
    param_values_load(window->shown, text);
    g_free(text);
}

static void
values_changed(void *user)
{
    Window *window = user;
    char *text = param_values_save(window->shown);
    param_values_load(window->values, text);
    g_free(text);
    window->stale = TRUE;
}

/* A preset was taken. */
static void
values_taken(void *user)
{
    Window *window = user;
    char *text = param_values_save(window->values);
    param_values_load(window->shown, text);
    g_free(text);
    form_refresh(window->form);
    window->stale = TRUE;
}

/* --- what is made of an answer --- */

/* Calls make() with room for what it gives, which nobody looks at. */
static void
give(Window *window, gboolean (*make)(Window *window, const Run *run, GError **error))
{
    GError *error = NULL;
    ResultValue results[2] = {{0}};
    Run run = *window->run;
    run.results = results;
    if (has_photo(window) && !make(window, &run, &error))
        tell(window, error->message);
    g_clear_error(&error);
    result_clear(&results[0]);
    result_clear(&results[1]);
}

static gboolean
add_layer(Window *window, const Run *run, GError **error)
{
    return !window->rgb ||
           whatif_show(run, window->whatif.asker.net, &window->cut.seen.region,
                       window->change, window->rgb, error);
}

static gboolean
add_figure(Window *window, const Run *run, GError **error)
{
    return whatif_figure(run, &window->whatif, &window->cut, window->rgb, error);
}

static void
figure_pressed(Window *window)
{
    give(window, add_figure);
}

static void
responded(GtkDialog *dialog, int response, void *user)
{
    Window *window = user;
    (void)dialog;
    if (response == ACTION_DIALOG_ACT)
        give(window, add_layer);
    else if (response != GTK_RESPONSE_HELP)
        g_main_loop_quit(window->loop);
}

static GtkWidget *
make_dialog(Window *window)
{
    GtkWidget *dialog = action_dialog_new(_("What If"), procedure_whatif.name,
                                          _("Add as _Layer"), &window->add);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *rows = form_widget(window->form);
    GtkWidget *legend = gtk_label_new(_("Upper bar: before. Lower bar: after."));
    window->sentence = gtk_label_new(NULL);
    g_object_set(window->sentence, "xalign", 0.0, "yalign", 0.0, NULL);
    g_object_set(legend, "xalign", 0.0, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(window->sentence), TRUE);
    gtk_label_set_selectable(GTK_LABEL(window->sentence), TRUE);
    g_object_set(window->sentence, "max-width-chars", 60, NULL);
    gtk_widget_set_size_request(window->sentence, TEXT_WIDTH, TEXT_HEIGHT);
    window->pairs = pairs_new(WHATIF_TOP);
    gtk_widget_show_all(rows);
    gtk_box_pack_start(GTK_BOX(box), toolkit_scrolled(rows, FORM_HEIGHT), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), window->pairs, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), legend, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), window->sentence, FALSE, FALSE, 0);
    GtkWidget *foot = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    window->figure = gtk_button_new_with_mnemonic(_("Ma_ke Figure"));
    gtk_widget_set_tooltip_text(
        window->figure,
        _("A new image for a paper or a talk: before and after, with bars and a caption"));
    g_signal_connect_swapped(window->figure, "clicked", G_CALLBACK(figure_pressed),
                             window);
    gtk_box_pack_start(GTK_BOX(foot), window->figure, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(foot),
                       script_button_new_for(&procedure_whatif, window->values), FALSE,
                       FALSE, 0);
    gtk_box_pack_start(
        GTK_BOX(foot),
        preset_button_new(&procedure_whatif, window->values, NULL, values_taken, window),
        FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), foot, FALSE, FALSE, 0);
    gtk_container_set_border_width(GTK_CONTAINER(box), 12);
    action_dialog_pack(dialog, box);
    gtk_widget_set_sensitive(window->add, FALSE);
    g_signal_connect(dialog, "response", G_CALLBACK(responded), window);
    return dialog;
}

void
whatif_window(const Run *run, ParamValues *values)
{
    Window window = {.run = run,
                     .values = values,
                     .watch = {run->image, run->drawables[0], .begun = FALSE}};
    make_values(&window);
    window.form = form_new(window.shown, values_changed, &window);
    window.worker = worker_new();
    window.loop = g_main_loop_new(NULL, FALSE);
    GtkWidget *dialog = make_dialog(&window);
    gtk_widget_show_all(dialog);
    tick(&window);
    guint timer = g_timeout_add(EVERY_MS, tick, &window);
    g_main_loop_run(window.loop);

    g_source_remove(timer);
    worker_free(window.worker);
    gtk_widget_destroy(dialog);
    form_free(window.form);
    g_main_loop_unref(window.loop);
    /* The results are those of the last answer, unless a newer question was about to be
     * asked. */
    if (window.opened && window.whatif.after->len)
        whatif_give(&window.whatif, run->results, whatif_sentence(&window.whatif));
    if (window.opened)
        whatif_close(&window.whatif);
    watch_clear(&window.watch);
    param_values_free(window.shown);
    g_free(window.table);
    g_free(window.opened);
    forget(&window);
    run->results[1].image = run->image;
}
