/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.h: two nets on one photo, or one net on two photos: what is computed first and
 * drawn afterwards. */
#ifndef FEATURESCOPE_ACTIONS_COMPARE_COMPARE_H
#define FEATURESCOPE_ACTIONS_COMPARE_COMPARE_H

#include "net/labels.h"
#include "photo/seen.h"
#include "probe/removal.h"

extern const Procedure procedure_compare;

#define COMPARE_ANSWERS 5
#define COMPARE_MOST_MAPS 16

/* One of the two. */
typedef struct {
    char *name; /* of the net, or of the layer of the image */
    Net *net;
    HostItem *drawable;
    Seen seen;
    DcnClassifier classifier;
    Labels labels;
    float *probabilities; /* a number a class */
    gsize class_index;    /* that is followed */
    char *label;          /* its name */
    char *answer;         /* the most probable one's */
    gsize best;
    Probe probe;
    Target target;       /* what is projected */
    float *signal;       /* height x width x 3 of the net's input */
    gsize rows, columns; /* of the heat map */
    int step;            /* of its cells, in pixels of the net's input */
    float *heat;         /* change of the probability, rows x columns */
    Removal removal;     /* evidence for the class */
} Side;

typedef struct {
    const Run *run;
    gboolean layers;   /* two layers of the image; else two nets */
    gboolean same_map; /* both layers have the same shape, so that map n is map n */
    gboolean same_label;
    Side side[2];
    gsize maps[COMPARE_MOST_MAPS]; /* those with the most evidence in either */
    gsize n_maps;
    double correlations[3]; /* of projections, heat maps, evidence; NaN: none */
} Compare;

/* --- one side (side.c) --- */

/* Runs it: answer, projection, heat map, evidence. other: the one that is done already, by
 * whose label and map it goes if it can; or NULL. number: 0 or 1. */
gboolean compare_side(Compare *compare, int number, GError **error);
void compare_side_clear(Side *side);

/* --- both (measure.c) --- */

/* What the two have in common: maps to be shown, and correlations. */
void compare_measure(Compare *compare);

/* The heat map of a side at width x height places spread evenly over what is seen. */
void compare_heat(const Side *side, int width, int height, float *values);

/* --- shown (sheet.c) --- */

HostLayer *compare_sheet(const Compare *compare, const char *name, GError **error);

/* Places of classes in the two lists of answers, by name: those that are among the most
 * probable ones of either, at most `most` rows. A class that a side does not have is
 * COMPARE_NONE. Returns how many. */
#define COMPARE_NONE ((gsize)-1)
gsize compare_answers(const Compare *compare, gsize (*rows)[2], gsize most);

#endif
