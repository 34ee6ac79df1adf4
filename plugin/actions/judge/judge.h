/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.h: heat maps of one photo, and how good each is: what is computed first and drawn
 * afterwards. */
#ifndef FEATURESCOPE_ACTIONS_JUDGE_JUDGE_H
#define FEATURESCOPE_ACTIONS_JUDGE_JUDGE_H

#include "net/labels.h"
#include "photo/seen.h"
#include "probe/curve.h"

extern const Procedure procedure_judge;

#define JUDGE_MOST_SIZES 8
#define JUDGE_MOST_POINTS 401 /* of a curve, the first one with no cells */

/* A map of the photo, and its curves. */
typedef struct {
    char *name;   /* "occlusion 32 px" */
    char *key;    /* of scripts: "occlusion-32" */
    float *cells; /* importance, rows x columns of the grid; NULL: none, a random
                     order */
    gsize *order; /* of cells, the most important first */
    CurvePoint *deletion, *insertion;
    double deletion_area, insertion_area;
    CurvePoint change; /* the fewest cells without which the answer is another; cells 0:
                          none */
} JudgedMap;

typedef struct {
    const Run *run;
    Net *net;
    DcnClassifier classifier;
    Labels labels;
    gsize class_index;
    char *label;
    Seen seen;
    CurveGrid grid;
    float *removed, *blurred; /* what cells become, and what insertion begins with: height
                                 x width x 3 */
    int sizes[JUDGE_MOST_SIZES];
    gsize n_sizes;
    GPtrArray *maps;    /* of JudgedMap, the random order last */
    gsize n_points;     /* of each curve */
    double probability; /* of the class, for the photo */
} Judge;

/* --- the maps (maps.c) --- */

/* The maps by gradients, and, if no label was asked for, the class. Where the net lets no
 * signal back, that is said and there are none. */
gboolean judge_gradients(Judge *judge, GError **error);

/* An occlusion for each size. */
gboolean judge_occlusions(Judge *judge, GError **error);

/* --- the curves (measure.c) --- */

/* Of all maps, and of a random order, which becomes the last map. */
gboolean judge_maps(Judge *judge, GError **error);

/* --- shown (sheet.c) --- */

/* Tiles, captions, and both families of curves. NULL with an error. */
HostLayer *judge_sheet(const Judge *judge, const char *name, GError **error);

/* --- told (tell.c) --- */

/* Which maps are the best. g_free() */
char *judge_sentence(const Judge *judge);

/* All points of all curves, if the values name a file. */
gboolean judge_save(const Judge *judge, GError **error);

/* The map with the fewest cells whose loss changes the answer; NULL: none does. */
const JudgedMap *judge_fewest(const Judge *judge);

#endif
