/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch.h: runs a net again for a picture of which a small part was altered, and computes
 * only what that part can change.
 *
 * A square changes a box of each tensor (reach). A patch is such a box, with as many
 * channels as the tensor; what lies around it is the base: the run without a square.
 * Squares whose boxes have the same sizes in every tensor make a class, and are run as
 * one batch of small pictures: before a step, the part of its input that it sees is put
 * together from base and patch; then the operator, set up for that size, runs as always.
 * Nakandala et al. 2019, "Incremental and approximate inference for faster
 * occlusion-based deep CNN explanations", has the idea for three nets; here it stands on
 * the operators' own reach, so it holds for any graph.
 *
 * An operator that cannot compute a box alone gets whole tensors, put together from base
 * and patch; from there on everything is whole. */
#ifndef DCN_OCCLUDE_PATCH_H
#define DCN_OCCLUDE_PATCH_H

#include "plan/plan_private.h"
#include "run/session_private.h"

/* The boxes that the squares of one row, or of one column, of positions can change: by
 * value of the plan. A row restricts one spatial axis and a column the other; a
 * position's box is where both meet. */
typedef struct {
    size_t n_rows, n_columns;
    DcnBox *rows, *columns;               /* n x plan->n_values */
    bool *outside_rows, *outside_columns; /* the square lies outside of the picture */
    bool *idle; /* n_rows x n_columns: the square changes nothing */
} DcnSquares;

bool dcn_squares_new(const DcnPlan *plan,
                     bool nhwc,
                     int64_t size,
                     int64_t step,
                     DcnSquares *squares,
                     DcnError *error);
void dcn_squares_free(DcnSquares *squares);

/* What the square of a position can change of a value of the plan. */
DcnBox dcn_squares_box(
    const DcnSquares *squares, size_t n_values, size_t row, size_t column, size_t value);

/* Finds the positions at which the square changes nothing: the picture shows there what
 * the square would show, or the square lies outside of the picture. Both are as the
 * plan's input. */
void dcn_squares_find_idle(const DcnPlan *plan,
                           const float *picture,
                           const float *fill,
                           DcnSquares *squares);

/* The pixels of one axis that square number `cell` covers, cut off at the edges; may be
 * none. */
void dcn_square_covers(int64_t cell,
                       int64_t step,
                       int64_t size,
                       int64_t length,
                       int64_t *begin,
                       int64_t *end);

/* Positions that have the same sizes everywhere. */
typedef struct DcnPatchPlan DcnPatchPlan;

/* rows, columns: members of the class. end: what depends on this value is not computed;
 * -1: everything is. */
DcnPatchPlan *dcn_patch_plan_new(const DcnPlan *plan,
                                 int end,
                                 const DcnSquares *squares,
                                 const size_t *rows,
                                 size_t n_rows,
                                 const size_t *columns,
                                 size_t n_columns,
                                 DcnError *error);
void dcn_patch_plan_free(DcnPatchPlan *patches);

/* Bytes of memory that a batch takes, and of scratch. */
size_t dcn_patch_memory(const DcnPatchPlan *patches, size_t batch);
size_t dcn_patch_scratch(const DcnPatchPlan *patches);

/* Sets needed of each value of the plan that a run of patches reads of the base; by
 * value. */
void dcn_patch_needs(const DcnPatchPlan *patches, bool *needed);

/* One position of a batch. */
typedef struct {
    size_t row, column;
} DcnPosition;

/* Runs a batch. base: a session of the plan that has run and keeps what patches need.
 * memory: 64-byte aligned, dcn_patch_memory() bytes. fill: a whole picture that the square
 * shows. */
void dcn_patch_run(const DcnPatchPlan *patches,
                   const DcnSession *base,
                   DcnContext *context,
                   const DcnPosition *positions,
                   size_t batch,
                   const float *fill,
                   float *memory);

/* After a run: where a value of the base plan is, for one position: its box (axes 1 to 3
 * of the tensor) and its elements, row-major. *data is NULL where the square changes
 * nothing. */
void dcn_patch_value(const DcnPatchPlan *patches,
                     const DcnPosition *positions,
                     size_t batch,
                     size_t index,
                     int value,
                     const float *memory,
                     DcnBox *box,
                     const float **data);

#endif
