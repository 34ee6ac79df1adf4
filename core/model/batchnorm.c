/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchnorm.c: folds the factor and the shift of each channel into weights and bias.
 * plan/passes.c applies it to the plan's copy of the weights, edit.c to the weights that
 * the model is written with. */
#include "model/batchnorm.h"
#include <math.h>

void
dcn_batchnorm_take_in(
    const DcnNormalisation *norm, size_t maps, size_t each, float *weights, float *bias)
{
    for (size_t m = 0; m < maps; m++) {
        float factor = norm->scale[m] / sqrtf(norm->variance[m] + norm->epsilon);
        for (size_t i = 0; i < each; i++)
            weights[m * each + i] *= factor;
        bias[m] = (bias[m] - norm->mean[m]) * factor + norm->shift[m];
    }
}
