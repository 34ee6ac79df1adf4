/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.h: an answer before and after as a figure. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_FIGURE_H
#define FEATURESCOPE_ACTIONS_WHATIF_FIGURE_H

#include "actions/whatif/cut.h"
#include "actions/whatif/show.h"
#include "actions/whatif/whatif.h"
#include "result/figure.h"

/* The photo with bars of its labels, and beside it the same for what was tried: the
 * picture with the selection filled (filled: as the network saw it, height x width x 3), a
 * map switched off, or a bar for each layer (filled: NULL). */
gboolean whatif_figure(const Run *run,
                       const Whatif *whatif,
                       const WhatifCut *cut,
                       const float *filled,
                       GError **error);

#endif
