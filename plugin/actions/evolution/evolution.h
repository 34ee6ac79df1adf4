/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evolution.h: maps over checkpoints: what is computed first and drawn afterwards. */
#ifndef FEATURESCOPE_ACTIONS_EVOLUTION_EVOLUTION_H
#define FEATURESCOPE_ACTIONS_EVOLUTION_EVOLUTION_H

#include "actions/top/unit_tiles.h"
#include "base/procedure.h"

extern const Procedure procedure_evolution;

#define EVOLUTION_MOST_MAPS 64

typedef struct {
    const Run *run;
    Folder checkpoints, images; /* images: zero without */
    char **epochs;              /* names to show */
    char *layer;                /* of the last checkpoint: tensor */
    char *shown;
    GArray *maps;    /* of gsize */
    UnitTile *tiles; /* checkpoints x maps */
    int side;
    /* Properties of the last checkpoint that all others must share. */
    gsize n_maps, height, width;
    int net_height, net_width, net_channels;
    char *about;
} Evolution;

/* TRUE if tiles show pictures of a folder, not the open one. */
gboolean evolution_on_folder(const Evolution *evolution);

/* Opens a checkpoint and makes its tiles: the number-th that is done. The first one,
 * which should be the last of the training, settles the layer, the maps and the
 * shapes. */
gboolean evolution_checkpoint(Evolution *evolution,
                              gsize epoch,
                              gsize number,
                              GError **error);

/* All checkpoints: a row a map, a column a checkpoint. NULL with an error. */
HostLayer *evolution_sheet(const Evolution *evolution, const char *name, GError **error);

/* One checkpoint's maps; all such layers are of one size. */
HostLayer *evolution_frame(const Evolution *evolution, gsize epoch, GError **error);

#endif
