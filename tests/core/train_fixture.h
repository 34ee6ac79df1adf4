/* train_fixture.h: a trainer over a net that a test has written. SPDX-License-Identifier:
 * GPL-3.0-or-later
 */
#ifndef TRAIN_FIXTURE_H
#define TRAIN_FIXTURE_H

#include "build_model.h"
#include "trainer.h"

typedef struct {
    NewModel *net;
    DcnModel *model;
    DcnContext *context;
    DcnTrainer *trainer;
    DcnError error; /* why trainer is NULL */
} TrainFixture;

/* Takes the net. trainer may be NULL afterwards. */
TrainFixture train_open(NewModel *net, const DcnTrainerOptions *options, int threads);

/* As above; without a trainer the test fails with the reason, and must not go on. */
bool train_start(TrainFixture *f,
                 NewModel *net,
                 const DcnTrainerOptions *options,
                 int threads);
void train_end(TrainFixture *f);

/* A parameter or statistic by name; one that is not there is a mistake in the test. */
const DcnParameter *train_parameter(const TrainFixture *f, const char *name);

/* Seeded values between -size and size. */
void train_noise(float *values, size_t count, float size, guint32 seed);

/* Input of a batch with noise, targets with a distribution for each image. */
void train_fill(TrainFixture *f, size_t batch, guint32 seed);

/* One pass; NAN and a failed check if it fails. */
double train_run(TrainFixture *f, bool update);

#endif
