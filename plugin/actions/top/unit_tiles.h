/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit_tiles.h: units of pictures in a folder as tiles: projection, and patch. */
#ifndef FEATURESCOPE_ACTIONS_TOP_UNIT_TILES_H
#define FEATURESCOPE_ACTIONS_TOP_UNIT_TILES_H

#include "actions/top/index.h"
#include "base/busy.h"
#include "photo/folder.h"
#include "probe/field.h"

typedef struct {
    TopUnit what;
    int width, height; /* of both */
    float *projection; /* R'G'B'A; NULL: the file could not be read any more */
    float *patch;
} UnitTile;

/* Fills the tiles; a file is read once, however many units it has. side: of a tile in
 * pixels. */
gboolean unit_tiles_make(Probe *probe,
                         const Folder *folder,
                         Fit fit,
                         DcnMethod method,
                         int side,
                         UnitTile *tiles,
                         gsize count,
                         Busy *busy,
                         GError **error);
void unit_tiles_clear(UnitTile *tiles, gsize count);

/* The same of one picture on which the probe has run; no patch. */
gboolean unit_tile_project(Probe *probe,
                           DcnMethod method,
                           FieldSize size,
                           int side,
                           UnitTile *tile,
                           const DcnProgress *progress,
                           GError **error);

/* The patch alone, cut from a picture whose pixels lie at `item`, of which the network
 * saw the region. */
gboolean unit_tile_patch(const Probe *probe,
                         FieldSize size,
                         int side,
                         HostPixels *pixels,
                         const GeglRectangle *item,
                         const Region *region,
                         UnitTile *tile,
                         GError **error);

#endif
