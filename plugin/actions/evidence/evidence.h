/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.h: the maps that speak for a class and against it, and how they are shown. */
#ifndef FEATURESCOPE_ACTIONS_EVIDENCE_EVIDENCE_H
#define FEATURESCOPE_ACTIONS_EVIDENCE_EVIDENCE_H

#include "base/procedure.h"
#include "photo/seen.h"
#include "probe/removal.h"

extern const Procedure procedure_evidence;

#define EVIDENCE_MOST 32 /* maps for the class, and as many against it */

typedef struct {
    const Run *run;
    Probe probe;
    Seen seen;
    Region region; /* where results lie */
    Removal removal;
    DcnClassifier classifier;
    char *label;
    gboolean by_score;
    const RemovedMap *shown[2 * EVIDENCE_MOST]; /* those for the class first */
    gsize count, n_for;
} Evidence;

/* Adds the layer of a map's projection. */
gboolean evidence_show_map(Evidence *evidence,
                           const RemovedMap *map,
                           GPtrArray *layers,
                           GError **error);

/* All of them as a figure: the photo, and a panel a map, with bars. */
gboolean evidence_figure(Evidence *evidence, GError **error);

#endif
