/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls.h: what the browser's window shows, as calls of the procedures that make it.
 *
 * So what a person found can be done again for other pictures. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_CALLS_H
#define FEATURESCOPE_ACTIONS_BROWSE_CALLS_H

#include "actions/browse/browse.h"

typedef struct {
    const char *name; /* of what it makes, translated */
    const Procedure *procedure;
    ParamValues *values;
} BrowseCall;

#define BROWSE_CALLS 4

/* The projection that is shown, the heat map if there is one, the evidence if maps are
 * sorted by that, and the comparison if there is one. values: of the window. Returns how
 * many; param_values_free() each. */
gsize browse_calls(const Browse *browse,
                   const ParamValues *values,
                   const Labels *labels,
                   BrowseCall calls[static BROWSE_CALLS]);

#endif
