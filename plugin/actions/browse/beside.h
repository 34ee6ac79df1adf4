/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beside.h: what a second engine shows beside the first: the same layer, map and unit, of
 * another network or on another layer of the image. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_BESIDE_H
#define FEATURESCOPE_ACTIONS_BROWSE_BESIDE_H

#include "actions/browse/browse.h"

/* The layer of the other net that stands for one of the first: that of the same name, else
 * the nearest by its share of the way through the net, of the same kind if one is about
 * there. NULL: it has none. Borrowed from the other's survey. */
const char *beside_layer(const DcnPlan *first, const char *layer, const DcnPlan *other);

/* TRUE if map n of the one's open layer is map n of the other's: the layers have the same
 * name and shape, the nets see pictures of one size. */
gboolean beside_fits(const Browse *first, const Browse *other);

/* What the other should show of its open layer, beside a view of the first: the same map
 * where that fits, else its own strongest, at the same point of the picture. */
BrowseChoice beside_choice(const Browse *first,
                           const BrowseView *view,
                           const Browse *other);

/* TRUE if the other shows that. */
gboolean beside_is_there(const Browse *first, const Browse *other);

/* One scale for what both show; of layers that do not fit, the first one's. */
float beside_scale(const Browse *first, const Browse *other, double percentile);

/* --- what differs, where layers fit and both show the same choice --- */

/* The other's projection less the first's, height x width x 3 of the network's input.
 * g_free() */
float *beside_difference(const Browse *first, const Browse *other);

/* Pearson's of the two projections; NaN if one has no signal. */
double beside_correlation(const Browse *first, const Browse *other);

/* The difference painted as a projection is, of everything that the network sees unless
 * both units see the same part of it. The caller destroys it. */
cairo_surface_t *beside_paint_difference(const Browse *first,
                                         const Browse *other,
                                         float scale);

/* --- heat maps (beside_heat.c) --- */

/* The other's class that has the name of the first's; -1: it has none. */
gint64 beside_class(const Labels *labels,
                    gsize class_index,
                    const Labels *other,
                    gsize classes);

/* The heat maps of both, NULL where there is none yet; heat_free() each. TRUE if they tell
 * of the same thing, probabilities or the activity of layers that fit: then they have one
 * range of colours. */
gboolean beside_heats(const Browse *first,
                      const Labels *labels,
                      const Browse *other,
                      const Labels *other_labels,
                      Heat *heats[2]);

/* The colours of how the change in the second differs from that in the first, which have
 * one range. grid: of the second's input. rgba: as large, opaque. */
void beside_heat_difference(const Heat *const heats[2],
                            const RegionGrid *grid,
                            float *rgba);
cairo_surface_t *beside_paint_heat_difference(const Heat *const heats[2]);

/* --- a figure (beside_figure.c) --- */

typedef struct {
    const Browse *browse;
    HostItem *drawable;
    const char *name;
    float scale;      /* of its projection */
    const Heat *heat; /* or NULL */
} BesideSide;

/* What the first shows and what the other does, as a finished figure: photos,
 * projections, heat maps if there are both, and differences where they have one scale.
 * run: of an action that makes figures; its results are set. */
gboolean beside_figure(const Run *run,
                       const BesideSide sides[2],
                       gboolean one_range,
                       GError **error);

#endif
