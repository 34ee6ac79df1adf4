/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exponential.h: e^x in a form that compilers turn into vector code; the C library's
 * cannot be.
 *
 * e^x = 2^n e^r with n = x / ln 2 rounded and |r| <= ln 2 / 2. e^r = 1 + r + r^2 q(r), q
 * a polynomial of degree 4 fitted for the least relative error (3e-9) on that interval.
 * Within 2 units in the last place where the result is a normal number; below, 0 or
 * nearly so; above the largest float, infinity; NaN stays NaN. */
#ifndef DCN_OPS_KIT_EXPONENTIAL_H
#define DCN_OPS_KIT_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

static inline float
dcn_power_of_two(int32_t n) /* -126 .. 127 */
{
    int32_t bits = (n + 127) * 8388608;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float
dcn_exp(float x)
{
    /* Far out the result is 0 or infinity anyway. */
    float bounded = x < -104 ? -104 : x;
    bounded = bounded > 89 ? 89 : bounded;
    /* Adding 1.5 * 2^23 leaves the rounded number in the low bits. */
    float shifted = bounded * 1.44269504F + 12582912.0F;
    float n = shifted - 12582912.0F;
    /* ln 2 in two parts: n times the first is exact. */
    float r = (bounded - n * 0.693359375F) + n * 2.12194440e-4F;
    float q = 0.0013814599F;
    q = q * r + 0.0083687166F;
    q = q * r + 0.0416683890F;
    q = q * r + 0.1666652113F;
    q = q * r + 0.4999999404F;
    float e = 1 + (r + r * r * q);
    /* 2^n in two factors, as n passes what one float holds. */
    int32_t whole = n == n ? (int32_t)n : 0, half = whole / 2;
    return e * dcn_power_of_two(half) * dcn_power_of_two(whole - half);
}

#endif
