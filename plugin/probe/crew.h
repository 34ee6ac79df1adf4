/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew.h: many units of a layer projected at once, one on each processor.
 *
 * A projection is many small steps, at each of which the threads of one session wait for
 * each other. Where many are wanted, each processor takes projections of its own, with a
 * session of its own on the same plan. */
#ifndef FEATURESCOPE_PROBE_CREW_H
#define FEATURESCOPE_PROBE_CREW_H

#include "probe/probe.h"

typedef struct Crew Crew;

/* As many as the probe has threads, if the memory for their sessions is moderate; each
 * runs on the input once. NULL: there would be one only, or the run was stopped or failed;
 * then the probe itself is there still. */
Crew *crew_new(const Probe *probe, const float *input, const DcnProgress *progress);
void crew_free(Crew *crew); /* NULL is accepted */

gsize crew_count(const Crew *crew);

/* Calls make(user, probe, item) for items 0 .. count - 1, each in some thread with the
 * probe of that thread, and returns when all are done. What make() gives must not depend
 * on which. */
void crew_make(Crew *crew,
               gsize count,
               void (*make)(void *user, Probe *probe, gsize item),
               void *user);

#endif
