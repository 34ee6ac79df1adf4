/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearMatMul: a product of matrices from levels to levels. With the exact sums s of
 * (a - a_zero) (b - b_zero),
 *
 *     y = saturate(round(s * a_scale * b_scale / y_scale) + y_zero)
 *
 * Scales and zero points are one for all, one for each row of a, one for each column of
 * b.
 *
 * Back, all methods: linear in each, times those scales, from levels that were not cut
 * (affine.h). */
#include "ops/quant/affine.h"
#include "ops/quant/sums_matrix.h"

enum { A, A_SCALE, A_ZERO, B, B_SCALE, B_ZERO, Y_SCALE, Y_ZERO };

typedef struct {
    DcnSumsMatrix matrix;
    DcnLevels levels;
} Params;

/* Levels of the output that a step of the sum is worth. */
static float
step_of(const DcnCall *call, size_t image, size_t row, size_t column)
{
    return dcn_of_channel(call, image, A_SCALE, row, 1) *
           dcn_of_channel(call, image, B_SCALE, column, 1) /
           dcn_of_channel(call, image, Y_SCALE, 0, 1);
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
    const Params *p = call->params;
    float zero = dcn_of_channel(call, image, Y_ZERO, 0, 0);
    float *y = dcn_image(&call->out[0], image) + at;
    for (size_t i = 0; i < n; i++)
        y[i] = dcn_level((float)sums[i] * step_of(call, image, row, column + i), zero,
                         p->levels);
}

static float
slope(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    const Params *p = call->params;
    return dcn_level_is_inside(y, p->levels) ? step_of(call, image, row, column) : 0;
}

static bool
qlinearmatmul_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->matrix.a = A;
    p->matrix.b = B;
    p->matrix.a_zero = A_ZERO;
    p->matrix.b_zero = B_ZERO;
    DcnType type = dcn_setup_type(setup, Y_ZERO, DCN_UINT8);
    p->matrix.result = (DcnSumsResult){finish, slope, type};
    return dcn_setup_levels_of(setup, type, &p->levels) &&
           dcn_sums_matrix_setup(setup, &p->matrix) &&
           dcn_setup_affine(setup, A_SCALE, A_ZERO, p->matrix.m) &&
           dcn_setup_affine(setup, B_SCALE, B_ZERO, p->matrix.n) &&
           dcn_setup_affine(setup, Y_SCALE, Y_ZERO, 0);
}

const DcnOp dcn_op_qlinearmatmul = {
    .name = "QLinearMatMul",
    .inputs = {8, 8},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .params_size = sizeof(Params),
    .setup = qlinearmatmul_setup,
    .forward = dcn_sums_matrix_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(dcn_sums_matrix_back),
    .reach.ahead = dcn_sums_matrix_ahead,
    .reach.back = dcn_sums_matrix_seen,
    .constants.type = dcn_sums_type,
    .layer = "fc",
};
