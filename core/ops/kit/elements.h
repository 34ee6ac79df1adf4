/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elements.h: operators that take elements from places, or put them there, that a tensor
 * of indices names: GatherElements, GatherND, Compress, ScatterElements, ScatterND.
 *
 * Such an operator says for each element which place is meant; what happens in a run, on
 * the way back and with constants of any type follows. */
#ifndef DCN_OPS_KIT_ELEMENTS_H
#define DCN_OPS_KIT_ELEMENTS_H

#include "ops/kit/common.h"

/* Whole numbers or truths: of a run (floats) or of a constant (any type). */
typedef struct {
    const DcnTensor *tensor; /* or NULL */
    const float *floats;
} DcnIntegers;

int64_t dcn_integer_at(const DcnIntegers *integers, size_t i);

/* Index `i` of an axis of dim > 0 places: negative ones count from the end. A run cannot
 * fail for an index that it computes outside of the axis: it is cut to the axis. */
size_t dcn_index_at(const DcnIntegers *integers, size_t i, int64_t dim);

/* Constant indices that lie outside of the axis are refused. step: every how many
 * elements, from `first` on. */
bool dcn_setup_indices(
    DcnSetup *setup, size_t input, size_t first, size_t step, int64_t dim);

/* The element of x that element i of the output (or of the updates) is about. */
typedef size_t (*DcnPlaceOf)(const void *params,
                             const DcnShape *x,
                             const DcnShape *index_shape,
                             const DcnIntegers *index,
                             size_t i);

typedef enum {
    DCN_PUT_SET,
    DCN_PUT_ADD,
    DCN_PUT_MUL,
    DCN_PUT_MIN,
    DCN_PUT_MAX,
} DcnPut;

/* The first member of the params of an operator whose entries of DcnOp are these. */
typedef struct {
    DcnPlaceOf place;
    DcnPut how; /* of putting */
    int axis;   /* of dcn_setup_along() */
} DcnElements;

/* Indices, and updates of their shape if there is an input 2, that say where along the
 * attribute "axis" an element is; on the other axes it stays where it is. */
bool dcn_setup_along(DcnSetup *setup, DcnElements *elements);

/* --- taking: y[i] = x[place(i)]; indices are input 1 --- */

void dcn_take_forward(const DcnCall *call);
void dcn_take_back(const DcnCall *call);
bool dcn_take_fold(DcnFold *fold);

/* --- putting: y = x, then y[place(i)] = or += update[i], one after the other; x, indices
 * and updates are the inputs --- */

/* Reads "reduction" and asks for scratch memory. */
bool dcn_put_setup(DcnSetup *setup, DcnElements *elements);
void dcn_put_forward(const DcnCall *call);
void dcn_put_back(const DcnCall *call);
bool dcn_put_fold(DcnFold *fold);

#endif
