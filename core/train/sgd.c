/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sgd.c: stochastic gradient descent with momentum (Sutskever et al. 2013 for Nesterov's
 * form), and the renormalising of filters. */
#include "base/denormals.h"
#include "base/threads.h"
#include "base/vector.h"
#include "train/train_private.h"
#include <math.h>

#define GRAIN 65536 /* values a piece */

typedef struct {
    const DcnSgd *sgd;
    const DcnParameter *parameter;
    float decay;
} Step;

DCN_VECTOR static void
descend(float *restrict w,
        float *restrict v,
        const float *restrict g,
        size_t n,
        const DcnSgd *sgd,
        float decay)
{
    float rate = sgd->rate, momentum = sgd->momentum;
    float own = sgd->nesterov ? 1 : 0, old = sgd->nesterov ? momentum : 1;
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + decay * w[i];
        v[i] = momentum * v[i] + d;
        w[i] -= rate * (own * d + old * v[i]);
    }
}

static void
descend_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Step *step = user;
    const DcnParameter *p = step->parameter;
    (void)worker;
    descend(p->value + begin, p->velocity + begin, p->gradient + begin, end - begin,
            step->sgd, step->decay);
}

/* Zeiler & Fergus 2014, section 3: filters whose root mean square passes the limit are
 * scaled down to it. */
static void
renormalise(const DcnParameter *parameter, float limit)
{
    size_t filters = (size_t)parameter->shape.dim[0], each = parameter->count / filters;
    for (size_t m = 0; m < filters; m++) {
        float *w = parameter->value + m * each;
        double squares = 0;
        for (size_t i = 0; i < each; i++)
            squares += (double)w[i] * (double)w[i];
        double rms = sqrt(squares / (double)each);
        if (rms <= (double)limit)
            continue;
        float factor = (float)((double)limit / rms);
        for (size_t i = 0; i < each; i++)
            w[i] *= factor;
    }
}

void
dcn_trainer_step(DcnTrainer *trainer, const DcnSgd *sgd)
{
    DcnDenormals before = dcn_denormals_flush();
    for (size_t i = 0; i < trainer->n_parameters; i++) {
        const DcnParameter *p = &trainer->parameters[i];
        if (!p->gradient)
            continue;
        Step step = {sgd, p,
                     sgd->decay_weights_only && p->shape.rank < 2 ? 0 : sgd->decay};
        dcn_parallel_range(trainer->context, p->count, GRAIN, descend_range, &step);
        if (p->filters && sgd->rms_limit > 0)
            renormalise(p, sgd->rms_limit);
    }
    dcn_denormals_restore(before);
}
