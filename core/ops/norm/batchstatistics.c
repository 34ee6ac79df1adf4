/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchstatistics.c: BatchNormalization as a trainer needs it: mean and variance of each
 * channel over all images of the call and all places (Ioffe & Szegedy 2015, algorithm 1).
 *
 * With m values a channel and h = (x - mean) / sqrt(var + epsilon):
 *
 *     y  = clamp(h * scale + bias)
 *     dscale += sum dy * h,  dbias += sum dy
 *     dx += scale / sqrt(var + epsilon) * (dy - sum dy / m - h * (sum dy * h) / m)
 *
 * where dy counts only inside the clamp, a rectifier that was taken over; what it was
 * given is computed again from x, so y is not read on the way back.
 *
 * A channel is one thread's: its sums do not depend on the number of threads. Sums are of
 * doubles, so the variance can be the mean square less the squared mean: each way reads
 * its tensors twice only. */
#include "ops/norm/batchstatistics.h"
#include "base/vector.h"
#include <math.h>
#include <string.h>

enum { X, SCALE, BIAS, MEAN, VAR };

typedef struct {
    const DcnCall *call;
    float epsilon;
    DcnClamp clamp;
    size_t channels, images; /* images: of the call times axis 0 */
    size_t size;             /* of a plane */
} Batch;

static Batch
batch_of(const DcnCall *call, float epsilon, DcnClamp clamp)
{
    const DcnShape *shape = &call->in[X].shape;
    return (Batch){
        .call = call,
        .epsilon = epsilon,
        .clamp = clamp,
        .channels = (size_t)shape->dim[1],
        .images = call->batch * (size_t)shape->dim[0],
        .size = dcn_shape_product(shape, 2, shape->rank),
    };
}

/* Where the plane of an image lies; images of axis 0 and of the batch alike. */
static inline size_t
plane_at(const Batch *b, const DcnOperand *operand, size_t image, size_t channel)
{
    size_t inner = (size_t)operand->shape.dim[0], whole = image, rest = 0;
    if (inner > 1) {
        whole = image / inner;
        rest = image % inner;
    }
    return whole * operand->stride + (rest * b->channels + channel) * b->size;
}

/* --- two sums at once, in lanes --- */

#define LANES 8
typedef float Floats __attribute__((vector_size(LANES * sizeof(float))));
typedef double Doubles __attribute__((vector_size(LANES * sizeof(double))));

typedef struct {
    double a, b;
} Sums;

static inline Sums
add_up(const Doubles *a, const Doubles *b, Sums rest)
{
    for (int i = 0; i < LANES; i++) {
        rest.a += (*a)[i];
        rest.b += (*b)[i];
    }
    return rest;
}

/* Sums of x and of its squares. */
DCN_VECTOR static Sums
moments(const Batch *b, size_t c)
{
    const DcnOperand *x = &b->call->in[X];
    Doubles sum = {0}, square = {0};
    Sums rest = {0, 0};
    for (size_t n = 0; n < b->images; n++) {
        const float *from = x->data + plane_at(b, x, n, c);
        size_t i = 0;
        for (; i + LANES <= b->size; i += LANES) {
            Floats f;
            memcpy(&f, from + i, sizeof f);
            Doubles d = __builtin_convertvector(f, Doubles);
            sum += d;
            square += d * d;
        }
        for (; i < b->size; i++) {
            rest.a += (double)from[i];
            rest.b += (double)from[i] * (double)from[i];
        }
    }
    return add_up(&sum, &square, rest);
}

/* Channel c as the way back sees it. */
typedef struct {
    float mean, factor, bias; /* y = (x - mean) * factor + bias */
    float low, high;
} Line;

static inline float
inside(const Line *line, float x, float dy)
{
    float y = (x - line->mean) * line->factor + line->bias;
    return ((y > line->low) & (y < line->high)) ? dy : 0;
}

/* Sums of dy and of dy * (x - mean). */
DCN_VECTOR static Sums
slopes(const Batch *b, size_t c, const Line *line)
{
    const DcnOperand *x = &b->call->in[X], *y = &b->call->out[0];
    Line l = *line;
    Doubles sum = {0}, product = {0};
    Sums rest = {0, 0};
    for (size_t n = 0; n < b->images; n++) {
        const float *from = x->data + plane_at(b, x, n, c);
        const float *dy = y->grad + plane_at(b, y, n, c);
        size_t i = 0;
        for (; i + LANES <= b->size; i += LANES) {
            Floats f, g;
            memcpy(&f, from + i, sizeof f);
            memcpy(&g, dy + i, sizeof g);
            f -= l.mean;
            Floats value = f * l.factor + l.bias;
            __typeof__(value > value) in = (value > l.low) & (value < l.high), bits;
            memcpy(&bits, &g, sizeof bits);
            bits &= in;
            memcpy(&g, &bits, sizeof g);
            sum += __builtin_convertvector(g, Doubles);
            product += __builtin_convertvector(g * f, Doubles);
        }
        for (; i < b->size; i++) {
            float g = inside(&l, from[i], dy[i]);
            rest.a += (double)g;
            rest.b += (double)(g * (from[i] - l.mean));
        }
    }
    return add_up(&sum, &product, rest);
}

/* --- planes --- */

DCN_VECTOR static void
forward_plane(const Line *line, const float *restrict x, float *restrict y, size_t n)
{
    Line l = *line;
    for (size_t i = 0; i < n; i++) {
        float value = (x[i] - l.mean) * l.factor + l.bias;
        value = value < l.low ? l.low : value; /* NaN stays NaN */
        y[i] = value > l.high ? l.high : value;
    }
}

/* dx = or += factor * (dy - share - (x - mean) * slope) */
DCN_VECTOR static void
back_plane(const Line *line,
           const float *restrict x,
           const float *restrict dy,
           float *restrict dx,
           size_t n,
           float share,
           float slope,
           bool fresh)
{
    Line l = *line;
    if (fresh)
        for (size_t i = 0; i < n; i++)
            dx[i] =
                l.factor * (inside(&l, x[i], dy[i]) - share - (x[i] - l.mean) * slope);
    else
        for (size_t i = 0; i < n; i++)
            dx[i] +=
                l.factor * (inside(&l, x[i], dy[i]) - share - (x[i] - l.mean) * slope);
}

/* --- channels --- */

static Line
line_of(const Batch *b, size_t c)
{
    const float *kept = (const float *)(const void *)b->call->kept;
    float inverse = 1 / sqrtf(kept[b->channels + c] + b->epsilon);
    return (Line){
        .mean = kept[c],
        .factor = b->call->in[SCALE].data[c] * inverse,
        .bias = b->call->in[BIAS].data[c],
        .low = b->clamp.low,
        .high = b->clamp.high,
    };
}

static void
forward_channel(void *user, size_t c, size_t worker)
{
    const Batch *b = user;
    const DcnOperand *x = &b->call->in[X], *y = &b->call->out[0];
    float *kept = (float *)(void *)b->call->kept;
    double m = (double)b->images * (double)b->size;
    (void)worker;
    Sums sums = moments(b, c);
    double mean = sums.a / m, var = sums.b / m - mean * mean;
    kept[c] = (float)mean;
    kept[b->channels + c] = var > 0 || var != var ? (float)var : 0;
    Line line = line_of(b, c);
    for (size_t n = 0; n < b->images; n++)
        forward_plane(&line, x->data + plane_at(b, x, n, c),
                      y->data + plane_at(b, y, n, c), b->size);
}

void
dcn_batch_forward(const DcnCall *call, float epsilon, DcnClamp clamp)
{
    Batch b = batch_of(call, epsilon, clamp);
    dcn_parallel(call->context, b.channels, forward_channel, &b);
}

static void
back_channel(void *user, size_t c, size_t worker)
{
    const Batch *b = user;
    const DcnOperand *x = &b->call->in[X], *y = &b->call->out[0];
    const float *kept = (const float *)(const void *)b->call->kept;
    float inverse = 1 / sqrtf(kept[b->channels + c] + b->epsilon);
    double m = (double)b->images * (double)b->size;
    (void)worker;
    Line line = line_of(b, c);
    Sums sums = slopes(b, c, &line);
    double product = sums.b * (double)inverse;
    if (dcn_wants_weights(b->call, SCALE))
        b->call->in[SCALE].grad[c] += (float)product;
    if (dcn_wants_weights(b->call, BIAS))
        b->call->in[BIAS].grad[c] += (float)sums.a;
    if (!dcn_wants_back(b->call, X))
        return;
    float share = (float)(sums.a / m), slope = (float)(product / m) * inverse;
    for (size_t n = 0; n < b->images; n++) {
        size_t at = plane_at(b, x, n, c);
        back_plane(&line, x->data + at, y->grad + plane_at(b, y, n, c), x->grad + at,
                   b->size, share, slope, x->fresh);
    }
}

void
dcn_batch_back(const DcnCall *call, float epsilon, DcnClamp clamp)
{
    Batch b = batch_of(call, epsilon, clamp);
    if (call->out[0].grad)
        dcn_parallel(call->context, b.channels, back_channel, &b);
}

void
dcn_batch_update(const DcnCall *call, float momentum)
{
    Batch b = batch_of(call, 0, dcn_clamp_open());
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
