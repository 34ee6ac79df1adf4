/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.h: bounds for the memory of a process of ours. */
#ifndef FEATURESCOPE_BASE_LIMITS_H
#define FEATURESCOPE_BASE_LIMITS_H

/* The first thing that main() does, as libgimp starts babl. babl makes no tables of colours
 * then (268 MB for each pair of formats, and as much to measure whether they gain, a quarter
 * of a second at each start), unless BABL_LUT of the environment wants them; and blocks of
 * some megabytes go back to the system when they are freed. */
void limits_set(void);

/* What was freed in smaller pieces goes back, too: after each picture of many, whose holes
 * would be 150 MB after a thousand. */
void limits_give_back(void);

#endif
