/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.c: the projection of the unit or map that is chosen in the browser. */

#include "actions/browse/private.h"
#include "base/fail.h"

/* A field that fills less than this share of the picture's side is enlarged. */
#define SMALL_FIELD 0.5

typedef struct {
    Browse *browse;
    BrowseChoice choice;
    char *tensor; /* of the layer that was open */
} Choosing;

static void
choosing_free(void *user)
{
    Choosing *choosing = user;
    g_free(choosing->tensor);
    g_free(choosing);
}

void
browse_view_free(void *user)
{
    BrowseView *view = user;
    if (!view)
        return;
    net_layer_clear(&view->layer);
    g_free(view->name);
    g_free(view->field);
    g_free(view->signal);
    g_free(view);
}

/* --- the thread's part --- */

static gboolean
find_target(const Probe *probe,
            const BrowseChoice *choice,
            Target *target,
            GError **error)
{
    if (choice->unit == BROWSE_POINT)
        return probe_at(probe, choice->map, 1, choice->x, choice->y, target, error) > 0;
    return probe_strongest(probe, choice->map, 1, choice->unit == BROWSE_WHOLE, target,
                           error) > 0;
}

static char *
name_field(const Browse *browse, BrowseView *view)
{
    const Net *net = browse->net;
    if (view->target.whole) {
        view->seen = (Field){.height = net->height, .width = net->width};
        return g_strdup_printf(_("Whole map: %d × %d units"), (int)browse->probe.width,
                               (int)browse->probe.height);
    }
    view->seen = field_of(&browse->probe, browse->field, &view->target.unit, BROWSE_TILE);
    view->small = view->seen.height < SMALL_FIELD * net->height &&
                  view->seen.width < SMALL_FIELD * net->width;
    return g_strdup_printf(_("Unit %d, %d sees %d × %d of %d × %d pixels"),
                           (int)view->target.unit.x, (int)view->target.unit.y,
                           (int)view->seen.width, (int)view->seen.height, net->width,
                           net->height);
}

static void
tell_field(const Browse *browse, BrowseView *view)
{
    char *name = name_field(browse, view);
    /* TRANSLATORS: behind what a unit sees. Methods: deconvnet, guided, gradient. */
    view->field = g_strconcat(
        name,
        probe_methods_differ(&browse->probe) ? NULL : _(" · the same by all methods"),
        NULL);
    g_free(name);
}

static void
view_arrived(void *user, void *news)
{
    Browse *browse = user;
    BrowseView **view = news;
    browse_view_free(browse->view);
    browse->view = g_steal_pointer(view);
    browse_tell(browse, BROWSE_VIEW);
}

static void
view_unsent(void *news)
{
    BrowseView **view = news;
    browse_view_free(*view);
    g_free(view);
}

static gboolean
project_choice(Work *work, Browse *browse, BrowseView *view, GError **error)
{
    const Net *net = browse->net;
    Probe *probe = &browse->probe;
    DcnProgress progress = {browse_not_stopped, work};
    if (!find_target(probe, &view->choice, &view->target, error))
        return FALSE;
    view->signal = g_try_new(float, net_pixels(net) * 3);
    if (!view->signal)
        return fail_run(error, _("There is not enough memory for a projection."));
    view->layer = (NetLayer){g_strdup(probe->layer.tensor), g_strdup(probe->layer.shown)};
    view->name = probe_name(probe, &view->target);
    tell_field(browse, view);
    return probe_project(probe, &view->target, view->choice.method, view->signal,
                         &progress, error);
}

/* --- which maps answer at a point --- */

typedef struct {
    char *tensor;
    double *values; /* of each map */
} Here;

static void
here_free(void *news)
{
    Here *here = news;
    g_free(here->tensor);
    g_free(here->values);
    g_free(here);
}

static void
here_arrived(void *user, void *news)
{
    Browse *browse = user;
    Here *here = news;
    BrowseMaps *maps = browse->maps;
    if (!maps || !g_str_equal(maps->layer.tensor, here->tensor))
        return; /* another layer came meanwhile */
    g_free(maps->here);
    maps->here = g_steal_pointer(&here->values);
    browse_tell(browse, BROWSE_ORDER);
}

static void
send_here(Work *work, Browse *browse, const BrowseChoice *choice)
{
    const Probe *probe = &browse->probe;
    Target *targets = g_new(Target, probe->maps);
    gsize count = probe_at(probe, -1, probe->maps, choice->x, choice->y, targets, NULL);
    Here *here = g_new(Here, 1);
    *here = (Here){g_strdup(probe->layer.tensor), g_new0(double, probe->maps)};
    for (gsize i = 0; i < count; i++)
        here->values[targets[i].unit.channel] = (double)targets[i].unit.value;
    g_free(targets);
    work_send(work, here_arrived, browse, here, here_free);
}

static void
run_choice(Work *work, void *request)
{
    const Choosing *choosing = request;
    Browse *browse = choosing->browse;
    GError *error = NULL;
    if (!browse->ready || !g_str_equal(browse->probe.layer.tensor, choosing->tensor))
        return; /* another layer is being opened */
    if (choosing->choice.rank)
        send_here(work, browse, &choosing->choice);
    BrowseView *view = g_new0(BrowseView, 1);
    view->choice = choosing->choice;
    if (!project_choice(work, browse, view, &error)) {
        browse_view_free(view);
        browse_fail(browse, work, error);
        return;
    }
    BrowseView **sent = g_new(BrowseView *, 1);
    *sent = view;
    work_send(work, view_arrived, browse, sent, view_unsent);
}

/* --- the main loop's part --- */

void
browse_post_choice(Browse *browse)
{
    Choosing *choosing = g_new(Choosing, 1);
    *choosing = (Choosing){browse, browse->choice, g_strdup(browse->maps->layer.tensor)};
    browse->wishing = FALSE;
    worker_post(browse->worker, LANE_CHOICE, run_choice, choosing, choosing_free);
}

void
browse_choose(Browse *browse, const BrowseChoice *choice)
{
    browse->choice = *choice;
    browse->wishing = TRUE;
    if (!browse->opening && browse->maps)
        browse_post_choice(browse);
}
