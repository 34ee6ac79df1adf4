/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_private.h: the inside of DcnPatchPlan. */
#ifndef DCN_OCCLUDE_PATCH_PRIVATE_H
#define DCN_OCCLUDE_PATCH_PRIVATE_H

#include "occlude/patch.h"

typedef enum {
    PATCH_BASE,     /* no square changes it: the base's values */
    PATCH_PART,     /* a box of the tensor */
    PATCH_WHOLE,    /* the whole tensor, of each position */
    PATCH_GATHERED, /* put together from base and patch of `source`, for one step */
} PatchKind;

typedef struct {
    PatchKind kind;
    DcnBox box;      /* the whole tensor */
    int64_t size[3]; /* of the patch */
    int source;      /* gathered: which value */
    float fill;      /* gathered: what lies outside of the tensor */
} PatchValue;

typedef struct {
    const PlanStep *base; /* NULL: not live */
    void *params;
    int *in; /* values of the patch plan */
    size_t scratch;
    DcnLocality locality; /* DCN_LOCAL_NO: whole tensors */
    DcnLocalWindow window;
    DcnCall shapes; /* of the base's tensors, for questions of reach */
    bool runs;      /* some square changes something of it */
    bool moves;     /* outputs are boxes of the first input */
    bool changes;   /* the output is the base's and what a part changes */
} PatchStep;

struct DcnPatchPlan {
    const DcnPlan *plan; /* the base's */
    const DcnSquares *squares;
    DcnPlan plan_of_steps; /* an arena and a model, for setting steps up */
    size_t n_values, room_values;
    PatchValue *values; /* those of the plan, then gathered ones */
    PlanValue *places;  /* where they lie */
    PatchStep *steps;   /* one a step of the plan */
    size_t most_operands;
    size_t floats, scratch;
};

/* A plan that is being made. */
typedef struct {
    DcnPatchPlan *patches;
    const DcnSquares *squares;
    const size_t *rows, *columns;
    size_t n_rows, n_columns;
    int end;       /* or -1 */
    bool *is_past; /* by value: depends on the end */
    DcnError *error;
} DcnPatchMaker;

/* The part of an input that a box of a step's output sees; for windows, and where boxes
 * are moved, it may reach into the padding. */
void dcn_patch_seen(const DcnPatchPlan *patches,
                    const PatchStep *step,
                    size_t output,
                    const DcnBox *out,
                    size_t input,
                    DcnBox *seen);

/* patch_step.c: how a step runs for patches, from the kinds and sizes of values, which may
 * become whole. number: of the step. */
bool dcn_patch_set_up(DcnPatchMaker *maker, PatchStep *step, int number);

/* patch_place.c: places, from the kinds and sizes of values and the inputs of steps. end:
 * a value that stays, or -1. */
bool dcn_patch_place(DcnPatchPlan *patches, int end, DcnError *error);

#endif
