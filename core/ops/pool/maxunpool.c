/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MaxUnpool: puts each element of x where its index says, 0 elsewhere: the inverse of
 * MaxPool with Indices, and the unpooling of a deconvnet written out (Zeiler & Fergus
 * 2014, section 2.1).
 *
 * Indices count through the tensor that MaxPool had as the window says; output_shape may
 * enlarge it at the end of its axes. Back, all methods: linear in x, each element takes
 * the signal from its place. Indices out of range, which a run may compute, are
 * ignored. */
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include <string.h>

typedef struct {
    DcnShape counted; /* what the indices count through */
} Params;

static bool
maxunpool_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    DcnWindow window;
    char text[2][128];
    if (!dcn_shape_equal(x, setup->in[1]))
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "the input is %s, its indices are %s",
            dcn_shape_print(x, text[0]), dcn_shape_print(setup->in[1], text[1]));
    if (!dcn_window_read(setup, NULL, &window))
        return false;
    p->counted = *x;
    for (int i = 0; i < window.axes; i++) {
        int k = 3 - window.axes + i;
        p->counted.dim[2 + i] = (window.in[k] - 1) * window.stride[k] + window.kernel[k] -
                                window.begin[k] - window.end[k];
        if (p->counted.dim[2 + i] < 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an axis of the output is %lld",
                                  (long long)p->counted.dim[2 + i]);
    }
    size_t count;
    if (!dcn_shape_elements(&p->counted, &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the output is too large");
    setup->out[0] = p->counted;
    int64_t stated[DCN_MAX_RANK];
    int n = dcn_setup_ints(setup, 2, stated, DCN_MAX_RANK);
    if (n == -1)
        return false;
    if (n == -2)
        return true;
    DcnShape y = dcn_shape(n, stated);
    bool fits = n == x->rank;
    for (int i = 0; i < n && fits; i++)
        fits = i < 2 ? y.dim[i] == x->dim[i] : y.dim[i] >= p->counted.dim[i];
    if (!fits)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "output_shape %s does not hold %s",
                              dcn_shape_print(&y, text[0]),
                              dcn_shape_print(&p->counted, text[1]));
    setup->out[0] = y;
    return true;
}

/* The element of the output that an index means; false if there is none. */
static bool
place_of(const Params *p, const DcnShape *y, size_t count, float index, size_t *place)
{
    if (!(index >= 0 && index < (float)count))
        return false;
    size_t rest = (size_t)index, step = 1;
    *place = 0;
    for (int i = y->rank - 1; i >= 0; i--) {
        *place += rest % (size_t)p->counted.dim[i] * step;
        rest /= (size_t)p->counted.dim[i];
        step *= (size_t)y->dim[i];
    }
    return rest == 0;
}

static void
each_element(const DcnCall *call, bool back)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[0], *y = &call->out[0];
    size_t count = dcn_shape_count(&p->counted), place;
    for (size_t n = 0; n < call->batch; n++) {
        const float *index = dcn_image(&call->in[1], n);
        for (size_t i = 0; i < x->count; i++) {
            if (!place_of(p, &y->shape, count, index[i], &place))
                continue;
            if (back)
                dcn_image_grad(x, n)[i] += dcn_image_grad(y, n)[place];
            else
                dcn_image(y, n)[place] = dcn_image(x, n)[i];
        }
    }
}

static void
maxunpool_forward(const DcnCall *call)
{
    for (size_t n = 0; n < call->batch; n++)
        memset(dcn_image(&call->out[0], n), 0, call->out[0].count * sizeof(float));
    each_element(call, false);
}

static void
maxunpool_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        each_element(call, true);
}

const DcnOp dcn_op_maxunpool = {
    .name = "MaxUnpool",
    .inputs = {2, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = maxunpool_setup,
    .forward = maxunpool_forward,
    .back = DCN_BACK_ALL(maxunpool_back),
    .reach.ahead = NULL, /* an index may name any place */
    .reach.back = NULL,
    .planes = true,
    .layer = "unpool",
};
