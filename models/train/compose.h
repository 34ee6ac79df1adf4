/* compose.h: the layers of a recipe made into a model.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPOSE_H
#define COMPOSE_H

#include "dcn.h"
#include "random.h"
#include "recipe.h"

/* Takes pictures of recipe->input, 3 channels. */
DcnModel *
compose_layers(const Recipe *recipe, gsize classes, guint64 seed, GError **error);

#endif
