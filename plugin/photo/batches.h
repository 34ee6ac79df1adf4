/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batches.h: a network run on the files of a folder, in batches, one tensor looked at.
 *
 * Files are decoded ahead while the network runs (feed.h). */
#ifndef PASS_H
#define PASS_H

#include "base/busy.h"
#include "photo/folder.h"
#include "photo/look.h"

/* One picture of a batch, after the run. */
typedef struct {
    gsize file; /* in the folder */
    const DcnSession *session;
    int tensor;
    gsize slot;          /* the picture's number in the batch */
    const float *values; /* of the tensor: maps x units */
    gsize maps, units;
} PassImage;

typedef struct {
    const Net *net;
    const char *tensor; /* 1 x C x H x W or 1 x C */
    Fit fit;
    int threads;
    const Folder *folder;
    const gsize *files; /* which of its files, in this order */
    gsize count;
    Busy *busy;
    /* In the order of files. */
    gboolean (*take)(void *user, const PassImage *image, GError **error);
    void (*skip)(void *user, gsize file, const GError *why);
    void *user;
} Pass;

gboolean pass_run(const Pass *pass, GError **error);

/* One picture through the same. */
gboolean pass_look(const Pass *pass, const Look *look, GError **error);

#endif
