/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal.h: removes each map of a layer in turn and measures how a class's score
 * changes.
 *
 * The network is run from the layer on only, on batches of copies with one map set to
 * zero; where an addition leads around the layer, what comes by that way is computed too.
 * Beside it the first-order estimate: the sum over the map of gradient times activation
 * is how much a score would fall if the network were linear. */
#ifndef FEATURESCOPE_PROBE_REMOVAL_H
#define FEATURESCOPE_PROBE_REMOVAL_H

#include "base/busy.h"
#include "probe/probe.h"

typedef struct {
    gsize map;
    gsize rank;                /* by activation, from 1 */
    DcnUnit unit;              /* the strongest */
    double score, probability; /* changes when the map is removed: less is evidence for */
    double estimate;           /* of the score's change; NaN if it cannot be told */
} RemovedMap;

typedef struct {
    gsize class_index, predicted; /* predicted: of the whole picture */
    double score, probability;    /* of the class and the whole picture */
    RemovedMap *maps;             /* by number */
    gsize count;
} Removal;

/* Uses the threads of the probe, which must have run on input. class_index: -1: the most
 * probable class. */
gboolean removal_run(Removal *removal,
                     const Probe *probe,
                     const float *input,
                     const DcnClassifier *classifier,
                     gint64 class_index,
                     Busy *busy,
                     GError **error);
void removal_clear(Removal *removal);

/* The first-order estimates alone, of all maps: one run and one way back. NaN where they
 * cannot be told. class_index becomes the most probable class if it was -1. */
gboolean removal_estimate(const Probe *probe,
                          const float *input,
                          const DcnClassifier *classifier,
                          gint64 *class_index,
                          double *estimates,
                          GError **error);

/* --- what came of it (removal_order.c) --- */

/* The maps whose removal lowers the class most (sign -1), or raises it most (1), at most
 * `count` and only those that do. */
gsize removal_most(const Removal *removal,
                   gboolean by_score,
                   int sign,
                   gsize count,
                   const RemovedMap **maps);

/* Place of a map in that order, from 1; 0: it is not in it. */
gsize removal_place(const Removal *removal, gboolean by_score, int sign, gsize map);

/* --- maps removed together (removal_set.c) --- */

/* Maps that, removed together, change the net's answer, and none of which can be left
 * out of it. */
typedef struct {
    gsize *maps, count; /* count 0: nothing that was tried changes the answer */
    gsize tried;        /* how many were removed together at most */
    gsize class_index;  /* the answer without `maps`, or, if there are none, without all
                           that was tried */
    double probability; /* of that */
} RemovalSet;

/* Greedily by evidence. If the class is the predicted one, its evidence is removed map by
 * map, the strongest first, until another class is more probable; if not, what speaks
 * against it is removed until it is the answer. Then maps are put back, the weakest
 * evidence first, as long as that holds. most: maps that are removed together at most; a
 * set that is smaller may exist. Probe, input and classifier as in removal_run(). */
gboolean removal_find_set(RemovalSet *set,
                          const Removal *removal,
                          const Probe *probe,
                          const float *input,
                          const DcnClassifier *classifier,
                          gboolean by_score,
                          gsize most,
                          GError **error);
void removal_set_clear(RemovalSet *set);

/* All numbers as comma-separated values, with a line of names. */
gboolean removal_save(const Removal *removal, const char *path, GError **error);

#endif
