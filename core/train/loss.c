/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loss.c: cross-entropy of a softmax, and of one sigmoid a class.
 *
 * With N images, K classes, scores z and targets t:
 *
 *     softmax   L = -1/N sum_n sum_k t log softmax(z)       dz = (softmax(z) sum_k t - t)
 * / N sigmoid   L = -1/(N K) sum t log s + (1 - t) log(1 - s)   dz = (s - t) / (N K)
 *
 * Sums are in double: a mean over a large batch keeps its digits. */
#include "train/train_private.h"
#include <math.h>

static double
softmax_loss(size_t classes, const float *z, const float *t, double factor, float *dz)
{
    double largest = (double)z[0], sum = 0, whole = 0, loss = 0;
    for (size_t k = 1; k < classes; k++)
        largest = fmax(largest, (double)z[k]);
    for (size_t k = 0; k < classes; k++) {
        sum += exp((double)z[k] - largest);
        whole += (double)t[k];
    }
    double log_sum = log(sum) + largest;
    for (size_t k = 0; k < classes; k++) {
        double log_p = (double)z[k] - log_sum;
        if (t[k] != 0)
            loss -= (double)t[k] * log_p;
        dz[k] = (float)((exp(log_p) * whole - (double)t[k]) * factor);
    }
    return loss * factor;
}

/* log(1 + exp(-|z|)) + max(z, 0) - t z is the same, and does not overflow. */
static double
sigmoid_loss(size_t classes, const float *z, const float *t, double factor, float *dz)
{
    double loss = 0;
    for (size_t k = 0; k < classes; k++) {
        double x = (double)z[k], wanted = (double)t[k];
        loss += log1p(exp(-fabs(x))) + fmax(x, 0) - wanted * x;
        dz[k] = (float)((1 / (1 + exp(-x)) - wanted) * factor);
    }
    return loss * factor;
}

double
dcn_loss(DcnLoss loss,
         size_t batch,
         size_t classes,
         const float *z,
         const float *targets,
         float *dz)
{
    double sum = 0;
    for (size_t n = 0; n < batch; n++) {
        const float *t = targets + n * classes;
        if (loss == DCN_LOSS_SOFTMAX)
            sum += softmax_loss(classes, z + n * classes, t, 1 / (double)batch,
                                dz + n * classes);
        else
            sum += sigmoid_loss(classes, z + n * classes, t,
                                1 / ((double)batch * (double)classes), dz + n * classes);
    }
    return sum;
}
