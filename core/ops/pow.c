/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pow: y = a^b, broadcast; y has the type of a. All methods: da += dy * b * a^(b-1),
 * db += dy * y * ln a where a > 0, else 0; summed where broadcast. */
#include "ops/kit/broadcast.h"
#include <math.h>

/* Mostly all exponents of a chunk are the same number. */
static bool
all_are(const float *b, size_t n, float value)
{
    for (size_t i = 0; i < n; i++)
        if (b[i] != value)
            return false;
    return true;
}

static void
pow_values(const float *a, const float *b, float *y, size_t n)
{
    if (all_are(b, n, 2))
        for (size_t i = 0; i < n; i++)
            y[i] = a[i] * a[i];
    else if (all_are(b, n, 0.5F))
        for (size_t i = 0; i < n; i++)
            y[i] = sqrtf(a[i]);
    else
        for (size_t i = 0; i < n; i++)
            y[i] = powf(a[i], b[i]);
}

static void
pow_slopes(const float *a,
           const float *b,
           const float *y,
           const float *dy,
           float *da,
           float *db,
           size_t n)
{
    if (all_are(b, n, 2))
        for (size_t i = 0; i < n; i++)
            da[i] = 2 * a[i] * dy[i];
    else
        for (size_t i = 0; i < n; i++)
            da[i] = b[i] == 0 ? 0 : dy[i] * b[i] * powf(a[i], b[i] - 1);
    for (size_t i = 0; i < n; i++)
        db[i] = a[i] > 0 ? dy[i] * y[i] * logf(a[i]) : 0;
}

static bool
pow_integers(int64_t a, int64_t b, int64_t *y)
{
    /* Computes the power by squaring. Results of more than 64 bits wrap. */
    uint64_t result = 1, square = (uint64_t)a;
    if (b < 0) {
        *y = a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
        return a != 0;
    }
    for (; b > 0; b >>= 1, square *= square)
        if (b & 1)
            result *= square;
    *y = (int64_t)result;
    return true;
}

const DcnOp dcn_op_pow = {
    .name = "Pow",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .since = 7,
    .pair = {pow_values, pow_slopes, pow_integers},
    .layer = "pow",
};
