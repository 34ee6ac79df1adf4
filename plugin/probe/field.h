/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field.h: the part of a picture that a unit can see, as a tile.
 *
 * Tiles of a layer's units are all of one scale: a unit at the picture's edge sees less,
 * and the rest of its tile is gray.
 *
 *     +-----------+  tile: a whole field
 *     |   gray    |
 *     |...........|  the picture's upper edge
 *     |   seen    |
 *     +-----------+ */
#ifndef FEATURESCOPE_PROBE_FIELD_H
#define FEATURESCOPE_PROBE_FIELD_H

#include "probe/probe.h"

/* Height and width of a whole field of the layer, in pixels of the network's input. */
typedef struct {
    double height, width;
} FieldSize;
FieldSize field_size(const Probe *probe);

typedef struct {
    double top, left, height, width; /* what is seen: whole pixels of the network's */
    /* The same in its tile, in pixels of that. */
    int tile_height, tile_width;
    GeglRectangle in_tile;
} Field;

/* side: of the tile's longer side. */
Field field_of(const Probe *probe, FieldSize size, const DcnUnit *unit, int side);

/* The projection's part inside the field, in gray where there is none. rgba: a tile. */
void field_paint(const Probe *probe,
                 const Field *field,
                 const float *signal,
                 float *rgba);

/* The same part of the picture itself, at its own resolution. item: where its pixels lie;
 * region: what the network saw of it. */
gboolean field_patch(const Field *field,
                     const Region *region,
                     HostPixels *pixels,
                     const GeglRectangle *item,
                     float *rgba,
                     GError **error);

/* The region with its photo cut down to what a unit sees of it. */
Region field_region(const Probe *probe, const DcnUnit *unit, const Region *region);

#endif
