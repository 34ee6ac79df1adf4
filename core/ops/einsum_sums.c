/* SPDX-License-Identifier: GPL-3.0-or-later */
/* einsum_sums.c: the walk, by matrix products where two operands are some under its steps,
 * else product by product. */
#include "ops/einsum.h"

/* Where each tensor stands; the inner axis is walked by the caller. */
typedef struct {
    size_t index[DCN_EINSUM_AXES], at[DCN_EINSUM_OPERANDS + 1];
} Position;

/* Goes on to the next position of the axes 0 .. rank - 1. False if there is none. */
static bool
step_on(const DcnEinsum *p, int rank, Position *position)
{
    for (int axis = rank - 1; axis >= 0; axis--) {
        bool more = ++position->index[axis] < p->dim[axis];
        for (size_t i = 0; i <= p->operands; i++)
            position->at[i] += p->step[i][axis];
        if (more)
            return true;
        position->index[axis] = 0;
        for (size_t i = 0; i <= p->operands; i++)
            position->at[i] -= p->dim[axis] * p->step[i][axis];
    }
    return false;
}

/* Tensor `to` gets, added, the sums of products of all the others. */
static void
add_products(const DcnEinsum *p,
             const float *data[DCN_EINSUM_OPERANDS + 1],
             size_t to,
             float *sums)
{
    Position position = {{0}, {0}};
    int inner = p->rank - 1;
    size_t length = p->rank > 0 ? p->dim[inner] : 1;
    for (int i = 0; i < p->rank; i++)
        if (p->dim[i] == 0)
            return;
    do {
        size_t step = p->rank > 0 ? p->step[to][inner] : 0;
        float sum = 0;
        for (size_t k = 0; k < length; k++) {
            float product = 1;
            for (size_t i = 0; i <= p->operands; i++)
                if (i != to)
                    product *= data[i][position.at[i] +
                                       (p->rank > 0 ? k * p->step[i][inner] : 0)];
            if (step == 0)
                sum += product;
            else
                sums[position.at[to] + k * step] += product;
        }
        if (step == 0)
            sums[position.at[to]] += sum;
    } while (step_on(p, inner > 0 ? inner : 0, &position));
}

/* Matrix products under a walk. Of the three tensors the result has axes i and j, the one
 * on the left i and k, the one on the right k and j; all other axes are walked. Each tensor
 * is a matrix with rows, or columns, that lie close. */
typedef struct {
    size_t m, n, k;
    size_t left, right, to;
    bool transpose_left, transpose_right;
    size_t ld_left, ld_right, ldc;
    DcnEinsum walk;
} Matrices;

static bool
is_matrix(size_t rows,
          size_t columns,
          size_t row_step,
          size_t column_step,
          bool *turned,
          size_t *ld)
{
    *turned = row_step == 1 && column_step >= rows && columns > 1;
    *ld = *turned ? column_step : row_step;
    return *turned || (column_step == 1 && row_step >= columns);
}

static bool
try_axes(const DcnEinsum *p, int i, int j, int k, Matrices *m)
{
    const size_t *left = p->step[m->left], *right = p->step[m->right],
                 *to = p->step[m->to];
    m->m = p->dim[i];
    m->n = p->dim[j];
    m->k = p->dim[k];
    m->ldc = to[i];
    return to[j] == 1 && m->ldc >= m->n &&
           is_matrix(m->m, m->k, left[i], left[k], &m->transpose_left, &m->ld_left) &&
           is_matrix(m->k, m->n, right[k], right[j], &m->transpose_right, &m->ld_right) &&
           m->m <= INT32_MAX && m->n <= INT32_MAX && m->k <= INT32_MAX &&
           m->ld_left <= INT32_MAX && m->ld_right <= INT32_MAX && m->ldc <= INT32_MAX;
}

/* The walk without three of its axes. */
static DcnEinsum
walk_around(const DcnEinsum *p, int i, int j, int k)
{
    DcnEinsum walk = *p;
    walk.rank = 0;
    for (int axis = 0; axis < p->rank; axis++) {
        if (axis == i || axis == j || axis == k)
            continue;
        walk.dim[walk.rank] = p->dim[axis];
        for (size_t t = 0; t <= p->operands; t++)
            walk.step[t][walk.rank] = p->step[t][axis];
        walk.rank++;
    }
    return walk;
}

/* Whether it is an axis that all tensors but `without` have. */
static bool
is_axis_of(const DcnEinsum *p, int axis, size_t without)
{
    bool is = true;
    for (size_t t = 0; t < 3; t++)
        is = is && (p->step[t][axis] == 0) == (t == without);
    return is;
}

/* The largest products that make tensor `to`, if there are any. */
static bool
find_matrices(const DcnEinsum *p, size_t to, Matrices *best)
{
    size_t most = 0;
    int rank = p->rank;
    if (p->operands != 2)
        return false;
    for (size_t left = 0; left < 3; left++)
        for (int axes = 0; left != to && axes < rank * rank * rank; axes++) {
            int i = axes / rank / rank, j = axes / rank % rank, k = axes % rank;
            Matrices m = {.left = left, .right = 3 - to - left, .to = to};
            if (is_axis_of(p, i, m.right) && is_axis_of(p, j, left) &&
                is_axis_of(p, k, to) && try_axes(p, i, j, k, &m) &&
                m.m * m.n * m.k > most) {
                most = m.m * m.n * m.k;
                *best = m;
                best->walk = walk_around(p, i, j, k);
            }
        }
    return most > 0;
}

static void
multiply(DcnContext *context,
         const Matrices *m,
         const float *data[DCN_EINSUM_OPERANDS + 1],
         float *sums)
{
    Position position = {{0}, {0}};
    for (int axis = 0; axis < m->walk.rank; axis++)
        if (m->walk.dim[axis] == 0)
            return;
    do
        dcn_product(context, &(DcnProduct){
                                 .transpose_a = m->transpose_left,
                                 .transpose_b = m->transpose_right,
                                 .m = m->m,
                                 .n = m->n,
                                 .k = m->k,
                                 .alpha = 1,
                                 .beta = 1,
                                 .a = data[m->left] + position.at[m->left],
                                 .lda = m->ld_left,
                                 .b = data[m->right] + position.at[m->right],
                                 .ldb = m->ld_right,
                                 .c = sums + position.at[m->to],
                                 .ldc = m->ldc,
                             });
    while (step_on(&m->walk, m->walk.rank, &position));
}

void
dcn_einsum_add(DcnContext *context,
               const DcnEinsum *einsum,
               const float *data[DCN_EINSUM_OPERANDS + 1],
               size_t to,
               float *sums)
{
    Matrices matrices = {0};
    if (find_matrices(einsum, to, &matrices))
        multiply(context, &matrices, data, sums);
    else
        add_products(einsum, data, to, sums);
}
