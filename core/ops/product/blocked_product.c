/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocked_product.c: four ways, by how often an element of b is used.
 *
 * - Few rows of a, and b as it is multiplied: rows of b are added up, a few at a time.
 * - Few rows, and b transposed, as fully connected layers have their weights: dot
 *   products of a few rows of a with a few of b. Both read b once and as it lies.
 * - Few columns, and a transposed, as a convolution has its weights for what comes back of
 *   a few places: rows of a are added up.
 * - Else, and where matrices lie at any byte, blocks for the inner loop (inner.h): ROWS x DEPTH elements of a' are packed as
 *   weights are, and panels of DEPTH x DCN_COLUMNS elements of b' pass over them. Both
 *   stay in a core's own cache; what c has of a depth is added to. */
#include "ops/product/blocked_product.h"
#include "base/least.h"
#include "base/vector.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <stdint.h>
#include <string.h>

#define DEPTH ((size_t)256)
#define DEEPER ((size_t)1024) /* for few rows: b is read in longer runs */
#define ROWS ((size_t)512)
#define FLOATS (DCN_PRODUCT_SCRATCH / sizeof(float)) /* of rows and panels together */
#define FEW ((size_t)12) /* rows for which nothing is packed */

/* False: weights that lie as the file has them, at any byte. */
static bool
is_aligned(const float *p)
{
    return (uintptr_t)p % sizeof *p == 0;
}

static void
scale(const DcnProduct *p)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++)
            p->c[i * p->ldc + j] = p->beta == 0 ? 0 : p->c[i * p->ldc + j] * p->beta;
}

/* --- few rows, b plain --- */

#define TOGETHER 8           /* rows of b */
#define WIDTH ((size_t)1024) /* that stay in the nearest cache for all rows of a */

/* c += f[0] * b[0] + f[1] * b[1] + ..., rows of b ldb apart */
DCN_VECTOR static void
add_rows(float *restrict c, const float *restrict b, size_t ldb, const float *f, size_t n)
{
    for (size_t j = 0; j < n; j++)
        c[j] += f[0] * b[j] + f[1] * b[ldb + j] + f[2] * b[2 * ldb + j] +
                f[3] * b[3 * ldb + j] + f[4] * b[4 * ldb + j] + f[5] * b[5 * ldb + j] +
                f[6] * b[6 * ldb + j] + f[7] * b[7 * ldb + j];
}

DCN_VECTOR static void
add_row(float *restrict c, const float *restrict b, float f, size_t n)
{
    for (size_t j = 0; j < n; j++)
        c[j] += f * b[j];
}

static void
sums_of_rows(const DcnProduct *p)
{
    size_t row = p->transpose_a ? 1 : p->lda, step = p->transpose_a ? p->lda : 1;
    size_t width = p->m == 1 ? p->n : WIDTH;
    if (p->beta != 1)
        scale(p);
    for (size_t k = 0; k < p->k; k += TOGETHER)
        for (size_t j = 0; j < p->n; j += width)
            for (size_t i = 0; i < p->m; i++) {
                const float *a = p->a + i * row + k * step, *b = p->b + k * p->ldb + j;
                float f[TOGETHER], *c = p->c + i * p->ldc + j;
                size_t n = dcn_least(p->n - j, width),
                       rest = dcn_least(p->k - k, TOGETHER);
                for (size_t r = 0; r < rest; r++)
                    f[r] = p->alpha * a[r * step];
                if (rest == TOGETHER)
                    add_rows(c, b, p->ldb, f, n);
                else
                    for (size_t r = 0; r < rest; r++)
                        add_row(c, b + r * p->ldb, f[r], n);
            }
}

/* --- few columns, a transposed --- */

/* WIDTH rows of c at a time, as rows of their own. What is zero in b is passed over. */
void
dcn_few_columns_product(const DcnProduct *p)
{
    for (size_t i = 0; i < p->m; i += WIDTH) {
        size_t rows = dcn_least(p->m - i, WIDTH);
        memset(p->room, 0, p->n * rows * sizeof *p->room);
        for (size_t k = 0; k < p->k; k += TOGETHER) {
            size_t rest = dcn_least(p->k - k, TOGETHER);
            const float *a = p->a + k * p->lda + i;
            for (size_t j = 0; j < p->n; j++) {
                float f[TOGETHER] = {0}, *to = p->room + j * rows;
                bool some = false;
                for (size_t r = 0; r < rest; r++) {
                    f[r] = p->alpha * p->b[(k + r) * p->ldb + j];
                    some = some || f[r] != 0;
                }
                if (some && rest == TOGETHER)
                    add_rows(to, a, p->lda, f, rows);
                else
                    for (size_t r = 0; some && r < rest; r++)
                        add_row(to, a + r * p->lda, f[r], rows);
            }
        }
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < p->n; j++) {
                float *c = &p->c[(i + r) * p->ldc + j];
                *c = (p->beta == 0 ? 0 : p->beta * *c) + p->room[j * rows + r];
            }
    }
}

/* --- few rows, b transposed --- */

/* Weights lie as the file has them, at any byte. */
#define LANES 8
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(1)));
#define LANES_AT(p) (*(const Lanes *)(const void *)(p))

static inline float
float_at(const float *p)
{
    float value;
    memcpy(&value, p, sizeof value);
    return value;
}

/* sums[i * columns + j] = a_i . b_j; rows and columns are constants where it is inlined */
__attribute__((always_inline)) static inline void
dots(const float *a,
     size_t lda,
     size_t rows,
     const float *b,
     size_t ldb,
     size_t columns,
     size_t k,
     float *sums)
{
    Lanes all[12] = {{0}};
    size_t at = 0;
    for (; at + LANES <= k; at += LANES) {
        Lanes x[3];
        for (size_t i = 0; i < rows; i++)
            x[i] = LANES_AT(a + i * lda + at);
        for (size_t j = 0; j < columns; j++) {
            Lanes y = LANES_AT(b + j * ldb + at);
            for (size_t i = 0; i < rows; i++)
                all[i * columns + j] += x[i] * y;
        }
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float sum = 0;
            for (size_t l = 0; l < LANES; l++)
                sum += all[i * columns + j][l];
            for (size_t r = at; r < k; r++)
                sum += float_at(a + i * lda + r) * float_at(b + j * ldb + r);
            sums[i * columns + j] = sum;
        }
}

/* Up to 3 x 4 or 1 x 8 elements of c. */
DCN_VECTOR static void
few_block(const float *a,
          size_t lda,
          size_t rows,
          const float *b,
          size_t ldb,
          size_t columns,
          size_t k,
          float *sums)
{
    if (rows == 1 && columns == 8)
        dots(a, lda, 1, b, ldb, 8, k, sums);
    else if (rows == 3 && columns == 4)
        dots(a, lda, 3, b, ldb, 4, k, sums);
    else if (rows == 2 && columns == 4)
        dots(a, lda, 2, b, ldb, 4, k, sums);
    else
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                dots(a + i * lda, lda, 1, b + j * ldb, ldb, 1, k, sums + i * columns + j);
}

static void
dots_of_rows(const DcnProduct *p)
{
    size_t wide = p->m == 1 ? 8 : 4;
    for (size_t j = 0; j < p->n; j += wide)
        for (size_t i = 0; i < p->m; i += 3) {
            size_t rows = dcn_least(p->m - i, 3), columns = dcn_least(p->n - j, wide);
            float sums[12];
            few_block(p->a + i * p->lda, p->lda, rows, p->b + j * p->ldb, p->ldb, columns,
                      p->k, sums);
            for (size_t r = 0; r < rows; r++)
                for (size_t s = 0; s < columns; s++) {
                    float *c = &p->c[(i + r) * p->ldc + j + s];
                    float value = p->alpha * sums[r * columns + s];
                    *c = p->beta == 0 ? value : p->beta * *c + value;
                }
        }
}

/* --- blocks --- */

/* Floats from a group of rows, or a panel, to the next: not a power of two, so that what
 * is written to all of them in turn does not fall on the same lines of a cache. */
static size_t
rows_step(size_t depth)
{
    return DCN_ROWS * (depth + depth % 2 + 2);
}

static size_t
panels_step(size_t depth)
{
    return DCN_COLUMNS * (depth + 1);
}

/* Weights come from memory, in runs too short for a processor to foresee the next. */
#define AHEAD ((size_t)6) /* rows */
#define LINE ((size_t)16) /* floats */

/* One depth of a matrix that lies with its depths as rows: its elements in groups. */
__attribute__((always_inline)) static inline void
deal(const float *from, size_t n, size_t wide, size_t step, float *to)
{
    size_t i = 0;
    for (; i + wide <= n; i += wide, to += step)
        memcpy(to, from + i, wide * sizeof *to);
    for (size_t j = 0; i < n && j < wide; j++)
        to[j] = i + j < n ? DCN_FLOAT_AT(from + i + j) : 0;
}

/* rows x depth elements of a matrix, `wide` of its rows in a group: what a group has of
 * one depth lies together. along: a row's elements lie together; else a depth's do. */
__attribute__((always_inline)) static inline void
pack(const float *from,
     size_t ld,
     bool along,
     size_t rows,
     size_t depth,
     size_t wide,
     size_t step,
     float *to)
{
    for (size_t i = 0; !along && i < depth; i++) {
        for (size_t j = 0; i + AHEAD < depth && j < rows; j += LINE)
            __builtin_prefetch(from + (i + AHEAD) * ld + j);
        deal(from + i * ld, rows, wide, step, to + i * wide);
    }
    for (size_t r = 0; along && r < rows; r += DCN_EIGHT) {
        float *at = to + r / wide * step + r % wide;
        size_t n = dcn_least(rows - r, DCN_EIGHT);
        for (size_t j = r + DCN_EIGHT; j < dcn_least(rows, r + 2 * DCN_EIGHT); j++)
            for (size_t i = 0; i < depth; i += LINE)
                __builtin_prefetch(from + j * ld + i, 0, 2);
        dcn_turn(from + r * ld, ld, n, depth, at, wide);
        for (size_t i = 0; n < DCN_EIGHT && i < depth; i++)
            for (size_t j = n; j < DCN_EIGHT; j++)
                at[i * wide + j] = 0;
    }
    for (size_t r = (rows + DCN_EIGHT - 1) / DCN_EIGHT * DCN_EIGHT;
         along && r % wide != 0; r += DCN_EIGHT)
        for (size_t i = 0; i < depth; i++)
            memset(to + r / wide * step + r % wide + i * wide, 0, DCN_EIGHT * sizeof *to);
}

DCN_VECTOR static void
pack_rows(const float *a, size_t ld, bool along, size_t rows, size_t depth, float *to)
{
    pack(a, ld, along, rows, depth, DCN_ROWS, rows_step(depth), to);
}

DCN_VECTOR static void
pack_panels(const float *b, size_t ld, bool along, size_t n, size_t depth, float *to)
{
    pack(b, ld, along, n, depth, DCN_COLUMNS, panels_step(depth), to);
}

/* A block of c from packed rows and panels. */
static void
multiply(const DcnProduct *p,
         DcnKernel *kernel,
         size_t rows,
         size_t columns,
         size_t depth,
         const float *packed,
         const float *panels,
         float *c,
         bool add)
{
    for (size_t j = 0; j < columns; j += DCN_COLUMNS)
        for (size_t i = 0; i < rows; i += DCN_ROWS)
            kernel(depth, NULL, packed + i / DCN_ROWS * rows_step(depth),
                   packed + (i / DCN_ROWS + 1) * rows_step(depth),
                   panels + j / DCN_COLUMNS * panels_step(depth),
                   dcn_least(rows - i, DCN_ROWS), dcn_least(columns - j, DCN_COLUMNS),
                   c + i * p->ldc + j, p->ldc, add ? &dcn_finish_add : NULL);
}

/* Whole `steps` of a part, if n is cut evenly in parts of at most `most`. */
static size_t
even(size_t n, size_t most, size_t step)
{
    size_t parts = (n - 1) / most + 1;
    return ((n - 1) / parts / step + 1) * step;
}

static void
blocks(const DcnProduct *p)
{
    float *room = p->room;
    DcnKernel *kernel = dcn_kernel();
    bool add = p->beta != 0;
    size_t part_depth = p->m <= 32 ? DEEPER : DEPTH;
    size_t part_rows = even(p->m, ROWS, DCN_ROWS);
    if (p->beta != 0 && p->beta != 1)
        scale(p);
    for (size_t k = 0; k < p->k; k += part_depth, add = true) {
        size_t depth = dcn_least(p->k - k, part_depth);
        for (size_t i = 0; i < p->m; i += part_rows) {
            size_t rows = dcn_least(p->m - i, part_rows);
            size_t packed = (rows + DCN_ROWS - 1) / DCN_ROWS * rows_step(depth);
            size_t room_for = (FLOATS - packed) / panels_step(depth);
            pack_rows(p->transpose_a ? p->a + k * p->lda + i : p->a + i * p->lda + k,
                      p->lda, !p->transpose_a, rows, depth, room);
            for (size_t f = 0; p->alpha != 1 && f < packed; f++)
                room[f] *= p->alpha;
            size_t part = dcn_least(room_for, 16) * DCN_COLUMNS;
            for (size_t j = 0; j < p->n; j += part) {
                size_t columns = dcn_least(p->n - j, part);
                float *panels = room + packed;
                pack_panels(p->transpose_b ? p->b + j * p->ldb + k
                                           : p->b + k * p->ldb + j,
                            p->ldb, p->transpose_b, columns, depth, panels);
                multiply(p, kernel, rows, columns, depth, room, panels,
                         p->c + i * p->ldc + j, add);
            }
        }
    }
}

bool
dcn_is_few_rows(const DcnProduct *p)
{
    bool along = !p->transpose_a || (p->m == 1 && p->lda == 1);
    return p->m < FEW && (!p->transpose_b || along);
}

bool
dcn_is_few_columns(const DcnProduct *p)
{
    return p->n < FEW && p->m >= FEW && p->transpose_a && !p->transpose_b;
}

void
dcn_blocked_product(const DcnProduct *p)
{
    bool aligned = is_aligned(p->a) && is_aligned(p->b);
    if (p->transpose_b && dcn_is_few_rows(p))
        dots_of_rows(p);
    else if (aligned && dcn_is_few_rows(p))
        sums_of_rows(p);
    else
        blocks(p);
}
