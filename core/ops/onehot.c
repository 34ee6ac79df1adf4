/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OneHot: each index becomes `depth` numbers along a new axis, all "off" but for the one
 * at the index, which is "on". Negative indices count from the end; others outside have
 * all off. values holds off, on. It is flat, so no signal comes back. */
#include "ops/kit/elements.h"
#include <math.h>

enum { INDICES, DEPTH, VALUES };

typedef struct {
    int axis;
    int64_t depth;
    DcnType type;
} Params;

static bool
onehot_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[INDICES];
    double depth;
    if (!dcn_setup_number(setup, DEPTH, 0, &depth) ||
        !dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", -1), x->rank + 1, false,
                        &p->axis))
        return false;
    if (!(depth >= 1) || depth > (double)INT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a depth of %g", depth);
    if (x->rank + 1 > DCN_MAX_RANK || dcn_shape_count(setup->in[VALUES]) != 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%d axes and %zu values", x->rank,
                              dcn_shape_count(setup->in[VALUES]));
    p->depth = (int64_t)depth;
    p->type = setup->value[VALUES] ? setup->value[VALUES]->type : DCN_FLOAT;
    DcnShape y = {.rank = x->rank + 1};
    for (int i = 0, k = 0; i < y.rank; i++)
        y.dim[i] = i == p->axis ? p->depth : x->dim[k++];
    setup->out[0] = y;
    return true;
}

static void
onehot_forward(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnShape *y_shape = &call->out[0].shape;
    size_t inner = dcn_shape_product(y_shape, p->axis + 1, y_shape->rank);
    size_t depth = (size_t)p->depth;
    for (size_t n = 0; n < call->batch; n++) {
        DcnIntegers index = {NULL, dcn_image(&call->in[INDICES], n)};
        const float *values = dcn_image(&call->in[VALUES], n);
        float *y = dcn_image(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++) {
            size_t line = i / inner / depth * inner + i % inner;
            int64_t at = dcn_integer_at(&index, line);
            at = at < 0 ? at + p->depth : at;
            y[i] = values[at == (int64_t)(i / inner % depth)];
        }
    }
}

static DcnType
onehot_type(const void *params, size_t output)
{
    const Params *p = params;
    (void)output;
    return p->type;
}

const DcnOp dcn_op_onehot = {
    .name = "OneHot",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = onehot_setup,
    .forward = onehot_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .constants.type = onehot_type,
};
