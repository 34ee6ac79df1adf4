/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elementwise.h: operators of one input that treat each element alone. */
#ifndef DCN_OPS_KIT_ELEMENTWISE_H
#define DCN_OPS_KIT_ELEMENTWISE_H

#include "ops/kit/common.h"

/* The two loops of an operator whose mathematics are one expression each:
 *
 *     DCN_VALUES(abs_values, fabsf(x))
 *     DCN_SLOPES(abs_slopes, x > 0 ? dy : x < 0 ? -dy : 0)
 *
 * y = value; dx += slope. */
#define DCN_VALUES(name, value)                                                          \
    static void name(const void *params, const float *restrict px, float *restrict y,    \
                     size_t n)                                                           \
    {                                                                                    \
        (void)params;                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            float x = px[i];                                                             \
            y[i] = (value);                                                              \
        }                                                                                \
    }

#define DCN_SLOPES(name, slope)                                                          \
    static void name(const void *params, const float *restrict px,                       \
                     const float *restrict py, const float *restrict pdy,                \
                     float *restrict dx, size_t n)                                       \
    {                                                                                    \
        (void)params;                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            float x = px[i], y = py[i], dy = pdy[i];                                     \
            (void)x, (void)y;                                                            \
            dx[i] += (slope);                                                            \
        }                                                                                \
    }

void dcn_each_forward(const DcnCall *call, DcnValues values);
void dcn_each_back(const DcnCall *call, DcnSlopes slopes);

/* The output's signal goes to an input of the same shape as it is. */
void dcn_hand_on(const DcnCall *call, size_t input);

/* What is below zero in n floats of a signal becomes zero. */
void dcn_rectify(float *signal, size_t n);

/* The same for the signal of an input, where it is defined: see DcnOp.rectifies. */
void dcn_rectify_input(const DcnCall *call, size_t input);

#endif
