/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.h: an occlusion of one drawable, and the heat maps that come out of it. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_MAPS_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_MAPS_H

#include "actions/occlusion/heat.h"
#include "actions/occlusion/kept.h"
#include "base/procedure.h"
#include "net/net.h"
#include "photo/seen.h"

extern const Procedure procedure_occlusion;

/* What a run asks for, resolved before the work begins. */
typedef struct {
    Net *net;
    NetLayer layer; /* whose map's activity is followed; zero: none is needed */
    gboolean classifier;
    DcnClassifier classes;
    Labels labels;
    gsize *wanted, n_wanted; /* classes; none: the predicted one */
    int size, step;
    gboolean activity, projection, probability, class_map; /* which maps */
    gboolean no_maps; /* the first two were asked for, but the net has no maps */

    /* May be set afterwards: who is asked instead of the host's progress, and, as cells
     * come, whether those that are known will do; then each stands for its neighbours;
     * and what is handed on from run to run, borrowed. */
    const DcnProgress *progress;
    gboolean (*enough)(void *user, const DcnOcclusionMaps *maps);
    void *user;
    OcclusionKept *kept;
} Occlusion;

/* Reads and checks everything in a run's values that can be wrong. */
gboolean occlusion_prepare(Occlusion *occlusion,
                           const Run *run,
                           Net *net,
                           GError **error);
void occlusion_clear(Occlusion *occlusion);

/* What the square shows, height x width x 3. FALSE without memory. */
gboolean occlusion_fill(const Occlusion *occlusion,
                        const Run *run,
                        const Seen *seen,
                        float *rgb);

/* Adds Heat to heats: activity, probability (one a class), class map, as asked for. A cell
 * that is not known yet has the value of one that stands for it, or that without a
 * square. */
void occlusion_heats(const Occlusion *occlusion,
                     const Run *run,
                     const DcnOcclusionMaps *maps,
                     const Seen *seen,
                     HostItem *drawable,
                     GPtrArray *heats);

/* Slides the square over the photo as it is seen. Adds Heat to heats. */
gboolean occlusion_run(const Occlusion *occlusion,
                       const Run *run,
                       const Seen *seen,
                       HostItem *drawable,
                       GPtrArray *heats,
                       GError **error);

#endif
