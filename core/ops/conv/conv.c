/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conv: y[m] = bias[m] + sum over the channels c of its group of w[m, c] * x[c], a
 * cross-correlation with stride, dilation and padding (window.h).
 *
 * Gradient    dx = the transposed map, dw = dy with the windows of x, db = sum of dy.
 * Projection  the transposed map too: "filtering", Zeiler & Fergus 2014, section 2.1. */
#include "ops/conv/operator.h"
#include "ops/product/product.h"

static bool
conv_setup(DcnSetup *setup)
{
    DcnConvParams *p = setup->params;
    const DcnShape *x = setup->in[0], *w = setup->in[1];
    char text[2][128];
    if (w->rank != x->rank || w->rank < 3)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "weights are %s, which does not fit an input of %s",
                              dcn_shape_print(w, text[0]), dcn_shape_print(x, text[1]));
    if (!dcn_window_setup(setup, w->dim + 2, &p->conv.window))
        return false;
    int64_t groups = dcn_node_int(setup->node, "group", 1);
    int64_t channels = x->dim[1], maps = w->dim[0];
    if (groups < 1 || groups > maps || maps % groups != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%lld maps in %lld groups",
                              (long long)maps, (long long)groups);
    if (channels % groups != 0 || channels / groups != w->dim[1])
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE,
            "weights are %s in %lld groups, so the input needs %lld channels; it has %lld",
            dcn_shape_print(w, text[0]), (long long)groups,
            (long long)(w->dim[1] <= INT32_MAX ? w->dim[1] * groups : -1),
            (long long)channels);
    if (dcn_has_input(setup, 2) && dcn_shape_count(setup->in[2]) != (size_t)maps)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the bias is %s where %lld maps need one each",
                              dcn_shape_print(setup->in[2], text[0]), (long long)maps);
    setup->out[0] = dcn_window_shape(&p->conv.window, x->dim[0], maps);
    size_t weights, places;
    DcnShape plane = dcn_shape(3, p->conv.window.out);
    if (!dcn_shape_elements(w, &weights) || weights == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "weights are %s",
                              dcn_shape_print(w, text[0]));
    if (!dcn_shape_elements(&plane, &places) ||
        !dcn_setup_matrix(setup, (int64_t)places) || !dcn_setup_matrix(setup, maps) ||
        !dcn_setup_matrix(setup, (int64_t)weights / maps))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too large: %s",
                              dcn_shape_print(&setup->out[0], text[0]));
    p->conv.groups = (size_t)groups;
    p->conv.channels = (size_t)channels;
    p->conv.maps = (size_t)maps;
    dcn_conv_plan(setup, p, false);
    return true;
}

static DcnLocality
conv_local(const void *params, DcnLocalWindow *window)
{
    const DcnConvParams *p = params;
    return dcn_window_local(&p->conv.window, 0, window);
}

static int
conv_outputs(const DcnNode *node, const DcnShape *weights)
{
    (void)node;
    return weights->rank > 0 ? 0 : -1;
}

const DcnOp dcn_op_conv = {
    .name = "Conv",
    .inputs = {2, 3},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .planes = true,
    .weights = {.outputs = conv_outputs, .filters = true},
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(DcnConvParams),
    .setup = conv_setup,
    .forward = dcn_conv_ahead,
    .back = DCN_BACK_ALL(dcn_conv_back),
    .starts = true,
    .rectifies = true,
    .bounded = dcn_conv_bounded,
    .grad_weights = dcn_conv_grad_weights,
    .prepared_floats = dcn_conv_op_floats,
    .prepare = dcn_conv_op_prepare,
    .only_prepared = dcn_conv_op_only_prepared,
    .reach.ahead = dcn_conv_reach_ahead,
    .reach.back = dcn_conv_reach_back,
    .reach.local = conv_local,
    .fuse.take = dcn_conv_fuse_clamp,
    .layer = "conv",
};
