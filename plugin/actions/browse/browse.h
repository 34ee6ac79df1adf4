/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse.h: what a browser's window finds, as layers of the image. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_BROWSE_H
#define FEATURESCOPE_ACTIONS_BROWSE_BROWSE_H

#include "actions/browse/engine.h"
#include "actions/occlusion/heat.h"
#include "base/procedure.h"

extern const Procedure procedure_browse;

/* The image that layers are added to. An indexed image cannot hold them: then the first
 * layer makes a new image, and later ones are added to that. */
typedef struct {
    const Run *run;
    HostImage *image; /* NULL: the run's */
} BrowseTarget;

/* values: of the window, to be kept on the layer. scale: as of paint_signal(). */
gboolean browse_add_view(BrowseTarget *target,
                         const Browse *browse,
                         const BrowseView *view,
                         const ParamValues *values,
                         float scale,
                         GError **error);

/* The part of the heat map that is computed so far, with its legend. */
gboolean browse_add_heat(BrowseTarget *target,
                         const Browse *browse,
                         const BrowseHeat *heat,
                         const Labels *labels,
                         const ParamValues *values,
                         GError **error);

/* The same numbers as a Heat with its colours settled; heat_free(). */
Heat *browse_heat_map(const Browse *browse,
                      const BrowseHeat *heat,
                      const Labels *labels,
                      HostItem *drawable);

/* Its colours over what the network sees, opaque. The caller destroys it. */
cairo_surface_t *browse_paint_heat(const Browse *browse, const Heat *heat);

#endif
