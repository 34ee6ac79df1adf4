/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gather: the places of an axis that the indices name, in their order; the axis is
 * replaced by the axes of the indices. Negative indices count from the end.
 *
 * Back, all methods: linear, places named twice get both signals. */
#include "ops/kit/common.h"
#include <string.h>

typedef struct {
    int axis, index_rank;
    int64_t least, most; /* of the indices, if they are constant; else the whole axis */
    bool channels;       /* of a picture, and it may take any */
} Params;

static bool
gather_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank, false,
                        &p->axis))
        return false;
    if (x->rank - 1 + index->rank > DCN_MAX_RANK)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d axes",
                              DCN_MAX_RANK);
    int64_t dim = x->dim[p->axis];
    p->index_rank = index->rank;
    p->least = 0;
    p->most = dim - 1;
    const DcnTensor *value = setup->value[1];
    size_t count = value ? dcn_shape_count(index) : 0;
    if (value && !dcn_type_is_integer(value->type))
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "indices are %s, not integers",
                              dcn_type_name(value->type));
    for (size_t i = 0; i < count; i++) {
        int64_t at = dcn_tensor_integer(value, i);
        if (at < -dim || at >= dim)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "index %lld of an axis of %lld places", (long long)at,
                                  (long long)dim);
        at = at < 0 ? at + dim : at;
        p->least = i == 0 ? at : dcn_min_i64(p->least, at);
        p->most = i == 0 ? at : dcn_max_i64(p->most, at);
    }
    p->channels = x->rank == 4 && index->rank == 1 && p->axis == 1 && p->least == 0 &&
                  p->most == dim - 1;
    if (!value && dim == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the axis is empty");
    DcnShape y = {.rank = 0};
    for (int i = 0; i < p->axis; i++)
        y.dim[y.rank++] = x->dim[i];
    for (int i = 0; i < index->rank; i++)
        y.dim[y.rank++] = index->dim[i];
    for (int i = p->axis + 1; i < x->rank; i++)
        y.dim[y.rank++] = x->dim[i];
    setup->out[0] = y;
    return true;
}

/* Sizes of the walk: outer x dim x inner in, outer x count x inner out. */
typedef struct {
    size_t outer, dim, inner, count;
} Sizes;

static Sizes
sizes_of(const Params *p, const DcnShape *x, const DcnShape *index)
{
    return (Sizes){
        .outer = dcn_shape_product(x, 0, p->axis),
        .dim = (size_t)x->dim[p->axis],
        .inner = dcn_shape_product(x, p->axis + 1, x->rank),
        .count = dcn_shape_product(index, 0, index->rank),
    };
}

/* A run cannot fail for an index that it computes outside of the axis: it is cut to the
 * axis. */
static size_t
place_of(float index, size_t dim)
{
    float at = index < 0 ? index + (float)dim : index;
    if (!(at > 0))
        return 0;
    return at >= (float)dim ? dim - 1 : (size_t)at;
}

static void
gather_forward(const DcnCall *call)
{
    const Params *p = call->params;
    Sizes s = sizes_of(p, &call->in[0].shape, &call->in[1].shape);
    for (size_t n = 0; n < call->batch; n++) {
        const float *x = dcn_image(&call->in[0], n);
        const float *index = dcn_image(&call->in[1], n);
        float *y = dcn_image(&call->out[0], n);
        for (size_t o = 0; o < s.outer; o++)
            for (size_t i = 0; i < s.count; i++, y += s.inner)
                memcpy(y, x + (o * s.dim + place_of(index[i], s.dim)) * s.inner,
                       s.inner * sizeof *y);
    }
}

static void
gather_back(const DcnCall *call)
{
    const Params *p = call->params;
    Sizes s = sizes_of(p, &call->in[0].shape, &call->in[1].shape);
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++) {
        float *dx = dcn_image_grad(&call->in[0], n);
        const float *index = dcn_image(&call->in[1], n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        for (size_t o = 0; o < s.outer; o++)
            for (size_t i = 0; i < s.count; i++, dy += s.inner) {
                float *to = dx + (o * s.dim + place_of(index[i], s.dim)) * s.inner;
                for (size_t j = 0; j < s.inner; j++)
                    to[j] += dy[j];
            }
    }
}

static bool
gather_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnTensor *x = fold->in[0], *index = fold->in[1];
    Sizes s = sizes_of(p, &x->shape, &index->shape);
    size_t block = s.inner * dcn_type_size(x->type);
    char *to = dcn_fold_alloc(fold, s.outer * s.count * block);
    if (!to)
        return false;
    fold->out[0] = (DcnTensor){.type = x->type, .shape = fold->shape[0], .data = to};
    for (size_t o = 0; o < s.outer; o++)
        for (size_t i = 0; i < s.count; i++, to += block) {
            int64_t at = dcn_tensor_integer(index, i);
            at = at < 0 ? at + (int64_t)s.dim : at;
            memcpy(to, (const char *)x->data + (o * s.dim + (size_t)at) * block, block);
        }
    return true;
}

static void
gather_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    int from[DCN_MAX_RANK];
    if (input != 0) {
        *out = dcn_shape_box(&call->out[output].shape);
        return;
    }
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = i < p->axis                   ? i
                  : i < p->axis + p->index_rank ? -1
                                                : i - p->index_rank + 1;
    dcn_reach_axes(&call->out[output].shape, from, in, out);
    int axis = p->axis - 1;
    if (axis >= 0 && axis < 3 && (in->end[axis] <= p->least || in->begin[axis] > p->most))
        *out = (DcnBox){{0}, {0}};
}

static void
gather_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    int from[DCN_MAX_RANK];
    (void)output;
    if (input != 0) {
        *in = dcn_shape_box(&call->in[input].shape);
        return;
    }
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = i < p->axis ? i : i == p->axis ? -1 : i + p->index_rank - 1;
    dcn_reach_axes(&call->in[input].shape, from, out, in);
    int axis = p->axis - 1;
    if (axis >= 0 && axis < 3 && !dcn_box_is_empty(in)) {
        in->begin[axis] = p->least;
        in->end[axis] = p->most + 1;
    }
}

static DcnLocality
gather_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->channels ? DCN_LOCAL_CHANNELS : DCN_LOCAL_NO;
}

const DcnOp dcn_op_gather = {
    .name = "Gather",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = gather_setup,
    .forward = gather_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(gather_back),
    .reach.ahead = gather_reach_ahead,
    .reach.back = gather_reach_back,
    .reach.local = gather_local,
    .constants.fold = gather_fold,
};
