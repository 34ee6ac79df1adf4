/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess.h: guesses how pictures are prepared for a model that does not say it.
 *
 * The first of these that applies decides: an input declared as integers; the net's own
 * first steps; the range of a quantised input; the names that Caffe gives; layout and names of Keras and TensorFlow; one
 * channel; else ImageNet's conventions. */
#ifndef FEATURESCOPE_NET_GUESS_H
#define FEATURESCOPE_NET_GUESS_H

#include "net/card.h"

/* Fills how, source, sure, because and inside of a card that is silent; others stay as
 * they are. survey: a plan of the whole net without passes; NULL: there is none, and the
 * graph says nothing. */
void guess_feeding(Card *card,
                   const char *model_path,
                   const DcnModel *model,
                   const DcnInputLayout *layout,
                   const DcnPlan *survey);

#endif
