/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.h: a filter along one axis of a picture: which inputs an output is made of.
 *
 * Output o is the sum over t < taps of weights[o * taps + t] * input[first[o] + t]. Six
 * inputs averaged to two outputs: taps 4 (one is to spare), first 0 and 2, weights
 * 1/3 1/3 1/3 0 and 0 1/3 1/3 1/3. All outputs have as many taps, as a loop of changing
 * length costs more than those of weight 0. */
#ifndef FEATURESCOPE_PIXELS_AXIS_H
#define FEATURESCOPE_PIXELS_AXIS_H

#include <glib.h>

typedef enum {
    AXIS_NEAREST,  /* the input at the output's centre */
    AXIS_AREA,     /* the mean over the output's area; a triangle 2 inputs wide if there
                      are more outputs than inputs */
    AXIS_TRIANGLE, /* as wide as two inputs or two outputs, whichever are larger */
    AXIS_MITCHELL, /* the cubic of Mitchell and Netravali, B = C = 1/3, as wide as four */
} AxisFilter;

/* How an output treats inputs that do not exist. */
typedef enum {
    AXIS_MISSING, /* they weigh nothing, and the sum of the weights, see share, is less
                     than 1; but behind begin and begin + length the edge is repeated */
    AXIS_WHOLE,   /* the others share their weight: the sum is 1 */
} AxisEdge;

/* The outputs divide begin .. begin + length evenly, whose unit is an input; inputs
 * low .. high - 1 exist, and are numbered from low. */
typedef struct {
    AxisFilter filter;
    AxisEdge edge;
    int outputs;
    double begin, length;
    int low, high;
} AxisShape;

typedef struct {
    int outputs, taps;
    int *first;     /* never falls from one output to the next */
    float *weights; /* outputs x taps */
    double *exact;  /* the same, not rounded */
    float *share;   /* sums of an output's weights */
    gsize room;     /* bytes of them all */
} Axis;

/* An axis may be set again: it takes memory only if it needs more. FALSE without. */
gboolean axis_set(Axis *axis, const AxisShape *shape);
void axis_clear(Axis *axis);

/* The first output of `from` and later ones that input y, or a later one, is part of. */
int axis_first_of(const Axis *axis, int from, int y);

#endif
