/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.h: an occlusion of one drawable, and the heat maps that come out of it. */
#ifndef SWEEP_H
#define SWEEP_H

#include "actions/occlusion/heat.h"
#include "base/procedure.h"
#include "net/net.h"
#include "photo/look.h"

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
} Sweep;

/* Reads and checks everything in a run's values that can be wrong. */
gboolean sweep_prepare(Sweep *sweep, const Run *run, Net *net, GError **error);
void sweep_clear(Sweep *sweep);

/* Slides the square over one look at the photo. Adds Heat to heats: activity,
 * probability (one a class), class map, as asked for. */
gboolean sweep_run(const Sweep *sweep,
                   const Run *run,
                   const Look *look,
                   HostItem *drawable,
                   GPtrArray *heats,
                   GError **error);

#endif
