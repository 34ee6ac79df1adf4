/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conv: y[m] = bias[m] + sum over the channels c of its group of w[m, c] * x[c], a
 * cross-correlation with stride, dilation and padding (window.h).
 *
 * Gradient    dx = the transposed map, dw = dy with the windows of x, db = sum of dy.
 * Projection  the transposed map too: "filtering", Zeiler & Fergus 2014, section 2.1. */
#include "ops/conv/conv2d.h"
#include "ops/conv/conv_weights.h"
#include "ops/conv/forms.h"
#include "ops/conv/taps.h"
#include "ops/conv/turned.h"
#include "ops/conv/winograd.h"
#include "ops/conv/winograd_weights.h"
#include "ops/kit/elementwise.h"
#include "ops/product/product.h"
#include <math.h>
#include <string.h>

#define WIDE 3 /* a signal is from a third of places and maps on */

typedef struct {
    DcnConv2d conv;
    DcnClamp clamp;
    bool training;
    bool folded, turned; /* the way back is by dcn_fold_back() or by dcn_turned_back(),
                            where that is quicker */
    size_t planned[2];   /* images that a run forward has, and one back; 0: any number */
} Params;

static bool
conv_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *w = setup->in[1];
    char text[2][128];
    if (x->rank == 5)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "convolution over three spatial axes");
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
    p->clamp = dcn_clamp_open();
    setup->scratch = dcn_conv2d_scratch(&p->conv);
    p->training = setup->training;
    if (!p->training && setup->batch > 0) {
        /* signals come back image by image */
        p->planned[1] = (size_t)setup->out[0].dim[0];
        p->planned[0] = p->planned[1] * setup->batch;
    }
    if (dcn_forms_fit(&p->conv) &&
        dcn_forms_scratch(&p->conv, p->planned[0]) > setup->scratch)
        setup->scratch = dcn_forms_scratch(&p->conv, p->planned[0]);
    if (p->training && dcn_conv_weights_fits(&p->conv) &&
        dcn_conv_weights_scratch(&p->conv) > setup->scratch)
        setup->scratch = dcn_conv_weights_scratch(&p->conv);
    if (p->training && dcn_winograd_fits(&p->conv) &&
        dcn_winograd_weights_scratch(&p->conv) > setup->scratch)
        setup->scratch = dcn_winograd_weights_scratch(&p->conv);
    p->folded = setup->backward && !setup->training && dcn_fold_fits(&p->conv);
    p->turned =
        (setup->training || setup->backward) && !p->folded && dcn_turned_fits(&p->conv);
    if (p->folded && dcn_fold_scratch(&p->conv) > setup->scratch)
        setup->scratch = dcn_fold_scratch(&p->conv);
    if (p->turned && dcn_turned_scratch(&p->conv, p->planned[1]) > setup->scratch)
        setup->scratch = dcn_turned_scratch(&p->conv, p->planned[1]);
    return true;
}

static DcnImages
images_of(const DcnOperand *operand, float *data)
{
    size_t inner = (size_t)operand->shape.dim[0];
    return (DcnImages){data, operand->stride, inner, inner ? operand->count / inner : 0};
}

/* Weights that differ between images (rare: they are computed from the picture) make each
 * image a call of its own. */
static DcnCall
one_image(const DcnCall *call, size_t n, DcnOperand in[3], DcnOperand out[1])
{
    DcnCall one = *call;
    for (size_t i = 0; i < call->n_in; i++) {
        in[i] = call->in[i];
        if (in[i].data)
            in[i].data = dcn_image(&in[i], n);
        if (in[i].grad)
            in[i].grad = dcn_image_grad(&in[i], n);
    }
    out[0] = call->out[0];
    if (out[0].data)
        out[0].data = dcn_image(&out[0], n);
    if (out[0].grad)
        out[0].grad = dcn_image_grad(&out[0], n);
    one.in = in;
    one.out = out;
    one.batch = 1;
    return one;
}

static bool
weights_move(const DcnCall *call)
{
    return call->batch > 1 &&
           (call->in[1].stride != 0 || (dcn_input(call, 2) && call->in[2].stride != 0));
}

static void
conv_forward(const DcnCall *call)
{
    const Params *p = call->params;
    DcnOperand in[3], out[1];
    if (weights_move(call)) {
        for (size_t n = 0; n < call->batch; n++) {
            DcnCall one = one_image(call, n, in, out);
            conv_forward(&one);
        }
        return;
    }
    const DcnOperand *x = &call->in[0], *bias = dcn_input(call, 2);
    DcnImages from = images_of(x, x->data);
    DcnImages to = images_of(&call->out[0], call->out[0].data);
    size_t images = call->batch * from.inner;
    const float *b = bias ? bias->data : NULL;
    if (call->prepared)
        dcn_forms_forward(&p->conv, p->planned[0], call->context, images, &to, &from,
                          call->prepared, call->transformed, b, p->clamp, false);
    else
        dcn_conv2d_forward(&p->conv, call->context, images, &to, &from, call->in[1].data,
                           b, p->clamp, false);
}

/* Those for the way back lie behind those for the way forward. */
static size_t
conv_prepared_floats(const void *params, bool transform)
{
    const Params *p = params;
    if (!dcn_forms_fit(&p->conv))
        return 0;
    size_t back = p->folded   ? dcn_fold_floats(&p->conv)
                  : p->turned ? dcn_turned_floats(&p->conv, p->planned[1], transform)
                              : 0;
    return dcn_forms_floats(&p->conv, p->planned[0], transform) + back;
}

static void
conv_prepare(const DcnCall *call, bool transform, float *prepared)
{
    const Params *p = call->params;
    const float *w = call->in[1].data;
    dcn_forms_prepare(&p->conv, p->planned[0], w, transform, prepared);
    prepared += dcn_forms_floats(&p->conv, p->planned[0], transform);
    if (p->folded)
        dcn_fold_prepare(&p->conv, w, prepared);
    else if (p->turned)
        dcn_turned_prepare(&p->conv, p->planned[1], w, transform, prepared);
}

/* Weights and bias whose gradient is wanted; see dcn_wants_back(). */
static void
add_weights(const DcnCall *call, bool (*wants)(const DcnCall *, size_t))
{
    const Params *p = call->params;
    DcnImages dy = images_of(&call->out[0], call->out[0].grad);
    if (wants(call, 1)) {
        DcnImages x = images_of(&call->in[0], call->in[0].data);
        size_t images = call->batch * x.inner;
        float *dw = call->in[1].grad;
        if (p->training && dcn_winograd_weights_pays(&p->conv, images))
            dcn_winograd_weights_gradient(&p->conv, call->context, images, dw, &dy, &x);
        else if (p->training && dcn_conv_weights_fits(&p->conv))
            dcn_conv_weights(&p->conv, call->context, images, dw, &dy, &x);
        else
            dcn_conv2d_grad_weights(&p->conv, call->context, images, dw, &dy, &x);
    }
    if (wants(call, 2))
        dcn_planes_sum(call->context, call->batch * dy.inner, p->conv.maps,
                       dy.size / p->conv.maps, &dy, call->in[2].grad);
}

/* Whether a signal fills a good part of the maps, so that its range is not worth looking
 * after. */
static bool
is_wide(const Params *p, const DcnImages *dy, size_t images)
{
    size_t places = (size_t)(p->conv.window.out[1] * p->conv.window.out[2]);
    for (size_t i = 0; i < images; i++) {
        size_t map_range[2] = {0, p->conv.maps}, range[2] = {0, places};
        if (dcn_signal_range(dcn_images_at(dy, i), places, map_range, range) &&
            (map_range[1] - map_range[0]) * (range[1] - range[0]) >
                p->conv.maps * places / WIDE)
            return true;
    }
    return false;
}

static void
conv_back(const DcnCall *call)
{
    const Params *p = call->params;
    DcnOperand in[3], out[1];
    if (weights_move(call)) {
        for (size_t n = 0; n < call->batch; n++) {
            DcnCall one = one_image(call, n, in, out);
            conv_back(&one);
        }
        return;
    }
    if (dcn_wants_back(call, 0)) {
        DcnImages dx = images_of(&call->in[0], call->in[0].grad);
        DcnImages dy = images_of(&call->out[0], call->out[0].grad);
        size_t images = call->batch * dx.inner;
        bool fresh = call->in[0].fresh, rectify = call->in[0].rectify;
        DcnClamp clamp = rectify ? (DcnClamp){0, INFINITY} : dcn_clamp_open();
        const float *weights =
            call->prepared ? call->prepared + dcn_forms_floats(&p->conv, p->planned[0],
                                                               call->transformed)
                           : NULL;
        bool quick = weights && !call->out[0].box && (p->folded || p->turned) &&
                     (p->training || is_wide(p, &dy, images));
        if (quick && p->folded) {
            dcn_fold_back(&p->conv, call->context, images, &dx, &dy, weights, clamp,
                          !fresh);
        } else if (quick) {
            dcn_turned_back(&p->conv, p->planned[1], call->context, images, &dx, &dy,
                            weights, call->transformed, clamp, !fresh);
        } else {
            if (fresh)
                memset(dx.data, 0, call->batch * call->in[0].stride * sizeof(float));
            dcn_conv2d_back(&p->conv, call->context, images, &dx, &dy, call->in[1].data,
                            call->out[0].box);
            if (rectify)
                dcn_rectify_input(call, 0);
        }
    }
    add_weights(call, dcn_wants_back);
}

static void
conv_grad_weights(const DcnCall *call)
{
    add_weights(call, dcn_wants_weights);
}

static void
conv_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    if (input != 0) {
        *out = dcn_shape_box(&call->out[output].shape);
        return;
    }
    int64_t c = (int64_t)(p->conv.channels / p->conv.groups);
    int64_t m = (int64_t)(p->conv.maps / p->conv.groups);
    DcnBox box = *in;
    box.begin[0] = in->begin[0] / c * m;
    box.end[0] = dcn_ceil_div(in->end[0], c) * m;
    dcn_window_box_ahead(&p->conv.window, dcn_box_is_empty(in) ? in : &box, out);
}

static void
conv_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    if (input != 0) {
        *in = dcn_shape_box(&call->in[input].shape);
        return;
    }
    int64_t c = (int64_t)(p->conv.channels / p->conv.groups);
    int64_t m = (int64_t)(p->conv.maps / p->conv.groups);
    DcnBox box = *out;
    box.begin[0] = out->begin[0] / m * c;
    box.end[0] = dcn_ceil_div(out->end[0], m) * c;
    dcn_window_box_back(&p->conv.window, dcn_box_is_empty(out) ? out : &box, in);
}

/* Constant weights, and not the direct loops of depthwise ones. */
static bool
conv_bounded(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *bias = call->n_in > 2 ? &call->in[2] : NULL;
    return call->in[1].stride == 0 && (!bias || bias->stride == 0) &&
           dcn_forms_fit(&p->conv);
}

static void
conv_fuse_clamp(void *params, const DcnClamp *clamp)
{
    Params *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

static DcnLocality
conv_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
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
    .weights = {.outputs = conv_outputs, .filters = true},
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = conv_setup,
    .forward = conv_forward,
    .back = DCN_BACK_ALL(conv_back),
    .starts = true,
    .rectifies = true,
    .bounded = conv_bounded,
    .grad_weights = conv_grad_weights,
    .prepared_floats = conv_prepared_floats,
    .prepare = conv_prepare,
    .reach.ahead = conv_reach_ahead,
    .reach.back = conv_reach_back,
    .reach.local = conv_local,
    .fuse.take = conv_fuse_clamp,
    .layer = "conv",
};
