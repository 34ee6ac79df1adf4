/* whatif_fixture.h: a net and its twins that mask something, for the tests of what-if.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WHATIF_FIXTURE_H
#define WHATIF_FIXTURE_H

#include "fixture.h"

/* Of r1, the layer that can be masked by maps. */
#define WHATIF_MAPS 6

/* Rounding of some hundred float additions. */
#define WHATIF_ROUNDING 2e-6

/* The procedure's results. */
enum {
    SENTENCE = 2,
    LABEL,
    LAYER,
    MAP,
    BASE,
    REMOVED,
    PROBABILITIES,
    SCORES,
    ACTIVITIES,
    LABELS_BEFORE,
    BEFORE,
    LABELS_AFTER,
    AFTER
};

/* Two convolutions with a rectifier between its maps and the scores, so that the rest is
 * not linear; an addition leads around c2. keep: by which r1's maps are multiplied;
 * sum: what the sum's other part is multiplied by. Returns "model=FILE", g_free(). */
char *whatif_masked_net(const float keep[WHATIF_MAPS], float sum, const char *name);
char *whatif_whole_net(void); /* nothing is masked */

/* The labels after are those that a plain run gives, with their probabilities. */
void whatif_assert_same(const Call *call, const Call *plain);

#endif
