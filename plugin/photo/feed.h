/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed.h: image files, decoded ahead by threads of its own, handed out in order. */
#ifndef FEATURESCOPE_PHOTO_FEED_H
#define FEATURESCOPE_PHOTO_FEED_H

#include "base/worker.h"
#include "photo/seen.h"

typedef struct Feed Feed;

typedef struct {
    gsize index;   /* in the list */
    Seen seen;     /* without rgb; zero if the file could not be read */
    GError *error; /* why not; names the file */
} FeedItem;
void feed_item_clear(FeedItem *item);

/* paths: NULL-ended. threads: 0: as many as there are processors. The net stays as it is
 * meanwhile. The paths are borrowed. */
Feed *feed_new(const Net *net, Fit fit, char *const *paths, int threads);

/* Waits so many microseconds for the next one. TRUE: it is there, or this is the end. */
gboolean feed_wait(Feed *feed, gint64 time);

/* The next one, waiting for it if need be; FALSE at the end. What only the editor's
 * loaders know is decoded now: in the caller's thread, or if that is a worker's, by the
 * main loop. work: of that thread; else NULL. */
gboolean feed_next(Feed *feed, FeedItem *item, Work *work);

/* TRUE: an editor's loaders may know a file of this name if GEGL does not. */
gboolean feed_may_be_theirs(const char *path);

/* Waits for its threads. Accepts NULL. */
void feed_free(Feed *feed);

#endif
