/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementwise operators by numbers that can be checked by hand. */
#include "check.h"
#include "core/fixture/op_expect.h"

static void
gives_by_element(const char *op, int opset, const float *x, const float *wanted)
{
    OpRun run;
    op_begin(&run, op, opset);
    op_input(&run, 1, DIMS(4), x);
    op_gives(&run, 1, DIMS(4), wanted);
}

static void
halves_are_rounded_to_the_even_integer(void)
{
    gives_by_element("Round", 11, FLOATS(0.5F, 1.5F, -2.5F, 2.4999F),
                     FLOATS(0, 2, -2, 2));
}

static void
signs_are_of_three_kinds(void)
{
    gives_by_element("Sign", 13, FLOATS(-0.1F, 0, 7, INFINITY), FLOATS(-1, 0, 1, 1));
}

/* log() of both sides of their definitions gives these. */
static void
hyperbolic_functions_invert_each_other(void)
{
    gives_by_element("Sinh", 9, FLOATS(0, logf(2), -logf(2), logf(4)),
                     FLOATS(0, 0.75F, -0.75F, 1.875F));
    gives_by_element("Asinh", 9, FLOATS(0, 0.75F, -0.75F, 1.875F),
                     FLOATS(0, logf(2), -logf(2), logf(4)));
    gives_by_element("Cosh", 9, FLOATS(0, logf(2), -logf(2), logf(4)),
                     FLOATS(1, 1.25F, 1.25F, 2.125F));
    gives_by_element("Acosh", 9, FLOATS(1, 1.25F, 2.125F, 1),
                     FLOATS(0, logf(2), logf(4), 0));
    gives_by_element("Atanh", 9, FLOATS(0, 0.6F, -0.6F, 0.5F),
                     FLOATS(0, logf(2), -logf(2), logf(3) / 2));
}

static void
circular_functions_are_in_radians(void)
{
    float pi = 3.14159265F;
    gives_by_element("Sin", 9, FLOATS(0, pi / 6, pi / 2, -pi / 2),
                     FLOATS(0, 0.5F, 1, -1));
    gives_by_element("Cos", 9, FLOATS(0, pi / 3, pi, -pi / 3), FLOATS(1, 0.5F, -1, 0.5F));
    gives_by_element("Tan", 9, FLOATS(0, pi / 4, -pi / 4, pi), FLOATS(0, 1, -1, 0));
    gives_by_element("Asin", 9, FLOATS(0, 0.5F, 1, -1),
                     FLOATS(0, pi / 6, pi / 2, -pi / 2));
    gives_by_element("Acos", 9, FLOATS(1, 0.5F, -1, 0), FLOATS(0, pi / 3, pi, pi / 2));
    gives_by_element("Atan", 9, FLOATS(0, 1, -1, INFINITY),
                     FLOATS(0, pi / 4, -pi / 4, pi / 2));
}

static void
rectifiers_with_a_threshold(void)
{
    OpRun run;
    gives_by_element("ThresholdedRelu", 10, FLOATS(-3, 0.9F, 1, 1.1F),
                     FLOATS(0, 0, 0, 1.1F));
    op_begin(&run, "Shrink", 9);
    op_float(&run, "bias", 0.25F);
    op_input(&run, 1, DIMS(5), FLOATS(-2, -0.5F, 0.1F, 0.5F, 2));
    op_gives(&run, 1, DIMS(5), FLOATS(-1.75F, 0, 0, 0, 1.75F));
    op_begin(&run, "Celu", 12);
    op_float(&run, "alpha", 2);
    op_input(&run, 1, DIMS(3), FLOATS(-2 * logf(2), 0, 3));
    op_gives(&run, 1, DIMS(3), FLOATS(-1, 0, 3));
}

/* P(X <= 1) of a normal X is 0.841344746. */
static void
gelu_is_x_times_the_normal_distribution(void)
{
    OpRun run;
    gives_by_element("Gelu", 20, FLOATS(0, 1, -1, 30),
                     FLOATS(0, 0.841344746F, -0.158655254F, 30));
    op_begin(&run, "Gelu", 20);
    op_string(&run, "approximate", "tanh");
    op_input(&run, 1, DIMS(2), FLOATS(1, -1));
    op_gives(&run, 1, DIMS(2), FLOATS(0.841191990F, -0.158808009F));
    op_begin(&run, "Gelu", 20);
    op_string(&run, "approximate", "some");
    op_input(&run, 1, DIMS(1), FLOATS(1));
    op_refuses(&run, "approximate is \"some\"");
}

static void
remainders_have_the_sign_of_the_divisor_or_with_fmod_of_the_dividend(void)
{
    OpRun run;
    for (int64_t kind = 0; kind < 2; kind++) {
        op_begin(&run, "Mod", 13);
        op_int(&run, "fmod", kind);
        op_input(&run, 1, DIMS(4), FLOATS(-4, 4, -4, 6));
        op_input(&run, 1, DIMS(4), FLOATS(3, -3, -3, 3));
        op_gives(&run, 1, DIMS(4), kind ? FLOATS(-1, 1, -1, 0) : FLOATS(2, -2, -1, 0));
    }
}

static void
infinities_of_a_sign_can_be_left_out(void)
{
    OpRun run;
    gives_by_element("IsNaN", 13, FLOATS(NAN, 0, INFINITY, 1), FLOATS(1, 0, 0, 0));
    gives_by_element("IsInf", 10, FLOATS(NAN, -INFINITY, INFINITY, 1),
                     FLOATS(0, 1, 1, 0));
    op_begin(&run, "IsInf", 10);
    op_int(&run, "detect_negative", 0);
    op_input(&run, 1, DIMS(2), FLOATS(-INFINITY, INFINITY));
    op_gives(&run, 1, DIMS(2), FLOATS(0, 1));
}

static void
means_of_inputs_are_broadcast(void)
{
    OpRun run;
    op_begin(&run, "Mean", 13);
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 4));
    op_input(&run, 1, DIMS(1), FLOATS(5));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(3, 3.5F, 4, 4.5F));
}

static void
a_hard_maximum_is_the_first_of_equals(void)
{
    OpRun run;
    op_begin(&run, "Hardmax", 13);
    op_input(&run, 2, DIMS(2, 3), FLOATS(1, 3, 3, 2, 1, 0));
    op_gives(&run, 2, DIMS(2, 3), FLOATS(0, 1, 0, 1, 0, 0));
    op_begin(&run, "Hardmax", 11); /* axis 1 and all behind it */
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(1, 2, 4, 3));
    op_gives(&run, 3, DIMS(1, 2, 2), FLOATS(0, 0, 1, 0));
}

static void
bits_are_of_constants(void)
{
    OpRun run;
    op_begin(&run, "BitwiseAnd", 18);
    op_list(&run, 1, DIMS(6));
    op_input(&run, 1, DIMS(1), FLOATS(3));
    op_refuses(&run, "input 1 has to be a constant");
    op_begin(&run, "BitShift", 11);
    op_list(&run, 1, DIMS(6));
    op_list(&run, 1, DIMS(1));
    op_refuses(&run, "direction is \"\"");
}

CHECK_MAIN(
    CHECK_TEST(halves_are_rounded_to_the_even_integer),
    CHECK_TEST(signs_are_of_three_kinds),
    CHECK_TEST(hyperbolic_functions_invert_each_other),
    CHECK_TEST(circular_functions_are_in_radians),
    CHECK_TEST(rectifiers_with_a_threshold),
    CHECK_TEST(gelu_is_x_times_the_normal_distribution),
    CHECK_TEST(remainders_have_the_sign_of_the_divisor_or_with_fmod_of_the_dividend),
    CHECK_TEST(infinities_of_a_sign_can_be_left_out),
    CHECK_TEST(means_of_inputs_are_broadcast),
    CHECK_TEST(a_hard_maximum_is_the_first_of_equals),
    CHECK_TEST(bits_are_of_constants))
