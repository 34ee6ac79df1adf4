/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums_conv.c: exact convolutions, and the way back through them. */
#include "ops/quant/sums_conv.h"
#include "ops/quant/affine.h"

bool
dcn_sums_conv_setup(DcnSetup *setup, DcnSumsConv *conv)
{
    const DcnShape *x = setup->in[0], *w = setup->in[conv->weights];
    char text[2][128];
    if (w->rank != x->rank || w->rank < 3)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "weights are %s, which does not fit an input of %s",
                              dcn_shape_print(w, text[0]), dcn_shape_print(x, text[1]));
    if (!dcn_window_setup(setup, w->dim + 2, &conv->window) ||
        !dcn_window_volume(setup, &conv->window, (size_t)1 << 24, &conv->volume))
        return false;
    int64_t groups = dcn_node_int(setup->node, "group", 1), maps = w->dim[0];
    if (groups < 1 || maps < 1 || maps % groups != 0 || x->dim[1] % groups != 0 ||
        x->dim[1] / groups != w->dim[1] || w->dim[1] < 1)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "weights are %s in %lld groups, and the input is %s",
            dcn_shape_print(w, text[0]), (long long)groups, dcn_shape_print(x, text[1]));
    if (!dcn_setup_affine(setup, setup->n_in, conv->x_zero, 0) ||
        !dcn_setup_affine(setup, setup->n_in, conv->w_zero, (size_t)maps))
        return false;
    conv->images = (size_t)x->dim[0];
    conv->groups = (size_t)groups;
    conv->channels = (size_t)x->dim[1];
    conv->maps = (size_t)maps;
    conv->constant = dcn_setup_constant(setup, 1, setup->n_in);
    if (dcn_has_input(setup, conv->x_zero) && setup->value[conv->x_zero])
        conv->fill = (float)dcn_tensor_number(setup->value[conv->x_zero], 0);
    setup->out[0] = dcn_window_shape(&conv->window, x->dim[0], maps);
    size_t ahead = conv->channels / conv->groups, back = conv->maps / conv->groups;
    setup->scratch = dcn_sums_scratch((ahead > back ? ahead : back) * conv->volume);
    return true;
}

/* A product is one group of one picture of one image of the batch. */
typedef struct {
    size_t image, picture, group;
} Part;

static Part
part_of(const DcnSumsConv *conv, size_t product)
{
    size_t picture = product / conv->groups;
    return (Part){picture / conv->images, picture % conv->images, product % conv->groups};
}

static size_t
plane(const int64_t size[3])
{
    return (size_t)(size[0] * size[1] * size[2]);
}

/* Element `index` of a box of that size by axis: a place of a plane, or an element of the
 * kernel. */
static void
place_of(const int64_t size[3], size_t index, int64_t at[3])
{
    for (int axis = 2; axis >= 0; axis--) {
        at[axis] = (int64_t)(index % (size_t)size[axis]);
        index /= (size_t)size[axis];
    }
}

static void
step_on(const int64_t size[3], int64_t at[3])
{
    for (int axis = 2; axis >= 0; axis--) {
        if (++at[axis] < size[axis])
            return;
        at[axis] = 0;
    }
}

/* --- forward: maps of a group by places of the output --- */

static double
weight(const DcnCall *call, size_t image, size_t map, size_t channel, size_t element)
{
    const DcnSumsConv *conv = call->params;
    size_t row = conv->channels / conv->groups * conv->volume;
    const float *w = dcn_image(&call->in[conv->weights], image);
    float zero = dcn_of_channel(call, image, conv->w_zero, map, 0);
    return (double)(w[map * row + channel * conv->volume + element] - zero);
}

static void
weights_of_map(
    const void *user, size_t product, size_t row, size_t from, size_t n, double *to)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    Part part = part_of(conv, product);
    size_t map = part.group * (conv->maps / conv->groups) + row;
    size_t length = conv->channels / conv->groups * conv->volume;
    const float *w =
        dcn_image(&call->in[conv->weights], part.image) + map * length + from;
    float zero = dcn_of_channel(call, part.image, conv->w_zero, map, 0);
    for (size_t i = 0; i < n; i++)
        to[i] = (double)(w[i] - zero);
}

/* Where the window at an output place has its element, false: in the padding. */
static bool
seen_by(const DcnWindow *w, const int64_t place[3], const int64_t element[3], size_t *at)
{
    int64_t index = 0;
    for (int axis = 0; axis < 3; axis++) {
        int64_t i = place[axis] * w->stride[axis] - w->begin[axis] +
                    element[axis] * w->dilation[axis];
        if (i < 0 || i >= w->in[axis])
            return false;
        index = index * w->in[axis] + i;
    }
    *at = (size_t)index;
    return true;
}

static void
windows(const void *user,
        size_t product,
        size_t column,
        size_t columns,
        size_t from,
        size_t n,
        double *to)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    const DcnWindow *w = &conv->window;
    Part part = part_of(conv, product);
    size_t channel = part.group * (conv->channels / conv->groups);
    const float *x = dcn_image(&call->in[0], part.image) +
                     (part.picture * conv->channels + channel) * plane(w->in);
    float zero = dcn_of_channel(call, part.image, conv->x_zero, 0, 0);
    for (size_t k = from; k < from + n; k++) {
        const float *seen = x + k / conv->volume * plane(w->in);
        int64_t element[3], place[3];
        size_t at;
        place_of(w->kernel, k % conv->volume, element);
        place_of(w->out, column, place);
        for (size_t j = 0; j < columns; j++, step_on(w->out, place))
            *to++ = seen_by(w, place, element, &at) ? (double)(seen[at] - zero) : 0;
    }
}

static void
finish_map(const void *user,
           size_t product,
           size_t row,
           size_t column,
           size_t columns,
           const double *sums)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    Part part = part_of(conv, product);
    size_t map = part.group * (conv->maps / conv->groups) + row;
    size_t at = (part.picture * conv->maps + map) * plane(conv->window.out) + column;
    conv->result.finish(call, part.image, map, column, at, columns, sums);
}

void
dcn_sums_conv_forward(const DcnCall *call)
{
    const DcnSumsConv *conv = call->params;
    dcn_sums(call->context, &(DcnSums){
                                .user = call,
                                .products = call->batch * conv->images * conv->groups,
                                .rows = conv->maps / conv->groups,
                                .columns = plane(conv->window.out),
                                .inner = conv->channels / conv->groups * conv->volume,
                                .left = weights_of_map,
                                .right = windows,
                                .done = finish_map,
                            });
}

/* --- back: channels of a group by places of the input --- */

/* The weights of a channel, map by map. */
static void
weights_of_channel(
    const void *user, size_t product, size_t row, size_t from, size_t n, double *to)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    Part part = part_of(conv, product);
    size_t first = part.group * (conv->maps / conv->groups);
    for (size_t k = from; k < from + n; k++)
        *to++ = weight(call, part.image, first + k / conv->volume, row, k % conv->volume);
}

/* The output place whose window has its element at an input place; false: there is
 * none. */
static bool
seeing(const DcnWindow *w, const int64_t place[3], const int64_t element[3], size_t *at)
{
    int64_t index = 0;
    for (int axis = 0; axis < 3; axis++) {
        int64_t i = place[axis] + w->begin[axis] - element[axis] * w->dilation[axis];
        if (i < 0 || i % w->stride[axis] != 0 || i / w->stride[axis] >= w->out[axis])
            return false;
        index = index * w->out[axis] + i / w->stride[axis];
    }
    *at = (size_t)index;
    return true;
}

static void
signals(const void *user,
        size_t product,
        size_t column,
        size_t columns,
        size_t from,
        size_t n,
        double *to)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    const DcnWindow *w = &conv->window;
    Part part = part_of(conv, product);
    size_t first = part.group * (conv->maps / conv->groups);
    const DcnOperand *out = &call->out[0];
    for (size_t k = from; k < from + n; k++) {
        size_t map = first + k / conv->volume, at;
        size_t begin = (part.picture * conv->maps + map) * plane(w->out);
        const float *y = dcn_image(out, part.image) + begin;
        const float *dy = dcn_image_grad(out, part.image) + begin;
        int64_t element[3], place[3];
        place_of(w->kernel, k % conv->volume, element);
        place_of(w->in, column, place);
        for (size_t j = 0; j < columns; j++, step_on(w->in, place)) {
            bool some = seeing(w, place, element, &at) && dy[at] != 0;
            *to++ = some ? (double)(dy[at] *
                                    conv->result.slope(call, part.image, map, at, y[at]))
                         : 0;
        }
    }
}

static void
add_to_channel(const void *user,
               size_t product,
               size_t row,
               size_t column,
               size_t columns,
               const double *sums)
{
    const DcnCall *call = user;
    const DcnSumsConv *conv = call->params;
    Part part = part_of(conv, product);
    size_t channel = part.group * (conv->channels / conv->groups) + row;
    float *dx = dcn_image_grad(&call->in[0], part.image) +
                (part.picture * conv->channels + channel) * plane(conv->window.in) +
                column;
    for (size_t i = 0; i < columns; i++)
        dx[i] += (float)sums[i];
}

void
dcn_sums_conv_back(const DcnCall *call)
{
    const DcnSumsConv *conv = call->params;
    if (!dcn_wants_back(call, 0))
        return;
    dcn_sums(call->context, &(DcnSums){
                                .user = call,
                                .products = call->batch * conv->images * conv->groups,
                                .rows = conv->channels / conv->groups,
                                .columns = plane(conv->window.in),
                                .inner = conv->maps / conv->groups * conv->volume,
                                .left = weights_of_channel,
                                .right = signals,
                                .done = add_to_channel,
                            });
}

/* --- reach --- */

void
dcn_sums_conv_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnSumsConv *conv = call->params;
    (void)output;
    if (input != 0) {
        *out = dcn_shape_box(&call->out[0].shape);
        return;
    }
    DcnBox box =
        dcn_window_groups(in, conv->channels / conv->groups, conv->maps / conv->groups);
    dcn_window_box_ahead(&conv->window, &box, out);
}

void
dcn_sums_conv_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnSumsConv *conv = call->params;
    (void)output;
    if (input != 0) {
        *in = dcn_shape_box(&call->in[input].shape);
        return;
    }
    DcnBox box =
        dcn_window_groups(out, conv->maps / conv->groups, conv->channels / conv->groups);
    dcn_window_box_back(&conv->window, &box, in);
}

DcnLocality
dcn_sums_conv_local(const void *params, DcnLocalWindow *window)
{
    const DcnSumsConv *conv = params;
    return conv->constant ? dcn_window_local(&conv->window, conv->fill, window)
                          : DCN_LOCAL_NO;
}
