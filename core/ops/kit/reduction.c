/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduction.c: rows that become one number each. */
#include "ops/kit/reduction.h"
#include "ops/kit/rows.h"

/* The rows of x; one after another they are the elements of y. */
static DcnRows
rows_of(const DcnReduce *p, const DcnShape *x)
{
    bool named[DCN_MAX_RANK] = {false};
    for (int i = 0; i < x->rank; i++)
        named[i] = p->back[i] < 0;
    return dcn_rows_of(x, named);
}

bool
dcn_reduction_setup(DcnSetup *setup)
{
    if (!dcn_reduce_setup(setup))
        return false;
    DcnRows rows = rows_of(setup->params, setup->in[0]);
    setup->scratch = rows.dense ? 0 : 2 * rows.length * sizeof(float);
    return true;
}

typedef struct {
    const DcnCall *call;
    DcnRows rows;
    DcnReduceValue value;
    DcnReduceSlopes slopes;
} Reduction;

static void
forward_row(void *user, size_t image, size_t row, float *scratch)
{
    const Reduction *r = user;
    const float *x = dcn_image(&r->call->in[0], image);
    dcn_image(&r->call->out[0], image)[row] =
        r->value(dcn_row_read(&r->rows, x, row, scratch), r->rows.length);
}

static void
back_row(void *user, size_t image, size_t row, float *scratch)
{
    const Reduction *r = user;
    const DcnOperand *y = &r->call->out[0];
    const float *data = dcn_image(&r->call->in[0], image);
    float *grad = dcn_image_grad(&r->call->in[0], image);
    const float *x = dcn_row_read(&r->rows, data, row, scratch);
    float *dx = dcn_row_start(&r->rows, grad, row, scratch + r->rows.length);
    r->slopes(x, r->rows.length, dcn_image(y, image)[row], dcn_image_grad(y, image)[row],
              dx);
    dcn_row_added(&r->rows, grad, row, dx);
}

void
dcn_reduction_forward(const DcnCall *call, DcnReduceValue value)
{
    Reduction r = {
        .call = call, .rows = rows_of(call->params, &call->in[0].shape), .value = value};
    dcn_each_row(call, &r.rows, forward_row, &r);
}

void
dcn_reduction_back(const DcnCall *call, DcnReduceSlopes slopes)
{
    Reduction r = {.call = call,
                   .rows = rows_of(call->params, &call->in[0].shape),
                   .slopes = slopes};
    if (dcn_wants_back(call, 0))
        dcn_each_row(call, &r.rows, back_row, &r);
}

/* The element of the output that element i of the input is part of. */
static size_t
part_of(const DcnReduce *p, size_t i)
{
    int64_t at = 0;
    for (int axis = p->view.shape.rank - 1; axis >= 0; axis--) {
        size_t dim = (size_t)p->view.shape.dim[axis];
        at += (int64_t)(i % dim) * p->view.step[axis];
        i /= dim;
    }
    return (size_t)at;
}

static bool
fold_integers(DcnFold *fold, const DcnReduceIntegers *integers, void *data)
{
    const DcnTensor *x = fold->in[0];
    size_t count = dcn_shape_count(&fold->shape[0]);
    int64_t *y = dcn_fold_alloc(fold, count * sizeof *y);
    if (!y)
        return false;
    for (size_t k = 0; k < count; k++)
        y[k] = integers->start;
    for (size_t i = 0; i < dcn_shape_count(&x->shape); i++) {
        size_t k = part_of(fold->params, i);
        y[k] = integers->join(y[k], dcn_tensor_integer(x, i));
    }
    for (size_t k = 0; k < count; k++)
        dcn_element_set_integer(x->type, data, k, y[k]);
    return true;
}

static bool
fold_floats(DcnFold *fold, DcnReduceValue value, void *data)
{
    const DcnTensor *x = fold->in[0];
    DcnRows rows = rows_of(fold->params, &x->shape);
    size_t count = dcn_shape_count(&x->shape);
    float *floats = dcn_fold_alloc(fold, (count + rows.length) * sizeof *floats);
    if (!floats)
        return false;
    dcn_tensor_to_floats(x, floats);
    for (size_t row = 0; row < rows.count; row++)
        dcn_element_set_number(
            x->type, data, row,
            (double)value(dcn_row_read(&rows, floats, row, floats + count), rows.length));
    return true;
}

bool
dcn_reduction_fold(DcnFold *fold, DcnReduceValue value, const DcnReduceIntegers *integers)
{
    DcnType type = fold->in[0]->type;
    size_t count = dcn_shape_count(&fold->shape[0]);
    void *data = dcn_fold_alloc(fold, count * dcn_type_size(type));
    if (!data)
        return false;
    bool whole = integers && dcn_type_is_integer(type);
    if (!(whole ? fold_integers(fold, integers, data) : fold_floats(fold, value, data)))
        return false;
    fold->out[0] = (DcnTensor){type, fold->shape[0], data};
    return true;
}
