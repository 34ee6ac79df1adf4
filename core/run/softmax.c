/* SPDX-License-Identifier: GPL-3.0-or-later */
/* softmax.c: probabilities from scores. */
#include "dcn.h"
#include <math.h>

void
dcn_softmax(const float *score, size_t count, float *p)
{
    float most = -INFINITY;
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        most = score[k] > most ? score[k] : most;
    for (size_t k = 0; k < count; k++) {
        p[k] = expf(score[k] - most);
        sum += (double)p[k];
    }
    for (size_t k = 0; k < count; k++)
        p[k] = (float)((double)p[k] / sum);
}
