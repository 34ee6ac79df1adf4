/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.h: where the time of runs goes, by operator, way and sizes. One thread. */
#ifndef DCN_TESTS_BENCH_PROFILE_H
#define DCN_TESTS_BENCH_PROFILE_H

#include <stdbool.h>

/* From now on steps are timed; what was so far is forgotten. */
void profile_start(void);

/* Prints two tables: by operator and way, and the `most` kinds of steps that took the
 * longest. A kind is an operator with the shapes of its first input and output. */
void profile_print(int runs, int most);

#endif
