/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rate.h: the learning rate at each step. */
#ifndef TRAIN_RUN_RATE_H
#define TRAIN_RUN_RATE_H

#include "recipe/recipe.h"

/* step: from 0, of the whole run; steps: of an epoch. */
double schedule_rate(const Recipe *recipe, gsize step, gsize steps);

#endif
