/* SPDX-License-Identifier: GPL-3.0-or-later */
/* affine.h: numbers as whole levels: what all quantised operators share.
 *
 * A level q stands for the number (q - zero) * scale. With scale 0.5 and zero 10 the
 * levels 8, 10, 13 are -1, 0, 1.5. A number becomes its nearest level, ties to the even
 * one, and is cut to the levels that the type has (it saturates):
 *
 *     q = min(high, max(low, round(x / scale) + zero))
 *
 * In a run levels are floats that hold whole numbers. The type, and so low and high, is
 * that of the constant zero point; uint8 where the file says none.
 *
 * Back, all methods: straight through. Rounding passes the signal as if it were not
 * there. A level that was cut has the slope of a clamp: nothing comes back. So a
 * rectifier that a quantiser's low end took over (zero = low) stays one. Scales and zero
 * points get no signal, even where they follow from the picture: they are held. */
#ifndef DCN_OPS_QUANT_AFFINE_H
#define DCN_OPS_QUANT_AFFINE_H

#include "ops/kit/common.h"

typedef struct {
    float low, high;
} DcnLevels;

typedef struct {
    float scale, zero;
} DcnAffine;

/* The nearest whole number, ties to the even one. Beyond a million steps all types cut.
 * Adding 1.5 * 2^23 leaves no room for a fraction; rintf() would be a call in loops. */
static inline float
dcn_whole(float steps)
{
    steps = steps < -0x1p20F ? -0x1p20F : steps;
    steps = steps > 0x1p20F ? 0x1p20F : steps;
    return (steps + 12582912.0F) - 12582912.0F;
}

/* Rounds and cuts numbers that are counted in steps already. */
static inline float
dcn_level(float steps, float zero, DcnLevels levels)
{
    float level = dcn_whole(steps) + zero;
    level = level < levels.low ? levels.low : level;
    return level > levels.high ? levels.high : level;
}

static inline float
dcn_quantise(float x, DcnAffine affine, DcnLevels levels)
{
    return dcn_level(x / affine.scale, affine.zero, levels);
}

static inline float
dcn_number(float level, DcnAffine affine)
{
    return (level - affine.zero) * affine.scale;
}

/* True if a signal passes through this level. The level is all that there is to tell by:
 * the operator does not keep how far it had to cut. The lowest and the highest level
 * count as cut. */
static inline bool
dcn_level_is_inside(float level, DcnLevels levels)
{
    return level > levels.low && level < levels.high;
}

/* False and an error for types that are no levels. */
bool dcn_setup_levels_of(DcnSetup *setup, DcnType type, DcnLevels *levels);

/* The type of a constant input, or fallback. */
DcnType dcn_setup_type(const DcnSetup *setup, size_t input, DcnType fallback);

/* A scale and, behind it, a zero point (either may be left out if it is the last): both
 * hold one number, or `many` numbers, 0: one only. */
bool dcn_setup_affine(DcnSetup *setup, size_t scale, size_t zero, size_t many);

/* The one pair of an image; no scale is 1, no zero point is 0. */
DcnAffine dcn_affine(const DcnCall *call, size_t image, size_t scale, size_t zero);

/* The number of channel `index` of an input that holds one for all or one for each. */
float dcn_of_channel(
    const DcnCall *call, size_t image, size_t input, size_t index, float fallback);

/* True if these inputs are constants. An operator whose scales follow from the picture
 * has no local rule. */
bool dcn_setup_constant(const DcnSetup *setup, size_t begin, size_t end);

#endif
