/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums.c: tiles of exact sums over the threads, and the sums as an output themselves. */
#include "ops/quant/sums.h"
#include "base/least.h"
#include <cblas.h>
#include <string.h>

#define ROWS ((size_t)32)
#define COLUMNS ((size_t)64)
#define INNER ((size_t)2048) /* that are converted at a time */
#define PIECE ((size_t)1024) /* columns of one task, which converts its rows once */

size_t
dcn_sums_scratch(size_t inner)
{
    size_t depth = dcn_least(inner, INNER);
    return ((ROWS + COLUMNS) * depth + ROWS * COLUMNS) * sizeof(double);
}

/* c += a b. For a single row a call of BLAS takes longer. */
static void
add_product(size_t rows,
            size_t columns,
            size_t inner,
            const double *a,
            const double *b,
            double *c)
{
    if (rows > 1) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)columns,
                    (int)inner, 1, a, (int)inner, b, (int)columns, 1, c, (int)columns);
        return;
    }
    for (size_t k = 0; k < inner; k++)
        for (size_t j = 0; j < columns; j++)
            c[j] += a[k] * b[k * columns + j];
}

typedef struct {
    const DcnSums *sums;
    DcnContext *context;
    size_t row_tiles, pieces;
} Work;

/* One tile of rows by all columns of a piece. */
static void
tile(void *user, size_t index, size_t worker)
{
    const Work *work = user;
    const DcnSums *s = work->sums;
    size_t depth = dcn_least(s->inner, INNER);
    double *left = dcn_scratch(work->context, worker);
    double *right = left + ROWS * depth, *c = right + depth * COLUMNS;
    size_t piece = index % work->pieces, rest = index / work->pieces;
    size_t row = rest % work->row_tiles * ROWS, product = rest / work->row_tiles;
    size_t rows = dcn_least(ROWS, s->rows - row);
    size_t end = dcn_least((piece + 1) * PIECE, s->columns);
    for (size_t column = piece * PIECE; column < end; column += COLUMNS) {
        size_t columns = dcn_least(COLUMNS, end - column);
        memset(c, 0, rows * columns * sizeof *c);
        for (size_t from = 0; from < s->inner; from += INNER) {
            size_t n = dcn_least(INNER, s->inner - from);
            if (column == piece * PIECE || s->inner > INNER)
                for (size_t i = 0; i < rows; i++)
                    s->left(s->user, product, row + i, from, n, left + i * n);
            s->right(s->user, product, column, columns, from, n, right);
            add_product(rows, columns, n, left, right, c);
        }
        for (size_t i = 0; i < rows; i++)
            s->done(s->user, product, row + i, column, columns, c + i * columns);
    }
}

void
dcn_sums(DcnContext *context, const DcnSums *sums)
{
    Work work = {sums, context, (sums->rows + ROWS - 1) / ROWS,
                 (sums->columns + PIECE - 1) / PIECE};
    dcn_parallel(context, sums->products * work.row_tiles * work.pieces, tile, &work);
}

static void
finish_whole(const DcnCall *call,
             size_t image,
             size_t row,
             size_t column,
             size_t at,
             size_t n,
             const double *sums)
{
    float *y = dcn_image(&call->out[0], image) + at;
    (void)row, (void)column;
    for (size_t i = 0; i < n; i++)
        y[i] = (float)sums[i];
}

static float
slope_whole(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    (void)call, (void)image, (void)row, (void)column, (void)y;
    return 1;
}

const DcnSumsResult dcn_sums_result_whole = {finish_whole, slope_whole, DCN_INT32};

DcnType
dcn_sums_type(const void *params, size_t output)
{
    const DcnSumsResult *p = params;
    (void)output;
    return p->type;
}
