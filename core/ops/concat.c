/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concat: the inputs behind each other along an axis. Where the file fixes a batch, a
 * constant that has the same values for each image of it, as a class token that the
 * exporter repeated, counts once: shapes are those of one image. */
#include "base/tensor.h"
#include "ops/kit/common.h"
#include <string.h>

typedef struct {
    int axis;
} Params;

/* True for a constant that holds the same once for each image of the file's batch. */
static bool
repeats_for_batch(const DcnSetup *setup, size_t input)
{
    const DcnTensor *tensor = setup->value[input];
    int64_t batch = setup->file_batch;
    if (!tensor || !tensor->data || batch < 2 || tensor->shape.rank < 2 ||
        tensor->shape.dim[0] != batch)
        return false;
    size_t size = dcn_shape_product(&tensor->shape, 1, tensor->shape.rank) *
                  dcn_type_size(tensor->type);
    const char *first = tensor->data;
    for (int64_t i = 1; i < batch; i++)
        if (memcmp(first, first + (size_t)i * size, size) != 0)
            return false;
    return true;
}

/* The input that says what all others have to fit: the first one, unless it stands there
 * once for each image and another one does not. */
static size_t
model_input(const DcnSetup *setup)
{
    for (size_t i = 0; i < setup->n_in; i++)
        if (!repeats_for_batch(setup, i))
            return i;
    return 0;
}

static bool
concat_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    char text[2][128];
    int64_t axis = dcn_node_int(setup->node, "axis", setup->opset < 4 ? 1 : INT64_MIN);
    int64_t length = 0;
    if (axis == INT64_MIN)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "axis is missing");
    for (size_t i = 0; i < setup->n_in; i++)
        if (!setup->in[i])
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "input %zu is missing", i);
    const DcnShape *first = setup->in[model_input(setup)];
    if (!dcn_setup_axis(setup, axis, first->rank, false, &p->axis))
        return false;
    for (size_t i = 0; i < setup->n_in; i++) {
        DcnShape shape = *setup->in[i];
        if (p->axis > 0 && first->dim[0] == 1 && repeats_for_batch(setup, i))
            shape.dim[0] = 1;
        if (shape.rank == first->rank)
            shape.dim[p->axis] = first->dim[p->axis];
        if (!dcn_shape_equal(&shape, first))
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "inputs of %s and %s do not fit along axis %d",
                                  dcn_shape_print(first, text[0]),
                                  dcn_shape_print(setup->in[i], text[1]), p->axis);
        length += setup->in[i]->dim[p->axis];
    }
    setup->out[0] = *first;
    setup->out[0].dim[p->axis] = length;
    return true;
}

/* Elements of the axis and of all behind it. */
static size_t
block_size(const DcnOperand *operand, int axis)
{
    return dcn_shape_product(&operand->shape, axis, operand->shape.rank);
}

static void
forward_image(void *user, size_t image, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    (void)worker;
    size_t out = block_size(&call->out[0], p->axis) * call->element;
    size_t blocks = dcn_shape_product(&call->out[0].shape, 0, p->axis);
    char *to = dcn_image_bytes(call, &call->out[0], image);
    for (size_t i = 0; i < call->n_in; i++) {
        size_t size = block_size(&call->in[i], p->axis) * call->element;
        const char *from = dcn_image_bytes(call, &call->in[i], image);
        for (size_t k = 0; k < blocks && size > 0 && from != to; k++)
            memcpy(to + k * out, from + k * size, size);
        to += size;
    }
}

/* No axis before has more than one place. */
static bool
concat_part(const DcnCall *call, size_t input, size_t *at)
{
    const Params *p = call->params;
    *at = 0;
    for (size_t i = 0; i < input; i++)
        *at += block_size(&call->in[i], p->axis);
    return dcn_shape_product(&call->out[0].shape, 0, p->axis) == 1;
}

/* True if the signal of an input is a part of the output's. */
static bool
lies_inside(const DcnCall *call, size_t input)
{
    size_t at;
    return concat_part(call, input, &at) &&
           call->in[input].grad == call->out[0].grad + at;
}

static void
concat_forward(const DcnCall *call)
{
    dcn_parallel(call->context, call->batch, forward_image, (void *)call);
}

/* Where an input begins along the axis, as axis of a box: -1 if boxes have no such axis.
 */
static int
box_axis(const DcnCall *call, size_t input, int64_t *offset)
{
    const Params *p = call->params;
    *offset = 0;
    for (size_t i = 0; i < input; i++)
        *offset += call->in[i].shape.dim[p->axis];
    return p->axis >= 1 && p->axis <= 3 ? p->axis - 1 : -1;
}

static void
concat_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int64_t offset;
    int axis = box_axis(call, input, &offset);
    (void)output;
    *out = *in;
    if (axis < 0)
        return;
    out->begin[axis] += offset;
    out->end[axis] += offset;
}

static void
concat_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int64_t offset;
    int axis = box_axis(call, input, &offset);
    (void)output;
    *in = *out;
    if (axis < 0)
        return;
    in->begin[axis] = dcn_max_i64(out->begin[axis] - offset, 0);
    in->end[axis] =
        dcn_min_i64(out->end[axis] - offset, call->in[input].shape.dim[axis + 1]);
}

/* Whole rows of a range of channels. */
static void
back_box(const DcnCall *call)
{
    const int64_t *out = call->out[0].shape.dim;
    for (size_t i = 0; i < call->n_in; i++) {
        const int64_t *dim = call->in[i].shape.dim;
        int64_t offset[3] = {0}, add;
        int axis = box_axis(call, i, &add);
        DcnBox box;
        if (!dcn_wants_back(call, i) || lies_inside(call, i))
            continue;
        concat_reach_back(call, 0, call->out[0].box, i, &box);
        if (axis >= 0)
            offset[axis] = add;
        for (int64_t c = box.begin[0]; c < box.end[0]; c++)
            for (int64_t y = box.begin[1]; y < box.end[1]; y++) {
                float *dx = call->in[i].grad + (c * dim[2] + y) * dim[3];
                const float *dy = call->out[0].grad +
                                  ((c + offset[0]) * out[2] + y + offset[1]) * out[3] +
                                  offset[2];
                for (int64_t x = 0; x < dim[3]; x++)
                    dx[x] += dy[x];
            }
    }
}

static void
concat_back(const DcnCall *call)
{
    const Params *p = call->params;
    size_t out = block_size(&call->out[0], p->axis), offset = 0;
    size_t blocks = dcn_shape_product(&call->out[0].shape, 0, p->axis);
    if (call->out[0].box) {
        back_box(call);
        return;
    }
    for (size_t i = 0; i < call->n_in; i++) {
        size_t size = block_size(&call->in[i], p->axis);
        bool wants = dcn_wants_back(call, i) && !lies_inside(call, i);
        for (size_t n = 0; n < call->batch && wants; n++) {
            const float *dy = dcn_image_grad(&call->out[0], n) + offset;
            float *dx = dcn_image_grad(&call->in[i], n);
            for (size_t k = 0; k < blocks; k++)
                for (size_t j = 0; j < size; j++)
                    dx[k * size + j] += dy[k * out + j];
        }
        offset += size;
    }
}

static DcnLocality
concat_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->axis == 1 ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
}

const DcnOp dcn_op_concat = {
    .name = "Concat",
    .inputs = {1, DCN_MANY},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = concat_setup,
    .forward = concat_forward,
    .back = DCN_BACK_ALL(concat_back),
    .bounded = dcn_bounded_always,
    .part = concat_part,
    .reach.ahead = concat_reach_ahead,
    .reach.back = concat_reach_back,
    .reach.local = concat_local,
    .constants.moves = true,
    .layer = "concat",
};
