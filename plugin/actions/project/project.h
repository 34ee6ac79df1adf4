/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.h: the projections of a run, and how they are shown. */
#ifndef FEATURESCOPE_ACTIONS_PROJECT_PROJECT_H
#define FEATURESCOPE_ACTIONS_PROJECT_PROJECT_H

#include "base/procedure.h"
#include "photo/seen.h"
#include "probe/field.h"

extern const Procedure procedure_project;

/* One projection, waiting for the others. */
typedef struct {
    Target target;
    Region region; /* where its layer lies */
    HostItem *drawable;
    gboolean first; /* of its drawable */
    float *signal;  /* height x width x 3 */
    float scale;    /* the value that becomes white */
} Projection;

/* Adds its layer; tells if no signal reaches the picture. */
gboolean project_show(const Run *run,
                      const Probe *probe,
                      const Projection *projection,
                      GPtrArray *layers,
                      GError **error);

/* All of them as a figure: each drawable as it was seen (seen: of all), its projections,
 * and what their units see, enlarged. */
gboolean project_figure(const Run *run,
                        const Probe *probe,
                        const Region *seen,
                        GPtrArray *projections,
                        GError **error);

#endif
