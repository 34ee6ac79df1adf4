/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MatMulInteger: y = (a - a_zero) (b - b_zero), whole numbers; matrices as in MatMul.
 * Zero points are one for all, one for each row of a, one for each column of b.
 *
 * Back, all methods: linear in each, as in MatMul; constants are held. */
#include "ops/quant/sums_matrix.h"

static bool
matmulinteger_setup(DcnSetup *setup)
{
    DcnSumsMatrix *p = setup->params;
    p->result = dcn_sums_result_whole;
    p->a = 0;
    p->b = 1;
    p->a_zero = 2;
    p->b_zero = 3;
    return dcn_sums_matrix_setup(setup, p);
}

const DcnOp dcn_op_matmulinteger = {
    .name = "MatMulInteger",
    .inputs = {2, 4},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .params_size = sizeof(DcnSumsMatrix),
    .setup = matmulinteger_setup,
    .forward = dcn_sums_matrix_forward,
    .back = DCN_BACK_ALL(dcn_sums_matrix_back),
    .reach.ahead = dcn_sums_matrix_ahead,
    .reach.back = dcn_sums_matrix_seen,
    .constants.type = dcn_sums_type,
    .layer = "fc",
};
