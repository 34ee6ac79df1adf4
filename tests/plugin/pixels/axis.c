/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.c: tests of the inputs and weights of an axis's outputs. */

#include "pixels/axis.h"
#include "check.h"

static Axis
axis_of(AxisFilter filter, AxisEdge edge, int outputs, double length, int low, int high)
{
    Axis axis = {0};
    AxisShape shape = {filter, edge, outputs, 0, length, low, high};
    check(axis_set(&axis, &shape), "there is memory");
    return axis;
}

/* The example of axis.h. */
static void
six_inputs_to_two_outputs(void)
{
    Axis axis = axis_of(AXIS_AREA, AXIS_MISSING, 2, 6, 0, 6);
    const float third = 1 / 3.0F;
    check_int(axis.taps, 4, "taps");
    check_int(axis.first[0], 0, "the first begins at 0");
    check_int(axis.first[1], 2, "the second at 2");
    check_floats(axis.weights, (float[]){third, third, third, 0, 0, third, third, third},
                 8, 0);
    check_int(axis_first_of(&axis, 0, 3), 0, "input 3 is weighed by the first");
    check_int(axis_first_of(&axis, 0, 4), 1, "input 4 is not");
    axis_clear(&axis);
}

static void
what_is_missing_has_no_share(void)
{
    /* Three outputs over six inputs, of which 1 to 4 exist. */
    Axis axis = axis_of(AXIS_AREA, AXIS_MISSING, 3, 6, 1, 5);
    check_floats(axis.share, (float[]){0.5F, 1, 0.5F}, 3, 0);
    check_int(axis.first[0], 0, "they are numbered from 1");
    check_floats(axis.weights, (float[]){0.5F}, 1, 0);
    axis_clear(&axis);
}

static void
an_edge_goes_on(void)
{
    /* Four outputs of two inputs: centres at 0.25, 0.75, 1.25, 1.75. */
    Axis axis = axis_of(AXIS_AREA, AXIS_MISSING, 4, 2, 0, 2);
    check_floats(axis.weights, (float[]){1, 0, 0.75F, 0.25F, 0.25F, 0.75F, 0, 1}, 8, 0);
    check_floats(axis.share, (float[]){1, 1, 1, 1}, 4, 0);
    axis_clear(&axis);
}

static void
nearest_takes_the_input_at_the_centre(void)
{
    Axis axis = axis_of(AXIS_NEAREST, AXIS_WHOLE, 2, 3, 0, 3);
    check_int(axis.taps, 1, "one tap");
    check_int(axis.first[0], 0, "0.75");
    check_int(axis.first[1], 2, "2.25");
    axis_clear(&axis);
}

static void
whole_ones_sum_to_one(void)
{
    static const AxisFilter filters[] = {AXIS_AREA, AXIS_TRIANGLE, AXIS_MITCHELL};
    Axis axis = {0}; /* its memory is used again */
    for (int i = 0; i < 3; i++)
        for (int inputs = 1; inputs < 40; inputs += 3)
            for (int outputs = 1; outputs < 40; outputs += 4) {
                AxisShape shape = {filters[i], AXIS_WHOLE, outputs, 0, inputs, 0, inputs};
                check(axis_set(&axis, &shape), "there is memory");
                for (int o = 0; o < outputs; o++) {
                    double sum = 0, exact = 0;
                    for (int t = 0; t < axis.taps; t++) {
                        sum += (double)axis.weights[o * axis.taps + t];
                        exact += axis.exact[o * axis.taps + t];
                    }
                    if (fabs(sum - 1) > 1e-6 || fabs(exact - 1) > 1e-14 ||
                        axis.first[o] < 0 || axis.first[o] + axis.taps > inputs ||
                        (o > 0 && axis.first[o] < axis.first[o - 1]))
                        check_fail("filter %d, %d to %d, output %d: sum %g, first %d", i,
                                   inputs, outputs, o, sum, axis.first[o]);
                }
            }
    axis_clear(&axis);
}

CHECK_MAIN(CHECK_TEST(six_inputs_to_two_outputs),
           CHECK_TEST(what_is_missing_has_no_share),
           CHECK_TEST(an_edge_goes_on),
           CHECK_TEST(nearest_takes_the_input_at_the_centre),
           CHECK_TEST(whole_ones_sum_to_one))
