/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces_private.h: what pieces*.c share. */
#ifndef DCN_PLAN_PIECES_PRIVATE_H
#define DCN_PLAN_PIECES_PRIVATE_H

#include "plan/plan_private.h"

#define DCN_MOST_PIECES 24

/* What was found to be one step: its operator, what it is called, its inputs and
 * attributes, and the steps that it takes in, all but the last. */
typedef struct {
    DcnPlan *plan;
    const DcnPlanOptions *options;
    const char *type, *what;
    int in[3];
    size_t n_in;
    DcnAttribute attributes[5];
    size_t n_attributes;
    size_t count;
    PlanStep *taken[DCN_MOST_PIECES];
} DcnPieces;

/* Looks for the pieces up from the last step. It may have taken some and be wrong. */
typedef bool DcnFindPieces(DcnPieces *p, const PlanStep *last);
DcnFindPieces dcn_find_lrn, dcn_find_gelu, dcn_find_layer_norm;

/* A step of ONNX's own operator. */
bool dcn_piece_is(const PlanStep *step, const char *type);

/* The step that makes the value, which becomes a piece. NULL if anything else needs the
 * value: more inputs of steps than `users`, or whoever asked for it. */
PlanStep *dcn_piece_take(DcnPieces *p, int value, size_t users);

/* The same if it is such a step, too. */
PlanStep *dcn_piece_take_a(DcnPieces *p, int value, size_t users, const char *type);

/* A constant input, and one that is a single number. */
const DcnTensor *dcn_piece_constant(const DcnPieces *p, const PlanStep *step, size_t in);
bool dcn_piece_number(const DcnPieces *p, const PlanStep *step, size_t in, float *result);

/* A step of two inputs, one of which is a number: gives the other one. */
bool dcn_piece_other(const DcnPieces *p, const PlanStep *step, int *value, float *result);

#endif
