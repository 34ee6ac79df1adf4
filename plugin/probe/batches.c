/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batches.c: a network run on the files of a folder, in batches. */

#include "probe/batches.h"
#include "base/fail.h"
#include "photo/feed.h"

/* Pictures a run: enough that every thread has work in small layers; more costs memory
 * and gains nothing. */
#define BATCH 8

/* Microseconds before others are let pass. */
#define WAIT 10000

/* Pictures that wait for a run. */
typedef struct {
    const Batches *batches;
    Runner runner;
    DcnMaps maps;
    gsize filled;
    gsize files[BATCH];
} Batch;

static gboolean
batch_open(Batch *batch, const Batches *batches, gsize size, GError **error)
{
    RunnerPart part = {.targets = {batches->tensor},
                       .batch = size,
                       .purpose = RUNNER_MANY,
                       .threads = batches->threads};
    *batch = (Batch){.batches = batches};
    return runner_open(&batch->runner, batches->net, &part, error) &&
           net_maps(batch->runner.plan, batch->runner.tensor[0], batches->tensor,
                    &batch->maps, error);
}

static bool
goes_on(double done, void *work)
{
    (void)done;
    return work_goes_on(work);
}

/* Takes the next picture, letting others pass meanwhile; *over: there are no more. A file
 * that a stop kept from being read has nothing to say. */
static gboolean
take_next(Feed *feed, FeedItem *item, Work *work, gboolean *over, GError **error)
{
    do
        if (work && !work_goes_on(work))
            return fail_stopped(error);
    while (work && !feed_wait(feed, WAIT));
    *over = !feed_next(feed, item, work);
    if (!work || !work_stopped(work))
        return TRUE;
    if (!*over)
        feed_item_clear(item);
    return fail_stopped(error);
}

static gboolean
batch_run(Batch *batch, GError **error)
{
    const Batches *batches = batch->batches;
    if (!batch->filled)
        return TRUE;
    DcnProgress between = {goes_on, batches->work};
    if (!runner_run(&batch->runner, batches->work ? &between : NULL, error))
        return FALSE;
    gsize count = batch->filled;
    batch->filled = 0;
    for (gsize i = 0; i < count; i++) {
        BatchImage image = {.file = batch->files[i],
                            .session = batch->runner.session,
                            .tensor = batch->runner.tensor[0],
                            .slot = i,
                            .values = runner_values(&batch->runner, 0, i),
                            .maps = batch->maps};
        if (!batches->take(batches->user, &image, error))
            return FALSE;
    }
    return TRUE;
}

static void
batch_put(Batch *batch, gsize file, const float *input)
{
    runner_put(&batch->runner, batch->filled, input);
    batch->files[batch->filled++] = file;
}

static gboolean
run_feed(Batch *batch, Feed *feed, const DcnProgress *progress, GError **error)
{
    const Batches *batches = batch->batches;
    FeedItem item;
    gsize done = 0;
    gboolean over;
    for (;;) {
        if (!take_next(feed, &item, batches->work, &over, error))
            return FALSE;
        if (over)
            return batch_run(batch, error);
        gsize file = batches->files[item.index];
        if (item.error) {
            /* The pictures before it are run first, so that files are reported in
             * order. */
            if (!batch_run(batch, error)) {
                feed_item_clear(&item);
                return FALSE;
            }
            batches->skip(batches->user, file, item.error);
        } else {
            batch_put(batch, file, item.seen.input);
        }
        feed_item_clear(&item);
        if (batch->filled == batch->runner.batch && !batch_run(batch, error))
            return FALSE;
        progress->report((double)++done / (double)batches->count, progress->user);
    }
}

gboolean
batches_run(const Batches *batches, GError **error)
{
    Batch batch;
    if (!batches->count)
        return TRUE;
    char **paths = g_new0(char *, batches->count + 1);
    for (gsize i = 0; i < batches->count; i++)
        paths[i] = folder_path(batches->folder, batches->files[i]);
    DcnProgress progress = batches->work ? *batches->progress : busy_start(batches->busy);
    /* The first pictures are decoded while the plan is made. */
    Feed *feed = feed_new(batches->net, batches->fit, paths, batches->threads);
    gboolean ok = batch_open(&batch, batches, MIN(batches->count, BATCH), error) &&
                  run_feed(&batch, feed, &progress, error);
    feed_free(feed);
    g_strfreev(paths);
    runner_close(&batch.runner);
    return ok;
}

gboolean
batches_run_one(const Batches *batches, const Seen *seen, GError **error)
{
    Batch batch;
    gboolean ok = batch_open(&batch, batches, 1, error);
    if (ok) {
        batch_put(&batch, 0, seen->input);
        ok = batch_run(&batch, error);
    }
    runner_close(&batch.runner);
    return ok;
}
