/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h: kernels as tiles of a sheet. */
#ifndef FEATURESCOPE_ACTIONS_FILTERS_SHEET_H
#define FEATURESCOPE_ACTIONS_FILTERS_SHEET_H

#include "actions/filters/kernels.h"

typedef struct {
    const gsize *order; /* numbers of the kernels to show */
    gsize count;
    gsize strongest; /* how many input channels of each, where they are no colours */
    int channel;     /* or this one of all; -1: the strongest */
    int tile;        /* longer side of a tile in pixels; 0: chosen */
    gboolean shared; /* one scale */
    gboolean smooth;
} FilterStyle;

/* The layer's name is the sheet's. NULL with an error. */
HostLayer *filter_sheet(const Kernels *kernels,
                        const FilterStyle *style,
                        const char *name,
                        GError **error);

/* "conv1 · 96 kernels · 2 dead: 5, 17". g_free(). */
char *filter_name(const Kernels *kernels);

#endif
