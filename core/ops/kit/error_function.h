/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error_function.h: erf(x) in a form that compilers turn into vector code.
 *
 * Below 0.95 it is x + x p(x^2), above 1 - e^-g(|x|) with the sign of x; p and g are
 * polynomials of degree 6, fitted for the least relative error (1.4e-9) up to 3.95, from
 * where on the nearest float is 1. Within 2 units in the last place; NaN stays NaN. */
#ifndef DCN_OPS_KIT_ERROR_FUNCTION_H
#define DCN_OPS_KIT_ERROR_FUNCTION_H

#include "ops/kit/exponential.h"

static inline float
dcn_erf(float x)
{
    float far = x < 0 ? -x : x, square = x * x;
    float p = 8.1850907e-05F;
    p = p * square - 0.00080977025F;
    p = p * square + 0.0051969518F;
    p = p * square - 0.026857706F;
    p = p * square + 0.11283664F;
    p = p * square - 0.37612632F;
    p = p * square + 0.12837917F;
    float near = x + x * p;
    float bounded = far > 3.95F ? 3.95F : far;
    float g = -0.00019242604F;
    g = g * bounded + 0.003008537F;
    g = g * bounded - 0.022087641F;
    g = g * bounded + 0.10364033F;
    g = g * bounded + 0.63751704F;
    g = g * bounded + 1.127475F;
    g = g * bounded + 0.00024471388F;
    float away = 1 - dcn_exp_near(-g); /* g is at most 15.6 */
    away = x < 0 ? -away : away;
    return far >= 0.95F ? away : near;
}

#endif
