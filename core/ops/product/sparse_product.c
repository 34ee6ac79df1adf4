/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_product.c: products of many rows that pass over what is zero in all of them.
 *
 * Rows of a are taken DCN_COLUMNS at a time. Turned, they are a panel of inner.h, with a
 * list of the features (k) that are not zero in all of them. Three rows of six features:
 *
 *     a              panel     list
 *     0 5 0 0 2 0    0 0 0
 *     0 1 0 0 0 0    5 1 0     1
 *     0 0 0 0 3 0    0 0 0
 *                    0 0 0
 *                    2 0 3     4
 *                    0 0 0
 *
 * so of b, and of what it is multiplied with, two of six rows are read: c' = b' a', panel
 * by panel. Panels are DEPTH features deep. A task takes MAPS rows of b', packs DEPTH of
 * their elements into its core's own cache, and lets all panels of that depth pass; its
 * sums wait there, turned round, until all depths are through. Lists come first: if they
 * are too long to gain, nothing has been turned. */
#include "ops/product/sparse_product.h"
#include "base/vector.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <string.h>

#define N DCN_COLUMNS
#define DEPTH ((size_t)384)
#define MAPS ((size_t)256)
#define LEAST_ROWS 64
#define MOST_ROWS 1024    /* of a at once, by the memory of sums */
#define LEAST_SIDE 256    /* of b: transposing costs more than smaller ones gain */
#define MOST_NONZERO 0.85 /* of all features; past it BLAS is quicker */
#define MOST_BYTES ((size_t)48 << 20) /* of panels */

typedef struct {
    const DcnProduct *p;
    DcnContext *context;
    size_t panels, depths;
    float *data;     /* panel i of depth d is number d * panels + i */
    uint32_t *lists; /* a list for each: how many, then which */
    DcnKernel *kernel;
} Sparse;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

static size_t
depth_of(const Sparse *l, size_t d)
{
    size_t rest = l->p->k - d * DEPTH;
    return rest < DEPTH ? rest : DEPTH;
}

static uint32_t *
list_of(const Sparse *l, size_t d, size_t panel)
{
    return l->lists + (d * l->panels + panel) * (DEPTH + 1);
}

static float *
panel_of(const Sparse *l, size_t d, size_t panel)
{
    return l->data + (d * l->panels + panel) * DEPTH * N;
}

DCN_VECTOR static void
turn(const float *from,
     size_t from_step,
     size_t rows,
     size_t columns,
     float *to,
     size_t to_step)
{
    dcn_turn(from, from_step, rows, columns, to, to_step);
}

/* bits |= what is not zero in a row, but for the sign. */
DCN_VECTOR static void
gather_bits(const float *row, size_t n, uint32_t *restrict bits)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t value;
        memcpy(&value, &row[i], sizeof value);
        bits[i] |= value << 1;
    }
}

static size_t
rows_of(const Sparse *l, size_t panel)
{
    return l->p->m - panel * N < N ? l->p->m - panel * N : N;
}

static void
list_panel(void *user, size_t index, size_t worker)
{
    const Sparse *l = user;
    const DcnProduct *p = l->p;
    size_t d = index / l->panels, panel = index % l->panels, depth = depth_of(l, d);
    const float *from = p->a + panel * N * p->lda + d * DEPTH;
    uint32_t *list = list_of(l, d, panel), bits[DEPTH] = {0};
    (void)worker;
    for (size_t i = 0; i < rows_of(l, panel); i++)
        gather_bits(from + i * p->lda, depth, bits);
    list[0] = (uint32_t)dcn_nonzero_list(bits, depth, list + 1);
}

static void
fill_panel(void *user, size_t index, size_t worker)
{
    const Sparse *l = user;
    const DcnProduct *p = l->p;
    size_t d = index / l->panels, panel = index % l->panels, depth = depth_of(l, d);
    size_t rows = rows_of(l, panel);
    float *to = panel_of(l, d, panel);
    (void)worker;
    turn(p->a + panel * N * p->lda + d * DEPTH, p->lda, rows, depth, to, N);
    for (size_t i = 0; rows < N && i < depth; i++)
        for (size_t j = rows; j < N; j++)
            to[i * N + j] = 0;
}

/* Rows first .. first + maps - 1 of b', depth d: in groups, as dcn_pack() has them. */
static void
pack(const Sparse *l, size_t d, size_t first, size_t maps, float *packed)
{
    const DcnProduct *p = l->p;
    size_t depth = depth_of(l, d);
    for (size_t m = 0; m < maps; m += DCN_ROWS, packed += DCN_ROWS * depth) {
        const float *from = p->b + (p->transpose_b ? (first + m) * p->ldb + d * DEPTH
                                                   : first + m + d * DEPTH * p->ldb);
        if (p->transpose_b && maps - m >= DCN_ROWS)
            turn(from, p->ldb, DCN_ROWS, depth, packed, DCN_ROWS);
        else
            dcn_pack(from, maps - m < DCN_ROWS ? maps - m : DCN_ROWS, depth,
                     p->transpose_b ? p->ldb : 1, p->transpose_b ? 1 : p->ldb, packed);
    }
}

/* sums' becomes part of c. */
static void
finish(const Sparse *l, size_t first, size_t maps, const float *sums)
{
    const DcnProduct *p = l->p;
    float block[N * MAPS];
    for (size_t i = 0; i < p->m; i += N) {
        size_t rows = p->m - i < N ? p->m - i : N;
        turn(sums + i, l->panels * N, maps, rows, block, maps);
        for (size_t r = 0; r < rows; r++) {
            float *c = p->c + (i + r) * p->ldc + first;
            for (size_t m = 0; m < maps; m++) {
                float value = p->alpha * block[r * maps + m];
                c[m] = p->beta == 0 ? value : p->beta * c[m] + value;
            }
        }
    }
}

static void
multiply(void *user, size_t index, size_t worker)
{
    const Sparse *l = user;
    size_t first = index * MAPS, maps = l->p->n - first < MAPS ? l->p->n - first : MAPS;
    float *packed = dcn_scratch(l->context, worker), *sums = packed + MAPS * DEPTH;
    for (size_t d = 0; d < l->depths; d++) {
        size_t depth = depth_of(l, d);
        pack(l, d, first, maps, packed);
        for (size_t panel = 0; panel < l->panels; panel++) {
            const uint32_t *list = list_of(l, d, panel);
            for (size_t m = 0; m < maps; m += DCN_ROWS) {
                const float *weights = packed + m * depth;
                l->kernel(list[0], list[0] < depth ? list + 1 : NULL, weights, weights,
                          panel_of(l, d, panel),
                          maps - m < DCN_ROWS ? maps - m : DCN_ROWS, N,
                          sums + m * l->panels * N + panel * N, l->panels * N,
                          d > 0 ? &dcn_finish_add : NULL);
            }
        }
    }
    finish(l, first, maps, sums);
}

/* True if the lists are so short that this way is quicker than BLAS. */
static bool
gains(const Sparse *l)
{
    size_t nonzero = 0;
    for (size_t d = 0; d < l->depths; d++)
        for (size_t panel = 0; panel < l->panels; panel++)
            nonzero += list_of(l, d, panel)[0];
    return (double)nonzero <= MOST_NONZERO * (double)l->panels * (double)l->p->k;
}

/* Floats of the panels. */
static size_t
data_floats(const Sparse *l)
{
    return l->panels * l->depths * DEPTH * N;
}

static Sparse
sparse_of(const DcnProduct *p)
{
    return (Sparse){.p = p,
                    .panels = (p->m - 1) / N + 1,
                    .depths = (p->k - 1) / DEPTH + 1,
                    .kernel = dcn_kernel()};
}

size_t
dcn_sparse_rows(size_t m, size_t n, size_t k)
{
    if (m < LEAST_ROWS || n < LEAST_SIDE || k < LEAST_SIDE)
        return 0;
    size_t rows = MOST_BYTES / (k * sizeof(float));
    rows = rows > MOST_ROWS ? MOST_ROWS : rows;
    rows = rows > m ? m : rows;
    return rows < LEAST_ROWS ? 0 : rows;
}

DcnProductMemory
dcn_sparse_memory(size_t rows, size_t k)
{
    DcnProduct p = {.m = rows, .k = k};
    if (rows == 0)
        return (DcnProductMemory){0};
    Sparse l = sparse_of(&p);
    size_t lists = up(l.panels * l.depths * (DEPTH + 1), N),
           sums = MAPS * DEPTH + MAPS * l.panels * N;
    return (DcnProductMemory){(data_floats(&l) + lists) * sizeof(float),
                              sums * sizeof(float)};
}

size_t
dcn_sparse_product(DcnContext *context, const DcnProduct *product)
{
    DcnProduct p = *product;
    if (p.transpose_a || !p.work || p.work_rows == 0 ||
        dcn_sparse_rows(p.m, p.n, p.k) == 0)
        return 0;
    p.m = (p.m - 1) / ((p.m - 1) / p.work_rows + 1) + 1; /* of even size */
    Sparse l = sparse_of(&p);
    l.context = context;
    l.data = p.work;
    l.lists = (void *)(l.data + data_floats(&l));
    dcn_parallel(context, l.panels * l.depths, list_panel, &l);
    if (!gains(&l))
        return 0;
    dcn_parallel(context, l.panels * l.depths, fill_panel, &l);
    dcn_parallel(context, (p.n - 1) / MAPS + 1, multiply, &l);
    return p.m;
}
