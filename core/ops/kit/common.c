/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common.c: what operators share: errors that name the node, axes, boxes, copies. */
#include "ops/kit/common.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- setting up --- */

bool
dcn_setup_fail(DcnSetup *setup, DcnCode code, const char *format, ...)
{
    char prefix[256];
    snprintf(prefix, sizeof prefix, "node \"%.160s\" (%s): ", setup->node->label,
             setup->op->name);
    va_list args;
    va_start(args, format);
    dcn_fail_va(setup->error, code, prefix, format, args);
    va_end(args);
    return false;
}

void
dcn_setup_scratch(DcnSetup *setup, size_t bytes)
{
    setup->scratch = bytes > setup->scratch ? bytes : setup->scratch;
}

int
dcn_setup_ints(DcnSetup *setup, size_t input, int64_t *values, int most)
{
    if (!dcn_has_input(setup, input))
        return -2;
    const DcnTensor *tensor = setup->value[input];
    if (!tensor) {
        dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                       "input %zu has to be a constant; it is computed in a run", input);
        return -1;
    }
    if (!dcn_type_is_integer(tensor->type)) {
        dcn_setup_fail(setup, DCN_ERROR_FORMAT, "input %zu has to be integers, not %s",
                       input, dcn_type_name(tensor->type));
        return -1;
    }
    size_t count = dcn_shape_count(&tensor->shape);
    if (tensor->shape.rank > 1 || count > (size_t)most) {
        char text[128];
        dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                       "input %zu has to be a list of at most %d integers; it is %s",
                       input, most, dcn_shape_print(&tensor->shape, text));
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = dcn_tensor_integer(tensor, i);
    return (int)count;
}

bool
dcn_setup_number(DcnSetup *setup, size_t input, double fallback, double *value)
{
    *value = fallback;
    if (!dcn_has_input(setup, input))
        return true;
    const DcnTensor *tensor = setup->value[input];
    if (!tensor)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "input %zu has to be a constant; it is computed in a run",
                              input);
    if (dcn_shape_count(&tensor->shape) != 1 || dcn_type_size(tensor->type) == 0) {
        char text[128];
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "input %zu has to be one number; it is %s", input,
                              dcn_shape_print(&tensor->shape, text));
    }
    *value = dcn_tensor_number(tensor, 0);
    return true;
}

bool
dcn_setup_same(DcnSetup *setup)
{
    setup->out[0] = *setup->in[0];
    return true;
}

bool
dcn_setup_axis(DcnSetup *setup, int64_t axis, int rank, bool inclusive_end, int *result)
{
    int64_t most = inclusive_end ? rank : rank - 1;
    if (axis < -rank || axis > most)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "axis %lld does not exist: there are %d axes",
                              (long long)axis, rank);
    *result = (int)(axis < 0 ? axis + rank : axis);
    return true;
}

int
dcn_setup_axes(
    DcnSetup *setup, size_t input, int rank, bool added, bool named[DCN_MAX_RANK])
{
    int64_t axes[DCN_MAX_RANK];
    int n = dcn_setup_ints(setup, input, axes, DCN_MAX_RANK);
    if (n == -1)
        return -1;
    if (n == -2)
        n = dcn_node_ints(setup->node, "axes", axes, DCN_MAX_RANK);
    rank += added && n > 0 ? n : 0;
    if (n < 0 || rank > DCN_MAX_RANK) {
        dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d axes", DCN_MAX_RANK);
        return -1;
    }
    for (int i = 0; i < n; i++) {
        int axis = 0;
        if (!dcn_setup_axis(setup, axes[i], rank, false, &axis))
            return -1;
        if (named[axis]) {
            dcn_setup_fail(setup, DCN_ERROR_FORMAT, "axis %d is named twice", axis);
            return -1;
        }
        named[axis] = true;
    }
    return n;
}

/* --- numbers --- */

DcnClamp
dcn_clamp_open(void)
{
    return (DcnClamp){-INFINITY, INFINITY};
}

DcnClamp
dcn_clamp_join(DcnClamp first, DcnClamp second)
{
    return (DcnClamp){dcn_clamp(second, first.low), dcn_clamp(second, first.high)};
}

float
dcn_sum(const float *x, size_t n)
{
    float lane[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t j = 0; j < 8; j++)
            lane[j] += x[i + j];
    for (size_t j = 0; i < n; i++, j++)
        lane[j] += x[i];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

float
dcn_dot(const float *a, const float *b, size_t n)
{
    float lane[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t j = 0; j < 8; j++)
            lane[j] += a[i + j] * b[i + j];
    for (size_t j = 0; i < n; i++, j++)
        lane[j] += a[i] * b[i];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* --- reach --- */

void
dcn_reach_same(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)call, (void)input, (void)output;
    *out = *in;
}

void
dcn_reach_back_same(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)call, (void)input, (void)output;
    *in = *out;
}

void
dcn_reach_first(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    *out = input == 0 ? *in : dcn_shape_box(&call->out[output].shape);
}

void
dcn_reach_back_first(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)output;
    *in = input == 0 ? *out : dcn_shape_box(&call->in[input].shape);
}

void
dcn_reach_axes(const DcnShape *result_shape,
               const int from[DCN_MAX_RANK],
               const DcnBox *in,
               DcnBox *result)
{
    DcnBox source = *in; /* in and result may be the same box */
    *result = dcn_shape_box(result_shape);
    if (dcn_box_is_empty(&source)) {
        *result = (DcnBox){{0}, {0}};
        return;
    }
    for (int i = 0; i < 3 && i + 1 < result_shape->rank; i++) {
        int axis = from[i + 1];
        if (axis >= 1 && axis <= 3) {
            result->begin[i] = source.begin[axis - 1];
            result->end[i] = source.end[axis - 1];
        }
    }
}

/* Numbers of the first and of the last element of a box within a group of axes, and the
 * smallest box of another such group around all elements from one to the other. */
static void
box_to_range(const DcnShape *shape,
             const DcnBox *box,
             int begin,
             int end,
             int64_t *first,
             int64_t *last)
{
    *first = *last = 0;
    for (int i = begin; i < end; i++) {
        bool told = i >= 1 && i <= 3;
        *first = *first * shape->dim[i] + (told ? box->begin[i - 1] : 0);
        *last = *last * shape->dim[i] + (told ? box->end[i - 1] : shape->dim[i]) - 1;
    }
}

static void
range_to_box(
    const DcnShape *shape, int64_t first, int64_t last, int begin, int end, DcnBox *box)
{
    /* An axis is restricted as long as all those before it have one coordinate. */
    bool one = true;
    int64_t inner = 1;
    for (int i = begin; i < end; i++)
        inner *= shape->dim[i];
    for (int i = begin; i < end && one; i++) {
        inner /= shape->dim[i];
        int64_t low = first / inner % shape->dim[i], high = last / inner % shape->dim[i];
        if (i >= 1 && i <= 3) {
            box->begin[i - 1] = low;
            box->end[i - 1] = high + 1;
        }
        one = low == high;
    }
}

/* The box of a tensor of one shape as a box of the same elements in another one. Axes
 * fall into groups that hold as many elements on both sides: 1x64x7x7 and 1x64x49 into 1
 * and 1, 64 and 64, 7x7 and 49. */
static void
reshape_box(const DcnShape *from, const DcnBox *box, const DcnShape *to, DcnBox *result)
{
    const DcnBox source = *box; /* both may be the same box */
    *result = dcn_shape_box(to);
    if (dcn_box_is_empty(&source) || dcn_shape_count(to) == 0) {
        *result = (DcnBox){{0}, {0}};
        return;
    }
    for (int i = 0, j = 0; i < from->rank && j < to->rank;) {
        int i_end = i, j_end = j;
        int64_t here = from->dim[i_end++], there = to->dim[j_end++];
        while (here != there) {
            if (here < there && i_end < from->rank)
                here *= from->dim[i_end++];
            else if (here > there && j_end < to->rank)
                there *= to->dim[j_end++];
            else
                return; /* not as many elements: no reshape */
        }
        int64_t first, last;
        box_to_range(from, &source, i, i_end, &first, &last);
        range_to_box(to, first, last, j, j_end, result);
        i = i_end;
        j = j_end;
    }
}

void
dcn_reach_reshape(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    reshape_box(&call->in[input].shape, in, &call->out[output].shape, out);
}

void
dcn_reach_back_reshape(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    reshape_box(&call->out[output].shape, out, &call->in[input].shape, in);
}

void
dcn_reach_broadcast(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnShape *a = &call->in[input].shape, *y = &call->out[output].shape;
    int from[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++) {
        int axis = i - (y->rank - a->rank);
        bool same = i < y->rank && axis >= 0 && a->dim[axis] == y->dim[i];
        from[i] = same ? axis : -1;
    }
    dcn_reach_axes(y, from, in, out);
}

void
dcn_reach_back_broadcast(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnShape *a = &call->in[input].shape, *y = &call->out[output].shape;
    int from[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++) {
        int axis = i + (y->rank - a->rank);
        bool same = i < a->rank && a->dim[i] == y->dim[axis];
        from[i] = same ? axis : -1;
    }
    dcn_reach_axes(a, from, out, in);
}

size_t
dcn_broadcast_index(const DcnShape *result, const DcnShape *operand, size_t i)
{
    size_t index = 0, step = 1;
    for (int axis = result->rank - 1; axis >= 0; axis--) {
        size_t at = i % (size_t)result->dim[axis];
        int own = axis - (result->rank - operand->rank);
        i /= (size_t)result->dim[axis];
        if (own < 0)
            break;
        index += operand->dim[own] == 1 ? 0 : at * step;
        step *= (size_t)operand->dim[own];
    }
    return index;
}

void
dcn_flat_back(const DcnCall *call)
{
    (void)call;
}

/* --- copies --- */

void
dcn_copy_forward(const DcnCall *call)
{
    const DcnOperand *x = &call->in[0], *y = &call->out[0];
    for (size_t n = 0; n < call->batch; n++) {
        const char *from = dcn_image_bytes(call, x, n);
        char *to = dcn_image_bytes(call, y, n);
        if (to != from && y->count > 0)
            memcpy(to, from, y->count * call->element);
    }
}

void
dcn_copy_back(const DcnCall *call)
{
    if (!dcn_wants_back(call, 0))
        return;
    for (size_t n = 0; n < call->batch; n++) {
        const float *dy = dcn_image_grad(&call->out[0], n);
        float *dx = dcn_image_grad(&call->in[0], n);
        for (size_t i = 0; i < call->in[0].count; i++)
            dx[i] += dy[i];
    }
}

bool
dcn_bounded_always(const DcnCall *call)
{
    (void)call;
    return true;
}

DcnLocality
dcn_local_places(const void *params, DcnLocalWindow *window)
{
    (void)params;
    (void)window;
    return DCN_LOCAL_PLACES;
}
