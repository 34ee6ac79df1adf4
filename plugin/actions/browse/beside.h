/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beside.h: what a second engine shows beside the first: the same layer, map and unit, of
 * another network or on another layer of the image. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_BESIDE_H
#define FEATURESCOPE_ACTIONS_BROWSE_BESIDE_H

#include "actions/browse/engine.h"

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

#endif
