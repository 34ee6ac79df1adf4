/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pass.c: a pass over a folder of pictures beside the browser, which makes the index of
 * the strongest nine. */

#include "actions/browse/private.h"
#include "base/fail.h"

/* Microseconds between two reports. */
#define PAUSE 100000

typedef struct {
    Browse *browse;
    Work *work;
    char *folder, *tensor;
    gsize maps, height, width;
    Fit fit;
    gint64 sent; /* when */
} Passing;

static void
passing_free(void *user)
{
    Passing *passing = user;
    g_free(passing->folder);
    g_free(passing->tensor);
    g_free(passing);
}

void
browse_pass_free(void *user)
{
    BrowsePass *pass = user;
    if (!pass)
        return;
    g_free(pass->folder);
    g_free(pass->shown);
    g_free(pass);
}

/* --- the thread's part --- */

static void
pass_arrived(void *user, void *news)
{
    Browse *browse = user;
    browse->pass->done = *(double *)news;
    browse_tell(browse, BROWSE_PASS);
}

static bool
report(double done, void *user)
{
    Passing *passing = user;
    gint64 now = g_get_monotonic_time();
    if (now - passing->sent >= PAUSE) {
        passing->sent = now;
        work_send(passing->work, pass_arrived, passing->browse,
                  g_memdup2(&done, sizeof done), g_free);
    }
    return true;
}

/* news: what went wrong, or NULL */
static void
pass_over(void *user, void *news)
{
    Browse *browse = user;
    browse->pass->over = TRUE;
    browse_nine_clear(browse);
    browse_tell(browse, BROWSE_PASS);
    if (news)
        browse_fail_now(browse, g_error_copy(news));
}

static void
free_error(void *error)
{
    if (error)
        g_error_free(error);
}

static gboolean
run_index(Passing *passing, Folder *folder, GError **error)
{
    Browse *browse = passing->browse;
    DcnProgress progress = {report, passing};
    TopIndex index;
    char *missing;
    TopRequest request = {
        .net = browse->net,
        .tensor = passing->tensor,
        .maps = passing->maps,
        .height = passing->height,
        .width = passing->width,
        .folder = folder,
        .fit = passing->fit,
        .threads = browse->threads,
        .part = 1,
        .parts = 1,
        .work = passing->work,
        .progress = &progress,
    };
    if (!top_index_get(&request, &index, &missing, error))
        return FALSE;
    gboolean ok =
        index.images ||
        fail_input(error, _("No file of the folder “%s” is a picture."), folder->path);
    top_index_clear(&index);
    return ok;
}

static void
run_pass(Work *work, void *request)
{
    Passing *passing = request;
    Browse *browse = passing->browse;
    GPtrArray *unreadable = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    Folder folder;
    passing->work = work;
    gboolean ok = folder_search(&folder, passing->folder, NULL, unreadable, &error) &&
                  run_index(passing, &folder, &error);
    browse_nine_index_free(browse->nine); /* it is looked for again */
    browse->nine = NULL;
    if (ok || !g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED))
        work_send(work, pass_over, browse, ok ? NULL : g_error_copy(error), free_error);
    g_clear_error(&error);
    folder_clear(&folder);
    g_ptr_array_unref(unreadable);
}

/* --- the main loop's part --- */

void
browse_find_nine(Browse *browse, const char *folder, Fit fit)
{
    const BrowseMaps *maps = browse->maps;
    if (!maps)
        return;
    Passing *passing = g_new(Passing, 1);
    *passing = (Passing){.browse = browse,
                         .folder = g_strdup(folder),
                         .tensor = g_strdup(maps->layer.tensor),
                         .maps = maps->count,
                         .height = maps->height,
                         .width = maps->width,
                         .fit = fit};
    browse_pass_free(browse->pass);
    browse->pass = g_new(BrowsePass, 1);
    *browse->pass = (BrowsePass){g_strdup(folder), g_strdup(maps->layer.shown), 0, FALSE};
    worker_post(browse->worker, LANE_PASS, run_pass, passing, passing_free);
    browse_tell(browse, BROWSE_PASS);
}

void
browse_stop_finding(Browse *browse)
{
    worker_stop(browse->worker, LANE_PASS);
    g_clear_pointer(&browse->pass, browse_pass_free);
    browse_nine_clear(browse);
    browse_tell(browse, BROWSE_PASS);
}

const BrowsePass *
browse_pass(const Browse *browse)
{
    return browse->pass;
}
