/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.h: all positions of a square. */
#ifndef DCN_OCCLUDE_SWEEP_H
#define DCN_OCCLUDE_SWEEP_H

#include "occlude/dense_end.h"
#include "occlude/schedule.h"

typedef struct {
    const DcnOcclusion *options;
    const DcnProgress *progress;
    DcnError *error;
    DcnContext *context;
    DcnPlan *plan;
    DcnSession *base;
    DcnSquares squares;
    DcnClassifier classifier; /* classes 0: the net is no classifier */
    int layer, answer;        /* tensors; -1: none */
    double base_activity;     /* in double: a map that is 0 under a square sums to 0 */
    DcnHead head;
    DcnSchedule schedule;
} DcnSweep;

/* Makes the schedule. */
bool dcn_sweep_plan(DcnSweep *sweep);

/* Sets needed of each value of the plan that the base is to keep for it. */
void dcn_sweep_needs(const DcnSweep *sweep, bool *needed);

/* The sum over a map of the layer, without a square. */
double dcn_sweep_base_activity(const DcnSweep *sweep, size_t channel);

/* Scores and probabilities out of the numbers of an answer, and the most probable class.
 */
void dcn_sweep_collect(const DcnClassifier *classifier,
                       const float *numbers,
                       float *score,
                       float *p,
                       uint32_t *best);

/* Fills the maps. */
bool dcn_sweep_run(DcnSweep *sweep, DcnOcclusionMaps *maps);

#endif
