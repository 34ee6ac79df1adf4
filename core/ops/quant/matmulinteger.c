/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MatMulInteger: y = (a - a_zero) (b - b_zero), whole numbers; matrices as in MatMul.
 * Zero points are one for all, one for each row of a, one for each column of b.
 *
 * Back, all methods: linear in each, as in MatMul; constants are held. */
#include "ops/quant/affine.h"
#include "ops/quant/sums_matrix.h"

typedef struct {
    DcnSumsMatrix matrix;
} Params;

static bool
matmulinteger_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->matrix.a = 0;
    p->matrix.b = 1;
    p->matrix.a_zero = 2;
    p->matrix.b_zero = 3;
    return dcn_sums_matrix_setup(setup, &p->matrix);
}

static void
finish(const DcnCall *call,
       size_t image,
       size_t row,
       size_t column,
       size_t at,
       size_t n,
       const double *sums)
{
    float *y = dcn_image(&call->out[0], image) + at;
    (void)row, (void)column;
    for (size_t i = 0; i < n; i++)
        y[i] = (float)sums[i];
}

static float
slope(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    (void)call, (void)image, (void)row, (void)column, (void)y;
    return 1;
}

static void
matmulinteger_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_sums_matrix_forward(call, &p->matrix, finish);
}

static void
matmulinteger_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_sums_matrix_back(call, &p->matrix, slope);
}

static void
matmulinteger_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)output;
    dcn_sums_matrix_ahead(call, &p->matrix, input, in, out);
}

static void
matmulinteger_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    dcn_sums_matrix_seen(call, &p->matrix, input, out, in);
}

static DcnType
matmulinteger_type(const void *params, size_t output)
{
    (void)params, (void)output;
    return DCN_INT32;
}

const DcnOp dcn_op_matmulinteger = {
    .name = "MatMulInteger",
    .inputs = {2, 4},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .params_size = sizeof(Params),
    .setup = matmulinteger_setup,
    .forward = matmulinteger_forward,
    .back = DCN_BACK_ALL(matmulinteger_back),
    .reach.ahead = matmulinteger_reach_ahead,
    .reach.back = matmulinteger_reach_back,
    .constants.type = matmulinteger_type,
    .layer = "fc",
};
