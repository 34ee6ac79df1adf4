/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions in forms that become vectors, against the C library's in double; and
 * activations that are made of them, where sums of large and small numbers are lost. */
#include "check.h"
#include "core/fixture/op_expect.h"
#include "ops/kit/error_function.h"
#include <float.h>

static void
the_exponential_is_right_to_two_units_in_the_last_place(void)
{
    double worst = 0;
    for (double x = -87; x < 88.7; x += 1.0 / 257) {
        double wanted = exp((double)(float)x);
        double off = fabs((double)dcn_exp((float)x) - wanted) / wanted;
        worst = off > worst ? off : worst;
    }
    if (!(worst < 2 * (double)FLT_EPSILON))
        check_fail("off by %.3g of the value", worst);
    check(dcn_exp(-INFINITY) == 0 && dcn_exp(-200) == 0, "0 far below");
    check(isinf(dcn_exp(INFINITY)) && isinf(dcn_exp(89)), "infinity above");
    check(isnan(dcn_exp(NAN)), "NaN");
    check(dcn_exp(0) == 1, "1 at 0");
}

static void
the_error_function_is_within_two_units_in_the_last_place(void)
{
    for (double x = 1e-30; x < 8; x = x < 1e-3 ? x * 1.7 : x + 1.3e-4) {
        float at = (float)x;
        double wanted = erf((double)at);
        double unit = (double)(nextafterf((float)wanted, 2) - (float)wanted);
        check(fabs((double)dcn_erf(at) - wanted) <= 2 * unit, "erf");
        check(dcn_erf(-at) == -dcn_erf(at), "odd");
    }
    check(dcn_erf(INFINITY) == 1 && dcn_erf(-INFINITY) == -1, "far out");
    check(isnan(dcn_erf(NAN)), "NaN");
    check(dcn_erf(0) == 0, "0 at 0");
}

/* What a float function is off by, in units in the last place of the right value. */
static double
units_off(float is, double wanted)
{
    double unit =
        (double)(nextafterf(fabsf((float)wanted), INFINITY) - fabsf((float)wanted));
    return fabs((double)is - wanted) / unit;
}

static void
check_both_ways(const char *what,
                float (*function)(float),
                double (*wanted)(double),
                double end,
                double most)
{
    double worst = 0;
    for (double x = 1e-30; x < end; x = x < 1e-3 ? x * 1.7 : x + 1.3e-4) {
        float at = (float)x;
        worst = fmax(worst, units_off(function(at), wanted((double)at)));
        worst = fmax(worst, units_off(function(-at), wanted(-(double)at)));
    }
    if (!(worst <= most))
        check_fail("%s is off by %.3g units", what, worst);
    check(function(0) == (float)wanted(0), what);
    check(isnan(function(NAN)), what);
}

static void
what_is_small_keeps_its_digits(void)
{
    check_both_ways("e^x - 1", dcn_exp_less_one, expm1, 87, 3);
    check_both_ways("tanh", dcn_tanh, tanh, 12, 4);
    check(dcn_exp_less_one(-INFINITY) == -1, "-1 far below");
    check(dcn_tanh(INFINITY) == 1 && dcn_tanh(-INFINITY) == -1, "tanh far out");
}

/* --- operators --- */

static double
softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double
mish(double x)
{
    return x * tanh(softplus(x));
}

static double
gelu(double x)
{
    return x / 2 * (1 + erf(x * sqrt(0.5)));
}

static double
gelu_tanh(double x)
{
    return x / 2 * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

static double
slope_of(double (*function)(double), double x)
{
    double h = 1e-5;
    return (function(x + h) - function(x - h)) / (2 * h);
}

/* Values and slopes from -12 to 12, and where nothing is left but 0 or x. */
static void
check_operator(const char *name, const char *approximate, double (*function)(double))
{
    enum { COUNT = 501 };
    OpRun run;
    op_begin(&run, name, 20);
    if (approximate)
        op_string(&run, "approximate", approximate);
    float *x = op_input(&run, 2, DIMS(1, COUNT), NULL);
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)(i - COUNT / 2) * 12 / (COUNT / 2);
    x[0] = -80;
    x[COUNT - 1] = 80;
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        for (int i = 0; i < COUNT; i++) {
            float wanted = (float)function((double)x[i]);
            check_floats(&run.out[0].data[i], &wanted, 1,
                         1e-6 * fmax(1, fabs((double)wanted)));
            run.out[0].grad[i] = 1;
        }
        op_back(&run, DCN_GRADIENT);
        for (int i = 0; i < COUNT; i++) {
            float wanted = (float)slope_of(function, (double)x[i]);
            check_floats(&run.in[0].grad[i], &wanted, 1, 2e-6);
        }
    }
    op_end(&run);
}

static void
activations_are_their_formulas(void)
{
    check_operator("Softplus", NULL, softplus);
    check_operator("Mish", NULL, mish);
    check_operator("Gelu", NULL, gelu);
    check_operator("Gelu", "tanh", gelu_tanh);
    check_operator("Tanh", NULL, tanh);
}

CHECK_MAIN(CHECK_TEST(the_exponential_is_right_to_two_units_in_the_last_place),
           CHECK_TEST(the_error_function_is_within_two_units_in_the_last_place),
           CHECK_TEST(what_is_small_keeps_its_digits),
           CHECK_TEST(activations_are_their_formulas))
