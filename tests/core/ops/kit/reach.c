/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests that the reach that operators state, in both directions, is what changes in a
 * run. */
#include "check.h"
#include "core/fixture/op_samples.h"
#include <math.h>
#include <stdlib.h>

/* Is element `index` inside the box of axes 1, 2 and 3? */
static bool
inside(const DcnShape *shape, size_t index, const DcnBox *box)
{
    for (int axis = shape->rank - 1; axis >= 0; axis--) {
        int64_t at = (int64_t)(index % (size_t)shape->dim[axis]);
        index /= (size_t)shape->dim[axis];
        if (axis >= 1 && axis <= 3 &&
            (at < box->begin[axis - 1] || at >= box->end[axis - 1]))
            return false;
    }
    return true;
}

/* Cuts boxes to the tensor, as the callers of reach do. */
static DcnBox
cut(const DcnBox *box, const DcnShape *shape)
{
    DcnBox whole = dcn_shape_box(shape), result = *box;
    for (int i = 0; i < 3; i++) {
        if (result.begin[i] < whole.begin[i])
            result.begin[i] = whole.begin[i];
        if (result.end[i] > whole.end[i])
            result.end[i] = whole.end[i];
    }
    return result;
}

static DcnBox
random_box(OpRun *run, const DcnShape *shape)
{
    DcnBox box = dcn_shape_box(shape);
    for (int i = 0; i < 3; i++) {
        double size = (double)box.end[i];
        int64_t begin = (int64_t)((double)(op_random(run) + 1) / 2.0001 * size);
        int64_t end =
            begin + 1 +
            (int64_t)((double)(op_random(run) + 1) / 2.0001 * (size - (double)begin));
        box.begin[i] = begin;
        box.end[i] = end < box.end[i] ? end : box.end[i];
    }
    return box;
}

static bool
grow(DcnBox *box, const DcnShape *shape, size_t index)
{
    int64_t at[DCN_MAX_RANK] = {0};
    for (int axis = shape->rank - 1; axis >= 0; axis--) {
        at[axis] = (int64_t)(index % (size_t)shape->dim[axis]);
        index /= (size_t)shape->dim[axis];
    }
    for (int i = 0; i < 3; i++) {
        box->begin[i] = at[i + 1] < box->begin[i] ? at[i + 1] : box->begin[i];
        box->end[i] = at[i + 1] + 1 > box->end[i] ? at[i + 1] + 1 : box->end[i];
    }
    return true;
}

static bool
same_box(const DcnBox *a, const DcnBox *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void
say(const OpSample *sample, const char *what, const DcnBox *got, const DcnBox *seen)
{
    check_fail("%s %s: %s [%lld %lld, %lld %lld, %lld %lld], seen [%lld %lld, %lld %lld, "
               "%lld %lld]",
               sample->op, sample->what, what, (long long)got->begin[0],
               (long long)got->end[0], (long long)got->begin[1], (long long)got->end[1],
               (long long)got->begin[2], (long long)got->end[2],
               (long long)seen->begin[0], (long long)seen->end[0],
               (long long)seen->begin[1], (long long)seen->end[1],
               (long long)seen->begin[2], (long long)seen->end[2]);
}

/* Changes the elements of input i inside (or outside) a box, runs, and changes them back.
 */
static void
run_changed(OpRun *run, size_t i, const DcnBox *box, bool those_inside)
{
    DcnOperand *x = &run->in[i];
    float *kept = malloc((x->count + 1) * sizeof *kept);
    if (!kept)
        abort();
    memcpy(kept, x->data, x->count * sizeof *kept);
    for (size_t k = 0; k < x->count; k++)
        if (inside(&x->shape, k, box) == those_inside)
            x->data[k] += 100 + (float)k;
    op_forward(run);
    memcpy(x->data, kept, x->count * sizeof *kept);
    free(kept);
}

static void
ahead(const OpSample *sample, OpRun *run, size_t i, size_t j, const float *before)
{
    DcnOperand *y = &run->out[j];
    DcnCall call = op_call(run);
    DcnBox in = random_box(run, &run->in[i].shape), out,
           seen = {{1 << 30, 1 << 30, 1 << 30}, {0}};
    dcn_op_reach_ahead(run->op, &call, i, &in, j, &out);
    out = cut(&out, &y->shape);
    run_changed(run, i, &in, true);
    bool any = false;
    for (size_t k = 0; k < y->count; k++) {
        if (y->data[k] == before[k])
            continue;
        any = grow(&seen, &y->shape, k);
        if (!inside(&y->shape, k, &out)) {
            say(sample, "ahead says", &out, &seen);
            return;
        }
    }
    bool empty = out.begin[0] >= out.end[0] || out.begin[1] >= out.end[1] ||
                 out.begin[2] >= out.end[2];
    if ((sample->traits & EXACT) && (any == empty || (any && !same_box(&seen, &out))))
        say(sample, any ? "ahead is exact but says" : "nothing changed, ahead says", &out,
            &seen);
}

static void
back(const OpSample *sample, OpRun *run, size_t i, size_t j, const float *before)
{
    DcnOperand *y = &run->out[j];
    DcnCall call = op_call(run);
    DcnBox out = random_box(run, &y->shape), in;
    dcn_op_reach_back(run->op, &call, j, &out, i, &in);
    in = cut(&in, &run->in[i].shape);
    run_changed(run, i, &in, false);
    for (size_t k = 0; k < y->count; k++)
        if (y->data[k] != before[k] && inside(&y->shape, k, &out)) {
            say(sample, "changes outside of this reach came to", &in, &out);
            return;
        }
}

/* An empty box reaches nothing. */
static void
nothing(const OpSample *sample, OpRun *run, size_t i, size_t j)
{
    DcnCall call = op_call(run);
    DcnBox empty = {{0}, {0}}, out;
    dcn_op_reach_ahead(run->op, &call, i, &empty, j, &out);
    if (out.begin[0] < out.end[0] && out.begin[1] < out.end[1] &&
        out.begin[2] < out.end[2])
        say(sample, "nothing reaches", &out, &empty);
}

static void
each_pair(void (*test)(const OpSample *, OpRun *, size_t, size_t, const float *),
          bool way)
{
    for (size_t s = 0; s < op_sample_count; s++) {
        const OpSample *sample = &op_samples[s];
        OpRun run;
        if (op_sample_start(&run, sample, 1, 1) && dcn_op_has_reach(run.op))
            for (size_t i = 0; i < run.n_in; i++)
                for (size_t j = 0; j < run.n_out; j++) {
                    if (!run.given[i] || run.constant[i] || run.out[j].count == 0)
                        continue;
                    op_forward(&run);
                    size_t bytes = run.out[j].count * sizeof(float);
                    float *before = malloc(bytes);
                    if (!before)
                        abort();
                    memcpy(before, run.out[j].data, bytes);
                    for (int round = 0; round < 20; round++)
                        test(sample, &run, i, j, before);
                    if (way)
                        nothing(sample, &run, i, j);
                    free(before);
                }
        op_end(&run);
    }
}

static void
what_a_box_changes_lies_in_its_reach_ahead(void)
{
    each_pair(ahead, true);
}

static void
a_box_takes_from_its_reach_back_only(void)
{
    each_pair(back, false);
}

static void
both_ways_are_stated_or_neither(void)
{
    for (size_t s = 0; s < op_sample_count; s++) {
        const DcnOp *op = op_by_name(op_samples[s].op);
        if ((op->reach.ahead == NULL) != (op->reach.back == NULL))
            check_fail("%s has one of the two", op->name);
    }
}

/* Puts the elements of a box of one image, row-major, into `to`. */
static void
take_box(const DcnOperand *x, const DcnBox *box, float *to)
{
    for (size_t k = 0; k < x->count; k++)
        if (inside(&x->shape, k, box))
            *to++ = x->data[k];
}

static void
change(const OpSample *sample, OpRun *run)
{
    DcnOperand *x = &run->in[0], *y = &run->out[0];
    DcnCall call = op_call(run);
    DcnBox box = random_box(run, &x->shape);
    float *memory = malloc((2 * x->count + 2 * y->count) * sizeof *memory);
    if (!memory)
        abort();
    float *input = memory, *changed = input + x->count, *output = changed + x->count,
          *got = output + y->count;
    memcpy(input, x->data, x->count * sizeof *input);
    op_forward(run);
    memcpy(output, y->data, y->count * sizeof *output);
    for (size_t k = 0; k < x->count; k++)
        if (inside(&x->shape, k, &box))
            x->data[k] += op_random(run);
    take_box(x, &box, changed);
    run->op->reach.change(
        &call,
        &(DcnChange){.box = box, .changed = changed, .input = input, .output = output},
        got);
    op_forward(run);
    for (size_t k = 0; k < y->count; k++)
        if (!(fabsf(got[k] - y->data[k]) <= 1e-5F))
            check_fail("%s %s: element %zu changes to %g, and a run gives %g", sample->op,
                       sample->what, k, (double)got[k], (double)y->data[k]);
    free(memory);
}

static void
a_changed_box_makes_the_difference_that_a_run_makes(void)
{
    size_t tried = 0;
    for (size_t s = 0; s < op_sample_count; s++) {
        const OpSample *sample = &op_samples[s];
        OpRun run;
        if (op_sample_start(&run, sample, 1, 1) && run.op->reach.change &&
            run.in[0].shape.rank == 4) {
            for (int round = 0; round < 20; round++)
                change(sample, &run);
            tried++;
        }
        op_end(&run);
    }
    check(tried >= 6, "GlobalAveragePool and sums over several axes");
}

CHECK_MAIN(CHECK_TEST(a_changed_box_makes_the_difference_that_a_run_makes),
           CHECK_TEST(what_a_box_changes_lies_in_its_reach_ahead),
           CHECK_TEST(a_box_takes_from_its_reach_back_only),
           CHECK_TEST(both_ways_are_stated_or_neither))
