/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sets.h: the pictures of a run: to learn from, to measure by, and held out. */
#ifndef TRAIN_RUN_SETS_H
#define TRAIN_RUN_SETS_H

#include "pictures/parts.h"
#include "pictures/shelf.h"
#include "run/job.h"

typedef struct {
    Data *data, *val_data; /* val_data: NULL, or a folder of its own to measure by */
    Parts parts;
    Shelf *train, *validation, *held_out; /* the last two may be NULL */
} Sets;

/* Decodes what the job names, each picture to about `side` pixels. room: bytes that may
 * be taken; what is left of them. stop: asked between pictures. */
gboolean sets_read(Sets *sets,
                   const Job *job,
                   int side,
                   gsize *room,
                   gboolean (*stop)(void),
                   GError **error);
void sets_clear(Sets *sets);

#endif
