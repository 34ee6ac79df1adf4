/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tail.h: the part of a network behind a layer, run on copies of the layer's values in
 * which maps are set to zero.
 *
 * Where an addition leads around the layer, what comes by that way is computed too. */
#ifndef FEATURESCOPE_PROBE_TAIL_H
#define FEATURESCOPE_PROBE_TAIL_H

#include "probe/probe.h"

typedef struct {
    Runner runner;
    gsize classes;
    const DcnMaps *layout; /* of the layer */
    const DcnClassifier *classifier;
} Tail;

/* Uses the threads of the probe, which must have run on input. Probe, input and
 * classifier are borrowed. The tail is zero after a failure. */
gboolean tail_open(Tail *tail,
                   const Probe *probe,
                   const float *input,
                   const DcnClassifier *classifier,
                   gsize batch,
                   RunnerPurpose purpose,
                   GError **error);
void tail_close(Tail *tail);

/* Sets an image of the batch to the layer's values without some of its maps. */
void tail_put(
    Tail *tail, gsize slot, const float *values, const gsize *removed, gsize count);

/* Scores and probabilities of an image after a run: a number a class each; either may be
 * NULL. Returns the most probable class, or 0 without scores. */
gsize tail_read(const Tail *tail, gsize slot, float *scores, float *probabilities);

#endif
