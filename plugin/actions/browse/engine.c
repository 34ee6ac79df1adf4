/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine.c: computes what the browser's window shows.
 *
 * The jobs are in maps.c, view.c, heat.c, nine.c, pass.c and answer.c, one lane of the worker each. The probe, with
 * the session of the open layer, is used by the worker's thread only: jobs of the first
 * lane may use it between two thumbnails, when no run is in progress. */

#include "actions/browse/private.h"
#include "base/fail.h"
#include <string.h>

static void
copy_seen(Seen *copy, const Seen *seen, const Net *net)
{
    gsize values = net_pixels(net) * 3;
    *copy = (Seen){.region = seen->region};
    copy->rgb = g_memdup2(seen->rgb, values * sizeof *seen->rgb);
    copy->input = g_memdup2(seen->input, net_input_count(net) * sizeof *seen->input);
}

Browse *
browse_new(Net *net,
           const Seen *seen,
           int threads,
           void (*changed)(void *user, BrowseNews news),
           void *user)
{
    Browse *browse = g_new(Browse, 1);
    *browse = (Browse){.net = net,
                       .threads = threads,
                       .changed = changed,
                       .user = user,
                       .evidence_class = -1};
    copy_seen(&browse->seen, seen, net);
    browse->worker = worker_new();
    return browse;
}

void
browse_free(Browse *browse)
{
    if (!browse)
        return;
    worker_free(browse->worker);
    browse_nine_index_free(browse->nine);
    browse_nine_clear(browse);
    browse_pass_free(browse->pass);
    probe_close(&browse->probe);
    g_free(browse->evidence);
    g_free(browse->answer);
    browse_maps_free(browse->maps);
    browse_view_free(browse->view);
    browse_heat_free(browse->heat);
    seen_clear(&browse->seen);
    g_free(browse->error);
    g_free(browse);
}

/* --- news --- */

void
browse_tell(Browse *browse, BrowseNews news)
{
    if (news != BROWSE_ERROR)
        g_clear_pointer(&browse->error, g_free);
    browse->changed(browse->user, news);
}

void
browse_fail_now(Browse *browse, GError *error)
{
    g_free(browse->error);
    browse->error = g_strdup(error->message);
    g_error_free(error);
    browse_tell(browse, BROWSE_ERROR);
}

static void
error_arrived(void *user, void *news)
{
    Browse *browse = user;
    g_free(browse->error);
    browse->error = g_strdup(news);
    browse_tell(browse, BROWSE_ERROR);
}

void
browse_fail(Browse *browse, Work *work, GError *error)
{
    if (!g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED))
        work_send(work, error_arrived, browse, g_strdup(error->message), g_free);
    g_error_free(error);
}

bool
browse_goes_on(double done, void *work)
{
    (void)done;
    return work_goes_on(work);
}

bool
browse_not_stopped(double done, void *work)
{
    (void)done;
    return !work_stopped(work);
}

/* --- what is there --- */

const char *
browse_error(const Browse *browse)
{
    return browse->error;
}

const BrowseMaps *
browse_maps(const Browse *browse)
{
    return browse->maps;
}

const BrowseView *
browse_view(const Browse *browse)
{
    return browse->view;
}

const BrowseHeat *
browse_heat(const Browse *browse)
{
    return browse->heat;
}

gboolean
browse_occluding(const Browse *browse)
{
    return browse->occluding;
}

Net *
browse_net(const Browse *browse)
{
    return browse->net;
}

const Seen *
browse_seen(const Browse *browse)
{
    return &browse->seen;
}
