/* op_run.h: runs one operator without model, plan or session, as those would.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     OpRun run;
 *     op_begin(&run, "MaxPool", 12);
 *     op_ints(&run, "kernel_shape", 2, (int64_t[]){2, 2});
 *     op_input(&run, 4, (int64_t[]){1, 1, 2, 2}, (float[]){1, 5, 2, 3});
 *     if (op_setup(&run, 1)) {
 *         op_forward(&run);
 *         check_floats(run.out[0].data, (float[]){5}, 1, 0);
 *     }
 *     op_end(&run);
 *
 * What is missing or does not fit is a mistake in the test and ends it.
 */
#ifndef OP_RUN_H
#define OP_RUN_H

#include "op.h"

#define OP_RUN_MOST 16

typedef struct {
    const DcnOp *op;
    DcnNode node;
    DcnAttribute attributes[OP_RUN_MOST];
    int64_t ints[OP_RUN_MOST][OP_RUN_MOST]; /* of list attributes */
    char store[OP_RUN_MOST][80];            /* words of attributes, for who reads them */
    int opset;
    int64_t file_batch;
    size_t batch;
    int threads;

    size_t n_in, n_out;
    DcnOperand in[OP_RUN_MOST], out[OP_RUN_MOST]; /* data and grad are owned */
    DcnTensor value[OP_RUN_MOST];                 /* of constants */
    bool constant[OP_RUN_MOST], given[OP_RUN_MOST];

    DcnContext *context;
    void *params;
    char *kept;
    size_t kept_stride;
    bool training;   /* set before op_setup(): as in a trainer's plan */
    bool backward;   /* the same: as in a plan with a way back */
    bool plain;      /* set before op_forward(): without prepared weights */
    float *prepared; /* what the operator makes of its constants, if it does */
    uint32_t random;
    DcnError error;
} OpRun;

/* The batch is 1 until the test sets another, before the first input. */
void op_begin(OpRun *run, const char *op, int opset);
void op_end(OpRun *run);

void op_int(OpRun *run, const char *name, int64_t value);
void op_float(OpRun *run, const char *name, float value);
void op_string(OpRun *run, const char *name, const char *value);
void op_ints(OpRun *run, const char *name, size_t count, const int64_t *values);

/* Inputs, in order. data: batch x count floats; NULL: seeded noise without equal values
 * and without values near 0, between -2 and 2. Returns the copy that is run on. */
float *op_input(OpRun *run, int rank, const int64_t *dims, const float *data);

/* A constant of floats; data NULL: noise as above. */
float *op_weight(OpRun *run, int rank, const int64_t *dims, const float *data);

/* A list of int64. */
void op_list(OpRun *run, size_t count, const int64_t *values);
void op_left_out(OpRun *run);

/* False: run->error says why. */
bool op_setup(OpRun *run, size_t n_out);

void op_forward(OpRun *run);

/* Outputs' gradients are what run->out[].grad holds (zero at first). Inputs' are zeroed,
 * then added to; where the test says that they are fresh, they are not a number before.
 */
void op_back(OpRun *run, DcnMethod method);
void op_grad_weights(OpRun *run);

/* The call as an operator sees it, to ask for reach. */
DcnCall op_call(OpRun *run);

/* Elements of all images. */
size_t op_total(const OpRun *run, const DcnOperand *operand);

/* Noise between -1 and 1 from the run's own generator. */
float op_random(OpRun *run);
void op_noise(OpRun *run, float *values, size_t count);

#endif
