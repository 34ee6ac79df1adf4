/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Properties that hold for every operator, whatever it computes, over op_samples.c. */
#include "check.h"
#include "core/fixture/op_samples.h"
#include <float.h>
#include <stdlib.h>

typedef void (*SampleTest)(const OpSample *sample);

static void
each_sample(SampleTest test)
{
    for (size_t i = 0; i < op_sample_count; i++)
        test(&op_samples[i]);
}

static float *
copy_of(const float *values, size_t count)
{
    float *copy = malloc((count + 1) * sizeof *copy);
    if (!copy)
        abort();
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

static double
largest(const float *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)values[i]));
    return most;
}

/* got and wanted differ by rounding only: `terms` numbers of that size were added. */
static void
same_values(const OpSample *sample,
            const char *what,
            const float *got,
            const float *wanted,
            size_t count,
            double terms)
{
    double bound = terms * (double)FLT_EPSILON * (1 + largest(wanted, count));
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)got[i] - (double)wanted[i]) <= bound) && got[i] != wanted[i]) {
            check_fail("%s %s, %s: [%zu] got %.9g, wanted %.9g (bound %.3g)", sample->op,
                       sample->what, what, i, (double)got[i], (double)wanted[i], bound);
            return;
        }
}

/* Noise into all outputs' gradients. */
static void
send_signal(OpRun *run)
{
    for (size_t j = 0; j < run->n_out; j++)
        op_noise(run, run->out[j].grad, op_total(run, &run->out[j]));
}

/* --- the batch --- */

/* A run over three images is three runs over one, forward and back, by every method. */
static void
batch_is_images(const OpSample *sample)
{
    OpRun many, one;
    if (!op_sample_start(&many, sample, 3, 1)) {
        op_end(&many);
        return;
    }
    op_forward(&many);
    send_signal(&many);
    for (int method = 0; method < DCN_METHODS; method++) {
        bool back = dcn_op_goes_back(many.op, (DcnMethod)method);
        if (back)
            op_back(&many, (DcnMethod)method);
        for (size_t n = 0; n < many.batch; n++) {
            if (!op_sample_start(&one, sample, 1, 1))
                break;
            for (size_t i = 0; i < one.n_in; i++)
                if (one.given[i])
                    memcpy(one.in[i].data, many.in[i].data + n * many.in[i].stride,
                           one.in[i].count * sizeof(float));
            op_forward(&one);
            for (size_t j = 0; j < one.n_out; j++) {
                size_t count = one.out[j].count;
                same_values(sample, "forward", many.out[j].data + n * count,
                            one.out[j].data, count, 16);
                memcpy(one.out[j].grad, many.out[j].grad + n * count,
                       count * sizeof(float));
            }
            if (back)
                op_back(&one, (DcnMethod)method);
            for (size_t i = 0; back && i < one.n_in; i++)
                if (one.given[i] && !one.constant[i])
                    same_values(sample, "back", many.in[i].grad + n * one.in[i].count,
                                one.in[i].grad, one.in[i].count, 32);
            op_end(&one);
        }
    }
    op_end(&many);
}

static void
a_batch_is_its_images_one_by_one(void)
{
    each_sample(batch_is_images);
}

/* --- threads --- */

static void
threads_agree(const OpSample *sample)
{
    OpRun a, b;
    bool started = op_sample_start(&a, sample, 2, 1);
    started = op_sample_start(&b, sample, 2, 3) && started;
    if (started) {
        op_forward(&a);
        op_forward(&b);
        send_signal(&a);
        send_signal(&b);
        for (size_t j = 0; j < a.n_out; j++)
            same_values(sample, "forward", b.out[j].data, a.out[j].data,
                        op_total(&a, &a.out[j]), 32);
        if (dcn_op_goes_back(a.op, DCN_GRADIENT)) {
            op_back(&a, DCN_GRADIENT);
            op_back(&b, DCN_GRADIENT);
            for (size_t i = 0; i < a.n_in; i++)
                if (a.in[i].grad)
                    same_values(sample, "back", b.in[i].grad, a.in[i].grad,
                                op_total(&a, &a.in[i]), 64);
        }
    }
    op_end(&a);
    op_end(&b);
}

static void
the_number_of_threads_changes_rounding_only(void)
{
    each_sample(threads_agree);
}

/* --- adding --- */

static void
back_adds(const OpSample *sample)
{
    OpRun run;
    if (op_sample_start(&run, sample, 2, 1)) {
        op_forward(&run);
        send_signal(&run);
        for (int method = 0;
             method < DCN_METHODS && dcn_op_goes_back(run.op, (DcnMethod)method);
             method++) {
            DcnCall call = op_call(&run);
            float *once[OP_RUN_MOST] = {NULL};
            op_back(&run, (DcnMethod)method);
            for (size_t i = 0; i < run.n_in; i++)
                if (run.in[i].grad)
                    once[i] = copy_of(run.in[i].grad, op_total(&run, &run.in[i]));
            dcn_op_back(run.op, (DcnMethod)method, &call);
            for (size_t i = 0; i < run.n_in; i++) {
                if (!run.in[i].grad)
                    continue;
                size_t total = op_total(&run, &run.in[i]);
                for (size_t k = 0; k < total; k++)
                    once[i][k] *= 2;
                same_values(sample, "twice", run.in[i].grad, once[i], total, 64);
                free(once[i]);
            }
            /* If no gradient is wanted, or no signal comes, the way back does nothing. */
            float *kept[2][OP_RUN_MOST];
            for (size_t i = 0; i < run.n_in; i++) {
                kept[0][i] = run.in[i].grad;
                run.in[i].grad = NULL;
            }
            dcn_op_back(run.op, (DcnMethod)method, &call);
            for (size_t i = 0; i < run.n_in; i++)
                run.in[i].grad = kept[0][i];
            for (size_t j = 0; j < run.n_out; j++) {
                kept[1][j] = run.out[j].grad;
                run.out[j].grad = NULL;
            }
            op_back(&run, (DcnMethod)method);
            for (size_t j = 0; j < run.n_out; j++)
                run.out[j].grad = kept[1][j];
            for (size_t i = 0; i < run.n_in; i++)
                if (run.in[i].grad &&
                    largest(run.in[i].grad, op_total(&run, &run.in[i])) != 0)
                    check_fail("%s %s: a signal out of nothing", sample->op,
                               sample->what);
        }
    }
    op_end(&run);
}

static void
back_adds_to_what_is_there(void)
{
    each_sample(back_adds);
}

/* --- derivatives --- */

static double
dot_outputs(const OpRun *run)
{
    double sum = 0;
    for (size_t j = 0; j < run->n_out; j++)
        for (size_t k = 0; k < op_total(run, &run->out[j]); k++)
            sum += (double)run->out[j].data[k] * (double)run->out[j].grad[k];
    return sum;
}

/* d <y, dy> / d x[k] by central differences, for each k, against what came back. */
static void
differences(const OpSample *sample, OpRun *run, size_t input, const char *what)
{
    DcnOperand *x = &run->in[input];
    size_t total = op_total(run, x);
    double bound = 2e-3 * (0.05 + largest(x->grad, total));
    for (size_t k = 0; k < total; k++) {
        float kept = x->data[k], h = 1.0F / 512;
        x->data[k] = kept + h;
        double up = (double)x->data[k];
        op_forward(run);
        double above = dot_outputs(run);
        x->data[k] = kept - h;
        double down = (double)x->data[k];
        op_forward(run);
        double below = dot_outputs(run);
        x->data[k] = kept;
        double slope = (above - below) / (up - down);
        if (!(fabs(slope - (double)x->grad[k]) <= bound)) {
            check_fail("%s %s, %s to input %zu: [%zu] got %.6g, differences say %.6g",
                       sample->op, sample->what, what, input, k, (double)x->grad[k],
                       slope);
            break;
        }
    }
    op_forward(run);
}

static void
gradient_is_slope(const OpSample *sample)
{
    OpRun run;
    if (sample->traits & NO_SLOPE)
        return;
    if (op_sample_start(&run, sample, 2, 1)) {
        op_forward(&run);
        send_signal(&run);
        /* Statistics, masks and indices are no functions to differentiate. */
        for (size_t j = 1; j < run.n_out && !(sample->traits & ALL_OUTPUTS); j++)
            memset(run.out[j].grad, 0, op_total(&run, &run.out[j]) * sizeof(float));
        op_back(&run, DCN_GRADIENT);
        for (size_t i = 0; i < run.n_in; i++)
            if (run.given[i] && !run.constant[i])
                differences(sample, &run, i, "back");
    }
    op_end(&run);
}

static void
gradients_are_slopes(void)
{
    each_sample(gradient_is_slope);
}

static void
weights_are_slopes(const OpSample *sample)
{
    OpRun run;
    if (op_sample_start(&run, sample, 3, 1) && dcn_op_has_weights(run.op) &&
        !(sample->traits & NO_WEIGHTS)) {
        size_t most = strcmp(sample->op, "BatchNormalization") == 0 ? 3 : run.n_in;
        op_forward(&run);
        send_signal(&run);
        op_grad_weights(&run);
        for (size_t i = 0; i < most; i++)
            if (run.constant[i] && run.in[i].grad)
                differences(sample, &run, i, "weights");
    }
    op_end(&run);
}

static void
gradients_of_weights_are_slopes_summed_over_the_batch(void)
{
    each_sample(weights_are_slopes);
}

/* <A v, dy> = <v, A' dy> for the part of the operator that is linear in input i: A v is
 * y(x + v) - y(x). Exact to the rounding of the sums. */
static void
adjoint(const OpSample *sample)
{
    OpRun run;
    if (!(sample->traits & LINEAR))
        return;
    if (!op_sample_start(&run, sample, 2, 1)) {
        op_end(&run);
        return;
    }
    send_signal(&run);
    for (int method = 0; method < DCN_METHODS; method++)
        for (size_t i = 0; i < run.n_in; i++) {
            DcnOperand *x = &run.in[i];
            if (!run.given[i] || run.constant[i])
                continue;
            size_t total = op_total(&run, x);
            memset(x->data, 0, total * sizeof(float)); /* y - y(0) is linear */
            op_forward(&run);
            double before = dot_outputs(&run);
            op_noise(&run, x->data, total);
            op_forward(&run);
            double ahead = dot_outputs(&run) - before, back = 0, size = 0;
            op_back(&run, (DcnMethod)method);
            for (size_t k = 0; k < total; k++) {
                back += (double)x->data[k] * (double)x->grad[k];
                size += fabs((double)x->data[k] * (double)x->grad[k]);
            }
            if (!(fabs(ahead - back) <= 64 * (double)FLT_EPSILON * (size + fabs(before))))
                check_fail("%s %s, method %d, input %zu: <Ax, y> = %.9g, <x, A'y> = %.9g",
                           sample->op, sample->what, method, i, ahead, back);
            op_noise(&run, x->data, total);
        }
    op_end(&run);
}

static void
linear_operators_go_back_by_their_transpose(void)
{
    each_sample(adjoint);
}

CHECK_MAIN(CHECK_TEST(a_batch_is_its_images_one_by_one),
           CHECK_TEST(the_number_of_threads_changes_rounding_only),
           CHECK_TEST(back_adds_to_what_is_there),
           CHECK_TEST(gradients_are_slopes),
           CHECK_TEST(gradients_of_weights_are_slopes_summed_over_the_batch),
           CHECK_TEST(linear_operators_go_back_by_their_transpose))
