/* batchstatistics.c: BatchNormalization as a trainer needs it: mean and variance of each
 * channel over all images of the call and all places (Ioffe & Szegedy 2015, algorithm 1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With m values a channel and h = (x - mean) / sqrt(var + epsilon):
 *
 *     y  = h * scale + bias
 *     dscale += sum dy * h,  dbias += sum dy
 *     dx += scale / sqrt(var + epsilon) * (dy - sum dy / m - h * (sum dy * h) / m)
 *
 * A channel is one thread's: its sums do not depend on the number of threads.
 */
#include "batchstatistics.h"
#include <math.h>
#include <string.h>

enum { X, SCALE, BIAS, MEAN, VAR };

typedef struct {
    const DcnCall *call;
    float epsilon;
    size_t channels, images; /* images: of the call times axis 0 */
    size_t size;             /* of a plane */
} Batch;

static Batch
batch_of(const DcnCall *call, float epsilon)
{
    const DcnShape *shape = &call->in[X].shape;
    return (Batch){
        .call = call,
        .epsilon = epsilon,
        .channels = (size_t)shape->dim[1],
        .images = call->batch * (size_t)shape->dim[0],
        .size = dcn_shape_product(shape, 2, shape->rank),
    };
}

/* Where the plane of an image lies; images of axis 0 and of the batch alike. */
static size_t
plane_at(const Batch *b, const DcnOperand *operand, size_t image, size_t channel)
{
    size_t inner = (size_t)operand->shape.dim[0];
    return image / inner * operand->stride +
           (image % inner * b->channels + channel) * b->size;
}

/* Sum of (x - mean)^2, in eight lanes. */
static float
squares(const float *x, size_t n, float mean)
{
    float lane[8] = {0}, rest = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t k = 0; k < 8; k++) {
            float d = x[i + k] - mean;
            lane[k] += d * d;
        }
    for (; i < n; i++)
        rest += (x[i] - mean) * (x[i] - mean);
    return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
           ((lane[2] + lane[6]) + (lane[3] + lane[7])) + rest;
}

static void
forward_channel(void *user, size_t c, size_t worker)
{
    const Batch *b = user;
    const DcnOperand *x = &b->call->in[X], *y = &b->call->out[0];
    float *kept = (float *)(void *)b->call->kept;
    double sum = 0, square = 0, m = (double)b->images * (double)b->size;
    (void)worker;
    for (size_t n = 0; n < b->images; n++)
        sum += (double)dcn_sum(x->data + plane_at(b, x, n, c), b->size);
    float mean = (float)(sum / m);
    for (size_t n = 0; n < b->images; n++)
        square += (double)squares(x->data + plane_at(b, x, n, c), b->size, mean);
    float var = (float)(square / m);
    kept[c] = mean;
    kept[b->channels + c] = var;
    float factor = b->call->in[SCALE].data[c] / sqrtf(var + b->epsilon);
    float bias = b->call->in[BIAS].data[c];
    for (size_t n = 0; n < b->images; n++) {
        const float *restrict from = x->data + plane_at(b, x, n, c);
        float *restrict to = y->data + plane_at(b, y, n, c);
        for (size_t i = 0; i < b->size; i++)
            to[i] = (from[i] - mean) * factor + bias;
    }
}

void
dcn_batch_forward(const DcnCall *call, float epsilon)
{
    Batch b = batch_of(call, epsilon);
    dcn_parallel(call->context, b.channels, forward_channel, &b);
}

static void
back_channel(void *user, size_t c, size_t worker)
{
    const Batch *b = user;
    const DcnOperand *x = &b->call->in[X], *y = &b->call->out[0];
    const float *kept = (const float *)(const void *)b->call->kept;
    float mean = kept[c], inverse = 1 / sqrtf(kept[b->channels + c] + b->epsilon);
    double sum = 0, product = 0, m = (double)b->images * (double)b->size;
    (void)worker;
    for (size_t n = 0; n < b->images; n++) {
        const float *dy = y->grad + plane_at(b, y, n, c);
        double own = (double)dcn_sum(dy, b->size);
        sum += own;
        product += (double)dcn_dot(dy, x->data + plane_at(b, x, n, c), b->size) -
                   own * (double)mean;
    }
    product *= (double)inverse;
    if (dcn_wants_weights(b->call, SCALE))
        b->call->in[SCALE].grad[c] += (float)product;
    if (dcn_wants_weights(b->call, BIAS))
        b->call->in[BIAS].grad[c] += (float)sum;
    if (!dcn_wants_back(b->call, X))
        return;
    float factor = b->call->in[SCALE].data[c] * inverse;
    float share = (float)(sum / m), slope = (float)(product / m) * inverse;
    for (size_t n = 0; n < b->images; n++) {
        const float *restrict dy = y->grad + plane_at(b, y, n, c);
        const float *restrict from = x->data + plane_at(b, x, n, c);
        float *restrict dx = x->grad + plane_at(b, x, n, c);
        if (x->fresh)
            memset(dx, 0, b->size * sizeof *dx);
        for (size_t i = 0; i < b->size; i++)
            dx[i] += factor * (dy[i] - share - (from[i] - mean) * slope);
    }
}

void
dcn_batch_back(const DcnCall *call, float epsilon)
{
    Batch b = batch_of(call, epsilon);
    if (call->out[0].grad)
        dcn_parallel(call->context, b.channels, back_channel, &b);
}

void
dcn_batch_update(const DcnCall *call, float momentum)
{
    Batch b = batch_of(call, 0);
    const float *kept = (const float *)(const void *)call->kept;
    double m = (double)b.images * (double)b.size;
    double unbiased = m > 1 ? m / (m - 1) : 1;
    float *mean = call->in[MEAN].data, *var = call->in[VAR].data;
    for (size_t c = 0; c < b.channels; c++) {
        float own = (float)((double)kept[b.channels + c] * unbiased);
        mean[c] = momentum * mean[c] + (1 - momentum) * kept[c];
        var[c] = momentum * var[c] + (1 - momentum) * own;
    }
}
