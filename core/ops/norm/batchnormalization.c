/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BatchNormalization: y = (x - mean) / sqrt(var + epsilon) * scale + bias, channel by
 * channel (Ioffe & Szegedy 2015), with the stored statistics.
 *
 * Back, all methods: dx += dy * scale / sqrt(var + epsilon). Weights: dscale += sum of dy
 * * (x - mean) / sqrt(var + epsilon), dbias += sum of dy.
 *
 * A node with training_mode = 1 takes the statistics of its own input instead (axis 0 and
 * all places of one image of the batch), returns the running ones as well, and the
 * gradient goes through them.
 *
 * In a trainer's plan every node takes the statistics of the whole batch:
 * batchstatistics.c. */
#include "base/vector.h"
#include "ops/kit/planes.h"
#include "ops/norm/batchstatistics.h"
#include <math.h>
#include <string.h>

typedef struct {
    float epsilon, momentum;
    bool training; /* of the node */
    bool of_batch; /* of the plan */
    DcnClamp clamp;
} Params;

enum { X, SCALE, BIAS, MEAN, VAR };

static bool
batchnormalization_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (x->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the input is %s and has no channels",
                              dcn_shape_print(x, text));
    for (size_t i = 1; i < 5; i++)
        if (dcn_shape_count(setup->in[i]) != (size_t)x->dim[1])
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE,
                "input %zu is %s where %lld channels need one number each", i,
                dcn_shape_print(setup->in[i], text), (long long)x->dim[1]);
    if (setup->opset < 9 && dcn_node_int(setup->node, "spatial", 1) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "spatial is 0");
    for (size_t i = 1; setup->training && i < 5; i++)
        if (!setup->value[i])
            return dcn_setup_fail(
                setup, DCN_ERROR_UNSUPPORTED,
                "input %zu depends on the picture, and training needs it stored", i);
    p->training =
        setup->opset >= 14 && dcn_node_int(setup->node, "training_mode", 0) != 0;
    if (setup->n_out > 1 && !p->training)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its statistics are wanted outside of training mode");
    p->epsilon = dcn_node_float(setup->node, "epsilon", 1e-5F);
    p->momentum = dcn_node_float(setup->node, "momentum", 0.9F);
    p->clamp = dcn_clamp_open();
    p->of_batch = setup->training;
    if (p->of_batch)
        setup->kept = DCN_BATCH_KEPT * (size_t)x->dim[1] * sizeof(float);
    setup->out[0] = *x;
    for (size_t i = 1; i < setup->n_out; i++)
        setup->out[i] = dcn_shape(1, &x->dim[1]);
    return true;
}

typedef struct {
    float mean, var;
} Statistics;

/* Mean and (biased) variance of a channel over axis 0 and its planes. */
static Statistics
own_statistics(const DcnCall *call, size_t image, size_t channel)
{
    const DcnOperand *x = &call->in[X];
    size_t size = dcn_plane_size(x), channels = (size_t)x->shape.dim[1];
    size_t images = (size_t)x->shape.dim[0];
    const float *data = dcn_image(x, image) + channel * size;
    double sum = 0, squares = 0, n = (double)images * (double)size;
    for (size_t k = 0; k < images; k++)
        sum += (double)dcn_sum(data + k * channels * size, size);
    double mean = sum / n;
    for (size_t k = 0; k < images; k++)
        for (size_t i = 0; i < size; i++) {
            double d = (double)data[k * channels * size + i] - mean;
            squares += d * d;
        }
    return (Statistics){(float)mean, (float)(squares / n)};
}

static Statistics
statistics(const DcnCall *call, size_t image, size_t channel)
{
    const Params *p = call->params;
    if (p->training)
        return own_statistics(call, image, channel);
    return (Statistics){dcn_image(&call->in[MEAN], image)[channel],
                        dcn_image(&call->in[VAR], image)[channel]};
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    size_t size = dcn_plane_size(&call->in[X]);
    size_t channel = plane % (size_t)call->in[X].shape.dim[1];
    Statistics s = statistics(call, image, channel);
    float factor =
        dcn_image(&call->in[SCALE], image)[channel] / sqrtf(s.var + p->epsilon);
    float bias = dcn_image(&call->in[BIAS], image)[channel];
    const float *restrict x = dcn_image(&call->in[X], image) + plane * size;
    float *restrict y = dcn_image(&call->out[0], image) + plane * size;
    for (size_t i = 0; i < size; i++)
        y[i] = (x[i] - s.mean) * factor + bias;
    if (!dcn_clamp_is_open(p->clamp))
        for (size_t i = 0; i < size; i++)
            y[i] = dcn_clamp(p->clamp, y[i]);
}

/* running = running * momentum + own * (1 - momentum) */
static void
run_statistics(const DcnCall *call)
{
    const Params *p = call->params;
    size_t channels = (size_t)call->in[X].shape.dim[1];
    for (size_t n = 0; n < call->batch; n++)
        for (size_t c = 0; c < channels; c++) {
            Statistics s = own_statistics(call, n, c);
            for (size_t k = 1; k < 3 && k < call->n_out; k++) {
                float old = dcn_image(&call->in[k == 1 ? MEAN : VAR], n)[c];
                float own = k == 1 ? s.mean : s.var;
                if (call->out[k].data)
                    dcn_image(&call->out[k], n)[c] =
                        old * p->momentum + own * (1 - p->momentum);
            }
        }
}

static void
batchnormalization_forward(const DcnCall *call)
{
    const Params *p = call->params;
    if (p->of_batch && call->kept) {
        dcn_batch_forward(call, p->epsilon, p->clamp);
        return;
    }
    dcn_each_plane(call, dcn_plane_size(&call->in[X]), forward_plane);
    if (p->training && call->n_out > 1)
        run_statistics(call);
}

DCN_VECTOR static void
scale_back(
    float *restrict dx, const float *restrict dy, size_t n, float factor, bool fresh)
{
    if (fresh)
        for (size_t i = 0; i < n; i++)
            dx[i] = dy[i] * factor;
    else
        for (size_t i = 0; i < n; i++)
            dx[i] += dy[i] * factor;
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[X];
    const DcnBox *box = call->out[0].box;
    size_t size = dcn_plane_size(x), begin = 0, end = size;
    size_t channel = plane % (size_t)x->shape.dim[1];
    float scale = dcn_image(&call->in[SCALE], image)[channel];
    float factor = scale / sqrtf(dcn_image(&call->in[VAR], image)[channel] + p->epsilon);
    if (box) { /* of a picture */
        bool inside = (int64_t)plane >= box->begin[0] && (int64_t)plane < box->end[0];
        begin = (size_t)(box->begin[1] * x->shape.dim[3]);
        end = inside ? (size_t)(box->end[1] * x->shape.dim[3]) : begin;
    }
    scale_back(dcn_image_grad(x, image) + plane * size + begin,
               dcn_image_grad(&call->out[0], image) + plane * size + begin, end - begin,
               factor, x->fresh);
}

/* With h = (x - mean) / sqrt(var + epsilon):
 * dx += scale / sqrt(var + epsilon) * (dy - mean of dy - h * mean of (dy * h)) */
static void
back_training(const DcnCall *call, size_t image, size_t channel)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[X];
    size_t size = dcn_plane_size(x), channels = (size_t)x->shape.dim[1];
    size_t images = (size_t)x->shape.dim[0];
    Statistics s = own_statistics(call, image, channel);
    float inverse = 1 / sqrtf(s.var + p->epsilon);
    double sum = 0, product = 0, n = (double)images * (double)size;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < images; k++) {
            size_t start = (k * channels + channel) * size;
            const float *from = dcn_image(x, image) + start;
            const float *dy = dcn_image_grad(&call->out[0], image) + start;
            float *dx = dcn_image_grad(x, image) + start;
            float scale = dcn_image(&call->in[SCALE], image)[channel];
            for (size_t i = 0; i < size; i++) {
                float h = (from[i] - s.mean) * inverse;
                if (pass == 0) {
                    sum += (double)dy[i];
                    product += (double)(dy[i] * h);
                } else {
                    dx[i] += scale * inverse *
                             (dy[i] - (float)(sum / n) - h * (float)(product / n));
                }
            }
        }
}

static void
batchnormalization_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (!dcn_wants_back(call, X))
        return;
    if (p->of_batch) {
        dcn_batch_back(call, p->epsilon, p->clamp);
        return;
    }
    if (!p->training) {
        dcn_each_plane(call, dcn_plane_size(&call->in[X]), back_plane);
        return;
    }
    for (size_t n = 0; call->in[X].fresh && n < call->batch; n++)
        memset(dcn_image_grad(&call->in[X], n), 0, call->in[X].count * sizeof(float));
    for (size_t n = 0; n < call->batch; n++)
        for (size_t c = 0; c < (size_t)call->in[X].shape.dim[1]; c++)
            back_training(call, n, c);
}

static void
batchnormalization_grad_weights(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[X];
    size_t size = dcn_plane_size(x), channels = (size_t)x->shape.dim[1];
    size_t planes = dcn_shape_product(&x->shape, 0, 2);
    if (p->of_batch) {
        if (!dcn_wants_back(call, X)) /* else the way back has done it along */
            dcn_batch_back(call, p->epsilon, p->clamp);
        return;
    }
    for (size_t c = 0; c < channels; c++) {
        double sum = 0, product = 0;
        for (size_t n = 0; n < call->batch; n++) {
            Statistics s = statistics(call, n, c);
            float inverse = 1 / sqrtf(s.var + p->epsilon);
            for (size_t plane = c; plane < planes; plane += channels) {
                const float *dy = dcn_image_grad(&call->out[0], n) + plane * size;
                const float *from = dcn_image(x, n) + plane * size;
                double own = (double)dcn_sum(dy, size);
                sum += own;
                product += ((double)dcn_dot(dy, from, size) - own * (double)s.mean) *
                           (double)inverse;
            }
        }
        if (dcn_wants_weights(call, SCALE))
            call->in[SCALE].grad[c] += (float)product;
        if (dcn_wants_weights(call, BIAS))
            call->in[BIAS].grad[c] += (float)sum;
    }
}

static void
batchnormalization_update(const DcnCall *call)
{
    const Params *p = call->params;
    if (p->of_batch)
        dcn_batch_update(call, p->momentum);
}

/* In training mode each place takes all places of its channel. */
static void
batchnormalization_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    if (input != X || output != 0)
        *out = dcn_shape_box(&call->out[output].shape);
    else if (p->training)
        dcn_reach_planes(call, input, in, output, out);
    else
        *out = *in;
}

static void
batchnormalization_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    if (input != X || output != 0)
        *in = dcn_shape_box(&call->in[input].shape);
    else if (p->training)
        dcn_reach_back_planes(call, output, out, input, in);
    else
        *in = *out;
}

static void
batchnormalization_fuse_clamp(void *params, const DcnClamp *clamp)
{
    Params *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

/* With constants for each channel, signals go back place by place. */
static bool
batchnormalization_bounded(const DcnCall *call)
{
    const Params *p = call->params;
    bool constant = true;
    for (size_t i = SCALE; i < call->n_in; i++)
        constant = constant && call->in[i].stride == 0;
    return constant && !p->training && !p->of_batch;
}

static DcnLocality
batchnormalization_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->training ? DCN_LOCAL_NO : DCN_LOCAL_CHANNELS;
}

static DcnRule
batchnormalization_rule(const void *params)
{
    const Params *p = params;
    return p->training ? DCN_RULE_STATISTICS : DCN_RULE_TRANSPOSED;
}

const DcnOp dcn_op_batchnormalization = {
    .name = "BatchNormalization",
    .inputs = {5, 5},
    .outputs = {1, 5},
    .since = 7,
    .role = DCN_ROLE_NORMALISES,
    .planes = true,
    .scales_channels = true,
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS, DCN_LEARNS_STATISTIC,
                        DCN_LEARNS_STATISTIC},
    .params_size = sizeof(Params),
    .setup = batchnormalization_setup,
    .forward = batchnormalization_forward,
    .rule_by = batchnormalization_rule,
    .back = DCN_BACK_ALL(batchnormalization_back),
    .starts = true,
    .bounded = batchnormalization_bounded,
    .grad_weights = batchnormalization_grad_weights,
    .training.update = batchnormalization_update,
    .reach.ahead = batchnormalization_reach_ahead,
    .reach.back = batchnormalization_reach_back,
    .reach.local = batchnormalization_local,
    .fuse.take = batchnormalization_fuse_clamp,
    .fuse.trains = true,
    .layer = "bn",
};
