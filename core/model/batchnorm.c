/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchnorm.c: see batchnorm.h. A plan does this with its own weights (passes.c), a model
 * that is changed with those it is written with (edit.c). */
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
