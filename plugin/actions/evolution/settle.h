/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settle.h: when each layer of a network stops changing while it learns.
 *
 * A map has settled when it answers to the same pictures at the same places as after the
 * last checkpoint. So the number of a layer at a checkpoint is the correlation of a map's
 * values, over places of pictures, with those of the last checkpoint, as the mean of its
 * maps. Values and not kernels: a kernel that stays as it is means another thing once the
 * layers below it have changed, and layers of all kinds have values. */
#ifndef FEATURESCOPE_ACTIONS_EVOLUTION_SETTLE_H
#define FEATURESCOPE_ACTIONS_EVOLUTION_SETTLE_H

#include "actions/evolution/evolution.h"
#include "probe/runner.h"

/* As many as one run can tell of. */
#define SETTLE_LAYERS RUNNER_TARGETS

/* From this correlation on a layer counts as settled. */
#define SETTLE_ENOUGH 0.9

typedef struct {
    const Evolution *evolution;
    NetLayer layers[SETTLE_LAYERS];
    gsize n_layers;
    double *correlations; /* checkpoints x layers; NAN: no map tells */
    gsize pictures;
    char *about;
} Settling;

/* (settle_layers.c) The layers of the parameter "layers"; without, the answers of all convolutions or, if
 * these are more than SETTLE_LAYERS, so many of them, evenly spread. Those found are the
 * caller's also after a failure. */
gboolean settling_layers(Net *net,
                         const ParamValues *values,
                         NetLayer layers[SETTLE_LAYERS],
                         gsize *n_layers,
                         GError **error);

/* Runs all checkpoints of evolution->checkpoints. settling_clear() is due also after a
 * failure. */
gboolean settling_measure(Settling *settling, const Evolution *evolution, GError **error);
void settling_clear(Settling *settling);

/* The first checkpoint from which on the layer stays settled; their number, if no map of
 * it tells. */
gsize settling_when(const Settling *settling, gsize layer);

/* (settle_chart.c) */
HostLayer *settling_chart(const Settling *settling, const char *name, GError **error);
gboolean settling_save(const Settling *settling, const char *path, GError **error);

#endif
