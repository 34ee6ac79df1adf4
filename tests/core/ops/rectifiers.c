/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rectifiers and other bends by hand: what each method lets through. */
#include "check.h"
#include "core/fixture/op_run.h"
#include <float.h>

static const float x[4] = {-1, 2, 3, 7}, g[4] = {5, -6, 7, 8};

/* y of the four x, and what comes back of the four g by each method. */
static void
like(OpRun *run,
     const float *y,
     const float *deconvnet,
     const float *guided,
     const float *gradient)
{
    const float *wanted[] = {
        [DCN_DECONVNET] = deconvnet, [DCN_GUIDED] = guided, [DCN_GRADIENT] = gradient};
    if (check(op_setup(run, 1), run->error.text)) {
        op_forward(run);
        check_floats(run->out[0].data, y, 4, 1e-6);
        memcpy(run->out[0].grad, g, sizeof g);
        for (int method = 0; method < DCN_METHODS; method++) {
            op_back(run, (DcnMethod)method);
            check_floats(run->in[0].grad, wanted[method], 4, 1e-5);
        }
    }
    op_end(run);
}

static void
relu_lets_pass_by_signal_by_both_or_by_value(void)
{
    OpRun run;
    op_begin(&run, "Relu", 14);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    like(&run, (float[]){0, 2, 3, 7}, (float[]){5, 0, 7, 8}, (float[]){0, 0, 7, 8},
         (float[]){0, -6, 7, 8});
}

static void
clip_from_0_is_a_rectifier_with_its_bounds_as_attributes_or_inputs(void)
{
    for (int opset = 6; opset < 14; opset += 7) {
        OpRun run;
        op_begin(&run, "Clip", opset);
        op_input(&run, 2, (int64_t[]){1, 4}, x);
        if (opset < 11) {
            op_float(&run, "min", 0);
            op_float(&run, "max", 6);
        } else {
            op_weight(&run, 0, NULL, (float[]){0});
            op_weight(&run, 0, NULL, (float[]){6});
        }
        like(&run, (float[]){0, 2, 3, 6}, (float[]){5, 0, 7, 8}, (float[]){0, 0, 7, 0},
             (float[]){0, -6, 7, 0});
    }
}

static void
clip_from_0_without_upper_bound_is_relu(void)
{
    OpRun run;
    op_begin(&run, "Clip", 13);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    op_weight(&run, 0, NULL, (float[]){0});
    like(&run, (float[]){0, 2, 3, 7}, (float[]){5, 0, 7, 8}, (float[]){0, 0, 7, 8},
         (float[]){0, -6, 7, 8});
}

static void
clip_from_elsewhere_takes_the_gradient_by_every_method(void)
{
    OpRun run;
    op_begin(&run, "Clip", 13);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    op_weight(&run, 0, NULL, (float[]){-2});
    op_weight(&run, 0, NULL, (float[]){3});
    const float wanted[] = {5, -6, 0, 0};
    like(&run, (float[]){-1, 2, 3, 3}, wanted, wanted, wanted);
}

static void
leaky_slopes_are_not_rectifiers(void)
{
    OpRun run;
    const float wanted[] = {0.5F, -6, 7, 8};
    op_begin(&run, "LeakyRelu", 6);
    op_float(&run, "alpha", 0.1F);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    like(&run, (float[]){-0.1F, 2, 3, 7}, wanted, wanted, wanted);
    op_begin(&run, "PRelu", 9);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    op_weight(&run, 1, (int64_t[]){1}, (float[]){0.1F});
    like(&run, (float[]){-0.1F, 2, 3, 7}, wanted, wanted, wanted);
}

static void
elu_bends_exponentially(void)
{
    OpRun run;
    op_begin(&run, "Elu", 6);
    op_float(&run, "alpha", 2);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    const float below = 2 * (0.36787944F - 1);
    const float wanted[] = {5 * (below + 2), -6, 7, 8};
    like(&run, (float[]){below, 2, 3, 7}, wanted, wanted, wanted);
}

static void
hard_curves_are_flat_outside(void)
{
    OpRun run;
    op_begin(&run, "HardSigmoid", 6);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    const float sigmoid[] = {1, -1.2F, 0, 0};
    like(&run, (float[]){0.3F, 0.9F, 1, 1}, sigmoid, sigmoid, sigmoid);
    op_begin(&run, "HardSwish", 14);
    op_input(&run, 2, (int64_t[]){1, 4}, (float[]){-4, 0, 1.5F, 4});
    const float swish[] = {0, -3, 7, 8};
    like(&run, (float[]){0, 0, 1.125F, 4}, swish, swish, swish);
}

/* Sigmoid, and Swish for x, of 37 values at a time, so that a vector and what is left of
 * one take part. Three units in the last place, and what a sigmoid below -88 loses. */
static void
a_sigmoid_is_exact_to_three_units(void)
{
    static const char *const ops[] = {"Sigmoid", "Swish"};
    for (size_t i = 0; i < 2; i++)
        for (float first = -130; first < 130; first += 0.61F) {
            OpRun run;
            float many[37];
            for (size_t k = 0; k < 37; k++)
                many[k] = k == 36 ? NAN : k == 35 ? 1e30F : first + (float)k * 0.0171F;
            many[34] = i == 0 ? -INFINITY : -1e30F;
            memcpy(&many[33], &(uint32_t){0xFF800001U}, sizeof many[33]); /* NaN, too */
            op_begin(&run, ops[i], 24);
            op_input(&run, 1, (int64_t[]){37}, many);
            if (check(op_setup(&run, 1), run.error.text))
                op_forward(&run);
            for (size_t k = 0; k < 37; k++) {
                double value = (double)many[k], factor = i == 0 ? 1 : value,
                       wanted = factor / (1 + exp(-value)),
                       got = (double)run.out[0].data[k];
                double bound =
                    3 * (double)FLT_EPSILON * fabs(wanted) + 6.1e-39 * fabs(factor);
                if (isnan(value) ? !isnan(got) : !(fabs(got - wanted) <= bound))
                    check_fail("%s of %g is %g, not %g", ops[i], value, got, wanted);
            }
            op_end(&run);
        }
}

static void
not_a_number_passes_a_rectifier_as_it_is(void)
{
    static const char *const ops[] = {"Relu", "Clip", "LeakyRelu"};
    for (size_t i = 0; i < 3; i++) {
        OpRun run;
        op_begin(&run, ops[i], 13);
        op_input(&run, 1, (int64_t[]){1}, (float[]){NAN});
        if (check(op_setup(&run, 1), run.error.text)) {
            op_forward(&run);
            check(isnan(run.out[0].data[0]), ops[i]);
        }
        op_end(&run);
    }
}

static void
a_rectifier_tells_its_bounds(void)
{
    DcnClamp clamp;
    OpRun run;
    op_begin(&run, "Clip", 6);
    op_float(&run, "min", -1);
    op_float(&run, "max", 2);
    op_input(&run, 1, (int64_t[]){1}, NULL);
    check(op_setup(&run, 1), run.error.text);
    check(run.op->fuse.clamp(run.params, &clamp) && clamp.low == -1 && clamp.high == 2,
          "Clip");
    check(dcn_op_find("Relu")->fuse.clamp(NULL, &clamp) && clamp.low == 0 &&
              isinf(clamp.high),
          "Relu");
    op_end(&run);
}

static void
bounds_known_in_a_run_only_are_refused(void)
{
    OpRun run;
    op_begin(&run, "Clip", 13);
    op_input(&run, 2, (int64_t[]){1, 4}, x);
    op_input(&run, 0, NULL, (float[]){0});
    check(!op_setup(&run, 1), "a bound that is no constant");
    check_text(run.error.text, "node \"n\" (Clip): input 1 has to be a constant");
    op_end(&run);
}

CHECK_MAIN(CHECK_TEST(relu_lets_pass_by_signal_by_both_or_by_value),
           CHECK_TEST(clip_from_0_is_a_rectifier_with_its_bounds_as_attributes_or_inputs),
           CHECK_TEST(clip_from_0_without_upper_bound_is_relu),
           CHECK_TEST(clip_from_elsewhere_takes_the_gradient_by_every_method),
           CHECK_TEST(leaky_slopes_are_not_rectifiers),
           CHECK_TEST(elu_bends_exponentially),
           CHECK_TEST(hard_curves_are_flat_outside),
           CHECK_TEST(a_sigmoid_is_exact_to_three_units),
           CHECK_TEST(not_a_number_passes_a_rectifier_as_it_is),
           CHECK_TEST(a_rectifier_tells_its_bounds),
           CHECK_TEST(bounds_known_in_a_run_only_are_refused))
