/* train_fixture.c: a trainer over a net that a test has written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "train_fixture.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

TrainFixture
train_open(NewModel *net, const DcnTrainerOptions *options, int threads)
{
    TrainFixture f = {.net = net};
    f.model = new_model_open(net, &f.error);
    f.context = dcn_context_new(threads, &f.error);
    if (f.model && f.context)
        f.trainer = dcn_trainer_new(f.model, f.context, options, &f.error);
    return f;
}

bool
train_start(TrainFixture *f, NewModel *net, const DcnTrainerOptions *options, int threads)
{
    *f = train_open(net, options, threads);
    if (!f->trainer)
        printf("# no trainer: %s\n", f->error.text);
    return f->trainer != NULL;
}

void
train_end(TrainFixture *f)
{
    dcn_trainer_free(f->trainer);
    dcn_context_free(f->context);
    dcn_model_free(f->model);
    new_model_free(f->net);
}

const DcnParameter *
train_parameter(const TrainFixture *f, const char *name)
{
    for (size_t i = 0; i < dcn_trainer_parameter_count(f->trainer); i++)
        if (strcmp(dcn_trainer_parameter(f->trainer, i)->name, name) == 0)
            return dcn_trainer_parameter(f->trainer, i);
    g_error("%s is no parameter", name);
}

void
train_noise(float *values, size_t count, float size, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1) * size;
}

void
train_fill(TrainFixture *f, size_t batch, guint32 seed)
{
    size_t classes = dcn_trainer_classes(f->trainer);
    size_t count = dcn_shape_count(dcn_trainer_input_shape(f->trainer));
    float *t = dcn_trainer_targets(f->trainer);
    train_noise(dcn_trainer_input(f->trainer), batch * count, 1, seed);
    for (size_t i = 0; i < batch * classes; i++)
        t[i] = (i % classes == i / classes % classes ? 0.8F : 0) + 0.2F / (float)classes;
}

double
train_run(TrainFixture *f, bool update)
{
    double loss = (double)NAN;
    if (!dcn_trainer_run(f->trainer, update, &loss, &f->error))
        printf("# no pass: %s\n", f->error.text);
    return loss;
}
