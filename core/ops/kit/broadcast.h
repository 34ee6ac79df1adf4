/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast.h: operators of two inputs, element by element, with ONNX's multidirectional
 * broadcasting (NumPy's rules). */
#ifndef DCN_OPS_KIT_BROADCAST_H
#define DCN_OPS_KIT_BROADCAST_H

#include "ops/kit/common.h"

/* The two loops of an operator whose mathematics are one expression each: y = value;
 * da = slope_a, db = slope_b.
 *
 *     DCN_PAIR_VALUES(mul_values, a * b)
 *     DCN_PAIR_SLOPES(mul_slopes, dy * b, dy * a) */
#define DCN_PAIR_VALUES(name, value)                                                     \
    static void name(const float *pa, const float *pb, float *y, size_t n)               \
    {                                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            float a = pa[i], b = pb[i];                                                  \
            y[i] = (value);                                                              \
        }                                                                                \
    }

#define DCN_PAIR_SLOPES(name, slope_a, slope_b)                                          \
    static void name(const float *restrict pa, const float *restrict pb,                 \
                     const float *restrict py, const float *restrict pdy,                \
                     float *restrict da, float *restrict db, size_t n)                   \
    {                                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            float a = pa[i], b = pb[i], y = py[i], dy = pdy[i];                          \
            (void)a, (void)b, (void)y;                                                   \
            da[i] = (slope_a);                                                           \
            db[i] = (slope_b);                                                           \
        }                                                                                \
    }

/* Output: the two inputs broadcast. */
bool dcn_setup_broadcast(DcnSetup *setup);

void dcn_pair_forward(const DcnCall *call, DcnPairValues values, const DcnClamp *clamp);

/* To inputs that belong to images, and to constants. A broadcast input gets the sum over
 * the places it was used in. */
void dcn_pair_back(const DcnCall *call, DcnPairSlopes slopes);
bool dcn_pair_bounded(const DcnCall *call); /* see DcnOp.bounded */
void dcn_pair_grad_weights(const DcnCall *call, DcnPairSlopes slopes);

/* Of any number of inputs, from left to right: y = f(f(in0, in1), in2) ... */
bool dcn_setup_broadcast_many(DcnSetup *setup);
void dcn_many_forward(const DcnCall *call, DcnPairValues values);

/* Of Sum and Mean: the signal, times scale, goes to every input; constants: grad_weights.
 */
void dcn_many_back_sum(const DcnCall *call, float scale, bool constants);

/* Of Max and Min: the signal goes to the first input that is what the output is. */
void dcn_many_back_taken(const DcnCall *call, bool constants);

#endif
