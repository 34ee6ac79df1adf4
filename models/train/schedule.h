/* schedule.h: the learning rate at each step.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "recipe.h"

/* step: from 0, of the whole run; steps: of an epoch. */
double schedule_rate(const Recipe *recipe, gsize step, gsize steps);

#endif
