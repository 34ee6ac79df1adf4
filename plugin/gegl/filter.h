/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/filter.h: an operation that lays what an action makes of its input over that. */
#ifndef FEATURESCOPE_GEGL_FILTER_H
#define FEATURESCOPE_GEGL_FILTER_H

#include "gegl/job.h"
#include <gegl-plugin.h>

typedef struct {
    const char *name;      /* "featurescope:projection" */
    const char *type;      /* of GObject: "FeaturescopeProjection" */
    const char *menu;      /* N_(), of GIMP's entry beside the action's */
    const char *title;     /* N_() */
    const char *reference; /* what it is after */
    const Procedure *procedure;
    const char *const *params;  /* which of the action's parameters become properties;
                                  NULL-ended */
    const char *const *without; /* choices of these that an operation has not: parameter
                                   and nick, in turn; NULL-ended */
    gboolean coarse;            /* a part of the work gives a coarse picture: there is a
                                   property "patience" */
    JobCompute compute;
} FilterKind;

/* Makes the operation known to GEGL. The kind stays. */
void filter_register(GTypeModule *module, const FilterKind *kind);

#endif
