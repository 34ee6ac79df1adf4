/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batches.c: a network run on the files of a folder, in batches. */

#include "photo/batches.h"
#include "base/fail.h"
#include "photo/feed.h"
#include <string.h>

/* Pictures a run: enough that every thread has work in small layers; more costs memory
 * and gains nothing. */
#define BATCH 8

typedef struct {
    const Pass *pass;
    DcnPlan *plan;
    DcnContext *context;
    DcnSession *session;
    int tensor;
    gsize maps, units;
    gsize batch, filled;
    gsize files[BATCH];
} Engine;

static void
engine_close(Engine *engine)
{
    dcn_session_free(engine->session);
    dcn_context_free(engine->context);
    dcn_plan_free(engine->plan);
}

static gboolean
engine_open(Engine *engine, const Pass *pass, gsize batch, GError **error)
{
    DcnError core = {0};
    *engine = (Engine){.pass = pass, .batch = batch};
    engine->plan = net_plan_with(
        pass->net,
        (DcnPlanOptions){.batch = batch, .targets = &pass->tensor, .n_targets = 1},
        error);
    if (!engine->plan)
        return FALSE;
    engine->tensor = dcn_plan_find(engine->plan, pass->tensor, &core);
    if (engine->tensor >= 0) {
        const DcnShape *shape = dcn_plan_shape(engine->plan, engine->tensor);
        char text[128];
        if ((shape->rank != 4 && shape->rank != 2) || shape->dim[0] != 1)
            return fail_input(
                error,
                _("“%s” has the shape %s; a layer to look at has maps: 1×C×H×W or 1×C."),
                pass->tensor, dcn_shape_print(shape, text));
        engine->maps = (gsize)shape->dim[1];
        engine->units = dcn_shape_count(shape) / engine->maps;
        engine->context = dcn_context_new(pass->threads, &core);
    }
    if (engine->context)
        engine->session = dcn_session_new(engine->plan, engine->context, &core);
    return engine->session || fail_core(error, &core);
}

static gboolean
engine_run(Engine *engine, GError **error)
{
    const Pass *pass = engine->pass;
    DcnError core = {0};
    if (!engine->filled)
        return TRUE;
    if (!dcn_forward(engine->session, NULL, &core))
        return fail_core(error, &core);
    const float *values = dcn_session_tensor(engine->session, engine->tensor);
    gsize count = engine->filled;
    engine->filled = 0;
    for (gsize i = 0; i < count; i++) {
        PassImage image = {engine->files[i],
                           engine->session,
                           engine->tensor,
                           i,
                           values + i * engine->maps * engine->units,
                           engine->maps,
                           engine->units};
        if (!pass->take(pass->user, &image, error))
            return FALSE;
    }
    return TRUE;
}

static void
engine_put(Engine *engine, gsize file, const float *input)
{
    gsize count = net_input_count(engine->pass->net);
    /* Other tensors may have used the input's place: the other pictures of a last batch
     * that is not full are rubbish, and not looked at. */
    memcpy(dcn_session_input(engine->session, 0) + engine->filled * count, input,
           count * sizeof *input);
    engine->files[engine->filled++] = file;
}

static gboolean
run_feed(Engine *engine, Feed *feed, const DcnProgress *progress, GError **error)
{
    const Pass *pass = engine->pass;
    FeedItem item;
    gsize done = 0;
    while (feed_next(feed, &item)) {
        gsize file = pass->files[item.index];
        if (item.error) {
            /* What lies before it is handed out before it. */
            if (!engine_run(engine, error)) {
                feed_item_clear(&item);
                return FALSE;
            }
            pass->skip(pass->user, file, item.error);
        } else {
            engine_put(engine, file, item.look.input);
        }
        feed_item_clear(&item);
        if (engine->filled == engine->batch && !engine_run(engine, error))
            return FALSE;
        progress->report((double)++done / (double)pass->count, progress->user);
    }
    return engine_run(engine, error);
}

gboolean
pass_run(const Pass *pass, GError **error)
{
    Engine engine;
    if (!pass->count)
        return TRUE;
    char **paths = g_new0(char *, pass->count + 1);
    for (gsize i = 0; i < pass->count; i++)
        paths[i] = folder_path(pass->folder, pass->files[i]);
    DcnProgress progress = busy_start(pass->busy);
    /* The first pictures are decoded while the plan is made. */
    Feed *feed = feed_new(pass->net, pass->fit, paths, pass->threads);
    gboolean ok = engine_open(&engine, pass, MIN(pass->count, BATCH), error) &&
                  run_feed(&engine, feed, &progress, error);
    feed_free(feed);
    g_strfreev(paths);
    engine_close(&engine);
    return ok;
}

gboolean
pass_look(const Pass *pass, const Look *look, GError **error)
{
    Engine engine;
    gboolean ok = engine_open(&engine, pass, 1, error);
    if (ok) {
        engine_put(&engine, 0, look->input);
        ok = engine_run(&engine, error);
    }
    engine_close(&engine);
    return ok;
}
