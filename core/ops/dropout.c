/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dropout. Outside of training y = x, and nothing is dropped (mask: all ones). A node
 * that drops at random by itself (training_mode, ratio other than 0) is refused, because
 * its result depends on the random numbers of another program.
 *
 * In a trainer's plan y = x * m / (1 - ratio), m 0 or 1, drawn before each pass or given
 * (Srivastava et al. 2014, with the factor in training); dx += dy * m / (1 - ratio). */
#include "ops/kit/common.h"

typedef struct {
    bool drops;
    float ratio;
} Params;

static bool
dropout_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    double ratio, training, fallback = 0.5;
    if (setup->opset < 12)
        fallback = (double)dcn_node_float(setup->node, "ratio", 0.5F);
    if (!dcn_setup_number(setup, 1, fallback, &ratio) ||
        !dcn_setup_number(setup, 2, 0, &training))
        return false;
    if (training != 0 && ratio != 0 && !setup->training)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "it is in training mode and drops at random");
    for (size_t i = 0; i < setup->n_out; i++)
        setup->out[i] = *setup->in[0];
    p->drops = setup->dropout && ratio > 0;
    p->ratio = (float)ratio;
    if (!p->drops)
        return true;
    if (ratio >= 1)
        return dcn_setup_fail(setup, DCN_ERROR_VALUE, "it would drop everything");
    setup->kept = dcn_shape_count(setup->in[0]);
    return true;
}

/* Forward, y = x / (1 - ratio) where the mask is 1, else 0. Back, dx += dy / (1 - ratio)
 * where it is 1. */
static void
through_mask(const DcnCall *call, bool back)
{
    const Params *p = call->params;
    float factor = 1 / (1 - p->ratio);
    for (size_t n = 0; n < call->batch; n++) {
        const char *mask = call->kept + n * call->kept_stride;
        if (back) {
            const float *dy = dcn_image_grad(&call->out[0], n);
            float *dx = dcn_image_grad(&call->in[0], n);
            for (size_t i = 0; i < call->out[0].count; i++)
                dx[i] += mask[i] ? dy[i] * factor : 0;
        } else {
            const float *x = dcn_image(&call->in[0], n);
            float *y = dcn_image(&call->out[0], n);
            for (size_t i = 0; i < call->out[0].count; i++)
                y[i] = mask[i] ? x[i] * factor : 0;
        }
    }
}

static void
dropout_draw(const DcnCall *call, DcnRandom *random)
{
    const Params *p = call->params;
    if (!p->drops)
        return;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < call->in[0].count; i++)
            call->kept[n * call->kept_stride + i] =
                (char)(dcn_random_unit(random) >= (double)p->ratio);
}

static void
dropout_forward(const DcnCall *call)
{
    const Params *p = call->params;
    if (p->drops && call->kept)
        through_mask(call, false);
    else
        dcn_copy_forward(call);
    if (call->n_out < 2 || !call->out[1].data)
        return;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < call->out[1].count; i++)
            dcn_image(&call->out[1], n)[i] = 1;
}

static void
dropout_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (!p->drops)
        dcn_copy_back(call);
    else if (dcn_wants_back(call, 0))
        through_mask(call, true);
}

const DcnOp dcn_op_dropout = {
    .name = "Dropout",
    .inputs = {1, 3},
    .outputs = {1, 2},
    .since = 7,
    .role = DCN_ROLE_HANDS_ON,
    .params_size = sizeof(Params),
    .setup = dropout_setup,
    .forward = dropout_forward,
    .back = DCN_BACK_ALL(dropout_back),
    .training.draw = dropout_draw,
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .reach.local = dcn_local_places,
};
