/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average.c: keeps the averaged weights and stores them in a model. */

#include "run/average.h"
#include "base/fail.h"
#include "edit.h"
#include <string.h>

Average *
average_new(const DcnTrainer *trainer, double keep)
{
    Average *average = g_new0(Average, 1);
    average->keep = keep;
    average->n_values = dcn_trainer_parameter_count(trainer);
    average->values = g_new(float *, average->n_values + 1);
    for (gsize i = 0; i < average->n_values; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        average->values[i] = g_memdup2(p->value, p->count * sizeof(float));
    }
    return average;
}

void
average_free(Average *average)
{
    if (!average)
        return;
    for (gsize i = 0; i < average->n_values; i++)
        g_free(average->values[i]);
    g_free(average->values);
    g_free(average);
}

void
average_step(Average *average, const DcnTrainer *trainer)
{
    double n = (double)average->steps++;
    float move = (float)(1 - MIN(average->keep, (1 + n) / (10 + n)));
    for (gsize i = 0; i < average->n_values; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        float *restrict a = average->values[i];
        const float *restrict w = p->value;
        if (average->keep == 0) {
            memcpy(a, w, p->count * sizeof *a);
            continue;
        }
        for (gsize k = 0; k < p->count; k++)
            a[k] += move * (w[k] - a[k]);
    }
}

gboolean
average_store(const Average *average,
              const DcnTrainer *trainer,
              DcnModel *model,
              GError **error)
{
    DcnError core = {0};
    for (gsize i = 0; i < average->n_values; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        if (!dcn_model_set_weights(model, p->name, &p->shape, average->values[i], &core))
            return fail_core(error, &core);
    }
    return TRUE;
}
