/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.h: the elements of a tensor in rows that belong together along some axes: those
 * that a reduction makes one number of, or that share a mean.
 *
 * A tensor of 1x3x2x4 in rows along the axes 1 and 3 has 2 rows of 12 elements; row 1 is
 * what has the index 1 on axis 2, in the order of the tensor. Rows whose elements lie one
 * after another are used where they lie, others are copied to and fro. */
#ifndef DCN_OPS_KIT_ROWS_H
#define DCN_OPS_KIT_ROWS_H

#include "ops/kit/view.h"

typedef struct {
    DcnView row;   /* the elements of row 0 */
    DcnView first; /* the first elements of all rows */
    size_t count, length;
    bool dense; /* a row's elements lie one after another */
    bool same;  /* a row is one element, repeated */
} DcnRows;

/* Of a tensor along the axes named; of an operand that is broadcast to it, as if it were
 * repeated. The operand's axes are the last ones of the tensor. */
DcnRows dcn_rows_of(const DcnShape *shape, const bool named[DCN_MAX_RANK]);
DcnRows dcn_rows_broadcast(const DcnShape *shape,
                           const DcnShape *operand,
                           const bool named[DCN_MAX_RANK]);

/* Room for copy number k of a row in scratch memory; dense rows need none. */
static inline float *
dcn_row_copy(const DcnRows *rows, float *scratch, size_t k)
{
    return rows->dense ? NULL : scratch + k * rows->length;
}

/* Row `row` of one image: where it lies, if it is dense, else copied to `copy`, which has
 * room for length floats. */
const float *dcn_row_read(const DcnRows *rows,
                          const float *data,
                          size_t row,
                          float *copy);

/* The one element of row `row`, where rows are the same. */
float dcn_row_one(const DcnRows *rows, const float *data, size_t row);

/* Where values of a row can be added: where it lies, or `copy`, zeroed, which
 * dcn_row_added() then adds to where they belong. */
float *dcn_row_start(const DcnRows *rows, float *data, size_t row, float *copy);
void dcn_row_added(const DcnRows *rows, float *data, size_t row, const float *copy);

/* Zeroes output 0, if its rows are added and not written where they lie. */
void dcn_rows_clear(const DcnCall *call, const DcnRows *rows);

/* Work on row `row` of image `image`; scratch is what setup->scratch asked for. */
typedef void (*DcnRowWork)(void *user, size_t image, size_t row, float *scratch);

/* All rows of all images, in parallel. */
void dcn_each_row(const DcnCall *call, const DcnRows *rows, DcnRowWork work, void *user);

#endif
