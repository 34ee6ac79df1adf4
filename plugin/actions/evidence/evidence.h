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
    RemovalSet set;
    DcnClassifier classifier;
    char *label;
    char *predicted, *set_label; /* the answer, and the one without the set's maps */
    gboolean by_score;
    const RemovedMap *shown[2 * EVIDENCE_MOST]; /* those for the class first */
    gsize count, n_for;
} Evidence;

/* --- in words (words.c) --- */

/* "P(tabby) −0.31". g_free(). */
char *evidence_change(const Evidence *evidence, const RemovedMap *map);

/* Whether the layer's strongest map is among the class's evidence. g_free(). */
char *evidence_sentence(const Evidence *evidence);

/* Of the smallest set; NULL: none was looked for. g_free(). */
char *evidence_set_sentence(const Evidence *evidence);

/* Tells the user if the probability is where it hardly moves. */
void evidence_tell_saturated(const Evidence *evidence);

/* --- as layers and figures --- */

/* Adds the layer of a map's projection. */
gboolean evidence_show_map(Evidence *evidence,
                           const RemovedMap *map,
                           GPtrArray *layers,
                           GError **error);

/* All of them as a figure: the photo, and a panel a map, with bars. */
gboolean evidence_figure(Evidence *evidence, GError **error);

#endif
