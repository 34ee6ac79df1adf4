/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.h: which maps speak for a class: what is computed first and told afterwards. */
#ifndef FEATURESCOPE_ACTIONS_EVIDENCE_EVIDENCE_H
#define FEATURESCOPE_ACTIONS_EVIDENCE_EVIDENCE_H

#include "photo/seen.h"
#include "probe/removal.h"

extern const Procedure procedure_evidence;

#define EVIDENCE_MOST_MAPS 32

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
    const RemovedMap *shown[2 * EVIDENCE_MOST_MAPS]; /* those for the class first */
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

#endif
