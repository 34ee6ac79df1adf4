/* SPDX-License-Identifier: GPL-3.0-or-later */
/* invariance.h: how far a network's features move when a picture is changed by steps.
 *
 * Zeiler & Fergus 2014, figure 5. x being a layer's values for a picture and x' those for
 * the changed one, their distance is |x − x'|; beside it stand |x − x'| / |x| and the
 * angle, 1 − x·x' / (|x| |x'|). */
#ifndef FEATURESCOPE_ACTIONS_INVARIANCE_INVARIANCE_H
#define FEATURESCOPE_ACTIONS_INVARIANCE_INVARIANCE_H

#include "net/picks.h"
#include "photo/pictures.h"
#include "photo/seen.h"
#include "photo/transform.h"

/* Pictures, shown in the strip of a row. */
#define INVARIANCE_STRIPS 5

/* A transformation and its amounts, which rise. */
typedef struct {
    TransformKind kind;
    double *amounts;
    gsize count;
    gsize none;  /* the step that changes nothing */
    gsize first; /* its first step among those of all transformations */
} Sweep;

/* What came of one picture; arrays have a number for each step of all sweeps. */
typedef struct {
    char *name, *label; /* label: NULL: the net is no classifier */
    gsize class_index;
    double *probability;
    double *distance[NET_MOST_LAYERS], *cosine[NET_MOST_LAYERS];
    double length[NET_MOST_LAYERS]; /* |x| */
    float **tiles; /* R'G'B'A of the steps, small; NULL: the picture is not shown */
} Curve;

typedef struct {
    const Run *run;
    Net *net;
    NetLayers layers;
    gboolean classifies;
    DcnClassifier classifier;
    gint64 class_index; /* that is followed; -1: of each picture the predicted one */
    Labels labels;
    Sweep sweeps[TRANSFORM_KINDS];
    gsize n_sweeps, steps; /* steps: of all sweeps */
    Pictures pictures;
    Curve *curves;
    gsize n_curves;
    int tile_width, tile_height;
} Invariance;

/* The transformations that the parameters ask for (sweeps.c). */
extern const ParamChoice invariance_kinds[];
gboolean invariance_sweeps(Invariance *invariance, GError **error);
void invariance_sweeps_clear(Invariance *invariance);

/* In words: "Vertical shift", and its unit. Translated. */
const char *invariance_kind(TransformKind kind);
const char *invariance_unit(TransformKind kind);

/* What scripts call it: "vertical". */
const char *invariance_nick(TransformKind kind);

/* "−60", "×1.4", "90°". g_free() */
char *invariance_amount(TransformKind kind, double amount);

/* Names of what a mirror does, by its amount, translated; NULL-ended. */
void invariance_mirrors(const char *names[5]);

/* Runs the net on all steps of all pictures (measure.c). Files that are no pictures are
 * skipped. */
gboolean invariance_measure(Invariance *invariance, GError **error);
void invariance_clear_curves(Invariance *invariance);

/* The number that a chart shows of a layer's step, by the parameter "measure". */
double invariance_moved(const Invariance *invariance,
                        const Curve *curve,
                        gsize layer,
                        gsize step);

/* A layer for each sweep, one below the other, and the key to the curves (figure.c);
 * width and height are the whole figure's. */
gboolean invariance_figure(const Invariance *invariance,
                           GPtrArray *layers,
                           int *width,
                           int *height,
                           GError **error);

/* All numbers, a line a step (save.c). */
gboolean invariance_save(const Invariance *invariance, const char *path, GError **error);

#endif
