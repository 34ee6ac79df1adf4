/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose.h: which maps of a layer are shown, for the procedures that show several. */
#ifndef FEATURESCOPE_ACTIONS_TOP_CHOOSE_H
#define FEATURESCOPE_ACTIONS_TOP_CHOOSE_H

#include "actions/top/index.h"

/* "17; 3" as numbers of maps, in that order. Fails on what is no map of the layer. */
GArray *top_parse_maps(const char *text, gsize maps, const char *layer, GError **error);

/* The `count` most selective, or a random sample, in order of number. */
GArray *top_choose_selective(const TopIndex *index, gsize count);
GArray *top_choose_random(gsize maps, gsize count, guint32 seed);

#endif
