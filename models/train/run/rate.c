/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rate.c: computes the rate: a warm-up, then steps or half a cosine. */

#include "run/rate.h"
#include <math.h>

double
schedule_rate(const Recipe *recipe, gsize step, gsize steps)
{
    double epoch = (double)step / (double)MAX(steps, 1);
    if (epoch < recipe->warmup)
        return recipe->rate * ((double)step + 1) / (recipe->warmup * (double)steps + 1);
    if (recipe->schedule == SCHEDULE_STEP)
        return recipe->rate *
               pow(recipe->step_factor, floor(epoch / recipe->step_epochs));
    /* Half a cosine from the end of the warm-up to the end of the run (Loshchilov &
     * Hutter 2017, one cycle). */
    double whole = MAX(recipe->epochs - recipe->warmup, 1e-9);
    double part = (epoch - recipe->warmup) / whole;
    return recipe->rate * 0.5 * (1 + cos(G_PI * MIN(part, 1)));
}
