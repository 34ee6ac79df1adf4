/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums_matrix.c: exact products of matrices, and the way back through them. */
#include "ops/quant/sums_matrix.h"
#include "ops/quant/affine.h"

/* Axes before the matrix, and how many matrices each step of one skips. */
static void
steps_of(const DcnShape *operand, const DcnShape *batch, size_t step[DCN_MAX_RANK])
{
    size_t matrices = 1;
    for (int i = batch->rank - 1, j = operand->rank - 1; i >= 0; i--, j--) {
        size_t dim = j >= 0 ? (size_t)operand->dim[j] : 1;
        step[i] = dim > 1 ? matrices : 0;
        matrices *= dim;
    }
}

static DcnShape
axes_before(const DcnShape *shape)
{
    DcnShape result = *shape;
    result.rank = shape->rank < 2 ? 0 : shape->rank - 2;
    return result;
}

static bool
does_not_fit(DcnSetup *setup, const DcnShape *a, const DcnShape *b)
{
    char text[2][128];
    return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit",
                          dcn_shape_print(a, text[0]), dcn_shape_print(b, text[1]));
}

bool
dcn_sums_matrix_setup(DcnSetup *setup, DcnSumsMatrix *p)
{
    const DcnShape *a = setup->in[p->a], *b = setup->in[p->b];
    if (a->rank < 1 || b->rank < 1 || (p->transpose_a && a->rank != 2) ||
        (p->transpose_b && b->rank != 2))
        return does_not_fit(setup, a, b);
    bool row = a->rank == 1, column = b->rank == 1;
    int a_last = a->rank - 1, b_last = b->rank - 1;
    int64_t m = row ? 1 : a->dim[p->transpose_a ? a_last : a_last - 1];
    int64_t k = a->dim[p->transpose_a ? a_last - 1 : a_last];
    int64_t n = column ? 1 : b->dim[p->transpose_b ? b_last - 1 : b_last];
    int64_t k_b = b->dim[column || p->transpose_b ? b_last : b_last - 1];
    DcnShape a_batch = axes_before(a), b_batch = axes_before(b), batch;
    if (k != k_b || !dcn_shape_broadcast(&a_batch, &b_batch, &batch))
        return does_not_fit(setup, a, b);
    p->m = (size_t)m;
    p->n = (size_t)n;
    p->k = (size_t)k;
    p->rank = batch.rank;
    for (int i = 0; i < batch.rank; i++)
        p->dim[i] = (size_t)batch.dim[i];
    p->matrices = dcn_shape_product(&batch, 0, batch.rank);
    steps_of(&a_batch, &batch, p->a_step);
    steps_of(&b_batch, &batch, p->b_step);
    p->rows_merge = dcn_setup_constant(setup, p->b, p->b + 1) &&
                    dcn_setup_constant(setup, p->b_zero, p->b_zero + 1) &&
                    dcn_shape_product(&b_batch, 0, b_batch.rank) == 1;
    DcnShape y = batch;
    if (!row)
        y.dim[y.rank++] = m;
    if (!column)
        y.dim[y.rank++] = n;
    if (y.rank > DCN_MAX_RANK)
        return does_not_fit(setup, a, b);
    setup->out[0] = y;
    size_t inner = p->m > p->n ? p->m : p->n;
    setup->scratch = dcn_sums_scratch(inner > p->k ? inner : p->k);
    return dcn_setup_affine(setup, setup->n_in, p->a_zero, p->m) &&
           dcn_setup_affine(setup, setup->n_in, p->b_zero, p->n);
}

/* A product of dcn_sums(): one matrix of one image, or, where rows merge, all of them. */
typedef struct {
    const DcnCall *call;
    const DcnSumsMatrix *matrix;
    size_t only; /* on the way back, the product that is treated */
    bool to_b;   /* on the way back: the signal goes to b, else to a */
} Walk;

typedef struct {
    size_t image, index, row; /* matrix `index` of the image */
    size_t a, b, y;           /* where the matrices begin in the image's tensors */
} Place;

static Place
place_of(const DcnSumsMatrix *p, size_t product, size_t row)
{
    size_t count = product * p->m + row; /* rows before this one, of all images */
    if (p->m == 0)
        return (Place){0};
    size_t matrix = count / p->m, rest;
    Place place = {.image = matrix / p->matrices,
                   .index = matrix % p->matrices,
                   .row = count % p->m};
    rest = place.index;
    for (int i = p->rank - 1; i >= 0; i--) {
        size_t at = rest % p->dim[i];
        rest /= p->dim[i];
        place.a += at * p->a_step[i];
        place.b += at * p->b_step[i];
    }
    place.a *= p->m * p->k;
    place.b *= p->k * p->n;
    place.y = place.index * p->m * p->n;
    return place;
}

/* Elements of one matrix. */
static size_t
a_index(const DcnSumsMatrix *p, size_t row, size_t k)
{
    return p->transpose_a ? k * p->m + row : row * p->k + k;
}

static size_t
b_index(const DcnSumsMatrix *p, size_t k, size_t column)
{
    return p->transpose_b ? column * p->k + k : k * p->n + column;
}

static double
a_at(const Walk *walk, const Place *place, size_t row, size_t k)
{
    const DcnSumsMatrix *p = walk->matrix;
    const float *a = dcn_image(&walk->call->in[p->a], place->image) + place->a;
    float zero = dcn_of_channel(walk->call, place->image, p->a_zero, row, 0);
    return (double)(a[a_index(p, row, k)] - zero);
}

static double
b_at(const Walk *walk, const Place *place, size_t k, size_t column)
{
    const DcnSumsMatrix *p = walk->matrix;
    const float *b = dcn_image(&walk->call->in[p->b], place->image) + place->b;
    float zero = dcn_of_channel(walk->call, place->image, p->b_zero, column, 0);
    return (double)(b[b_index(p, k, column)] - zero);
}

static double
signal_at(const Walk *walk, const Place *place, size_t row, size_t column)
{
    const DcnOperand *out = &walk->call->out[0];
    size_t at = place->y + row * walk->matrix->n + column;
    float dy = dcn_image_grad(out, place->image)[at];
    float y = dcn_image(out, place->image)[at];
    return dy == 0 ? 0
                   : (double)(dy * walk->matrix->result.slope(walk->call, place->image,
                                                              row, column, y));
}

/* --- forward --- */

static void
row_of_a(const void *user, size_t product, size_t row, size_t from, size_t n, double *to)
{
    const Walk *walk = user;
    Place place = place_of(walk->matrix, product, row);
    for (size_t k = from; k < from + n; k++)
        *to++ = a_at(walk, &place, place.row, k);
}

static void
part_of_b(const void *user,
          size_t product,
          size_t column,
          size_t columns,
          size_t from,
          size_t n,
          double *to)
{
    const Walk *walk = user;
    Place place = place_of(walk->matrix, product, 0);
    for (size_t k = from; k < from + n; k++)
        for (size_t j = column; j < column + columns; j++)
            *to++ = b_at(walk, &place, k, j);
}

static void
finish_row(const void *user,
           size_t product,
           size_t row,
           size_t column,
           size_t columns,
           const double *sums)
{
    const Walk *walk = user;
    Place place = place_of(walk->matrix, product, row);
    size_t at = place.y + place.row * walk->matrix->n + column;
    walk->matrix->result.finish(walk->call, place.image, place.row, column, at, columns,
                                sums);
}

void
dcn_sums_matrix_forward(const DcnCall *call)
{
    const DcnSumsMatrix *matrix = call->params;
    Walk walk = {.call = call, .matrix = matrix};
    size_t products = call->batch * matrix->matrices;
    bool merge = matrix->rows_merge;
    dcn_sums(call->context, &(DcnSums){
                                .user = &walk,
                                .products = merge ? 1 : products,
                                .rows = merge ? products * matrix->m : matrix->m,
                                .columns = matrix->n,
                                .inner = matrix->k,
                                .left = row_of_a,
                                .right = part_of_b,
                                .done = finish_row,
                            });
}

/* --- back: one product after the other, as several may add to the same matrix ---
 *
 * To a comes the signal times b turned, to b comes a turned times the signal. */

static void
row_back(const void *user, size_t product, size_t row, size_t from, size_t n, double *to)
{
    const Walk *walk = user;
    Place place = place_of(walk->matrix, walk->only, 0);
    (void)product;
    for (size_t i = from; i < from + n; i++)
        *to++ = walk->to_b ? a_at(walk, &place, i, row) : signal_at(walk, &place, row, i);
}

static void
part_back(const void *user,
          size_t product,
          size_t column,
          size_t columns,
          size_t from,
          size_t n,
          double *to)
{
    const Walk *walk = user;
    Place place = place_of(walk->matrix, walk->only, 0);
    (void)product;
    for (size_t i = from; i < from + n; i++)
        for (size_t j = column; j < column + columns; j++)
            *to++ = walk->to_b ? signal_at(walk, &place, i, j) : b_at(walk, &place, j, i);
}

static void
add_row(const void *user,
        size_t product,
        size_t row,
        size_t column,
        size_t columns,
        const double *sums)
{
    const Walk *walk = user;
    const DcnSumsMatrix *p = walk->matrix;
    Place place = place_of(p, walk->only, 0);
    float *dx = dcn_image_grad(&walk->call->in[walk->to_b ? p->b : p->a], place.image) +
                (walk->to_b ? place.b : place.a);
    (void)product;
    for (size_t i = 0; i < columns; i++)
        dx[walk->to_b ? b_index(p, row, column + i) : a_index(p, row, column + i)] +=
            (float)sums[i];
}

static void
back_to(Walk *walk, bool to_b)
{
    const DcnSumsMatrix *p = walk->matrix;
    if (!dcn_wants_back(walk->call, to_b ? p->b : p->a))
        return;
    walk->to_b = to_b;
    dcn_sums(walk->call->context, &(DcnSums){
                                      .user = walk,
                                      .products = 1,
                                      .rows = to_b ? p->k : p->m,
                                      .columns = to_b ? p->n : p->k,
                                      .inner = to_b ? p->m : p->n,
                                      .left = row_back,
                                      .right = part_back,
                                      .done = add_row,
                                  });
}

void
dcn_sums_matrix_back(const DcnCall *call)
{
    Walk walk = {.call = call, .matrix = call->params};
    for (; walk.only < call->batch * walk.matrix->matrices; walk.only++) {
        back_to(&walk, false);
        back_to(&walk, true);
    }
}

/* --- reach --- */

/* For axis i of the output (or, back, of the input) the axis of the other that has the
 * same places. Vectors and transposed matrices: none. */
static void
axes_kept(const DcnCall *call, size_t input, bool back, int from[DCN_MAX_RANK])
{
    const DcnSumsMatrix *p = call->params;
    const DcnShape *x = &call->in[input].shape, *y = &call->out[0].shape;
    bool matrices = call->in[p->a].shape.rank > 1 && call->in[p->b].shape.rank > 1;
    int lead = y->rank - x->rank, lost = y->rank - (input == p->a ? 1 : 2);
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = -1;
    if (!matrices || p->transpose_a || p->transpose_b || (input != p->a && input != p->b))
        return;
    for (int i = lead; i < y->rank; i++)
        if (i != lost && x->dim[i - lead] == y->dim[i])
            from[back ? i - lead : i] = back ? i : i - lead;
}

void
dcn_sums_matrix_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int from[DCN_MAX_RANK];
    (void)output;
    axes_kept(call, input, false, from);
    dcn_reach_axes(&call->out[0].shape, from, in, out);
}

void
dcn_sums_matrix_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int from[DCN_MAX_RANK];
    (void)output;
    axes_kept(call, input, true, from);
    dcn_reach_axes(&call->in[input].shape, from, out, in);
}
