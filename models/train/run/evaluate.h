/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.h: a model's answers to a list of pictures, measured. */
#ifndef TRAIN_RUN_EVALUATE_H
#define TRAIN_RUN_EVALUATE_H

#include "pictures/shelf.h"
#include "run/frozen.h"
#include "run/measure.h"

/* The centred square of each, as the plug-in feeds a net. features: NULL, or what the
 * model makes of each up to a layer: the run begins there. stop: asked between batches;
 * NULL: never. */
gboolean evaluate(const DcnModel *model,
                  const Pupil *pupil,
                  const Shelf *shelf,
                  const Features *features,
                  DcnContext *context,
                  int loaders,
                  gboolean (*stop)(void),
                  Figures *figures,
                  GError **error);

#endif
