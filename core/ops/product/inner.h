/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner.h: the inner product of convolutions: a few maps times a panel of places.
 *
 * Weights are packed once a plan: rows (maps) in groups of DCN_ROWS, so that what a group
 * needs for one k lies together. Windows come in panels of DCN_COLUMNS places. A BLAS
 * packs weights again at each call, which costs more than the product where places are
 * few. */
#ifndef DCN_OPS_PRODUCT_INNER_H
#define DCN_OPS_PRODUCT_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DCN_ROWS 8
#define DCN_COLUMNS 32

/* Floats of m x k weights, packed. */
size_t dcn_packed_floats(size_t m, size_t k);

/* w: m x k, rows `step` floats apart and elements of a row `stride` floats apart. Rows
 * that fill the last group up are zero. */
void dcn_pack(
    const float *w, size_t m, size_t k, size_t step, size_t stride, float *packed);

/* What is done to sums before they are written: min(high, max(low, sum + bias + y)), y
 * only with add. */
typedef struct {
    const float *bias; /* by row, or NULL */
    float low, high;
    bool add; /* to what is there */
} DcnFinish;

/* The sums are added to what is there, and that is all. Kernels know it by its address.
 */
extern const DcnFinish dcn_finish_add;

/* The rows of a panel that are not zero: behind a rectifier many elements are zero, and a
 * whole row is where its feature does not occur at all. Writes their numbers to which and
 * returns how many they are. If nearly all rows are not zero, it gives all rows. Where
 * rows are passed over, zero times an infinite weight adds nothing, while the definition
 * gives NaN. */
size_t dcn_nonzero_rows(const float *panel, size_t rows, uint32_t *which);

/* The same of rows that were looked at before: bits of a row are 0 if it is zero. */
size_t dcn_nonzero_list(const uint32_t *bits, size_t rows, uint32_t *which);

/* y[i][j] = finish(sum over k of w[i][k] * panel[k][j]) for the rows 0 .. rows - 1 of one
 * group and the places 0 .. columns - 1.
 *
 * which    the k to sum over; NULL: 0 .. k - 1
 * packed   DCN_ROWS floats for each k: one group
 * next     the group that will be wanted next, of as many floats: it is fetched from
 *          memory meanwhile; any address, as nothing is read
 * panel    DCN_COLUMNS floats for each k, 64-byte aligned; those behind `columns` are
 *          read and count for nothing
 * y        rows are ldy floats apart
 * finish   its bias begins with this group's; NULL: sums as they are
 */
typedef void DcnKernel(size_t k,
                       const uint32_t *which,
                       const float *packed,
                       const float *next,
                       const float *panel,
                       size_t rows,
                       size_t columns,
                       float *y,
                       size_t ldy,
                       const DcnFinish *finish);

/* One for each kind of processor, the best first; the last one runs on any, and an entry
 * of NULLs ends the list. */
typedef struct {
    const char *name;
    bool (*fits)(void); /* this processor has what it needs */
    DcnKernel *run;
    size_t depth; /* rows of a panel that groups had better pass over at a time, as these
                     stay in the nearest cache; 0: whole panels are as quick */
    size_t rows;  /* of a group that it is quickest with, where these can be chosen */
} DcnInner;

extern const DcnInner dcn_inners[];

/* The first one that fits, and its kernel. */
const DcnInner *dcn_inner(void);
DcnKernel *dcn_kernel(void);

#endif
