/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h: the strongest nine: what is computed first and drawn afterwards. */
#ifndef FEATURESCOPE_ACTIONS_TOP_SHEET_H
#define FEATURESCOPE_ACTIONS_TOP_SHEET_H

#include "actions/top/unit_tiles.h"
#include "base/procedure.h"
#include "draw/sheet.h"

extern const Procedure procedure_top;

typedef struct {
    const Run *run;
    Probe probe;
    Folder folder;
    TopIndex index;
    GArray *maps;    /* of gsize */
    UnitTile *tiles; /* maps x TOP_BEST; those beyond a map's count are zero */
    gsize n_tiles;
    int side;
    /* Of the sheet. */
    double letter;
    int tile_width, tile_height, gap, caption, block_width, block_height;
    SheetGrid grid; /* a cell a map: both blocks below a line */
} Top;

/* Pictures of the map in this row: nine, or all. */
gsize top_count(const Top *top, guint row);

/* A new image of two groups that line up, and the words below them. */
gboolean top_show(Top *top, GError **error);

#endif
