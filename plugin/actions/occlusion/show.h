/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.h: heat maps and projections of an occlusion, as layers and as files. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_SHOW_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_SHOW_H

#include "actions/occlusion/maps.h"

/* Adds a layer for each Heat and each MapProjection, with the ranges of colours that the
 * values ask for; all but the first are hidden. */
gboolean occlusion_show(const Occlusion *occlusion,
                        const Run *run,
                        GPtrArray *heats,
                        GPtrArray *projections,
                        GPtrArray *layers,
                        GError **error);

/* The ranges of colours; a heat map's layer alone, opaque as the values have it. */
void occlusion_set_ranges(const Run *run, GPtrArray *heats);
gboolean occlusion_show_heat(const Occlusion *occlusion,
                             const Run *run,
                             const Heat *heat,
                             GPtrArray *layers,
                             GError **error);

/* All of them as a figure, the paper's figure 7: each drawable as it was seen (seen: of
 * all), and its maps. */
gboolean occlusion_figure(const Occlusion *occlusion,
                          const Run *run,
                          const Region *seen,
                          GPtrArray *heats,
                          GPtrArray *projections,
                          GError **error);

/* Writes them as .npy files if the values name one. */
gboolean occlusion_save(const Occlusion *occlusion,
                        const Run *run,
                        GPtrArray *heats,
                        GPtrArray *projections,
                        GError **error);

#endif
