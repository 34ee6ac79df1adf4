/* SPDX-License-Identifier: GPL-3.0-or-later */
/* try.h: removes the selection, layers or a map, and asks the network again.
 *
 * Each adds its trials to what whatif_begin() has begun on the cut's picture. Those
 * named whatif_try_... do not talk to the host: they may run beside the main loop. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_TRY_H
#define FEATURESCOPE_ACTIONS_WHATIF_TRY_H

#include "actions/whatif/cut.h"
#include "actions/whatif/whatif.h"

/* rgb: height x width x 3, receives the filled picture. */
gboolean whatif_try_selection(Whatif *whatif,
                              const WhatifCut *cut,
                              const WhatifFill *fill,
                              float *rgb,
                              GError **error);

/* The map that is followed. */
gboolean whatif_try_map(Whatif *whatif, const WhatifCut *cut, GError **error);

/* The layers of the parameter "layers"; with none, all that the score hangs on. An array
 * of NetLayer. */
GArray *whatif_layers(const Whatif *whatif, const ParamValues *values, GError **error);

/* Switches off each of them alone. */
gboolean whatif_try_layers(Whatif *whatif,
                           const GArray *layers,
                           const WhatifCut *cut,
                           const DcnProgress *progress,
                           GError **error);

#endif
