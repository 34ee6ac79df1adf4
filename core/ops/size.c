/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Size: how many elements a tensor has, as an integer. Known when a plan is made, whatever
 * the values are; it is that of one image. */
#include "ops/kit/common.h"

static bool
size_setup(DcnSetup *setup)
{
    setup->out[0] = dcn_shape(0, NULL);
    return true;
}

static bool
size_fold(DcnFold *fold)
{
    int64_t *data = dcn_fold_alloc(fold, sizeof *data);
    if (!data)
        return false;
    *data = (int64_t)dcn_shape_count(&fold->in[0]->shape);
    fold->out[0] = (DcnTensor){DCN_INT64, fold->shape[0], data};
    return true;
}

const DcnOp dcn_op_size = {
    .name = "Size",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .shapes_only = true,
    .setup = size_setup,
    .constants.fold = size_fold,
};
