/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.h: a small seeded generator whose numbers are equal on every machine. */
#ifndef DCN_RANDOM_H
#define DCN_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The whole state: saved and restored by copying. */
typedef struct DcnRandom {
    uint64_t state;
} DcnRandom;

/* A stream of its own for each pair, so that what one image draws does not depend on how
 * many numbers another took. */
DcnRandom dcn_random_seed(uint64_t seed, uint64_t stream);

uint64_t dcn_random_bits(DcnRandom *random);
double dcn_random_unit(DcnRandom *random);   /* 0 to, not including, 1 */
double dcn_random_normal(DcnRandom *random); /* mean 0, variance 1 */
/* Values of mean 0 and this deviation: weights that nobody has taught yet. */
void dcn_random_weights(DcnRandom *random, double deviation, float *values, size_t count);
uint64_t dcn_random_below(DcnRandom *random, uint64_t limit); /* 0 .. limit - 1 */

#endif
