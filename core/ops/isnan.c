/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IsNaN: true where x is NaN. IsInf: true where x is infinite; detect_positive and
 * detect_negative, both 1 if absent, say which infinities count. True is 1 in a run, a
 * bool in a constant. Flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

typedef struct {
    bool above, below;
} Params;

static bool
isinf_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->above = dcn_node_int(setup->node, "detect_positive", 1) != 0;
    p->below = dcn_node_int(setup->node, "detect_negative", 1) != 0;
    return dcn_setup_same(setup);
}

DCN_VALUES(isnan_values, isnan(x) ? 1.0F : 0)

static void
isinf_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    for (size_t i = 0; i < n; i++)
        y[i] = isinf(x[i]) && (x[i] > 0 ? p->above : p->below) ? 1 : 0;
}

/* The test of each element as a float; what a double holds past the largest float is no
 * infinity, so that only infinities become one. */
static bool
fold_with(DcnFold *fold, DcnValues values)
{
    const DcnTensor *x = fold->in[0];
    size_t count = dcn_shape_count(&x->shape);
    uint8_t *data = dcn_fold_alloc(fold, count);
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        double number = dcn_tensor_number(x, i);
        float value = isfinite(number) ? 0 : (float)number, y;
        values(fold->params, &value, &y, 1);
        data[i] = y != 0;
    }
    fold->out[0] = (DcnTensor){DCN_BOOL, fold->shape[0], data};
    return true;
}

static bool
isnan_fold(DcnFold *fold)
{
    return fold_with(fold, isnan_values);
}

static bool
isinf_fold(DcnFold *fold)
{
    return fold_with(fold, isinf_values);
}

const DcnOp dcn_op_isnan = {
    .name = "IsNaN",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {isnan_values},
    .constants.fold = isnan_fold,
};

const DcnOp dcn_op_isinf = {
    .name = "IsInf",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = isinf_setup,
    .each = {isinf_values},
    .constants.fold = isinf_fold,
};
