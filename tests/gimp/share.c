/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.c: what a run of the plug-in takes beside its network. Not a test.
 *
 * It is built into featurescope-share, a plug-in like ours but for its one procedure:
 * either a projection of the photo, or what nobody could do without, the bare reading of
 * the same pixels and the bare writing of a layer. Prints one line of milliseconds. The
 * linker puts a clock around what the procedure calls (--wrap), so that all that is the
 * network's can be taken off and the greatest parts of the rest are known. share.sh
 * calls it. */
#include "gimp/share.h"
#include "draw/paint.h"
#include "gtk/windows/windows.h"
#include "photo/region.h"
#include "photo/seen.h"
#include "result/results.h"
#include <stdio.h>

extern const Procedure procedure_project;

/* --- clocks --- */

typedef enum { CLOCK_NET, CLOCK_READ, CLOCK_PAINT, CLOCK_ADD, CLOCKS } Clock;
static const char *const clock_names[CLOCKS] = {"net", "read", "paint", "add"};
static gint64 clocks[CLOCKS], started;
static int depth;

static void
clock_start(void)
{
    if (depth++ == 0)
        started = g_get_monotonic_time();
}

static void
clock_stop(Clock clock)
{
    if (--depth == 0)
        clocks[clock] += g_get_monotonic_time() - started;
}

/* A function that is called through a clock: only the outermost counts. */
#define CLOCKED(clock, type, name, parameters, arguments)                                \
    type __real_##name parameters;                                                       \
    type __wrap_##name parameters;                                                       \
    type __wrap_##name parameters                                                        \
    {                                                                                    \
        clock_start();                                                                   \
        type result = __real_##name arguments;                                           \
        clock_stop(clock);                                                               \
        return result;                                                                   \
    }
#define CLOCKED_VOID(clock, name, parameters, arguments)                                 \
    void __real_##name parameters;                                                       \
    void __wrap_##name parameters;                                                       \
    void __wrap_##name parameters                                                        \
    {                                                                                    \
        clock_start();                                                                   \
        __real_##name arguments;                                                         \
        clock_stop(clock);                                                               \
    }

CLOCKED(CLOCK_NET,
        DcnModel *,
        dcn_model_open,
        (const char *path, DcnError *error),
        (path, error))
CLOCKED(CLOCK_NET,
        DcnPlan *,
        dcn_plan_new,
        (const DcnModel *model, const DcnPlanOptions *options, DcnError *error),
        (model, options, error))
CLOCKED(CLOCK_NET,
        DcnContext *,
        dcn_context_new,
        (int threads, DcnError *error),
        (threads, error))
CLOCKED(CLOCK_NET,
        DcnSession *,
        dcn_session_new,
        (const DcnPlan *plan, DcnContext *context, DcnError *error),
        (plan, context, error))
CLOCKED(CLOCK_NET,
        bool,
        dcn_forward,
        (DcnSession * session, const DcnProgress *progress, DcnError *error),
        (session, progress, error))
CLOCKED(CLOCK_NET,
        bool,
        dcn_project,
        (DcnSession * session,
         const DcnSeed *seed,
         DcnMethod method,
         float *signal,
         const DcnProgress *progress,
         DcnError *error),
        (session, seed, method, signal, progress, error))
CLOCKED_VOID(CLOCK_NET, dcn_session_free, (DcnSession * session), (session))
CLOCKED_VOID(CLOCK_NET, dcn_plan_free, (DcnPlan * plan), (plan))
CLOCKED_VOID(CLOCK_NET, dcn_context_free, (DcnContext * context), (context))
CLOCKED(CLOCK_READ,
        gboolean,
        seen_of_drawable,
        (Seen * seen, const Run *run, HostItem *drawable, const Net *net, GError **error),
        (seen, run, drawable, net, error))
CLOCKED_VOID(CLOCK_PAINT,
             paint_signal,
             (const float *signal,
              int height,
              int width,
              const RegionGrid *grid,
              float scale,
              float *rgba),
             (signal, height, width, grid, scale, rgba))
CLOCKED(CLOCK_ADD,
        gboolean,
        host_add,
        (HostImage * *image,
         HostItem *above,
         const char *undo_name,
         const char *group,
         HostLayer **layers,
         gsize n_layers,
         HostItem ***items,
         GError **error),
        (image, above, undo_name, group, layers, n_layers, items, error))

/* --- the procedure --- */

static const ParamChoice what[] = {
    {"ours", N_("A projection")},
    {"bare", N_("Reading and writing alone")},
    {NULL, NULL},
};

static const Param params[] = {
    {"what", PARAM_CHOICE, N_("_What"), N_("What is timed"), .text = "ours",
     .choices = what},
    {"model", PARAM_FILE, N_("_Model"), N_("A file"), .empty = N_("Built in")},
    SEEN_FIT,
};

static gboolean
run_ours(const Run *run, GError **error)
{
    gsize n_results = procedure_project.n_results;
    ResultValue *results = g_new0(ResultValue, n_results + 1);
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    param_set_text(values, "model", param_text(run->values, "model"));
    param_set_text(values, "fit", param_text(run->values, "fit"));
    Run inner = *run;
    inner.values = values;
    inner.results = results;

    gint64 start = g_get_monotonic_time();
    gboolean ok = procedure_call(&procedure_project, &inner, error);
    double total = (double)(g_get_monotonic_time() - start) / 1e3;
    if (ok) {
        printf("SHARE ours %.1f", total - (double)clocks[CLOCK_NET] / 1e3);
        for (int i = 0; i < CLOCKS; i++)
            printf(" %s %.1f", clock_names[i], (double)clocks[i] / 1e3);
        printf("\n");
    }
    for (gsize i = 0; i < n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    param_values_free(values);
    return ok;
}

/* The part of the photo that a square network would see. */
static void
run_bare(const Run *run)
{
    Region region;
    GeglRectangle item = host_item_rect(run->drawables[0]);
    region_find(&region, &item, NULL, seen_fit(run->values), 224, 224, NULL);
    double read = bare_read(run->drawables[0], &region.photo);
    double write = bare_write(run->image, &region.photo);
    printf("SHARE bare %.1f read %.1f write %.1f\n", read + write, read, write);
}

static gboolean
share_run(const Run *run, GError **error)
{
    gboolean ok = TRUE;
    if (param_is(run->values, "what", "bare"))
        run_bare(run);
    else
        ok = run_ours(run, error);
    fflush(stdout);
    return ok;
}

static const Procedure share = {
    .name = "plug-in-featurescope-share",
    .menu = N_("_Share..."),
    .title = N_("Share"),
    .blurb = N_("Times what is not the network's."),
    .help = N_("For docs/performance.md."),
    .icon = "featurescope-project",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .run = share_run,
};

const Procedure *const procedures[] = {&share, NULL};

/* It has no window of its own. */
WindowRun
window_of(const Procedure *procedure)
{
    (void)procedure;
    return NULL;
}
