/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picks.h: lists of a dialog about a folder of checkpoints: those of the last one. */
#ifndef FEATURESCOPE_ACTIONS_EVOLUTION_PICKS_H
#define FEATURESCOPE_ACTIONS_EVOLUTION_PICKS_H

#include "base/param.h"

/* fill(), hint() and valid() of the parameters "layer" and "maps". Without a folder the
 * lists are empty and everything is valid. */
GPtrArray *evolution_pick_layers(const ParamValues *values, GError **error);
GPtrArray *evolution_pick_maps(const ParamValues *values, GError **error);
char *evolution_hint_layer(const ParamValues *values);
gboolean evolution_valid_layer(const ParamValues *values, GError **error);

/* The same of the list "layers", which has no default among them. */
GPtrArray *evolution_pick_listed(const ParamValues *values, GError **error);
gboolean evolution_valid_layers(const ParamValues *values, GError **error);

#endif
