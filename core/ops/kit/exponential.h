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

/* e^r - 1 for |r| <= ln 2 / 2. */
static inline float
dcn_exp_rest(float r)
{
    float q = 0.0013814599F;
    q = q * r + 0.0083687166F;
    q = q * r + 0.0416683890F;
    q = q * r + 0.1666652113F;
    q = q * r + 0.4999999404F;
    return r + r * r * q;
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
    float e = 1 + dcn_exp_rest(r);
    /* 2^n in two factors, as n passes what one float holds. */
    int32_t whole = n == n ? (int32_t)n : 0, half = whole / 2;
    return e * dcn_power_of_two(half) * dcn_power_of_two(whole - half);
}

/* e^x for x from -87 to 88 alone: of others, and of NaN, it is any number. e^r as above; 2^n
 * by adding n, from the low bits, to the exponent, which stays in range. */
static inline float
dcn_exp_near(float x)
{
    float shifted = x * 1.44269504F + 12582912.0F, n = shifted - 12582912.0F;
    float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float e = 1 + dcn_exp_rest(r);
    uint32_t power, product;
    memcpy(&power, &shifted, sizeof power);
    memcpy(&product, &e, sizeof product);
    product += power << 23;
    memcpy(&e, &product, sizeof e);
    return e;
}

/* 1 + e^x, for 1 / (1 + e^-x): a sigmoid within 3 units in the last place. Below -87 it
 * is 1, above 88 it stays 1.7e38, so that the sigmoid is wrong by 6e-39 at most. NaN stays
 * NaN.
 *
 * Bounds are taken of the bits, as whole numbers: compilers make branches of comparisons
 * with numbers. Bits of floats above zero grow with them as signed numbers, those of
 * floats below zero with their distance from it as unsigned ones. */
static inline float
dcn_one_and_exp(float x)
{
    const int32_t highest = 0x42B00000;  /* 88 */
    const uint32_t lowest = 0xC2AE0000U; /* -87 */
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = bits < highest ? bits : highest;
    uint32_t whole = (uint32_t)bits;
    whole = whole < lowest ? whole : lowest;
    float bounded;
    memcpy(&bounded, &whole, sizeof bounded);
    return x == x ? 1 + dcn_exp_near(bounded) : x;
}

/* e^x - 1, also where x is small: with e^x = 2^n e^r it is 2^n (e^r - 1) + (2^n - 1).
 * Within 3 units in the last place up to 88, above which it stays there; -1 far below. NaN
 * stays NaN. */
static inline float
dcn_exp_less_one(float x)
{
    float bounded = x < -87 ? -87 : x;
    bounded = bounded > 88 ? 88 : bounded;
    float shifted = bounded * 1.44269504F + 12582912.0F, n = shifted - 12582912.0F;
    float r = (bounded - n * 0.693359375F) + n * 2.12194440e-4F;
    float power = dcn_power_of_two(n == n ? (int32_t)n : 0);
    return power * dcn_exp_rest(r) + (power - 1);
}

/* tanh(x) = (e^2x - 1) / (e^2x + 1), within 4 units in the last place; from 9.1 on, where the
 * nearest float is 1 or next to it, it stays. NaN stays NaN. */
static inline float
dcn_tanh(float x)
{
    float bounded = x < -9.1F ? -9.1F : x;
    bounded = bounded > 9.1F ? 9.1F : bounded;
    float e = dcn_exp_less_one(2 * bounded);
    return e / (e + 2);
}

#endif
