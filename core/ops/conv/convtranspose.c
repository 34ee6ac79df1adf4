/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ConvTranspose: the transpose of a Conv's linear map, as an operator. Its window slides
 * over the output: y at i * stride - pad + k * dilation += w[., ., k] * x at i.
 *
 * Back, all methods: that Conv. Weights are in_channels x maps/groups x kernel, which are
 * the weights of that Conv, too. */
#include "ops/conv/conv2d.h"
#include "ops/product/product.h"
#include <string.h>

typedef struct {
    DcnConv2d conv; /* from our output (its image side) to our input (its map side) */
    DcnClamp clamp;
} Params;

/* The output's size of an axis and how much of it is cut off at the beginning. */
static bool
size_axis(DcnSetup *setup, DcnWindow *window, int axis, int64_t extra, int64_t stated)
{
    const char *pad = dcn_node_string(setup->node, "auto_pad", "NOTSET");
    bool upper = strcmp(pad, "SAME_UPPER") == 0, lower = strcmp(pad, "SAME_LOWER") == 0;
    int64_t n = window->in[axis];
    int64_t full = (n - 1) * window->stride[axis] + extra +
                   (window->kernel[axis] - 1) * window->dilation[axis] + 1;
    if (strcmp(pad, "VALID") == 0)
        window->begin[axis] = window->end[axis] = 0;
    int64_t out = full - window->begin[axis] - window->end[axis];
    if (stated > 0 || upper || lower) {
        out = stated > 0 ? stated : n * window->stride[axis];
        int64_t total = dcn_max_i64(full - out, 0);
        window->begin[axis] = upper ? total / 2 : total - total / 2;
        window->end[axis] = total - window->begin[axis];
    }
    if (out < 1 || out > INT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an axis of the output is %lld",
                              (long long)out);
    window->out[axis] = n;
    window->in[axis] = out;
    return true;
}

static bool
read_list(DcnSetup *setup, const char *name, int axes, int64_t list[3])
{
    int n = dcn_node_ints(setup->node, name, list, 3);
    if (n != 0 && n != axes)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s does not have %d numbers",
                              name, axes);
    for (int i = 0; i < n; i++)
        if (list[i] < 0 || list[i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s holds %lld", name,
                                  (long long)list[i]);
    return true;
}

static bool
convtranspose_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    DcnWindow *window = &p->conv.window;
    const DcnShape *x = setup->in[0], *w = setup->in[1];
    char text[2][128];
    if (x->rank == 5)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "convolution over three spatial axes");
    if (w->rank != x->rank || w->rank < 3)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "weights are %s, which does not fit an input of %s",
                              dcn_shape_print(w, text[0]), dcn_shape_print(x, text[1]));
    if (!dcn_window_read(setup, w->dim + 2, window))
        return false;
    int64_t extra[3] = {0}, stated[3] = {0};
    if (!read_list(setup, "output_padding", window->axes, extra) ||
        !read_list(setup, "output_shape", window->axes, stated))
        return false;
    for (int i = 0; i < window->axes; i++)
        if (!size_axis(setup, window, 3 - window->axes + i, extra[i], stated[i]))
            return false;
    int64_t groups = dcn_node_int(setup->node, "group", 1);
    if (groups < 1 || groups > x->dim[1] || x->dim[1] % groups != 0 ||
        w->dim[0] != x->dim[1])
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "weights are %s in %lld groups, the input is %s",
            dcn_shape_print(w, text[0]), (long long)groups, dcn_shape_print(x, text[1]));
    size_t weights, places, input;
    DcnShape out = {.rank = x->rank, .dim = {x->dim[0], w->dim[1]}};
    for (int i = 0; i < window->axes; i++)
        out.dim[2 + i] = window->in[3 - window->axes + i];
    DcnShape plane = dcn_shape(3, window->in);
    if (!dcn_shape_elements(w, &weights) || weights == 0 ||
        !dcn_shape_elements(x, &input) || input == 0 ||
        !dcn_shape_elements(&plane, &places) ||
        !dcn_setup_matrix(setup, (int64_t)places) ||
        !dcn_setup_matrix(setup, w->dim[0]) ||
        !dcn_setup_matrix(setup, (int64_t)weights / w->dim[0]) ||
        !dcn_setup_matrix(setup, w->dim[1] * groups))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "empty or too large: %s",
                              dcn_shape_print(&out, text[0]));
    out.dim[1] *= groups;
    if (dcn_has_input(setup, 2) && dcn_shape_count(setup->in[2]) != (size_t)out.dim[1])
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "the bias is %s where %lld maps need one each",
            dcn_shape_print(setup->in[2], text[0]), (long long)out.dim[1]);
    p->conv.groups = (size_t)groups;
    p->conv.channels = (size_t)out.dim[1];
    p->conv.maps = (size_t)x->dim[1];
    p->clamp = dcn_clamp_open();
    setup->out[0] = out;
    setup->scratch = dcn_conv2d_scratch(&p->conv);
    return true;
}

static DcnImages
images_of(const DcnOperand *operand, float *data)
{
    size_t inner = (size_t)operand->shape.dim[0];
    return (DcnImages){data, operand->stride, inner, inner ? operand->count / inner : 0};
}

typedef struct {
    const Params *params;
    const DcnImages *y;
    const float *bias;
    size_t size;
} Planes;

static void
start_plane(void *user, size_t index, size_t worker)
{
    const Planes *planes = user;
    size_t maps = planes->params->conv.channels;
    (void)worker;
    float *y = dcn_images_at(planes->y, index / maps) + index % maps * planes->size;
    float value = planes->bias ? planes->bias[index % maps] : 0;
    for (size_t i = 0; i < planes->size; i++)
        y[i] = value;
}

static void
finish_plane(void *user, size_t index, size_t worker)
{
    const Planes *planes = user;
    size_t maps = planes->params->conv.channels;
    (void)worker;
    float *y = dcn_images_at(planes->y, index / maps) + index % maps * planes->size;
    for (size_t i = 0; i < planes->size; i++)
        y[i] = dcn_clamp(planes->params->clamp, y[i]);
}

static void
convtranspose_forward(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *bias = dcn_input(call, 2);
    DcnImages x = images_of(&call->in[0], call->in[0].data);
    DcnImages y = images_of(&call->out[0], call->out[0].data);
    Planes planes = {p, &y, bias ? bias->data : NULL, y.size / p->conv.channels};
    size_t images = call->batch * x.inner;
    dcn_parallel(call->context, images * p->conv.channels, start_plane, &planes);
    dcn_conv2d_back(&p->conv, call->context, images, &y, &x, call->in[1].data, NULL);
    if (!dcn_clamp_is_open(p->clamp))
        dcn_parallel(call->context, images * p->conv.channels, finish_plane, &planes);
}

static void
convtranspose_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (!dcn_wants_back(call, 0))
        return;
    DcnImages dx = images_of(&call->in[0], call->in[0].grad);
    DcnImages dy = images_of(&call->out[0], call->out[0].grad);
    dcn_conv2d_forward(&p->conv, call->context, call->batch * dx.inner, &dx, &dy,
                       call->in[1].data, NULL, dcn_clamp_open(), true);
}

static void
convtranspose_grad_weights(const DcnCall *call)
{
    const Params *p = call->params;
    DcnImages x = images_of(&call->in[0], call->in[0].data);
    DcnImages dy = images_of(&call->out[0], call->out[0].grad);
    if (dcn_wants_weights(call, 1))
        dcn_conv2d_grad_weights(&p->conv, call->context, call->batch * x.inner,
                                call->in[1].grad, &x, &dy);
    if (dcn_wants_weights(call, 2))
        dcn_planes_sum(call->context, call->batch * x.inner, p->conv.channels,
                       dy.size / p->conv.channels, &dy, call->in[2].grad);
}

/* The window's box, and the channels of the groups that are touched. */
static void
convtranspose_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    if (input != 0 || dcn_box_is_empty(in)) {
        *out = input ? dcn_shape_box(&call->out[output].shape) : *in;
        return;
    }
    int64_t from = (int64_t)(p->conv.maps / p->conv.groups);
    int64_t to = (int64_t)(p->conv.channels / p->conv.groups);
    DcnBox box = *in;
    box.begin[0] = in->begin[0] / from * to;
    box.end[0] = dcn_ceil_div(in->end[0], from) * to;
    dcn_window_box_back(&p->conv.window, &box, out);
}

static void
convtranspose_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    if (input != 0 || dcn_box_is_empty(out)) {
        *in = input ? dcn_shape_box(&call->in[input].shape) : *out;
        return;
    }
    int64_t from = (int64_t)(p->conv.channels / p->conv.groups);
    int64_t to = (int64_t)(p->conv.maps / p->conv.groups);
    DcnBox box = *out;
    box.begin[0] = out->begin[0] / from * to;
    box.end[0] = dcn_ceil_div(out->end[0], from) * to;
    dcn_window_box_ahead(&p->conv.window, &box, in);
}

static void
convtranspose_fuse_clamp(void *params, const DcnClamp *clamp)
{
    Params *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

const DcnOp dcn_op_convtranspose = {
    .name = "ConvTranspose",
    .inputs = {2, 3},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = convtranspose_setup,
    .forward = convtranspose_forward,
    .back = DCN_BACK_ALL(convtranspose_back),
    .grad_weights = convtranspose_grad_weights,
    .reach.ahead = convtranspose_reach_ahead,
    .reach.back = convtranspose_reach_back,
    .fuse.take = convtranspose_fuse_clamp,
    .layer = "deconv",
};
