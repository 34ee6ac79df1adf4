/* SPDX-License-Identifier: GPL-3.0-or-later */
/* index.h: the nine pictures of a folder that excite each map of a layer most.
 *
 * One pass over the folder finds them for all maps. It is kept in the user's cache
 * folder, while it runs too, so that the next map appears at once and a pass that was
 * stopped goes on where it was. An index is valid for one model file, its preprocessing,
 * one layer, one way to bring pictures to the network's proportions, and a folder whose
 * files have the names, sizes and times that they had.
 *
 * A pass can be split: part i of n takes the files whose number, from 0, leaves i - 1
 * when divided by n. The parts together give what one pass gives. */
#ifndef FEATURESCOPE_ACTIONS_TOP_INDEX_H
#define FEATURESCOPE_ACTIONS_TOP_INDEX_H

#include "base/worker.h"
#include "photo/folder.h"
#include "photo/seen.h"

#define TOP_BEST 9

/* A picture's strongest unit of a map. */
typedef struct {
    gsize file; /* in the folder */
    DcnUnit unit;
} TopUnit;

typedef struct {
    gsize maps;
    TopUnit *units; /* maps x TOP_BEST, the strongest first; of equals the earlier file */
    gsize *counts;  /* of each map, how many there are */
    double *sum, *squares; /* over pictures, of each map's strongest unit */
    gsize images;          /* pictures that were read */
    gsize done;            /* files that were looked at, in order */
    GPtrArray *skipped;    /* sentences: files that are no pictures */
    gsize computed;        /* pictures that this run had to read */
} TopIndex;

typedef struct {
    Net *net;
    const char *model; /* net_hash(); NULL: it is found when it is needed */
    const char *tensor;
    gsize maps, height, width; /* of the layer */
    const Folder *folder;
    Fit fit;
    int threads;
    int part, parts; /* 1, 1: all at once; 0, n: only put the parts together */
    double from, to; /* of the progress */

    /* In the place of the host's progress, in a worker's thread: see Batches. What cannot
     * be kept is an error then. */
    Work *work;
    const DcnProgress *progress; /* of the part that was missing */
} TopRequest;

/* Gives the index of the whole folder, from the cache or by a pass. Other parts may be
 * missing: then their numbers are in *missing ("2, 5"; g_free()), and the index is
 * empty. */
gboolean top_index_get(const TopRequest *request,
                       TopIndex *index,
                       char **missing,
                       GError **error);
void top_index_clear(TopIndex *index);

/* How far a map's nine stand out from its other pictures: the mean of the nine less the
 * mean of all, in standard deviations of all. */
double top_index_selectivity(const TopIndex *index, gsize map);

#endif
