/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RotaryEmbedding (opset 23, and com.microsoft's): the elements of each query or key are
 * turned in pairs, by angles that grow with its place (Su et al. 2021, "RoFormer"). With
 * c and s, cosine and sine of pair i at the row's place,
 *
 *     y[a] = c x[a] - s x[b]        y[b] = s x[a] + c x[b]
 *
 * where a, b = 2 i, 2 i + 1 if it is interleaved, else i, i + half; of a head's elements
 * the first rotary_embedding_dim are turned, the rest stays. x is B x heads x rows x size
 * or B x rows x (heads * size). Cosines and sines are tables of a row a place, looked up
 * by position_ids (com.microsoft: or counted from one number on), or of a row a row.
 * Tables and places are constants.
 *
 * Back, all methods: a linear map: the signal is turned back. */
#include "ops/kit/common.h"
#include <string.h>

typedef struct {
    size_t batches, heads, rows, size;
    size_t batch, head, row; /* steps through x */
    size_t half;             /* pairs of a head that are turned */
    size_t cos, places;      /* inputs; sines follow cosines. places 0: none */
    size_t table_batch;      /* without places: rows from one of B to the next */
    size_t places_batch;     /* the same for places; counted: there is one, the first */
    bool counted, interleaved;
} Params;

/* com.microsoft's may leave the heads to the width of the tables. */
static bool
read_rows(DcnSetup *setup, Params *p, int64_t turned, int64_t width)
{
    const DcnShape *x = setup->in[0];
    int64_t heads = dcn_node_int(setup->node, "num_heads", 0);
    char text[128];
    if (x->rank == 4) {
        p->heads = (size_t)x->dim[1];
        p->rows = (size_t)x->dim[2];
        p->size = p->row = (size_t)x->dim[3];
        p->head = p->rows * p->size;
        p->batch = p->heads * p->head;
    } else if (x->rank == 3) {
        if (heads == 0 && turned == 0 && setup->op->domain)
            heads = x->dim[2] / (2 * width);
        if (heads < 1 || x->dim[2] % heads != 0)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s of %lld heads",
                                  dcn_shape_print(x, text), (long long)heads);
        p->heads = (size_t)heads;
        p->rows = (size_t)x->dim[1];
        p->row = (size_t)x->dim[2];
        p->size = p->head = p->row / p->heads;
        p->batch = p->rows * p->row;
    } else {
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s: 3 or 4 axes",
                              dcn_shape_print(x, text));
    }
    p->batches = (size_t)x->dim[0];
    return true;
}

static bool
read_places(DcnSetup *setup, Params *p, int64_t table_rows)
{
    const DcnShape *shape = setup->in[p->places];
    const DcnTensor *value = setup->value[p->places];
    char text[128];
    size_t count = dcn_shape_count(shape);
    if (!value || !dcn_type_is_integer(value->type))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its places are no constant integers");
    p->counted = setup->op->domain && shape->rank < 2 && count == 1;
    if (!p->counted && (shape->rank != 2 || (size_t)shape->dim[1] != p->rows ||
                        (shape->dim[0] != 1 && (size_t)shape->dim[0] != p->batches)))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "places are %s for %zu rows",
                              dcn_shape_print(shape, text), p->rows);
    p->places_batch = shape->rank == 2 && shape->dim[0] > 1 ? p->rows : 0;
    for (size_t i = 0; i < count; i++) {
        int64_t first = dcn_tensor_integer(value, i);
        int64_t more = p->counted ? (int64_t)p->rows - 1 : 0;
        if (first < 0 || first > table_rows - 1 - more)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "place %lld of a table of %lld rows", (long long)first,
                                  (long long)table_rows);
    }
    return true;
}

static bool
rotaryembedding_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    bool own = !setup->op->domain; /* the order of inputs differs */
    char text[2][128];
    p->cos = own ? 1 : 2;
    p->places = !own ? 1 : dcn_has_input(setup, 3) ? 3 : 0;
    const DcnShape *cos = setup->in[p->cos], *sin = setup->in[p->cos + 1];
    int64_t turned = dcn_node_int(setup->node, "rotary_embedding_dim", 0);
    if (!setup->value[p->cos] || !setup->value[p->cos + 1])
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its angles are computed in a run");
    if (dcn_node_int(setup->node, "is_packed_batching", 0) != 0 ||
        dcn_node_float(setup->node, "scale", 1) != 1)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "packed batches, or a scale");
    if (cos->rank < 2 || !dcn_shape_equal(cos, sin))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "cosines are %s and sines %s",
                              dcn_shape_print(cos, text[0]),
                              dcn_shape_print(sin, text[1]));
    int64_t width = cos->dim[cos->rank - 1];
    if (width < 1 || width > INT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "cosines are %s",
                              dcn_shape_print(cos, text[0]));
    if (!read_rows(setup, p, turned, width))
        return false;
    p->interleaved = dcn_node_int(setup->node, "interleaved", 0) != 0;
    p->half = (size_t)width;
    int64_t wanted = turned > 0 ? turned : (int64_t)p->size;
    if (2 * width != wanted || (size_t)wanted > p->size)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "cosines are %s where %lld of %zu elements are turned",
                              dcn_shape_print(cos, text[0]), (long long)wanted, p->size);
    if (p->places != 0 && cos->rank == 2) {
        if (!read_places(setup, p, cos->dim[0]))
            return false;
    } else if (p->places != 0 || cos->rank != 3 || (size_t)cos->dim[1] != p->rows ||
               (cos->dim[0] != 1 && (size_t)cos->dim[0] != p->batches)) {
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "cosines are %s for %zu rows",
                              dcn_shape_print(cos, text[0]), p->rows);
    }
    p->table_batch = cos->rank == 3 && cos->dim[0] > 1 ? p->rows : 0;
    return dcn_setup_same(setup);
}

/* The row of the tables for a row of x. */
static size_t
table_row(const DcnCall *call, size_t batch, size_t row)
{
    const Params *p = call->params;
    if (p->places == 0)
        return batch * p->table_batch + row;
    const float *places = call->in[p->places].data;
    return p->counted ? (size_t)places[0] + row
                      : (size_t)places[batch * p->places_batch + row];
}

/* y += x turned; sign -1: turned back. */
static void
turn_row(const Params *p,
         const float *cos,
         const float *sin,
         const float *x,
         float *y,
         float sign)
{
    size_t step = p->interleaved ? 2 : 1, other = p->interleaved ? 1 : p->half;
    for (size_t i = 0; i < p->half; i++) {
        size_t a = i * step, b = a + other;
        float s = sign * sin[i];
        y[a] += cos[i] * x[a] - s * x[b];
        y[b] += s * x[a] + cos[i] * x[b];
    }
    for (size_t i = 2 * p->half; i < p->size; i++)
        y[i] += x[i];
}

static void
walk(const DcnCall *call, size_t index, bool back)
{
    const Params *p = call->params;
    size_t row = index % p->rows, head = index / p->rows % p->heads;
    size_t rest = index / p->rows / p->heads;
    size_t image = rest / p->batches, batch = rest % p->batches;
    size_t at = batch * p->batch + head * p->head + row * p->row;
    size_t table = table_row(call, batch, row) * p->half;
    const float *cos = call->in[p->cos].data + table;
    const float *sin = call->in[p->cos + 1].data + table;
    if (back) {
        turn_row(p, cos, sin, dcn_image_grad(&call->out[0], image) + at,
                 dcn_image_grad(&call->in[0], image) + at, -1);
    } else {
        float *y = dcn_image(&call->out[0], image) + at;
        memset(y, 0, p->size * sizeof *y);
        turn_row(p, cos, sin, dcn_image(&call->in[0], image) + at, y, 1);
    }
}

static void
rotaryembedding_forward(const DcnCall *call)
{
    const Params *p = call->params;
    size_t rows = call->batch * p->batches * p->heads * p->rows;
    for (size_t i = 0; i < rows; i++)
        walk(call, i, false);
}

static void
rotaryembedding_back(const DcnCall *call)
{
    const Params *p = call->params;
    size_t rows = call->batch * p->batches * p->heads * p->rows;
    for (size_t i = 0; dcn_wants_back(call, 0) && i < rows; i++)
        walk(call, i, true);
}

/* All of a head's elements are one another's, or all of a row's. */
static void
rows_kept(const DcnShape *x, int from[DCN_MAX_RANK])
{
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = i < x->rank - 1 ? i : -1;
}

static void
rotaryembedding_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int from[DCN_MAX_RANK];
    if (input != 0) {
        *out = dcn_shape_box(&call->out[output].shape);
        return;
    }
    rows_kept(&call->out[output].shape, from);
    dcn_reach_axes(&call->out[output].shape, from, in, out);
}

static void
rotaryembedding_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int from[DCN_MAX_RANK];
    (void)output;
    if (input != 0) {
        *in = dcn_shape_box(&call->in[input].shape);
        return;
    }
    rows_kept(&call->in[0].shape, from);
    dcn_reach_axes(&call->in[0].shape, from, out, in);
}

#define ENTRY                                                                            \
    .name = "RotaryEmbedding", .outputs = {1, 1}, .params_size = sizeof(Params),         \
    .setup = rotaryembedding_setup, .forward = rotaryembedding_forward,                  \
    .back = DCN_BACK_ALL(rotaryembedding_back),                                          \
    .reach.ahead = rotaryembedding_reach_ahead, .reach.back = rotaryembedding_reach_back

const DcnOp dcn_op_rotaryembedding = {.inputs = {3, 4}, ENTRY};
const DcnOp dcn_op_rotaryembedding_ms = {
    .domain = "com.microsoft", .inputs = {4, 4}, ENTRY};
