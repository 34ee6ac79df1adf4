/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LRN: y_c = x_c * s_c^-beta, s_c = bias + alpha / size * sum of x_k^2 over the channels
 * k of the window W(c) = c - floor((size-1)/2) .. c + ceil((size-1)/2), cut off at the
 * ends (Krizhevsky et al. 2012, section 3.3). Where a file has it in pieces (lrn.h), the
 * window may begin elsewhere.
 *
 * Deconvnet         dx += dy. The path of reconstruction has no contrast normalisation:
 * it unpools, rectifies and filters (Zeiler & Fergus 2014, section 2.1). One in pieces
 * goes back as these, by the gradient. Guided, gradient
 * dx_k += dy_k * s_k^-beta - 2 alpha beta / size * x_k * sum over the c with k in W(c) of
 * dy_c * x_c * s_c^(-beta-1). */
#include "ops/norm/lrn.h"
#include "base/vector.h"
#include "ops/kit/common.h"
#include <math.h>
#include <string.h>

/* Places of a plane that are treated at a time, all channels of each. */
#define CHUNK ((size_t)64)

typedef struct {
    float alpha, beta, bias;
    int64_t size, low, high;         /* W(c) is c - low .. c + high */
    bool pieces;                     /* the file has it in pieces */
    size_t images, channels, places; /* of the input: axis 0, axis 1, the rest */
} Params;

static bool
lrn_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (x->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the input is %s and has no channels",
                              dcn_shape_print(x, text));
    p->size = dcn_node_int(setup->node, "size", 0);
    if (p->size < 1 || p->size > INT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "size is %lld",
                              (long long)p->size);
    p->pieces = dcn_node_attribute(setup->node, DCN_LRN_BEFORE) != NULL;
    p->low = dcn_node_int(setup->node, DCN_LRN_BEFORE, (p->size - 1) / 2);
    if (p->low < 0 || p->low >= p->size)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s is %lld", DCN_LRN_BEFORE,
                              (long long)p->low);
    p->high = p->size - 1 - p->low;
    p->alpha = dcn_node_float(setup->node, "alpha", 1e-4F);
    p->beta = dcn_node_float(setup->node, "beta", 0.75F);
    p->bias = dcn_node_float(setup->node, "bias", 1);
    p->images = (size_t)x->dim[0];
    p->channels = (size_t)x->dim[1];
    p->places = dcn_shape_product(x, 2, x->rank);
    dcn_setup_scratch(setup, (2 * p->channels + 1) * CHUNK * sizeof(float));
    return dcn_setup_same(setup);
}

/* sum[i] = over channels first .. last (cut off) of f[channel][i] */
__attribute__((always_inline)) static inline void
window_sum(const Params *p,
           int64_t first,
           int64_t last,
           const float *f,
           size_t step,
           size_t n,
           bool squares,
           float *restrict sum)
{
    first = dcn_max_i64(first, 0);
    last = dcn_min_i64(last, (int64_t)p->channels - 1);
    memset(sum, 0, n * sizeof *sum);
    for (int64_t k = first; k <= last; k++) {
        const float *restrict row = f + (size_t)k * step;
        if (squares)
            for (size_t i = 0; i < n; i++)
                sum[i] += row[i] * row[i];
        else
            for (size_t i = 0; i < n; i++)
                sum[i] += row[i];
    }
}

/* s -> s^-beta; 3/4 is what nets have. */
__attribute__((always_inline)) static inline void
powers(const Params *p, float *s, size_t n)
{
    if (p->beta == 0.75F)
        for (size_t i = 0; i < n; i++) {
            float root = 1 / sqrtf(s[i]);
            s[i] = root * sqrtf(root);
        }
    else
        for (size_t i = 0; i < n; i++)
            s[i] = powf(s[i], -p->beta);
}

/* s_c of n places from x (channel 0, first place) */
__attribute__((always_inline)) static inline void
scales(const Params *p, size_t c, const float *x, size_t n, float *s)
{
    window_sum(p, (int64_t)c - p->low, (int64_t)c + p->high, x, p->places, n, true, s);
    for (size_t i = 0; i < n; i++)
        s[i] = p->bias + p->alpha / (float)p->size * s[i];
}

typedef struct {
    size_t image, offset, n; /* offset: of channel 0 in the image */
} Chunk;

static size_t
chunk_count(const Params *p)
{
    return (p->places + CHUNK - 1) / CHUNK;
}

static Chunk
chunk_at(const Params *p, size_t index)
{
    size_t chunks = chunk_count(p), begin = index % chunks * CHUNK;
    index /= chunks;
    size_t inner = index % p->images;
    return (Chunk){.image = index / p->images,
                   .offset = inner * p->channels * p->places + begin,
                   .n = p->places - begin < CHUNK ? p->places - begin : CHUNK};
}

DCN_VECTOR static void
normalise(const Params *p, const float *x, float *restrict y, size_t n, float *restrict s)
{
    for (size_t c = 0; c < p->channels; c++) {
        scales(p, c, x, n, s);
        powers(p, s, n);
        for (size_t i = 0; i < n; i++)
            y[c * p->places + i] = x[c * p->places + i] * s[i];
    }
}

static void
forward_chunk(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    Chunk chunk = chunk_at(p, index);
    normalise(p, dcn_image(&call->in[0], chunk.image) + chunk.offset,
              dcn_image(&call->out[0], chunk.image) + chunk.offset, chunk.n,
              dcn_scratch(call->context, worker));
}

static void
lrn_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_parallel(call->context, call->batch * p->images * chunk_count(p), forward_chunk,
                 (void *)call);
}

static void
gradient_chunk(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    Chunk chunk = chunk_at(p, index);
    size_t n = chunk.n, step = p->places;
    const float *x = dcn_image(&call->in[0], chunk.image) + chunk.offset;
    const float *dy = dcn_image_grad(&call->out[0], chunk.image) + chunk.offset;
    float *dx = dcn_image_grad(&call->in[0], chunk.image) + chunk.offset;
    float *sum = dcn_scratch(call->context, worker);
    float *power = sum + CHUNK;             /* [c][CHUNK] s_c^-beta */
    float *t = power + p->channels * CHUNK; /* [c][CHUNK] dy_c * x_c * s_c^(-beta-1) */
    for (size_t c = 0; c < p->channels; c++) {
        float *own = power + c * CHUNK, *term = t + c * CHUNK;
        scales(p, c, x, n, own);
        for (size_t i = 0; i < n; i++)
            term[i] = dy[c * step + i] * x[c * step + i] / own[i];
        powers(p, own, n);
        for (size_t i = 0; i < n; i++)
            term[i] *= own[i];
    }
    float factor = 2 * p->alpha * p->beta / (float)p->size;
    for (size_t k = 0; k < p->channels; k++) {
        window_sum(p, (int64_t)k - p->high, (int64_t)k + p->low, t, CHUNK, n, false, sum);
        for (size_t i = 0; i < n; i++)
            dx[k * step + i] += dy[k * step + i] * power[k * CHUNK + i] -
                                factor * x[k * step + i] * sum[i];
    }
}

static void
lrn_gradient(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch * p->images * chunk_count(p),
                     gradient_chunk, (void *)call);
}

static void
lrn_deconvnet(const DcnCall *call)
{
    const Params *p = call->params;
    (p->pieces ? lrn_gradient : dcn_copy_back)(call);
}

static DcnRule
lrn_rule(const void *params)
{
    const Params *p = params;
    return p->pieces ? DCN_RULE_DERIVATIVE : DCN_RULE_UNCHANGED;
}

static void
lrn_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    *out = *in;
    if (dcn_box_is_empty(in))
        return;
    out->begin[0] -= p->high;
    out->end[0] += p->low;
}

static void
lrn_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    *in = *out;
    if (dcn_box_is_empty(out))
        return;
    in->begin[0] -= p->low;
    in->end[0] += p->high;
}

const DcnOp dcn_op_lrn = {
    .name = "LRN",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_NORMALISES,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = lrn_setup,
    .forward = lrn_forward,
    .rule_by = lrn_rule,
    .back =
        {
            [DCN_DECONVNET] = lrn_deconvnet,
            [DCN_GUIDED] = lrn_gradient,
            [DCN_GRADIENT] = lrn_gradient,
        },
    .reach.ahead = lrn_reach_ahead,
    .reach.back = lrn_reach_back,
    .reach.local = dcn_local_places,
    .layer = "norm",
};
