/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.h: which pictures are learned from, which choose settings, which are held out.
 *
 * The part of a picture follows from a hash of its relative path and the seed, so it
 * stays the same when other pictures are added or removed, and on every machine. */
#ifndef TRAIN_PICTURES_PARTS_H
#define TRAIN_PICTURES_PARTS_H

#include "pictures/data.h"

typedef struct {
    double held_out;     /* share of all that is held out */
    gboolean choose;     /* a tenth of the rest is for choosing settings */
    gsize train_a_class; /* so many of each class are learned from, the others are held
                            out; 0: as held_out says */
    gsize test_a_class;  /* at most so many of each class are held out; 0: all */
    guint64 seed;
} PartsOptions;

/* Borrowed items in the order of their paths. */
typedef struct {
    GPtrArray *train, *choose, *held_out;
} Parts;

void parts_split(Parts *parts, const Data *data, const PartsOptions *options);
void parts_clear(Parts *parts);

#endif
