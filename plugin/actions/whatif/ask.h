/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.h: a network's answer to a picture, whole or with a layer or map switched off.
 *
 * A layer that is switched off gives zeroes, whatever comes in; so does a map. The
 * network runs from there on, and a branch that an addition leads around the layer is
 * computed as usual. Nothing here talks to the host: it may run beside the main loop. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_ASK_H
#define FEATURESCOPE_ACTIONS_WHATIF_ASK_H

#include "probe/runner.h"

typedef struct {
    const Net *net;
    int threads;
    gsize classes;
    DcnClassifier classifier;
    char *score;      /* the tensor that the classifier is read from */
    NetLayer watched; /* whose maps' activity is told; zero: the net has no maps */
    DcnMaps maps;     /* of the watched layer */
    Runner whole;     /* the network from the picture on */
    Runner rest;      /* from a tensor on, the one that was switched off last */
    char *rest_start; /* its name; NULL: none is open */
} WhatifAsker;

/* layer: the watched one; empty: the default one, or none if the net has no maps. The asker is zero after a failure. */
gboolean whatif_asker_open(
    WhatifAsker *asker, Net *net, const char *layer, int threads, GError **error);
void whatif_asker_close(WhatifAsker *asker);

/* What the network thinks. */
typedef struct {
    float *score, *probability; /* classes */
    float *activity;            /* maps of the watched layer: the sum over each */
    gsize strongest;            /* the map with the strongest unit */
} WhatifAnswer;
void whatif_answer_clear(WhatifAnswer *answer);

/* input as in Seen. */
gboolean whatif_ask(WhatifAsker *asker,
                    const float *input,
                    WhatifAnswer *answer,
                    const DcnProgress *progress,
                    GError **error);

/* With a layer switched off, by the name of its tensor. */
gboolean whatif_ask_without_layer(WhatifAsker *asker,
                                  const char *tensor,
                                  const float *input,
                                  WhatifAnswer *answer,
                                  GError **error);

/* With a map of the watched layer switched off; whatif_ask() has run on the input. */
gboolean whatif_ask_without_map(WhatifAsker *asker,
                                gsize map,
                                const float *input,
                                WhatifAnswer *answer,
                                GError **error);

#endif
