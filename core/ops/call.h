/* SPDX-License-Identifier: GPL-3.0-or-later */
/* call.h: what an operator is given: a DcnSetup when a plan is made, a DcnCall in a run, a
 * DcnFold when a constant is folded. op.h says what it does with them. */
#ifndef DCN_OPS_CALL_H
#define DCN_OPS_CALL_H

#include "base/error.h"
#include "base/shape.h"
#include "base/tensor.h"
#include "base/threads.h"
#include "dcn.h"
#include "model/model.h"

typedef struct DcnOp DcnOp;

/* --- setting up, once a plan --- */

typedef struct DcnSetup {
    const DcnOp *op;
    const DcnNode *node; /* attributes: dcn_node_int() and friends in model.h */
    int opset;           /* of the node's domain */
    int64_t file_batch;  /* the batch that the file fixes, if more than 1; else 0 */
    size_t batch;        /* images of each run; 0: any number, as with patches */
    bool training;       /* takes statistics of the batch instead of the stored ones */
    bool dropout;        /* drops what draw() says */
    bool backward;       /* a signal may come back through it */
    size_t n_in, n_out;  /* as in the node, trailing empty names cut off */

    /* Of each input: the shape of one image's part (NULL: the node leaves it out), and
     * the constant (NULL: it is known in a run only). */
    const DcnShape **in;
    const DcnTensor **value;

    /* To be filled: the shapes of the outputs, and in op->params_size zeroed bytes what a
     * run needs to know. */
    DcnShape *out;
    void *params;

    /* To be set: the bytes that forward keeps for back, for one image, and those of
     * scratch memory that each thread gets in a call. */
    size_t kept;
    size_t scratch;

    /* To be set: bytes that a call gets for all its threads together. */
    size_t work;

    DcnError *error;
} DcnSetup;

/* Each says "node "x" (Conv): ..." and returns false. */
bool dcn_setup_fail(DcnSetup *setup, DcnCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Raises setup->scratch to `bytes`, if it is less. */
void dcn_setup_scratch(DcnSetup *setup, size_t bytes);

/* The integers of a constant input (Reshape's shape, Slice's starts). Returns how many,
 * at most `most`; -1 and an error if the input is not constant, not of an integer type,
 * or longer; -2, without error, if absent. */
int dcn_setup_ints(DcnSetup *setup, size_t input, int64_t *values, int most);

/* The number in a constant input of one element, or fallback if it is absent. False and
 * an error if it is not constant. */
bool dcn_setup_number(DcnSetup *setup, size_t input, double fallback, double *value);

/* --- running --- */

typedef struct {
    /* Elements; those of inputs are only read. NULL: the node leaves it out. When a
     * constant is folded an element has call->element bytes. */
    float *data;

    /* On the way back: inputs are added to, outputs are read. NULL for an input whose
     * gradient is not wanted, and for an output whose gradient is zero. */
    float *grad;

    DcnShape shape; /* of one image */
    size_t count;   /* elements of one image */
    size_t stride;  /* elements from one image to the next; 0: constant */

    /* On the way back. fresh: grad holds nothing yet, see DcnOp.starts. rectify: this
     * call is the last to add to grad, and what is below zero then is to become zero, see
     * DcnOp.rectifies. box: grad is defined in these rows and channels only, NULL:
     * everywhere; see DcnOp.bounded. */
    bool fresh;
    bool rectify;
    const DcnBox *box;
} DcnOperand;

typedef struct DcnCall {
    const void *params;
    size_t batch;
    size_t n_in, n_out;
    DcnOperand *in, *out; /* outputs follow the inputs in memory */

    /* Bytes of an element: 4 in a run. Operators that only move elements honour it when a
     * constant is folded. */
    size_t element;

    const float *prepared; /* what DcnOp.prepare made; NULL: nothing was */

    /* What forward keeps for back: batch x kept_stride bytes. NULL: nothing will come
     * back. */
    char *kept;
    size_t kept_stride;

    /* DcnSetup.work bytes, 64-byte aligned, whatever is in them. NULL: there are none in
     * this call, as with patches and when a constant is folded. */
    void *work;

    DcnContext *context; /* dcn_parallel() in threads.h; scratch by dcn_scratch() */
} DcnCall;

/* --- folding what is no float, once a plan --- */

/* All inputs are constants of any type. Outputs: type, shape and data to be filled; data
 * comes from dcn_fold_alloc() (zeroed). */
typedef struct DcnFold {
    const void *params;
    size_t n_in, n_out;
    const DcnTensor **in; /* NULL: left out */
    DcnTensor *out;
    const DcnShape *shape; /* of the outputs, as setup had them */
    struct DcnArena *arena;
    DcnError *error;
} DcnFold;

void *dcn_fold_alloc(DcnFold *fold, size_t bytes);

#endif
