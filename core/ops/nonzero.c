/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NonZero: where the elements stand that are not 0, in row-major order: a matrix with a
 * row for each axis. 0 5 | 7 0 gives the rows 0 1 and 1 0. The input must be a constant,
 * because the size of the output depends on the values. */
#include "ops/kit/common.h"

static bool
nonzero_setup(DcnSetup *setup)
{
    const DcnTensor *x = setup->value[0];
    if (!x)
        return dcn_setup_fail(
            setup, DCN_ERROR_UNSUPPORTED,
            "its input is computed in a run, and the size of its output "
            "with it");
    int64_t found = 0;
    for (size_t i = 0; i < dcn_shape_count(&x->shape); i++)
        found += dcn_tensor_number(x, i) != 0;
    setup->out[0] =
        dcn_shape(2, (int64_t[]){x->shape.rank > 0 ? x->shape.rank : 1, found});
    return true;
}

static bool
nonzero_fold(DcnFold *fold)
{
    const DcnTensor *x = fold->in[0];
    size_t found = (size_t)fold->shape[0].dim[1], next = 0;
    int64_t *rows = dcn_fold_alloc(fold, dcn_shape_count(&fold->shape[0]) * sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < dcn_shape_count(&x->shape); i++) {
        if (dcn_tensor_number(x, i) == 0)
            continue;
        size_t rest = i;
        for (int axis = x->shape.rank - 1; axis >= 0; axis--) {
            rows[(size_t)axis * found + next] =
                (int64_t)(rest % (size_t)x->shape.dim[axis]);
            rest /= (size_t)x->shape.dim[axis];
        }
        next++;
    }
    fold->out[0] = (DcnTensor){DCN_INT64, fold->shape[0], rows};
    return true;
}

const DcnOp dcn_op_nonzero = {
    .name = "NonZero",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = nonzero_setup,
    .constants.fold = nonzero_fold,
};
