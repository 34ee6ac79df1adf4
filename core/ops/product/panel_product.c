/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_product.c: weights in panels of DCN_COLUMNS outputs, rows of a in groups of
 * DCN_ROWS.
 *
 * A BLAS lays both matrices out at each call. Where a has few rows, as tokens are, laying
 * out the weights takes a quarter of the time.
 *
 * Some rows of a, over some of their depth, are packed into a core's own cache; each
 * panel passes over them, a part of it at a time that stays in the first cache. */
#include "ops/product/panel_product.h"
#include "base/least.h"
#include "base/vector.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <string.h>

#define LEAST_ROWS 12
#define LEAST_FLOATS ((size_t)4096)
#define PACKED ((size_t)65536) /* floats of a at once, or one depth */
#define ROWS ((size_t)256)
#define DEPTH ((size_t)256) /* where the inner loop does not say */

_Static_assert(2 * (ROWS + DCN_ROWS) * DEPTH <= DCN_PRODUCT_SCRATCH / sizeof(float) &&
                   PACKED <= DCN_PRODUCT_SCRATCH / sizeof(float),
               "room for packed rows");

bool
dcn_panels_pay(size_t m, size_t n, size_t k)
{
    return m >= LEAST_ROWS && n >= DCN_COLUMNS && n * k >= LEAST_FLOATS;
}

/* Floats from a panel to the next: not a power of two. */
static size_t
step_of(size_t k)
{
    return DCN_COLUMNS * (k + 1);
}

size_t
dcn_panels_floats(size_t n, size_t k)
{
    return (n + DCN_COLUMNS - 1) / DCN_COLUMNS * step_of(k);
}

const float *
dcn_panels_at(const float *panels, size_t first, size_t k)
{
    return panels + first / DCN_COLUMNS * step_of(k);
}

DCN_VECTOR void
dcn_panels_make(
    const float *b, size_t ldb, bool transpose_b, size_t n, size_t k, float *panels)
{
    for (size_t j = 0; j < n; j += DCN_COLUMNS, panels += step_of(k)) {
        size_t columns = dcn_least(n - j, DCN_COLUMNS);
        if (columns < DCN_COLUMNS)
            memset(panels, 0, step_of(k) * sizeof *panels);
        if (transpose_b)
            dcn_turn(b + j * ldb, ldb, columns, k, panels, DCN_COLUMNS);
        else
            for (size_t i = 0; i < k; i++)
                memcpy(panels + i * DCN_COLUMNS, b + i * ldb + j, columns * sizeof *b);
    }
}

/* rows x depth elements of a, times alpha, `each` of the rows in a group. Behind them a
 * group may have rows of the next one, or zeroes, up to DCN_ROWS. */
DCN_VECTOR static void
pack(const DcnProduct *p,
     size_t row,
     size_t rows,
     size_t each,
     size_t from,
     size_t depth,
     float *to)
{
    for (size_t r = 0; r < rows; r += each, to += DCN_ROWS * depth) {
        size_t n = dcn_least(rows - r, DCN_ROWS);
        if (n < DCN_ROWS)
            memset(to, 0, DCN_ROWS * depth * sizeof *to);
        dcn_turn(p->a + (row + r) * p->lda + from, p->lda, n, depth, to, DCN_ROWS);
        for (size_t i = 0; p->alpha != 1 && i < DCN_ROWS * depth; i++)
            to[i] *= p->alpha;
    }
}

typedef struct {
    const DcnProduct *p;
    const DcnInner *inner;
    size_t row, rows;   /* of a */
    size_t from, depth; /* that are packed */
} Part;

/* The columns of one panel. While a part of it passes, the next one is fetched from
 * memory, by each group as much as its own floats are (inner.h). */
static void
multiply(const Part *part, size_t column)
{
    const DcnProduct *p = part->p;
    size_t step = part->inner->depth ? part->inner->depth : DEPTH,
           columns = dcn_least(p->n - column, DCN_COLUMNS),
           next_column = column + DCN_COLUMNS;
    const float *panel =
        dcn_panels_at(p->panels, column, p->k) + part->from * DCN_COLUMNS;
    for (size_t at = 0; at < part->depth; at += step) {
        size_t depth = dcn_least(part->depth - at, step);
        bool add = p->beta != 0 || part->from + at > 0;
        const float *next =
            at + step < part->depth
                ? panel + (at + step) * DCN_COLUMNS
                : dcn_panels_at(p->panels, next_column, p->k) + part->from * DCN_COLUMNS;
        const float *packed = p->room + at * DCN_ROWS;
        size_t fetched = 0;
        for (size_t r = 0; r < part->rows; r += part->inner->rows) {
            part->inner->run(depth, NULL, packed, next + fetched * depth,
                             panel + at * DCN_COLUMNS,
                             dcn_least(part->rows - r, part->inner->rows), columns,
                             p->c + (part->row + r) * p->ldc + column, p->ldc,
                             add ? &dcn_finish_add : NULL);
            packed += DCN_ROWS * part->depth;
            fetched = (fetched + DCN_ROWS) % DCN_COLUMNS;
        }
    }
}

/* Parts of n, as even as whole steps allow, of about `most`. */
static size_t
even(size_t n, size_t most, size_t step)
{
    size_t parts = (n - 1) / most + 1;
    return ((n - 1) / parts / step + 1) * step;
}

void
dcn_panel_product(const DcnProduct *p)
{
    Part part = {.p = p, .inner = dcn_inner()};
    size_t step = part.inner->depth ? part.inner->depth : DEPTH,
           rows = even(p->m, ROWS, part.inner->rows),
           groups = (rows - 1) / part.inner->rows + 1,
           deep = PACKED / (groups * DCN_ROWS) / step * step;
    deep = deep > step ? deep : step;
    if (p->beta != 0 && p->beta != 1)
        for (size_t i = 0; i < p->m; i++)
            for (size_t j = 0; j < p->n; j++)
                p->c[i * p->ldc + j] *= p->beta;
    for (part.row = 0; part.row < p->m; part.row += rows) {
        part.rows = dcn_least(p->m - part.row, rows);
        for (part.from = 0; part.from < p->k; part.from += deep) {
            part.depth = dcn_least(p->k - part.from, deep);
            pack(p, part.row, part.rows, part.inner->rows, part.from, part.depth,
                 p->room);
            for (size_t column = 0; column < p->n; column += DCN_COLUMNS)
                multiply(&part, column);
        }
    }
}
