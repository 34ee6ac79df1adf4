/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.c: SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
 * generators"): a counter with a fixed step, mixed. */
#include "trainer.h"
#include <math.h>

#define STEP UINT64_C(0x9e3779b97f4a7c15) /* 2^64 divided by the golden ratio, odd */

static uint64_t
mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

DcnRandom
dcn_random_seed(uint64_t seed, uint64_t stream)
{
    return (DcnRandom){mixed(mixed(seed + STEP) ^ (stream * STEP + 1))};
}

uint64_t
dcn_random_bits(DcnRandom *random)
{
    random->state += STEP;
    return mixed(random->state);
}

double
dcn_random_unit(DcnRandom *random)
{
    return (double)(dcn_random_bits(random) >> 11) * 0x1p-53;
}

double
dcn_random_normal(DcnRandom *random)
{
    /* Box & Muller 1958; the second number of each pair is not used. */
    double radius = sqrt(-2 * log(1 - dcn_random_unit(random)));
    return radius * cos(6.283185307179586 * dcn_random_unit(random));
}

void
dcn_random_weights(DcnRandom *random, double deviation, float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(deviation * dcn_random_normal(random));
}

uint64_t
dcn_random_below(DcnRandom *random, uint64_t limit)
{
    /* For limits up to some millions the bias of the remainder is below 2^-40. */
    return dcn_random_bits(random) % limit;
}
