/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_product.c: products of many rows that pass over what is zero in all of them.
 *
 * c' = b' a': rows of a become the columns of panels (inner.h), DCN_COLUMNS a panel and
 * DEPTH elements deep, each with a list of what lives in it. A task takes MAPS rows of
 * b', packs DEPTH elements of them into its core's own cache, and lets all panels of that
 * depth pass; its sums wait there, turned round, until all depths are through. */
#include "ops/product/sparse_product.h"
#include "base/pages.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <stdlib.h>

#define N DCN_COLUMNS
#define DEPTH ((size_t)384)
#define MAPS ((size_t)256)
#define LEAST_ROWS 64
#define MOST_ROWS 1024 /* of a at once, by the memory of sums */
#define LEAST_SIDE 256 /* of b: smaller ones are not worth the turning */
#define MOST_LIVE 0.85 /* of all elements; BLAS is that much quicker where all live */
#define MOST_BYTES ((size_t)48 << 20) /* of panels */

typedef struct {
    const DcnProduct *p;
    size_t panels, depths;
    float *data;    /* panel i of depth d is number d * panels + i */
    uint32_t *live; /* a list for each: how many, then which */
    float *work;    /* of each worker: packed weights, then sums: MAPS x panels x N */
    size_t work_floats;
    DcnKernel *kernel;
} Live;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

static size_t
depth_of(const Live *l, size_t d)
{
    size_t rest = l->p->k - d * DEPTH;
    return rest < DEPTH ? rest : DEPTH;
}

static uint32_t *
list_of(const Live *l, size_t d, size_t panel)
{
    return l->live + (d * l->panels + panel) * (DEPTH + 1);
}

static float *
panel_of(const Live *l, size_t d, size_t panel)
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

static void
fill_panel(void *user, size_t index, size_t worker)
{
    const Live *l = user;
    const DcnProduct *p = l->p;
    size_t d = index / l->panels, panel = index % l->panels, depth = depth_of(l, d);
    size_t rows = p->m - panel * N < N ? p->m - panel * N : N;
    float *to = panel_of(l, d, panel);
    uint32_t *list = list_of(l, d, panel);
    (void)worker;
    turn(p->a + panel * N * p->lda + d * DEPTH, p->lda, rows, depth, to, N);
    for (size_t i = 0; rows < N && i < depth; i++)
        for (size_t j = rows; j < N; j++)
            to[i * N + j] = 0;
    list[0] = (uint32_t)dcn_live_rows(to, depth, list + 1);
}

/* Rows first .. first + maps - 1 of b', depth d: in groups, as dcn_pack() has them. */
static void
pack(const Live *l, size_t d, size_t first, size_t maps, float *packed)
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
finish(const Live *l, size_t first, size_t maps, const float *sums)
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
    const Live *l = user;
    size_t first = index * MAPS, maps = l->p->n - first < MAPS ? l->p->n - first : MAPS;
    float *packed = l->work + worker * l->work_floats, *sums = packed + MAPS * DEPTH;
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

/* Few enough live for all this to gain. */
static bool
gains(const Live *l)
{
    size_t live = 0;
    for (size_t d = 0; d < l->depths; d++)
        for (size_t panel = 0; panel < l->panels; panel++)
            live += list_of(l, d, panel)[0];
    return (double)live <= MOST_LIVE * (double)l->panels * (double)l->p->k;
}

size_t
dcn_live_product(DcnContext *context, const DcnProduct *product)
{
    DcnProduct p = *product;
    if (p.transpose_a || p.m < LEAST_ROWS || p.n < LEAST_SIDE || p.k < LEAST_SIDE)
        return 0;
    size_t rows = MOST_BYTES / (p.k * sizeof(float));
    rows = rows > MOST_ROWS ? MOST_ROWS : rows;
    if (rows < LEAST_ROWS)
        return 0;
    p.m = (p.m - 1) / ((p.m - 1) / rows + 1) + 1; /* of even size */
    Live l = {.p = &p,
              .panels = (p.m - 1) / N + 1,
              .depths = (p.k - 1) / DEPTH + 1,
              .kernel = dcn_kernel()};
    l.work_floats = MAPS * DEPTH + MAPS * l.panels * N;
    size_t data = l.panels * l.depths * DEPTH * N,
           lists = up(l.panels * l.depths * (DEPTH + 1), N);
    size_t bytes = (data + lists + (size_t)dcn_context_threads(context) * l.work_floats) *
                   sizeof(float);
    l.data = dcn_pages_alloc(bytes);
    if (!l.data)
        return 0;
    l.live = (void *)(l.data + data);
    l.work = l.data + data + lists;
    dcn_parallel(context, l.panels * l.depths, fill_panel, &l);
    bool good = gains(&l);
    if (good)
        dcn_parallel(context, (p.n - 1) / MAPS + 1, multiply, &l);
    free(l.data);
    return good ? p.m : 0;
}
