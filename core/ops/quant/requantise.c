/* SPDX-License-Identifier: GPL-3.0-or-later */
/* requantise.c: levels to numbers, a function, and back to levels. */
#include "ops/quant/requantise.h"

bool
dcn_requantise_input(DcnSetup *setup, size_t levels, DcnRequantise *p)
{
    p->constant = p->constant && dcn_setup_constant(setup, levels + 1, levels + 3);
    return dcn_setup_affine(setup, levels + 1, levels + 2, 0);
}

bool
dcn_requantise_setup(DcnSetup *setup, size_t scale, DcnRequantise *p)
{
    p->type = dcn_setup_type(setup, scale + 1, DCN_UINT8);
    p->constant = dcn_setup_constant(setup, scale, scale + 2);
    return dcn_setup_levels_of(setup, p->type, &p->levels) &&
           dcn_setup_affine(setup, scale, scale + 1, 0);
}

DcnType
dcn_requantise_type(const void *params, size_t output)
{
    const DcnRequantise *p = params;
    (void)output;
    return p->type;
}

DcnLocality
dcn_requantise_local(const void *params, DcnLocalWindow *window)
{
    const DcnRequantise *p = params;
    (void)window;
    return p->constant ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
}

/* --- one input --- */

bool
dcn_requantise_one_setup(DcnSetup *setup)
{
    DcnRequantise *p = setup->params;
    setup->out[0] = *setup->in[0];
    return dcn_requantise_setup(setup, 3, p) && dcn_requantise_input(setup, 0, p);
}

typedef struct {
    const DcnCall *call;
    DcnFunction function;
    DcnFunctionSlope slope;
    DcnFunctionOfTwo of_two;
} Walk;

static void
forward_one(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    const DcnCall *call = walk->call;
    const DcnRequantise *p = call->params;
    size_t count = call->in[0].count;
    (void)worker;
    while (begin < end) {
        size_t image = begin / count;
        size_t last = end < (image + 1) * count ? end : (image + 1) * count;
        DcnAffine from = dcn_affine(call, image, 1, 2),
                  to = dcn_affine(call, image, 3, 4);
        const float *x = dcn_image(&call->in[0], image);
        float *y = dcn_image(&call->out[0], image);
        for (size_t i = begin - image * count; i < last - image * count; i++)
            y[i] = dcn_quantise(walk->function(p, dcn_number(x[i], from)), to, p->levels);
        begin = last;
    }
}

void
dcn_requantise_one_forward(const DcnCall *call, DcnFunction function)
{
    Walk walk = {.call = call, .function = function};
    dcn_parallel_range(call->context, call->batch * call->in[0].count, DCN_GRAIN / 8,
                       forward_one, &walk);
}

void
dcn_requantise_one_back(const DcnCall *call, DcnFunctionSlope slope)
{
    const DcnRequantise *p = call->params;
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++) {
        DcnAffine from = dcn_affine(call, n, 1, 2), to = dcn_affine(call, n, 3, 4);
        const float *x = dcn_image(&call->in[0], n), *y = dcn_image(&call->out[0], n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        float *dx = dcn_image_grad(&call->in[0], n);
        for (size_t i = 0; i < call->in[0].count; i++)
            if (dcn_level_is_inside(y[i], p->levels))
                dx[i] += dy[i] / to.scale * from.scale *
                         slope(p, dcn_number(x[i], from), dcn_number(y[i], to));
    }
}

/* --- two inputs --- */

bool
dcn_requantise_two_setup(DcnSetup *setup)
{
    DcnRequantise *p = setup->params;
    char text[2][128];
    if (!dcn_shape_broadcast(setup->in[0], setup->in[3], &setup->out[0]))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit",
                              dcn_shape_print(setup->in[0], text[0]),
                              dcn_shape_print(setup->in[3], text[1]));
    return dcn_requantise_setup(setup, 6, p) && dcn_requantise_input(setup, 0, p) &&
           dcn_requantise_input(setup, 3, p);
}

/* The element of an operand behind element i of the output. */
static size_t
element_of(const DcnCall *call, size_t input, size_t i)
{
    const DcnOperand *operand = &call->in[input], *y = &call->out[0];
    if (operand->count == y->count)
        return i;
    return operand->count == 1 ? 0 : dcn_broadcast_index(&y->shape, &operand->shape, i);
}

static void
forward_two(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    const DcnCall *call = walk->call;
    const DcnRequantise *p = call->params;
    size_t count = call->out[0].count;
    (void)worker;
    while (begin < end) {
        size_t image = begin / count;
        size_t last = end < (image + 1) * count ? end : (image + 1) * count;
        DcnAffine of_a = dcn_affine(call, image, 1, 2);
        DcnAffine of_b = dcn_affine(call, image, 4, 5);
        DcnAffine to = dcn_affine(call, image, 6, 7);
        const float *a = dcn_image(&call->in[0], image);
        const float *b = dcn_image(&call->in[3], image);
        float *y = dcn_image(&call->out[0], image);
        for (size_t i = begin - image * count; i < last - image * count; i++) {
            float x = walk->of_two(dcn_number(a[element_of(call, 0, i)], of_a),
                                   dcn_number(b[element_of(call, 3, i)], of_b));
            y[i] = dcn_quantise(x, to, p->levels);
        }
        begin = last;
    }
}

void
dcn_requantise_two_forward(const DcnCall *call, DcnFunctionOfTwo function)
{
    Walk walk = {.call = call, .of_two = function};
    dcn_parallel_range(call->context, call->batch * call->out[0].count, DCN_GRAIN / 8,
                       forward_two, &walk);
}

void
dcn_requantise_two_back(const DcnCall *call, DcnSlopesOfTwo slopes)
{
    const DcnRequantise *p = call->params;
    bool wants[2] = {dcn_wants_back(call, 0), dcn_wants_back(call, 3)};
    for (size_t n = 0; n < call->batch && (wants[0] || wants[1]); n++) {
        DcnAffine of_a = dcn_affine(call, n, 1, 2), of_b = dcn_affine(call, n, 4, 5);
        DcnAffine to = dcn_affine(call, n, 6, 7);
        const float *a = dcn_image(&call->in[0], n), *b = dcn_image(&call->in[3], n);
        const float *y = dcn_image(&call->out[0], n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++) {
            size_t at_a = element_of(call, 0, i), at_b = element_of(call, 3, i);
            float slope[2];
            if (!dcn_level_is_inside(y[i], p->levels))
                continue;
            slopes(dcn_number(a[at_a], of_a), dcn_number(b[at_b], of_b), slope);
            if (wants[0])
                dcn_image_grad(&call->in[0], n)[at_a] +=
                    dy[i] / to.scale * of_a.scale * slope[0];
            if (wants[1])
                dcn_image_grad(&call->in[3], n)[at_b] +=
                    dy[i] / to.scale * of_b.scale * slope[1];
        }
    }
}

void
dcn_requantise_two_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    if (input == 0 || input == 3)
        dcn_reach_broadcast(call, input, in, output, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

void
dcn_requantise_two_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    if (input == 0 || input == 3)
        dcn_reach_back_broadcast(call, output, out, input, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}
