/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LpNormalization: y = x / norm along `axis` (the last one, if it is not stated), where
 * the norm is the sum of |x| for p = 1, the root of the sum of x^2 for p = 2. Where the
 * norm is 0, y is 0.
 *
 * Back, all methods, the gradient: dx += (dy - n' * sum of dy * y) / norm, n' being the
 * norm's slope: the sign of x for p = 1, y for p = 2; nothing where the norm is 0. */
#include "ops/kit/rows.h"
#include <math.h>

typedef struct {
    DcnRows rows;
    int axes[DCN_MAX_RANK]; /* of reach: all but that of the rows */
    bool squares;
} Params;

static bool
lpnormalization_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    bool named[DCN_MAX_RANK] = {false};
    int axis;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", -1), x->rank, false,
                        &axis))
        return false;
    int64_t order = dcn_node_int(setup->node, "p", 2);
    if (order != 1 && order != 2)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "p is %lld, not 1 or 2",
                              (long long)order);
    p->squares = order == 2;
    named[axis] = true;
    p->rows = dcn_rows_of(x, named);
    for (int i = 0; i < DCN_MAX_RANK; i++)
        p->axes[i] = i == axis ? -1 : i;
    setup->scratch = 3 * p->rows.length * sizeof(float);
    return dcn_setup_same(setup);
}

static float
inverse_of_norm(const Params *p, const float *x)
{
    double sum = 0;
    for (size_t i = 0; i < p->rows.length; i++)
        sum += p->squares ? (double)x[i] * (double)x[i] : (double)fabsf(x[i]);
    if (sum == 0)
        return 0;
    return (float)(1 / (p->squares ? sqrt(sum) : sum));
}

static void
forward_row(void *user, size_t image, size_t row, float *scratch)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    float *to = dcn_image(&call->out[0], image);
    const float *x = dcn_row_read(&p->rows, dcn_image(&call->in[0], image), row, scratch);
    float *y = dcn_row_start(&p->rows, to, row, scratch + p->rows.length);
    float inverse = inverse_of_norm(p, x);
    for (size_t i = 0; i < p->rows.length; i++)
        y[i] = x[i] * inverse;
    dcn_row_added(&p->rows, to, row, y);
}

static void
back_row(void *user, size_t image, size_t row, float *scratch)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t n = p->rows.length;
    float *to = dcn_image_grad(&call->in[0], image);
    const float *x = dcn_row_read(&p->rows, dcn_image(&call->in[0], image), row, scratch);
    const float *dy =
        dcn_row_read(&p->rows, dcn_image_grad(&call->out[0], image), row, scratch + n);
    float *dx = dcn_row_start(&p->rows, to, row, scratch + 2 * n);
    float inverse = inverse_of_norm(p, x);
    double product = 0;
    for (size_t i = 0; i < n; i++)
        product += (double)dy[i] * (double)(x[i] * inverse);
    for (size_t i = 0; i < n; i++) {
        float sign = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0;
        float slope = p->squares ? x[i] * inverse : sign;
        dx[i] += inverse * (dy[i] - slope * (float)product);
    }
    dcn_row_added(&p->rows, to, row, dx);
}

static void
lpnormalization_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_rows_clear(call, &p->rows);
    dcn_each_row(call, &p->rows, forward_row, (void *)call);
}

static void
lpnormalization_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0))
        dcn_each_row(call, &p->rows, back_row, (void *)call);
}

static void
lpnormalization_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input;
    dcn_reach_axes(&call->out[output].shape, p->axes, in, out);
}

static void
lpnormalization_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    dcn_reach_axes(&call->in[input].shape, p->axes, out, in);
}

const DcnOp dcn_op_lpnormalization = {
    .name = "LpNormalization",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_NORMALISES,
    .end = DCN_END_FIXED_LENGTH,
    .params_size = sizeof(Params),
    .setup = lpnormalization_setup,
    .forward = lpnormalization_forward,
    .back = DCN_BACK_ALL(lpnormalization_back),
    .reach.ahead = lpnormalization_reach_ahead,
    .reach.back = lpnormalization_reach_back,
    .layer = "norm",
};
