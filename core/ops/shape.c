/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape: the sizes of the axes (start up to, not including, end: opset 15) as integers.
 * Known when a plan is made, whatever the values are; the batch is 1, as shapes are those
 * of one image. */
#include "ops/kit/common.h"

typedef struct {
    int first, count;
} Params;

static int64_t
cut_to(int64_t axis, int64_t rank)
{
    axis = axis < 0 ? axis + rank : axis;
    return axis < 0 ? 0 : axis > rank ? rank : axis;
}

static bool
shape_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t rank = setup->in[0]->rank;
    int64_t start = cut_to(dcn_node_int(setup->node, "start", 0), rank);
    int64_t end = cut_to(dcn_node_int(setup->node, "end", rank), rank);
    int64_t count = dcn_max_i64(end - start, 0);
    p->first = (int)start;
    p->count = (int)count;
    setup->out[0] = dcn_shape(1, &count);
    return true;
}

static bool
shape_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    int64_t *data = dcn_fold_alloc(fold, (size_t)p->count * sizeof *data);
    if (!data)
        return false;
    for (int i = 0; i < p->count; i++)
        data[i] = fold->in[0]->shape.dim[p->first + i];
    fold->out[0] = (DcnTensor){DCN_INT64, fold->shape[0], data};
    return true;
}

const DcnOp dcn_op_shape = {
    .name = "Shape",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .shapes_only = true,
    .params_size = sizeof(Params),
    .setup = shape_setup,
    .constants.fold = shape_fold,
};
