/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batches.h: a network run on the files of a folder, in batches, one tensor read.
 *
 * Files are decoded ahead while the network runs (feed.h). */
#ifndef FEATURESCOPE_PROBE_BATCHES_H
#define FEATURESCOPE_PROBE_BATCHES_H

#include "base/busy.h"
#include "base/worker.h"
#include "photo/folder.h"
#include "photo/seen.h"
#include "probe/runner.h"

/* One picture of a batch, after the run. */
typedef struct {
    gsize file; /* in the folder */
    const DcnSession *session;
    int tensor;
    gsize slot;          /* the picture's number in the batch */
    const float *values; /* of the tensor */
    DcnMaps maps;        /* how they lie there */
} BatchImage;

typedef struct {
    const Net *net;
    const char *tensor; /* one that has maps */
    Fit fit;
    int threads;
    const Folder *folder;
    const gsize *files; /* which of its files, in this order */
    gsize count;
    Busy *busy;
    /* Called in the order of files: take() for a picture, skip() for what is none. */
    gboolean (*take)(void *user, const BatchImage *image, GError **error);
    void (*skip)(void *user, gsize file, const GError *why);
    void *user;

    /* In the place of busy, in a worker's thread: its work, which lets others pass, and
     * ends if it is stopped. */
    Work *work;
    const DcnProgress *progress; /* what it returns is not looked at */
} Batches;

gboolean batches_run(const Batches *batches, GError **error);

/* One picture through the same. */
gboolean batches_run_one(const Batches *batches, const Seen *seen, GError **error);

#endif
