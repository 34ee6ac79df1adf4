/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_projection.h: map (c) of an occlusion: what of the photo its feature map answers to. */
#ifndef SHADOW_H
#define SHADOW_H

#include "actions/occlusion/maps.h"
#include "probe/probe.h"

typedef struct {
    Region region;
    HostItem *drawable;
    Target target;
    char *name;
    float *signal;
} Shadow;

void shadow_free(Shadow *shadow);

/* Projects the strongest unit of the sweep's map by the deconvnet; adds a Shadow. */
gboolean shadow_add(const Sweep *sweep,
                    const Run *run,
                    const Look *look,
                    HostItem *drawable,
                    GPtrArray *shadows,
                    GError **error);

/* Adds its HostLayer. */
gboolean shadow_show(const Sweep *sweep,
                     const Run *run,
                     const Shadow *shadow,
                     GPtrArray *layers,
                     GError **error);

#endif
