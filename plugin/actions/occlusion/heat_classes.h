/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_classes.h: the classes of a class map, by the area that each one has. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_HEAT_CLASSES_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_HEAT_CLASSES_H

#include "actions/occlusion/heat.h"

typedef struct {
    gsize class_index, cells;
} HeatShare;

/* Classes that are the most probable one somewhere, the largest area first. g_free(). */
HeatShare *heat_shares(const Heat *heat, gsize *count);

/* "tabby 71 %". g_free(). */
char *heat_share_text(const Heat *heat, const HeatShare *share);

#endif
