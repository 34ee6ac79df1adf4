/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.h: the filled picture as a layer. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_SHOW_H
#define FEATURESCOPE_ACTIONS_WHATIF_SHOW_H

#include "net/net.h"
#include "result/results.h"

/* Adds it over the part of the photo that the network saw, by layers_finish(). change:
 * for the name, "P(tabby) 0.62 → 0.31". rgb: the region's height x width x 3. */
gboolean whatif_show(const Run *run,
                     const Net *net,
                     const Region *region,
                     const char *change,
                     const float *rgb,
                     GError **error);

#endif
