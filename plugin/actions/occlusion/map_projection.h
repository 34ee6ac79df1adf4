/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_projection.h: map (c) of an occlusion: the projection of the feature map that is
 * followed, which shows the part of the photo that excites it. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_MAP_PROJECTION_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_MAP_PROJECTION_H

#include "actions/occlusion/maps.h"
#include "probe/probe.h"

typedef struct {
    Region region;
    HostItem *drawable;
    Target target;
    char *name;
    char *silence; /* why it is plain; or NULL */
    float *signal;
} MapProjection;

void map_projection_free(void *projection); /* a MapProjection, or NULL */

/* Projects the strongest unit of the occlusion's map by the deconvnet; adds a
 * MapProjection. */
gboolean map_projection_add(const Occlusion *occlusion,
                            const Run *run,
                            const Seen *seen,
                            HostItem *drawable,
                            GPtrArray *projections,
                            GError **error);

/* As of paint_signal(). */
float map_projection_scale(const Net *net, const MapProjection *projection);

/* Adds its HostLayer. */
gboolean map_projection_show(const Occlusion *occlusion,
                             const Run *run,
                             const MapProjection *projection,
                             GPtrArray *layers,
                             GError **error);

#endif
