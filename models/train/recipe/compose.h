/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.h: makes the nodes of a model out of the layers of a recipe. */
#ifndef TRAIN_RECIPE_COMPOSE_H
#define TRAIN_RECIPE_COMPOSE_H

#include "dcn.h"
#include "recipe/recipe.h"
#include "trainer.h"

/* The layers are added behind a tensor of the model, of maps x side x side values a
 * picture (side 0: maps values), and the last one becomes an output. */
gboolean compose_layers(DcnModel *model,
                        const char *tensor,
                        gint64 maps,
                        gint64 side,
                        const Recipe *recipe,
                        gsize classes,
                        guint64 seed,
                        GError **error);

#endif
