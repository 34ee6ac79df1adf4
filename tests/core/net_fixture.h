/* net_fixture.h: a model that a test has written, opened and run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef NET_FIXTURE_H
#define NET_FIXTURE_H

#include "build_model.h"

typedef struct {
    NewModel *net;
    DcnModel *model;
    DcnContext *context;
} NetFixture;

/* Takes the net. One that cannot be opened is a mistake in the test, as is a plan that
 * cannot be made. */
NetFixture net_open(NewModel *net, int threads);
void net_close(NetFixture *f);
DcnPlan *net_plan(const NetFixture *f, const DcnPlanOptions *options);

/* Values of one image. */
size_t net_count(const DcnPlan *plan, const char *name);

/* Seeded values between -1 and 1. */
void net_noise(float *values, size_t count, guint32 seed);

/* Runs a plan on noise, image b with seed + b, and returns a copy of one tensor, whole
 * batch. g_free() */
float *net_run(const NetFixture *f, const DcnPlan *plan, const char *name, guint32 seed);

void net_assert_near(const float *a, const float *b, size_t count, double tolerance);

/* A net with a bit of everything: two branches, residual addition, BatchNormalization,
 * fixed Reshape. Input "picture" BATCH x 3 x 17 x 15; c1, n1, r1, c2 lie on one branch,
 * p0, c3 on the other; then sum, r2, p1, "scores" of five classes, "prob". */
NewModel *net_branched(const char *batch);

#endif
