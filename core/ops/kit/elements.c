/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elements.c: elements taken from places and put to them. */
#include "ops/kit/elements.h"
#include <string.h>

int64_t
dcn_integer_at(const DcnIntegers *integers, size_t i)
{
    if (integers->tensor)
        return dcn_tensor_integer(integers->tensor, i);
    float value = integers->floats[i];
    if (!(value > -0x1p62F)) /* or NaN */
        return -((int64_t)1 << 62);
    return value < 0x1p62F ? (int64_t)value : (int64_t)1 << 62;
}

size_t
dcn_index_at(const DcnIntegers *integers, size_t i, int64_t dim)
{
    int64_t at = dcn_integer_at(integers, i);
    at = at < 0 ? at + dim : at;
    return (size_t)dcn_max_i64(0, dcn_min_i64(at, dim - 1));
}

bool
dcn_setup_indices(DcnSetup *setup, size_t input, size_t first, size_t step, int64_t dim)
{
    const DcnTensor *value = setup->value[input];
    size_t count = dcn_shape_count(setup->in[input]);
    if (dim < 1 && count > 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an indexed axis is empty");
    if (value && !dcn_type_is_integer(value->type))
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "indices are %s, not integers",
                              dcn_type_name(value->type));
    for (size_t i = first; value && i < count; i += step) {
        int64_t at = dcn_tensor_integer(value, i);
        if (at < -dim || at >= dim)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "index %lld of an axis of %lld places", (long long)at,
                                  (long long)dim);
    }
    return true;
}

static size_t
place_along(const void *params,
            const DcnShape *x,
            const DcnShape *index_shape,
            const DcnIntegers *index,
            size_t i)
{
    const DcnElements *p = params;
    size_t rest = i, at = 0, step = 1;
    for (int axis = x->rank - 1; axis >= 0; axis--) {
        size_t own = rest % (size_t)index_shape->dim[axis];
        rest /= (size_t)index_shape->dim[axis];
        at += (axis == p->axis ? dcn_index_at(index, i, x->dim[axis]) : own) * step;
        step *= (size_t)x->dim[axis];
    }
    return at;
}

bool
dcn_setup_along(DcnSetup *setup, DcnElements *elements)
{
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    char text[2][128];
    int axis;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank, false,
                        &axis))
        return false;
    bool fits = index->rank == x->rank &&
                (setup->n_in < 3 || dcn_shape_equal(index, setup->in[2]));
    for (int i = 0; i < x->rank && fits; i++)
        fits = i == axis || index->dim[i] <= x->dim[i];
    if (!fits)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "indices of %s do not fit an input of %s",
            dcn_shape_print(index, text[0]), dcn_shape_print(x, text[1]));
    elements->place = place_along;
    elements->axis = axis;
    return dcn_setup_indices(setup, 1, 0, 1, x->dim[axis]);
}

static DcnIntegers
indices_of(const DcnCall *call, size_t image)
{
    return (DcnIntegers){NULL, dcn_image(&call->in[1], image)};
}

static size_t
place_of(const DcnCall *call, const DcnIntegers *index, size_t i)
{
    const DcnElements *p = call->params;
    return p->place(p, &call->in[0].shape, &call->in[1].shape, index, i);
}

/* --- taking --- */

void
dcn_take_forward(const DcnCall *call)
{
    for (size_t n = 0; n < call->batch; n++) {
        DcnIntegers index = indices_of(call, n);
        const float *x = dcn_image(&call->in[0], n);
        float *y = dcn_image(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++)
            y[i] = x[place_of(call, &index, i)];
    }
}

void
dcn_take_back(const DcnCall *call)
{
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++) {
        DcnIntegers index = indices_of(call, n);
        float *dx = dcn_image_grad(&call->in[0], n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++)
            dx[place_of(call, &index, i)] += dy[i];
    }
}

bool
dcn_take_fold(DcnFold *fold)
{
    const DcnElements *p = fold->params;
    const DcnTensor *x = fold->in[0];
    DcnIntegers index = {fold->in[1], NULL};
    size_t size = dcn_type_size(x->type), count = dcn_shape_count(&fold->shape[0]);
    char *data = dcn_fold_alloc(fold, count * size);
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t at = p->place(p, &x->shape, &fold->in[1]->shape, &index, i);
        memcpy(data + i * size, (const char *)x->data + at * size, size);
    }
    fold->out[0] = (DcnTensor){x->type, fold->shape[0], data};
    return true;
}

/* --- putting --- */

bool
dcn_put_setup(DcnSetup *setup, DcnElements *elements)
{
    static const char *const names[] = {"none", "add", "mul", "min", "max"};
    const char *name = dcn_node_string(setup->node, "reduction", "none");
    size_t how = 0;
    while (how < 5 && strcmp(name, names[how]) != 0)
        how++;
    if (how == 5)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "reduction is \"%.40s\"", name);
    bool run = !setup->value[0] || !setup->value[2];
    if (how > DCN_PUT_ADD && run && setup->backward)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "no signal comes back through reduction \"%s\"", name);
    elements->how = (DcnPut)how;
    setup->out[0] = *setup->in[0];
    if (dcn_shape_count(setup->in[2]) >= UINT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too many updates");
    setup->scratch = dcn_shape_count(setup->in[0]) * sizeof(uint32_t); /* of back */
    return true;
}

static double
put_together(DcnPut how, double y, double update)
{
    switch (how) {
    case DCN_PUT_ADD:
        return y + update;
    case DCN_PUT_MUL:
        return y * update;
    case DCN_PUT_MIN:
        return update < y ? update : y;
    case DCN_PUT_MAX:
        return update > y ? update : y;
    default:
        return update;
    }
}

void
dcn_put_forward(const DcnCall *call)
{
    const DcnElements *p = call->params;
    for (size_t n = 0; n < call->batch; n++) {
        DcnIntegers index = indices_of(call, n);
        const float *update = dcn_image(&call->in[2], n);
        float *y = dcn_image(&call->out[0], n);
        if (call->out[0].count > 0)
            memcpy(y, dcn_image(&call->in[0], n), call->out[0].count * sizeof *y);
        for (size_t i = 0; i < call->in[2].count; i++) {
            size_t at = place_of(call, &index, i);
            y[at] = (float)put_together(p->how, (double)y[at], (double)update[i]);
        }
    }
}

/* An update that a later one overwrote gets no signal. */
void
dcn_put_back(const DcnCall *call)
{
    const DcnElements *p = call->params;
    bool to_x = dcn_wants_back(call, 0), to_update = dcn_wants_back(call, 2);
    uint32_t *writer = dcn_scratch(call->context, 0); /* 1 + its number; 0: none */
    for (size_t n = 0; n < call->batch && (to_x || to_update); n++) {
        DcnIntegers index = indices_of(call, n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        size_t count = call->out[0].count, updates = call->in[2].count;
        memset(writer, 0, count * sizeof *writer);
        for (size_t i = 0; i < updates && p->how == DCN_PUT_SET; i++)
            writer[place_of(call, &index, i)] = (uint32_t)(i + 1);
        for (size_t i = 0; i < count && to_x; i++)
            dcn_image_grad(&call->in[0], n)[i] += writer[i] == 0 ? dy[i] : 0;
        for (size_t i = 0; i < updates && to_update; i++) {
            size_t at = place_of(call, &index, i);
            if (writer[at] == 0 || writer[at] == i + 1)
                dcn_image_grad(&call->in[2], n)[i] += dy[at];
        }
    }
}

bool
dcn_put_fold(DcnFold *fold)
{
    const DcnElements *p = fold->params;
    const DcnTensor *x = fold->in[0], *update = fold->in[2];
    DcnIntegers index = {fold->in[1], NULL};
    size_t size = dcn_type_size(x->type), count = dcn_shape_count(&x->shape);
    if (update->type != x->type)
        return dcn_fail(fold->error, DCN_ERROR_FORMAT, "updates of %s are put into %s",
                        dcn_type_name(update->type), dcn_type_name(x->type));
    char *data = dcn_fold_alloc(fold, count * size);
    if (!data)
        return false;
    if (count > 0)
        memcpy(data, x->data, count * size);
    DcnTensor y = {x->type, fold->shape[0], data};
    for (size_t i = 0; i < dcn_shape_count(&update->shape); i++) {
        size_t at = p->place(p, &x->shape, &fold->in[1]->shape, &index, i);
        if (p->how == DCN_PUT_SET)
            memcpy(data + at * size, (const char *)update->data + i * size, size);
        else
            dcn_element_set_number(x->type, data, at,
                                   put_together(p->how, dcn_tensor_number(&y, at),
                                                dcn_tensor_number(update, i)));
    }
    fold->out[0] = y;
    return true;
}
