/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ConvTranspose: the transpose of a Conv's linear map, as an operator. Its window slides
 * over the output: y at i * stride - pad + k * dilation += w[., ., k] * x at i.
 *
 * Back, all methods: that Conv. Weights are in_channels x maps/groups x kernel, which are
 * the weights of that Conv, too. */
#include "ops/conv/operator.h"
#include "ops/product/product.h"
#include <string.h>

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
    DcnConvParams *p = setup->params;
    DcnWindow *window = &p->conv.window;
    const DcnShape *x = setup->in[0], *w = setup->in[1];
    char text[2][128];
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
    setup->out[0] = out;
    dcn_conv_plan(setup, p, true);
    return true;
}

const DcnOp dcn_op_convtranspose = {
    .name = "ConvTranspose",
    .inputs = {2, 3},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .planes = true,
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(DcnConvParams),
    .setup = convtranspose_setup,
    .forward = dcn_conv_ahead,
    .back = DCN_BACK_ALL(dcn_conv_back),
    .starts = true,
    .rectifies = true,
    .grad_weights = dcn_conv_grad_weights,
    .prepared_floats = dcn_conv_op_floats,
    .prepare = dcn_conv_op_prepare,
    .reach.ahead = dcn_conv_reach_ahead,
    .reach.back = dcn_conv_reach_back,
    .fuse.take = dcn_conv_fuse_clamp,
    .layer = "deconv",
};
