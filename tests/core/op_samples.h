/* op_samples.h: operators with attributes and inputs, for the tests that are the same for
 * all of them (op_properties.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef OP_SAMPLES_H
#define OP_SAMPLES_H

#include "op_run.h"

typedef enum {
    LINEAR = 1, /* in all inputs that belong to images, one at a time: the adjoint test */
    EXACT = 2,  /* every output in reach changes when all of a box of the input does */
    NO_SLOPE = 4,   /* steps: a difference says nothing of what comes back */
    NO_WEIGHTS = 8, /* constants have no slope at these values */
} OpTraits;

typedef struct {
    const char *op;
    int opset;
    size_t outputs;
    int traits;
    const char *what; /* is special */
    const char *text; /* attributes and inputs, see op_samples.c */
} OpSample;

extern const OpSample op_samples[];
extern const size_t op_sample_count;

/* op_begin(), batch, threads, build, op_setup(). False, with a failed check: it could not
 * be set up. */
bool op_sample_start(OpRun *run, const OpSample *sample, size_t batch, int threads);

#endif
