/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast.c: walks two broadcast operands in rows.
 *
 * Axes that both operands step through alike are merged, so 1x64x55x55 + 1x64x1x1 is 64
 * rows of 3025 in which the second operand stands still. Rows are worked in chunks; an
 * operand that stands still is spread over a chunk first, so that an operator needs one
 * plain loop. */
#include "ops/kit/broadcast.h"
#include <string.h>

#define CHUNK 256

/* Steps of a, b through the result, axis by axis; the last one is the row. */
typedef struct {
    int rank;
    size_t dim[DCN_MAX_RANK];
    size_t step[2][DCN_MAX_RANK];
    size_t rows, length;
} Walk;

/* Elements from one index of result axis i to the next; 0 where the operand is broadcast
 * or has no such axis. */
static size_t
axis_step(const DcnShape *result, const DcnShape *operand, int i)
{
    int axis = i - (result->rank - operand->rank);
    if (axis < 0 || operand->dim[axis] == 1)
        return 0;
    return dcn_shape_product(operand, axis + 1, operand->rank);
}

static Walk
walk_of(const DcnShape *y, const DcnShape *a, const DcnShape *b)
{
    Walk walk = {.rank = 0, .rows = 1, .length = 1};
    for (int i = 0; i < y->rank; i++) {
        size_t dim = (size_t)y->dim[i];
        if (dim == 1)
            continue;
        size_t sa = axis_step(y, a, i), sb = axis_step(y, b, i);
        int last = walk.rank - 1;
        if (last >= 0 && walk.step[0][last] == sa * dim &&
            walk.step[1][last] == sb * dim) {
            walk.dim[last] *= dim;
            walk.step[0][last] = sa;
            walk.step[1][last] = sb;
            continue;
        }
        walk.dim[walk.rank] = dim;
        walk.step[0][walk.rank] = sa;
        walk.step[1][walk.rank] = sb;
        walk.rank++;
    }
    if (walk.rank == 0) {
        walk.rank = 1;
        walk.dim[0] = 1;
    }
    walk.length = walk.dim[walk.rank - 1];
    for (int i = 0; i + 1 < walk.rank; i++)
        walk.rows *= walk.dim[i];
    return walk;
}

/* Where operand o's part of a row begins. */
static size_t
row_offset(const Walk *walk, int o, size_t row)
{
    size_t offset = 0;
    for (int i = walk->rank - 2; i >= 0; i--) {
        offset += row % walk->dim[i] * walk->step[o][i];
        row /= walk->dim[i];
    }
    return offset;
}

typedef struct {
    const DcnCall *call;
    Walk walk;
    size_t image;
    bool still[2]; /* the operand does not move along a row */
    const float *data[2];
    float *y;
    const float *dy;
    float *grad[2];
    bool fresh[2]; /* grad is written, not added to */
    DcnPairValues values;
    DcnPairSlopes slopes;
    const DcnClamp *clamp;
    float scale;  /* of what goes back, if it is not 1 */
    size_t parts; /* a row in parts, when rows are few and long */
} Pair;

static void
spread(float *chunk, float value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        chunk[i] = value;
}

static void
forward_piece(const Pair *pair, size_t row, size_t begin, size_t end)
{
    float chunk[2][CHUNK];
    const float *from[2];
    for (int o = 0; o < 2; o++) {
        from[o] = pair->data[o] + row_offset(&pair->walk, o, row);
        if (pair->still[o])
            spread(chunk[o], *from[o], end - begin < CHUNK ? end - begin : CHUNK);
    }
    float *y = pair->y + row * pair->walk.length;
    for (size_t i = begin; i < end; i += CHUNK) {
        size_t n = end - i < CHUNK ? end - i : CHUNK;
        pair->values(pair->still[0] ? chunk[0] : from[0] + i,
                     pair->still[1] ? chunk[1] : from[1] + i, y + i, n);
        if (pair->clamp) {
            DcnClamp clamp = *pair->clamp;
            for (size_t j = i; j < i + n; j++)
                y[j] = dcn_clamp(clamp, y[j]);
        }
    }
}

static void
forward_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Pair *pair = user;
    (void)worker;
    size_t length = pair->walk.length, part = (length - 1) / pair->parts + 1;
    for (size_t i = begin; i < end; i++) {
        size_t from = i % pair->parts * part, to = from + part;
        if (from < length)
            forward_piece(pair, i / pair->parts, from, to < length ? to : length);
    }
}

/* The elements begin .. end - 1 of a row. Only one thread may add to a broadcast operand's
 * sum, so back walks rows in order. */
static void
back_piece(const Pair *pair, size_t row, size_t begin, size_t end)
{
    float chunk[2][CHUNK], d[2][CHUNK];
    const float *from[2];
    float *to[2];
    double sum[2] = {0};
    for (int o = 0; o < 2; o++) {
        size_t offset = row_offset(&pair->walk, o, row);
        from[o] = pair->data[o] + offset;
        to[o] = pair->grad[o] ? pair->grad[o] + offset : NULL;
        if (pair->still[o])
            spread(chunk[o], *from[o], CHUNK);
    }
    size_t start = row * pair->walk.length;
    for (size_t i = begin; i < end; i += CHUNK) {
        size_t n = end - i < CHUNK ? end - i : CHUNK;
        pair->slopes(pair->still[0] ? chunk[0] : from[0] + i,
                     pair->still[1] ? chunk[1] : from[1] + i, pair->y + start + i,
                     pair->dy + start + i, d[0], d[1], n);
        for (int o = 0; o < 2; o++) {
            if (!to[o])
                continue;
            for (size_t j = 0; pair->scale != 1 && j < n; j++)
                d[o][j] *= pair->scale;
            if (pair->still[o])
                sum[o] += (double)dcn_sum(d[o], n);
            else if (pair->fresh[o])
                memcpy(to[o] + i, d[o], n * sizeof *d[o]);
            else
                for (size_t j = 0; j < n; j++)
                    to[o][i + j] += d[o][j];
        }
    }
    for (int o = 0; o < 2; o++)
        if (to[o] && pair->still[o])
            *to[o] += (float)sum[o];
}

static void
back_row(const Pair *pair, size_t row)
{
    back_piece(pair, row, 0, pair->walk.length);
}

static Pair
pair_of(const DcnCall *call, const DcnShape *a, const DcnShape *b)
{
    Pair pair = {
        .call = call, .walk = walk_of(&call->out[0].shape, a, b), .scale = 1, .parts = 1};
    for (int o = 0; o < 2; o++)
        pair.still[o] =
            pair.walk.step[o][pair.walk.rank - 1] == 0 && pair.walk.length > 1;
    return pair;
}

static void
forward_image(Pair *pair)
{
    size_t length = pair->walk.length, rows = pair->walk.rows, grain;
    if (length * rows == 0)
        return;
    pair->parts = length > 2 * DCN_GRAIN ? length / DCN_GRAIN : 1;
    grain = pair->parts > 1 ? 1 : DCN_GRAIN / length + 1;
    dcn_parallel_range(pair->call->context, rows * pair->parts, grain, forward_range,
                       pair);
}

bool
dcn_setup_broadcast(DcnSetup *setup)
{
    char a[128], b[128];
    if (dcn_shape_broadcast(setup->in[0], setup->in[1], &setup->out[0]))
        return true;
    return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit",
                          dcn_shape_print(setup->in[0], a),
                          dcn_shape_print(setup->in[1], b));
}

bool
dcn_setup_broadcast_many(DcnSetup *setup)
{
    char a[128], b[128];
    DcnShape result = *setup->in[0];
    for (size_t i = 1; i < setup->n_in; i++)
        if (!dcn_shape_broadcast(&result, setup->in[i], &result))
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit",
                dcn_shape_print(&result, a), dcn_shape_print(setup->in[i], b));
    setup->out[0] = result;
    return true;
}

void
dcn_pair_forward(const DcnCall *call, DcnPairValues values, const DcnClamp *clamp)
{
    const DcnOperand *a = &call->in[0], *b = &call->in[1], *y = &call->out[0];
    DcnShape flat;
    Pair pair = pair_of(call, &a->shape, &b->shape);
    size_t images = call->batch;
    /* Treats operands of equal shapes as one row over the whole batch. */
    if (images > 1 && a->stride == y->count && b->stride == y->count &&
        y->stride == y->count && y->count > 0) {
        flat = dcn_shape(1, (int64_t[]){(int64_t)(y->count * images)});
        pair.walk = walk_of(&flat, &flat, &flat);
        pair.still[0] = pair.still[1] = false;
        images = 1;
    }
    pair.values = values;
    pair.clamp = clamp && !dcn_clamp_is_open(*clamp) ? clamp : NULL;
    for (size_t n = 0; n < images; n++) {
        pair.data[0] = dcn_image(a, n);
        pair.data[1] = dcn_image(b, n);
        pair.y = dcn_image(y, n);
        forward_image(&pair);
    }
}

static void
back_images(void *user, size_t begin, size_t end, size_t worker)
{
    const Pair *shared = user;
    const DcnCall *call = shared->call;
    Pair pair = *shared;
    (void)worker;
    for (size_t n = begin; n < end; n++) {
        pair.y = dcn_image(&call->out[0], n);
        pair.dy = dcn_image_grad(&call->out[0], n);
        for (size_t o = 0; o < 2; o++) {
            pair.data[o] = dcn_image(&call->in[o], n);
            pair.grad[o] = shared->grad[o] ? dcn_image_grad(&call->in[o], n) : NULL;
        }
        for (size_t row = 0; row < pair.walk.rows; row++)
            back_row(&pair, row);
    }
}

/* True if the rows of a walk are channels, or there is one of all channels. */
static bool
rows_are_channels(const Walk *walk, const DcnShape *y)
{
    size_t plane = y->rank == 4 ? (size_t)(y->dim[2] * y->dim[3]) : 0;
    return plane > 0 && y->dim[0] == 1 &&
           (walk->length == plane || (walk->rows == 1 && walk->length % plane == 0));
}

bool
dcn_pair_bounded(const DcnCall *call)
{
    Walk walk = walk_of(&call->out[0].shape, &call->in[0].shape, &call->in[1].shape);
    return rows_are_channels(&walk, &call->out[0].shape);
}

static void
back_box(Pair *pair, const DcnBox *box)
{
    const DcnOperand *y = &pair->call->out[0];
    size_t width = (size_t)y->shape.dim[3], plane = (size_t)y->shape.dim[2] * width;
    pair->y = y->data;
    pair->dy = y->grad;
    for (int o = 0; o < 2; o++)
        pair->data[o] = pair->call->in[o].data;
    for (size_t c = (size_t)box->begin[0]; c < (size_t)box->end[0]; c++) {
        size_t row = pair->walk.rows > 1 ? c : 0, first = (c - row) * plane;
        back_piece(pair, row, first + (size_t)box->begin[1] * width,
                   first + (size_t)box->end[1] * width);
    }
}

static void
pair_back(const DcnCall *call, DcnPairSlopes slopes, bool constants)
{
    Pair pair = pair_of(call, &call->in[0].shape, &call->in[1].shape);
    pair.slopes = slopes;
    for (size_t o = 0; o < 2; o++)
        if (constants ? dcn_wants_weights(call, o) : dcn_wants_back(call, o)) {
            pair.grad[o] = call->in[o].grad;
            pair.fresh[o] = call->in[o].fresh;
        }
    if ((!pair.grad[0] && !pair.grad[1]) || call->out[0].count == 0)
        return;
    if (call->out[0].box)
        back_box(&pair, call->out[0].box);
    else if (constants) /* all images add to the same place */
        back_images(&pair, 0, call->batch, 0);
    else
        dcn_parallel_range(call->context, call->batch, 1, back_images, &pair);
}

void
dcn_pair_back(const DcnCall *call, DcnPairSlopes slopes)
{
    pair_back(call, slopes, false);
}

void
dcn_pair_grad_weights(const DcnCall *call, DcnPairSlopes slopes)
{
    pair_back(call, slopes, true);
}

static void
second_values(const float *a, const float *b, float *y, size_t n)
{
    (void)a;
    memcpy(y, b, n * sizeof *y);
}

void
dcn_many_forward(const DcnCall *call, DcnPairValues values)
{
    const DcnOperand *y = &call->out[0];
    for (size_t i = 0; i < call->n_in; i++) {
        Pair pair = pair_of(call, &y->shape, &call->in[i].shape);
        pair.values = i == 0 ? second_values : values;
        for (size_t n = 0; n < call->batch; n++) {
            pair.data[0] = pair.y = dcn_image(y, n);
            pair.data[1] = dcn_image(&call->in[i], n);
            forward_image(&pair);
        }
    }
}

static void
sum_slopes(const float *a,
           const float *b,
           const float *y,
           const float *dy,
           float *da,
           float *db,
           size_t n)
{
    (void)a, (void)b, (void)y, (void)da;
    memcpy(db, dy, n * sizeof *db);
}

void
dcn_many_back_sum(const DcnCall *call, float scale, bool constants)
{
    const DcnOperand *y = &call->out[0];
    for (size_t i = 0; i < call->n_in; i++) {
        if (!(constants ? dcn_wants_weights(call, i) : dcn_wants_back(call, i)))
            continue;
        Pair pair = pair_of(call, &y->shape, &call->in[i].shape);
        pair.slopes = sum_slopes;
        pair.scale = scale;
        for (size_t n = 0; n < call->batch && y->count > 0; n++) {
            pair.data[0] = pair.y = dcn_image(y, n);
            pair.data[1] = dcn_image(&call->in[i], n);
            pair.dy = dcn_image_grad(y, n);
            pair.grad[1] = dcn_image_grad(&call->in[i], n);
            for (size_t row = 0; row < pair.walk.rows; row++)
                back_row(&pair, row);
        }
    }
}

/* The first input that is what element i of the output is, and which element of it. n_in
 * if there is none, as with NaN. */
static size_t
taken(const DcnCall *call, size_t image, size_t i, size_t *element)
{
    const DcnOperand *y = &call->out[0];
    float value = dcn_image(y, image)[i];
    for (size_t k = 0; k < call->n_in; k++) {
        *element = dcn_broadcast_index(&y->shape, &call->in[k].shape, i);
        if (dcn_image(&call->in[k], image)[*element] == value)
            return k;
    }
    return call->n_in;
}

void
dcn_many_back_taken(const DcnCall *call, bool constants)
{
    const DcnOperand *y = &call->out[0];
    size_t at = 0;
    for (size_t n = 0; n < call->batch && y->grad; n++)
        for (size_t i = 0; i < y->count; i++) {
            size_t k = taken(call, n, i, &at);
            if (constants ? dcn_wants_weights(call, k) : dcn_wants_back(call, k))
                dcn_image_grad(&call->in[k], n)[at] += dcn_image_grad(y, n)[i];
        }
}
