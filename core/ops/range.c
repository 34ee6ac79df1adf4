/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Range: start, start + delta ... before limit. */
#include "ops/kit/common.h"
#include <math.h>

typedef struct {
    DcnType type;
    double start, delta;
} Params;

static bool
range_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    double limit;
    if (!dcn_setup_number(setup, 0, 0, &p->start) ||
        !dcn_setup_number(setup, 1, 0, &limit) ||
        !dcn_setup_number(setup, 2, 1, &p->delta))
        return false;
    double count = ceil((limit - p->start) / p->delta);
    if (!(fabs(count) < (double)DCN_MAX_COUNT))
        return dcn_setup_fail(setup, DCN_ERROR_VALUE, "%g to %g in steps of %g", p->start,
                              limit, p->delta);
    p->type = setup->value[0]->type;
    setup->out[0] = dcn_shape(1, (int64_t[]){count > 0 ? (int64_t)count : 0});
    return true;
}

static bool
range_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    size_t count = dcn_shape_count(&fold->shape[0]);
    void *data = dcn_fold_alloc(fold, count * dcn_type_size(p->type));
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++)
        dcn_element_set_number(p->type, data, i, p->start + (double)i * p->delta);
    fold->out[0] = (DcnTensor){p->type, fold->shape[0], data};
    return true;
}

const DcnOp dcn_op_range = {
    .name = "Range",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = range_setup,
    .constants.fold = range_fold,
};
