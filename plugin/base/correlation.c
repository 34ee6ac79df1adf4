/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correlation.c: how alike two rows of numbers are. */
#include "base/correlation.h"
#include <math.h>

double
correlation_of(const float *a, const float *b, gsize count)
{
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    for (gsize i = 0; i < count; i++) {
        sum_a += (double)a[i];
        sum_b += (double)b[i];
    }
    for (gsize i = 0; i < count; i++) {
        double x = (double)a[i] - sum_a / (double)count;
        double y = (double)b[i] - sum_b / (double)count;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : NAN;
}
