/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attention (opset 23): for each head, y = softmax(cap(scale * q k^T + mask)) v, with one
 * row of q for each query, and one row of k and of v for each key.
 *
 * q, k and v are B x heads x rows x size, or B x rows x (heads * size) with the numbers
 * of heads as attributes; several heads of q may share one of k and v. The mask is a
 * constant: numbers that are added, or truths where false is shut out; is_causal shuts
 * out what lies behind a query. cap(s) = softcap * tanh(s / softcap), where softcap is
 * not 0. A query that all keys are masked for gets zeroes. Keys of past runs are refused.
 *
 * Back, all methods: the derivative, to q, k and v. The weights p of the softmax are
 * computed again. */
#include "ops/kit/softmax_row.h"
#include "ops/product/product.h"
#include <math.h>
#include <string.h>

enum { Q, K, V, MASK };

/* Where the heads of an operand lie: head h of batch b begins at b * batch + h * head,
 * its rows are `row` apart. */
typedef struct {
    size_t heads, rows, size;
    size_t batch, head, row;
} Heads;

typedef struct {
    Heads q, k, v, y;
    size_t batches;
    size_t share; /* heads of q that share one of k and v */
    float scale, softcap;
    bool causal, truths; /* the mask holds truths */
    size_t mask_step[4]; /* batch, head, query, key; 0: broadcast */
} Params;

static bool
read_heads(DcnSetup *setup, size_t input, const char *count, Heads *heads)
{
    const DcnShape *x = setup->in[input];
    char text[128];
    if (x->rank == 4) {
        heads->heads = (size_t)x->dim[1];
        heads->rows = (size_t)x->dim[2];
        heads->size = heads->row = (size_t)x->dim[3];
        heads->head = heads->rows * heads->size;
        heads->batch = heads->heads * heads->head;
        return true;
    }
    int64_t n = dcn_node_int(setup->node, count, 0);
    if (x->rank != 3 || n < 1 || x->dim[2] % n != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "input %zu is %s with %s %lld",
                              input, dcn_shape_print(x, text), count, (long long)n);
    heads->heads = (size_t)n;
    heads->rows = (size_t)x->dim[1];
    heads->row = (size_t)x->dim[2];
    heads->size = heads->head = heads->row / heads->heads;
    heads->batch = heads->rows * heads->row;
    return true;
}

static bool
read_mask(DcnSetup *setup, Params *p)
{
    const DcnShape *x = setup->in[MASK];
    if (!setup->value[MASK])
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its mask is computed in a run");
    int64_t wanted[4] = {(int64_t)p->batches, (int64_t)p->q.heads, (int64_t)p->q.rows,
                         (int64_t)p->k.rows};
    size_t step = 1;
    char text[128];
    p->truths = setup->value[MASK]->type == DCN_BOOL;
    for (int i = 3, k = x->rank - 1; k >= 0; i--, k--) {
        if (i < 0 || (x->dim[k] != 1 && x->dim[k] != wanted[i]))
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "a mask of %s for %zu heads, %zu queries and %zu keys",
                                  dcn_shape_print(x, text), p->q.heads, p->q.rows,
                                  p->k.rows);
        p->mask_step[i] = x->dim[k] == 1 ? 0 : step;
        step *= (size_t)x->dim[k];
    }
    return true;
}

/* Of three matrices of scores, in whole cache lines. */
static size_t
scores_floats(const Params *p)
{
    return (3 * p->q.rows * p->k.rows + 15) / 16 * 16;
}

static bool
attention_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    if (!read_heads(setup, Q, "q_num_heads", &p->q) ||
        !read_heads(setup, K, "kv_num_heads", &p->k) ||
        !read_heads(setup, V, "kv_num_heads", &p->v))
        return false;
    for (size_t i = MASK + 1; i < setup->n_in; i++)
        if (setup->in[i])
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "keys of past runs, or rows of padding");
    if (dcn_node_int(setup->node, "left_window_size", -1) >= 0 ||
        dcn_node_int(setup->node, "right_window_size", -1) >= 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "windows of keys");
    const DcnShape *q = setup->in[Q], *k = setup->in[K], *v = setup->in[V];
    char text[3][128];
    p->batches = (size_t)q->dim[0];
    if (q->rank != k->rank || q->rank != v->rank || q->dim[0] != k->dim[0] ||
        q->dim[0] != v->dim[0] || p->q.size != p->k.size || p->k.rows != p->v.rows ||
        p->k.heads != p->v.heads || p->k.heads == 0 || p->q.heads % p->k.heads != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "inputs of %s, %s and %s do not fit",
                              dcn_shape_print(q, text[0]), dcn_shape_print(k, text[1]),
                              dcn_shape_print(v, text[2]));
    if (dcn_shape_count(q) == 0 || dcn_shape_count(k) == 0 || dcn_shape_count(v) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an input is empty");
    p->share = p->q.heads / p->k.heads;
    p->causal = dcn_node_int(setup->node, "is_causal", 0) != 0;
    p->softcap = dcn_node_float(setup->node, "softcap", 0);
    p->scale = dcn_node_float(setup->node, "scale", 1 / sqrtf((float)p->q.size));
    setup->out[0] = *q;
    p->y = p->q;
    p->y.size = p->v.size;
    if (q->rank == 4) {
        setup->out[0].dim[3] = v->dim[3];
        p->y.row = p->y.size;
        p->y.head = p->y.rows * p->y.size;
        p->y.batch = p->y.heads * p->y.head;
    } else {
        p->y.row = p->y.heads * p->y.size;
        p->y.head = p->y.size;
        p->y.batch = p->y.rows * p->y.row;
        setup->out[0].dim[2] = (int64_t)p->y.row;
    }
    DcnShape scores = dcn_shape(2, (int64_t[]){q->dim[q->rank - 2], k->dim[q->rank - 2]});
    size_t count;
    if (!dcn_shape_elements(&scores, &count) || count > (size_t)1 << 30 ||
        !dcn_setup_matrix(setup, q->dim[q->rank - 1]) ||
        !dcn_setup_matrix(setup, v->dim[q->rank - 1]) ||
        !dcn_setup_matrix(setup, (int64_t)p->y.row))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too large: %s",
                              dcn_shape_print(q, text[0]));
    setup->scratch = scores_floats(p) * sizeof(float) + DCN_PRODUCT_SCRATCH;
    return !dcn_has_input(setup, MASK) || read_mask(setup, p);
}

/* One head of q with its keys and values. */
typedef struct {
    const DcnCall *call;
    const Params *p;
    size_t image, batch, head; /* of q */
} Head;

static float *
matrix(const Head *h, float *image, const Heads *heads, size_t head)
{
    return image + h->batch * heads->batch + head * heads->head;
}

/* The numbers behind the softmax: what is added to the score of query i and key j. */
static float
mask_at(const Head *h, size_t i, size_t j)
{
    const Params *p = h->p;
    const DcnOperand *mask = dcn_input(h->call, MASK);
    if (p->causal && j > i)
        return -INFINITY;
    if (!mask)
        return 0;
    float value =
        dcn_image(mask, h->image)[h->batch * p->mask_step[0] + h->head * p->mask_step[1] +
                                  i * p->mask_step[2] + j * p->mask_step[3]];
    return !p->truths ? value : value != 0 ? 0 : -INFINITY;
}

/* A query that may see nothing gets nothing. */
static void
softmax_row(float *row, size_t n)
{
    size_t hidden = 0;
    while (hidden < n && row[hidden] == -INFINITY)
        hidden++;
    if (hidden == n)
        memset(row, 0, n * sizeof *row);
    else
        dcn_softmax_row(row, n);
}

/* p: queries x keys. capped: the scores before the softmax, or NULL. */
static void
weights_of(const Head *h, float *weights, float *capped, float *room)
{
    const Params *p = h->p;
    const DcnCall *call = h->call;
    size_t queries = p->q.rows, keys = p->k.rows;
    dcn_product_here(&(DcnProduct){
        .transpose_b = true,
        .m = queries,
        .n = keys,
        .k = p->q.size,
        .alpha = p->scale,
        .a = matrix(h, dcn_image(&call->in[Q], h->image), &p->q, h->head),
        .lda = p->q.row,
        .b = matrix(h, dcn_image(&call->in[K], h->image), &p->k, h->head / p->share),
        .ldb = p->k.row,
        .c = weights,
        .ldc = keys,
        .room = room,
    });
    for (size_t i = 0; i < queries; i++) {
        float *row = weights + i * keys;
        for (size_t j = 0; j < keys; j++) {
            row[j] += mask_at(h, i, j);
            if (p->softcap > 0)
                row[j] = p->softcap * tanhf(row[j] / p->softcap);
        }
        if (capped)
            memcpy(capped + i * keys, row, keys * sizeof *row);
        softmax_row(row, keys);
    }
}

static void
forward_head(const Head *h, float *scratch)
{
    const Params *p = h->p;
    const DcnCall *call = h->call;
    float *room = scratch + scores_floats(p);
    weights_of(h, scratch, NULL, room);
    dcn_product_here(&(DcnProduct){
        .m = p->q.rows,
        .n = p->v.size,
        .k = p->k.rows,
        .alpha = 1,
        .a = scratch,
        .lda = p->k.rows,
        .b = matrix(h, dcn_image(&call->in[V], h->image), &p->v, h->head / p->share),
        .ldb = p->v.row,
        .c = matrix(h, dcn_image(&call->out[0], h->image), &p->y, h->head),
        .ldc = p->y.row,
        .room = room,
    });
}

/* ds of the scores, in place of dp, what comes to the weights. */
static void
back_through_softmax(const Params *p,
                     const float *weights,
                     const float *capped,
                     float *dp)
{
    size_t keys = p->k.rows;
    for (size_t i = 0; i < p->q.rows; i++) {
        const float *w = weights + i * keys, *s = capped + i * keys;
        float *d = dp + i * keys;
        float sum = dcn_dot(w, d, keys);
        for (size_t j = 0; j < keys; j++) {
            d[j] = w[j] * (d[j] - sum);
            if (p->softcap > 0)
                d[j] *= 1 - s[j] / p->softcap * (s[j] / p->softcap);
        }
    }
}

static void
back_head(const Head *h, float *scratch)
{
    const Params *p = h->p;
    const DcnCall *call = h->call;
    size_t queries = p->q.rows, keys = p->k.rows, shared = h->head / p->share;
    float *weights = scratch, *capped = weights + queries * keys;
    float *ds = capped + queries * keys, *room = scratch + scores_floats(p);
    const float *dy = matrix(h, dcn_image_grad(&call->out[0], h->image), &p->y, h->head);
    weights_of(h, weights, capped, room);
    if (dcn_wants_back(call, V))
        dcn_product_here(&(DcnProduct){
            .transpose_a = true,
            .m = keys,
            .n = p->v.size,
            .k = queries,
            .alpha = 1,
            .beta = 1,
            .a = weights,
            .lda = keys,
            .b = dy,
            .ldb = p->y.row,
            .c = matrix(h, dcn_image_grad(&call->in[V], h->image), &p->v, shared),
            .ldc = p->v.row,
            .room = room,
        });
    dcn_product_here(&(DcnProduct){
        .transpose_b = true,
        .m = queries,
        .n = keys,
        .k = p->v.size,
        .alpha = 1,
        .a = dy,
        .lda = p->y.row,
        .b = matrix(h, dcn_image(&call->in[V], h->image), &p->v, shared),
        .ldb = p->v.row,
        .c = ds,
        .ldc = keys,
        .room = room,
    });
    back_through_softmax(p, weights, capped, ds);
    if (dcn_wants_back(call, Q))
        dcn_product_here(&(DcnProduct){
            .m = queries,
            .n = p->q.size,
            .k = keys,
            .alpha = p->scale,
            .beta = 1,
            .a = ds,
            .lda = keys,
            .b = matrix(h, dcn_image(&call->in[K], h->image), &p->k, shared),
            .ldb = p->k.row,
            .c = matrix(h, dcn_image_grad(&call->in[Q], h->image), &p->q, h->head),
            .ldc = p->q.row,
            .room = room,
        });
    if (dcn_wants_back(call, K))
        dcn_product_here(&(DcnProduct){
            .transpose_a = true,
            .m = keys,
            .n = p->q.size,
            .k = queries,
            .alpha = p->scale,
            .beta = 1,
            .a = ds,
            .lda = keys,
            .b = matrix(h, dcn_image(&call->in[Q], h->image), &p->q, h->head),
            .ldb = p->q.row,
            .c = matrix(h, dcn_image_grad(&call->in[K], h->image), &p->k, shared),
            .ldc = p->k.row,
            .room = room,
        });
}

typedef struct {
    const DcnCall *call;
    void (*work)(const Head *h, float *scratch);
} Walk;

/* The heads that share one of k and v, one after the other: they add to the same
 * signal. */
static void
shared_heads(void *user, size_t index, size_t worker)
{
    const Walk *walk = user;
    const Params *p = walk->call->params;
    size_t shared = index % p->k.heads, rest = index / p->k.heads;
    Head h = {walk->call, p, rest / p->batches, rest % p->batches, 0};
    for (size_t i = 0; i < p->share; i++) {
        h.head = shared * p->share + i;
        walk->work(&h, dcn_scratch(walk->call->context, worker));
    }
}

static void
walk_heads(const DcnCall *call, void (*work)(const Head *, float *))
{
    const Params *p = call->params;
    Walk walk = {call, work};
    if (call->out[0].count > 0)
        dcn_parallel(call->context, call->batch * p->batches * p->k.heads, shared_heads,
                     &walk);
}

static void
attention_forward(const DcnCall *call)
{
    walk_heads(call, forward_head);
}

static void
attention_back(const DcnCall *call)
{
    if (dcn_wants_back(call, Q) || dcn_wants_back(call, K) || dcn_wants_back(call, V))
        walk_heads(call, back_head);
}

/* A query's row stays a row, and so does its head, where heads are an axis. */
static void
rows_kept(const DcnCall *call, size_t input, int from[DCN_MAX_RANK])
{
    bool four = call->out[0].shape.rank == 4;
    const Params *p = call->params;
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = -1;
    if (four && (input == Q || (input < MASK && p->share == 1)))
        from[1] = 1;
    if (input == Q)
        from[four ? 2 : 1] = four ? 2 : 1;
}

static void
attention_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int from[DCN_MAX_RANK];
    rows_kept(call, input, from);
    dcn_reach_axes(&call->out[output].shape, from, in, out);
}

static void
attention_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int from[DCN_MAX_RANK];
    (void)output;
    rows_kept(call, input, from);
    dcn_reach_axes(&call->in[input].shape, from, out, in);
}

const DcnOp dcn_op_attention = {
    .name = "Attention",
    .inputs = {3, 7},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = attention_setup,
    .forward = attention_forward,
    .back = DCN_BACK_ALL(attention_back),
    .reach.ahead = attention_reach_ahead,
    .reach.back = attention_reach_back,
    .layer = "attention",
};
