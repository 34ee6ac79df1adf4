/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_read.h: a few pictures of a folder, decoded in a thread of their own.
 *
 * A decoder may take long over a large file, and nobody should wait for it who wants
 * something else. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_NINE_READ_H
#define FEATURESCOPE_ACTIONS_BROWSE_NINE_READ_H

#include "actions/top/unit_tiles.h"
#include "base/worker.h"

typedef struct {
    UnitTile tile; /* .what is asked for; the patch comes */
    char *path;
    Seen seen;
    GeglRectangle patch;
    int width, height;
    GError *error;
} NinePicture;

typedef struct {
    const Probe *probe; /* its plan is read */
    FieldSize size;
    int side;
    Fit fit;
    NinePicture pictures[TOP_BEST];
    gsize count;
} NineReading;

typedef struct NineReader NineReader;

/* Takes the paths. The reading stays where it is until nine_read_end(). */
NineReader *nine_read_start(NineReading *reading);

/* Waits for a picture, letting others pass. FALSE: the work was stopped. */
gboolean nine_read_wait(NineReader *reader, gsize picture, Work *work);

/* Asks it to stop. It does after the file that it is at. */
void nine_read_stop(NineReader *reader);

/* TRUE: it is over, and nine_read_end() does not wait. */
gboolean nine_read_over(NineReader *reader);

/* Waits for it, and frees what was read. NULL is accepted. */
void nine_read_end(NineReader *reader);

#endif
