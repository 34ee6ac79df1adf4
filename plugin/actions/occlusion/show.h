/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.h: heat maps and projections of an occlusion, as layers and as files. */
#ifndef OCCLUSION_SHOW_H
#define OCCLUSION_SHOW_H

#include "actions/occlusion/maps.h"

/* Adds a layer for each Heat and each Shadow, with the ranges of colours that the values
 * ask for; all but the first are hidden. */
gboolean occlusion_show(const Sweep *sweep,
                        const Run *run,
                        GPtrArray *heats,
                        GPtrArray *shadows,
                        GPtrArray *layers,
                        GError **error);

/* Writes them as .npy files if the values name one. */
gboolean occlusion_save(const Sweep *sweep,
                        const Run *run,
                        GPtrArray *heats,
                        GPtrArray *shadows,
                        GError **error);

#endif
