/* SPDX-License-Identifier: GPL-3.0-or-later */
/* softmax_row.c: with a maximum and a sum for each of some lanes. */
#include "ops/kit/softmax_row.h"
#include "base/vector.h"
#include "ops/kit/exponential.h"
#include <math.h>

#define LANES 16

/* e^x of what is 0 or less. */
static inline float
exp_below(float x)
{
    return x >= -87 ? dcn_exp_near(x) : x < -87 ? 0 : x;
}

DCN_VECTOR void
dcn_softmax_row(float *row, size_t n)
{
    float most[LANES], sums[LANES] = {0}, largest = -INFINITY, sum = 0;
    size_t whole = n / LANES * LANES;
    for (size_t l = 0; l < LANES; l++)
        most[l] = -INFINITY;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            most[l] = row[i + l] > most[l] ? row[i + l] : most[l];
    for (size_t l = 0; l < LANES; l++)
        largest = most[l] > largest ? most[l] : largest;
    for (size_t i = whole; i < n; i++)
        largest = row[i] > largest ? row[i] : largest;
    for (size_t i = 0; i < n; i++)
        row[i] = exp_below(row[i] - largest);
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            sums[l] += row[i + l];
    for (size_t l = 0; l < LANES; l++)
        sum += sums[l];
    for (size_t i = whole; i < n; i++)
        sum += row[i];
    for (size_t i = 0; i < n; i++)
        row[i] /= sum;
}
