/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp.h: the p-norm of a window, (sum of |x|^p)^(1/p), and its slope sign(x) * (|x| /
 * norm)^(p - 1); where the norm is 0, none. */
#ifndef DCN_OPS_POOL_LP_H
#define DCN_OPS_POOL_LP_H

#include "ops/op.h"
#include <math.h>

/* Reads p, 2 if absent. */
static inline bool
dcn_lp_order(DcnSetup *setup, float *p)
{
    int64_t order = dcn_node_int(setup->node, "p", 2);
    *p = (float)order;
    return (order >= 1 && order <= INT16_MAX) ||
           dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "p is %lld", (long long)order);
}

/* |x|^p */
static inline double
dcn_lp_term(float p, float x)
{
    double size = (double)fabsf(x);
    return p == 2 ? size * size : p == 1 ? size : pow(size, (double)p);
}

static inline float
dcn_lp_norm(float p, double sum)
{
    return (float)(p == 2 ? sqrt(sum) : p == 1 ? sum : pow(sum, 1 / (double)p));
}

static inline float
dcn_lp_slope(float p, float x, float norm)
{
    if (!(norm > 0) || x == 0)
        return 0;
    float share = fabsf(x) / norm;
    return copysignf(p == 2 ? share : p == 1 ? 1 : powf(share, p - 1), x);
}

#endif
