/* SPDX-License-Identifier: GPL-3.0-or-later */
/* animation.h: the square on its way over the photo, as layers of a new image. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_ANIMATION_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_ANIMATION_H

#include "actions/occlusion/maps.h"

#define ANIMATION_MOST_FRAMES 1000

/* Fails if a run cannot be shown so: it has several layers, or no map with a number for
 * each place of the square. */
gboolean animation_check(const Occlusion *occlusion, const Run *run, GError **error);

/* Adds a layer for each frame, the last frame first, as hosts play them from the bottom:
 * the photo as the net sees it, covered by the square, and beside it the heat map's value
 * up to that frame. Of rows and columns of the map every n-th is taken, so that there are
 * no more frames than asked for. */
gboolean animation_make(const Occlusion *occlusion,
                        const Run *run,
                        const Seen *seen,
                        const Heat *heat,
                        GPtrArray *layers,
                        GError **error);

/* Makes the new image of these layers. */
gboolean animation_finish(const Occlusion *occlusion,
                          const Run *run,
                          const Region *seen,
                          GPtrArray *layers,
                          GError **error);

#endif
