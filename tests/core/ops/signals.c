/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signals.c: what comes back is the same where the walk saves work: into a gradient that
 * holds nothing yet, and of a signal that is defined in a box only. For every operator. */
#include "check.h"
#include "core/fixture/op_samples.h"
#include <float.h>
#include <stdlib.h>

static float *
copy_of(const float *values, size_t count)
{
    float *copy = malloc((count + 1) * sizeof *copy);
    if (!copy)
        abort();
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

static bool
agrees(float got, float wanted)
{
    return fabs((double)got - (double)wanted) <=
           64 * (double)FLT_EPSILON * (1 + fabs((double)wanted));
}

/* --- fresh --- */

static size_t fresh_ones;

static void
start_afresh(const OpSample *sample, OpRun *run, DcnMethod method, size_t input)
{
    DcnOperand *x = &run->in[input];
    size_t total = op_total(run, x);
    op_back(run, method);
    float *wanted = copy_of(x->grad, total);
    x->fresh = true;
    op_back(run, method);
    x->fresh = false;
    for (size_t k = 0; k < total; k++)
        if (!agrees(x->grad[k], wanted[k])) {
            check_fail("%s %s, input %zu: [%zu] got %.9g, wanted %.9g", sample->op,
                       sample->what, input, k, (double)x->grad[k], (double)wanted[k]);
            break;
        }
    free(wanted);
    fresh_ones++;
}

static void
what_starts_writes_all_of_a_fresh_gradient(void)
{
    for (size_t s = 0; s < op_sample_count; s++) {
        OpRun run;
        if (op_sample_start(&run, &op_samples[s], 2, 1) && run.n_out == 1) {
            DcnCall call = op_call(&run);
            op_forward(&run);
            op_noise(&run, run.out[0].grad, op_total(&run, &run.out[0]));
            for (int method = 0; method < DCN_METHODS; method++)
                for (size_t i = 0; i < run.n_in; i++)
                    if (run.given[i] && !run.constant[i] && run.in[i].grad &&
                        dcn_op_goes_back(run.op, (DcnMethod)method) &&
                        dcn_op_starts(run.op, &call, i))
                        start_afresh(&op_samples[s], &run, (DcnMethod)method, i);
        }
        op_end(&run);
    }
    check(fresh_ones > 100, "there are operators that start");
}

/* --- boxes --- */

static size_t boxed_ones;

static bool
is_picture(const DcnShape *shape)
{
    return shape->rank == 4 && shape->dim[0] == 1;
}

/* Fills what is outside of the box, which has whole rows. */
static void
fill_outside(const DcnOperand *operand, const DcnBox *box, float value)
{
    const int64_t *dim = operand->shape.dim;
    for (int64_t c = 0; c < dim[1]; c++)
        for (int64_t y = 0; y < dim[2]; y++)
            for (int64_t x = 0; x < dim[3]; x++)
                if (c < box->begin[0] || c >= box->end[0] || y < box->begin[1] ||
                    y >= box->end[1])
                    operand->grad[(c * dim[2] + y) * dim[3] + x] = value;
}

/* The signal is defined in one channel or two, and in one row or two. */
static void
box_back(const OpSample *sample, OpRun *run, DcnMethod method, const DcnBox *box)
{
    DcnOperand *y = &run->out[0];
    DcnBox boxes[OP_RUN_MOST];
    float *wanted[OP_RUN_MOST] = {NULL};
    DcnCall call = op_call(run);
    op_noise(run, y->grad, y->count);
    fill_outside(y, box, 0);
    op_back(run, method);
    for (size_t i = 0; i < run->n_in; i++)
        if (run->in[i].grad && !run->constant[i])
            wanted[i] = copy_of(run->in[i].grad, run->in[i].count);
    fill_outside(y, box, NAN);
    y->box = box;
    for (size_t i = 0; i < run->n_in; i++) {
        const DcnShape *shape = &run->in[i].shape;
        if (!wanted[i] || !is_picture(shape))
            continue;
        dcn_op_reach_back(run->op, &call, 0, box, i, &boxes[i]);
        boxes[i].begin[2] = 0;
        boxes[i].end[2] = shape->dim[3];
        for (int axis = 0; axis < 2; axis++) {
            if (boxes[i].begin[axis] < 0)
                boxes[i].begin[axis] = 0;
            if (boxes[i].end[axis] > shape->dim[axis + 1])
                boxes[i].end[axis] = shape->dim[axis + 1];
        }
        if (boxes[i].end[0] > boxes[i].begin[0] && boxes[i].end[1] > boxes[i].begin[1])
            run->in[i].box = &boxes[i];
    }
    op_back(run, method);
    for (size_t i = 0; i < run->n_in; i++) {
        DcnOperand *x = &run->in[i];
        if (!wanted[i])
            continue;
        if (x->box) { /* nothing comes of the box elsewhere, and nothing is said of it */
            fill_outside(x, x->box, 0);
        }
        for (size_t k = 0; k < x->count; k++)
            if (!agrees(x->grad[k], wanted[i][k])) {
                check_fail("%s %s, method %d, input %zu: [%zu] got %.9g, wanted %.9g",
                           sample->op, sample->what, (int)method, i, k,
                           (double)x->grad[k], (double)wanted[i][k]);
                break;
            }
        x->box = NULL;
        free(wanted[i]);
    }
    y->box = NULL;
    boxed_ones++;
}

static void
what_is_bounded_keeps_to_the_box(void)
{
    for (size_t s = 0; s < op_sample_count; s++) {
        OpRun run;
        bool started = op_sample_start(&run, &op_samples[s], 1, 1);
        DcnCall call = op_call(&run);
        if (started && run.n_out == 1 && is_picture(&run.out[0].shape) &&
            run.out[0].count > 0 && dcn_op_bounded(run.op, &call)) {
            const int64_t *dim = run.out[0].shape.dim;
            op_forward(&run);
            for (int method = 0; method < DCN_METHODS; method++)
                for (int64_t c = 0; c < dim[1]; c++)
                    for (int64_t y = 0; y < dim[2]; y++) {
                        DcnBox box = {{c, y, 0},
                                      {c + 2 < dim[1] ? c + 2 : dim[1],
                                       y + 2 < dim[2] ? y + 2 : dim[2], dim[3]}};
                        if (dcn_op_goes_back(run.op, (DcnMethod)method))
                            box_back(&op_samples[s], &run, (DcnMethod)method, &box);
                    }
        }
        op_end(&run);
    }
    check(boxed_ones > 100, "there are operators that keep to boxes");
}

CHECK_MAIN(CHECK_TEST(what_starts_writes_all_of_a_fresh_gradient),
           CHECK_TEST(what_is_bounded_keeps_to_the_box))
