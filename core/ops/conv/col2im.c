/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Col2Im (opset 18): columns of blocks, N x (C * block) x places, are added up where they
 * lie in the image, N x C x image; the places of a convolution's windows in their order
 * (columns.h), what falls into the padding is lost. Sizes of image and block are
 * constants.
 *
 * Back, all methods: linear: each element of a column gets the signal of its place. */
#include "edit.h"
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include <string.h>

typedef struct {
    DcnWindow window; /* from the image to the places */
    size_t images, channels, kernel, places;
} Params;

/* A list of the node with one number an axis, from `least`; all fallback if it is not
 * there. */
static bool
read_list(DcnSetup *setup, const char *name, int count, int64_t least, int64_t *list)
{
    int64_t values[6];
    int n = dcn_node_ints(setup->node, name, values, 6);
    if (n != 0 && n != count)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s does not have %d numbers",
                              name, count);
    for (int i = 0; i < count; i++) {
        list[i] = n == 0 ? least : values[i];
        if (list[i] < least || list[i] > 65536)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s holds %lld", name,
                                  (long long)list[i]);
    }
    return true;
}

static bool
col2im_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    DcnWindow *w = &p->window;
    const DcnShape *x = setup->in[0];
    int64_t image[3], block[3], strides[3], dilations[3], pads[6];
    char text[128];
    int axes = dcn_setup_ints(setup, 1, image, 3), n = dcn_setup_ints(setup, 2, block, 3);
    if (axes == -1 || n == -1)
        return false;
    if (axes < 1 || n != axes || x->rank != 3)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "columns of %s, %d axes of the image and %d of the block",
                              dcn_shape_print(x, text), axes, n);
    if (!read_list(setup, "strides", axes, 1, strides) ||
        !read_list(setup, "dilations", axes, 1, dilations) ||
        !read_list(setup, "pads", 2 * axes, 0, pads))
        return false;
    *w = (DcnWindow){.axes = axes};
    int64_t places = 1, kernel = 1;
    for (int i = 0; i < 3; i++) {
        int k = i - (3 - axes);
        w->kernel[i] = k < 0 ? 1 : block[k];
        w->stride[i] = k < 0 ? 1 : strides[k];
        w->dilation[i] = k < 0 ? 1 : dilations[k];
        w->begin[i] = k < 0 ? 0 : pads[k];
        w->end[i] = k < 0 ? 0 : pads[axes + k];
        w->in[i] = k < 0 ? 1 : image[k];
        if (w->kernel[i] < 1 || w->kernel[i] > 65536 || w->in[i] < 1 ||
            w->in[i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "an axis of %lld places with blocks of %lld",
                                  (long long)w->in[i], (long long)w->kernel[i]);
        w->out[i] = dcn_window_count(w->in[i], w->begin[i], w->end[i],
                                     (w->kernel[i] - 1) * w->dilation[i] + 1,
                                     w->stride[i], false);
        kernel *= w->kernel[i];
        places = places > 0 && w->out[i] > INT32_MAX / places ? -1 : places * w->out[i];
    }
    if (places != x->dim[2] || x->dim[1] % kernel != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "columns are %s where blocks of %lld have %lld places",
                              dcn_shape_print(x, text), (long long)kernel,
                              (long long)places);
    p->images = (size_t)x->dim[0];
    p->channels = (size_t)(x->dim[1] / kernel);
    p->kernel = (size_t)kernel;
    p->places = (size_t)places;
    DcnShape y = {.rank = 2 + axes, .dim = {x->dim[0], x->dim[1] / kernel}};
    for (int i = 0; i < axes; i++)
        y.dim[2 + i] = image[i];
    size_t count;
    if (!dcn_shape_elements(&y, &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the image is too large");
    setup->out[0] = y;
    return true;
}

/* The place of the image under element k of the window at a place; -1: padding. */
static int64_t
under(const DcnWindow *w, size_t k, size_t place)
{
    int64_t element = (int64_t)k, o = (int64_t)place, step = 1, result = 0;
    for (int i = 2; i >= 0; i--) {
        int64_t at = o % w->out[i] * w->stride[i] - w->begin[i] +
                     element % w->kernel[i] * w->dilation[i];
        if (at < 0 || at >= w->in[i])
            return -1;
        result += at * step;
        step *= w->in[i];
        o /= w->out[i];
        element /= w->kernel[i];
    }
    return result;
}

typedef struct {
    const DcnCall *call;
    bool back;
} Walk;

static void
walk_plane(void *user, size_t index, size_t worker)
{
    const Walk *walk = user;
    const DcnCall *call = walk->call;
    const Params *p = call->params;
    size_t planes = p->images * p->channels, plane = index % planes;
    size_t size = (size_t)(p->window.in[0] * p->window.in[1] * p->window.in[2]);
    size_t at = plane * p->kernel * p->places, image = index / planes;
    float *columns = (walk->back ? dcn_image_grad(&call->in[0], image)
                                 : dcn_image(&call->in[0], image)) +
                     at;
    float *y = (walk->back ? dcn_image_grad(&call->out[0], image)
                           : dcn_image(&call->out[0], image)) +
               plane * size;
    (void)worker;
    if (!walk->back)
        memset(y, 0, size * sizeof *y);
    for (size_t k = 0; k < p->kernel; k++)
        for (size_t place = 0; place < p->places; place++, columns++) {
            int64_t to = under(&p->window, k, place);
            if (to >= 0 && walk->back)
                *columns += y[to];
            else if (to >= 0)
                y[to] += *columns;
        }
}

static void
walk_planes(const DcnCall *call, bool back)
{
    const Params *p = call->params;
    Walk walk = {call, back};
    dcn_parallel(call->context, call->batch * p->images * p->channels, walk_plane, &walk);
}

static void
col2im_forward(const DcnCall *call)
{
    walk_planes(call, false);
}

static void
col2im_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        walk_planes(call, true);
}

/* Channels with their blocks; any place. */
static void
col2im_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    *out = dcn_box_is_empty(in) ? *in : dcn_shape_box(&call->out[output].shape);
    if (input != 0 || dcn_box_is_empty(in))
        return;
    out->begin[0] = in->begin[0] / (int64_t)p->kernel;
    out->end[0] = dcn_ceil_div(in->end[0], (int64_t)p->kernel);
}

static void
col2im_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    *in = dcn_box_is_empty(out) ? *out : dcn_shape_box(&call->in[input].shape);
    if (input != 0 || dcn_box_is_empty(out))
        return;
    in->begin[0] = out->begin[0] * (int64_t)p->kernel;
    in->end[0] = out->end[0] * (int64_t)p->kernel;
}

const DcnOp dcn_op_col2im = {
    .name = "Col2Im",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = col2im_setup,
    .forward = col2im_forward,
    .back = DCN_BACK_ALL(col2im_back),
    .reach.ahead = col2im_reach_ahead,
    .reach.back = col2im_reach_back,
    .layer = "fold",
};
