/* whatif_try.h: something goes away, and the network is asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each adds its trials to what whatif_begin() has begun on the cut's picture. */
#ifndef WHATIF_TRY_H
#define WHATIF_TRY_H

#include "whatif.h"
#include "whatif_cut.h"

/* rgb: height x width x 3, receives the filled picture. */
gboolean whatif_try_selection(Whatif *whatif,
                              const ParamValues *values,
                              const WhatifCut *cut,
                              float *rgb,
                              GError **error);

/* The map that is followed. */
gboolean whatif_try_map(Whatif *whatif, const WhatifCut *cut, GError **error);

/* The layers of the parameter "layers", each alone; tells the host how far it is. */
gboolean whatif_try_layers(Whatif *whatif,
                           const ParamValues *values,
                           const WhatifCut *cut,
                           GError **error);

#endif
