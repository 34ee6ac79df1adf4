/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QGemm (com.microsoft): the fully connected layer from levels to levels, or to floats
 * where no y_scale is given. With the exact sums s of (a' - a_zero) (b' - b_zero) and
 * step = alpha * a_scale * b_scale,
 *
 *     y = saturate(round((s + c) * step / y_scale) + y_zero)    or    (s + c) * step
 *
 * b_scale and b_zero are one for all, or one for each column of b'; c counts in steps.
 *
 * Back, all methods: linear in each, times those scales, from levels that were not cut
 * (affine.h). */
#include "ops/quant/affine.h"
#include "ops/quant/sums_matrix.h"

enum { A, A_SCALE, A_ZERO, B, B_SCALE, B_ZERO, C, Y_SCALE, Y_ZERO };

typedef struct {
    DcnSumsMatrix matrix;
    float alpha;
    size_t c_row, c_column; /* steps through c; 0 where it is broadcast */
    bool levels_out;        /* else the output is a float */
    DcnLevels levels;
} Params;

static bool
read_bias(DcnSetup *setup, Params *p)
{
    const DcnShape *c = setup->in[C], *y = &setup->out[0];
    DcnShape both;
    char text[2][128];
    if (c->rank > 2 || !dcn_shape_broadcast(c, y, &both) || !dcn_shape_equal(&both, y))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a bias of %s does not fit %s",
                              dcn_shape_print(c, text[0]), dcn_shape_print(y, text[1]));
    int64_t columns = c->rank > 0 ? c->dim[c->rank - 1] : 1;
    p->c_column = columns > 1;
    p->c_row = c->rank == 2 && c->dim[0] > 1 ? (size_t)columns : 0;
    return true;
}

/* What a step of the sum is worth. */
static float
step_of(const DcnCall *call, size_t image, size_t column)
{
    const Params *p = call->params;
    return p->alpha * dcn_of_channel(call, image, A_SCALE, 0, 1) *
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
    const DcnOperand *c = dcn_input(call, C);
    float zero = dcn_of_channel(call, image, Y_ZERO, 0, 0);
    float *y = dcn_image(&call->out[0], image) + at;
    for (size_t i = 0; i < n; i++) {
        size_t bias = row * p->c_row + (column + i) * p->c_column;
        double sum = sums[i] + (c ? (double)dcn_image(c, image)[bias] : 0);
        float steps = (float)sum * step_of(call, image, column + i);
        y[i] = p->levels_out ? dcn_level(steps, zero, p->levels) : steps;
    }
}

static float
slope(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    const Params *p = call->params;
    (void)row;
    bool cut = p->levels_out && !dcn_level_is_inside(y, p->levels);
    return cut ? 0 : step_of(call, image, column);
}

static bool
qgemm_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->matrix.a = A;
    p->matrix.b = B;
    p->matrix.a_zero = A_ZERO;
    p->matrix.b_zero = B_ZERO;
    p->matrix.transpose_a = dcn_node_int(setup->node, "transA", 0) != 0;
    p->matrix.transpose_b = dcn_node_int(setup->node, "transB", 0) != 0;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    p->levels_out = dcn_has_input(setup, Y_SCALE);
    DcnType type = p->levels_out ? dcn_setup_type(setup, Y_ZERO, DCN_UINT8) : DCN_FLOAT;
    p->matrix.result = (DcnSumsResult){finish, slope, type};
    if (setup->in[A]->rank != 2 || setup->in[B]->rank != 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "its inputs are no matrices");
    return (!p->levels_out || dcn_setup_levels_of(setup, type, &p->levels)) &&
           dcn_sums_matrix_setup(setup, &p->matrix) &&
           dcn_setup_affine(setup, A_SCALE, A_ZERO, 0) &&
           dcn_setup_affine(setup, B_SCALE, B_ZERO, p->matrix.n) &&
           dcn_setup_affine(setup, Y_SCALE, Y_ZERO, 0) &&
           (!dcn_has_input(setup, C) || read_bias(setup, p));
}

const DcnOp dcn_op_qgemm = {
    .name = "QGemm",
    .domain = "com.microsoft",
    .inputs = {6, 9},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .params_size = sizeof(Params),
    .setup = qgemm_setup,
    .forward = dcn_sums_matrix_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(dcn_sums_matrix_back),
    .reach.ahead = dcn_sums_matrix_ahead,
    .reach.back = dcn_sums_matrix_seen,
    .constants.type = dcn_sums_type,
    .layer = "fc",
};
