/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normalisations by numbers that can be checked by hand. */
#include "check.h"
#include "core/fixture/op_expect.h"

/* 1 3 5 7 has the mean 4 and the variance 5; with epsilon 4 the deviation is 3. */
static void
layers_are_normalised_along_the_last_axes(void)
{
    OpRun run;
    op_begin(&run, "LayerNormalization", 17);
    op_float(&run, "epsilon", 4);
    op_input(&run, 2, DIMS(2, 4), FLOATS(1, 3, 5, 7, 0, 0, 0, 0));
    op_weight(&run, 1, DIMS(4), FLOATS(3, 3, 3, 6));
    op_weight(&run, 1, DIMS(4), FLOATS(0, 1, 0, -1));
    op_gives(&run, 2, DIMS(2, 4), FLOATS(-3, 0, 1, 5, 0, 1, 0, -1));
    op_begin(&run, "LayerNormalization", 17);
    op_int(&run, "axis", -2);
    op_float(&run, "epsilon", 4);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(1, 3, 5, 7));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_gives(&run, 3, DIMS(1, 2, 2), FLOATS(-1, -1 / 3.0F, 1 / 3.0F, 1));
}

static void
mean_and_inverse_deviation_are_outputs(void)
{
    OpRun run;
    op_begin(&run, "LayerNormalization", 17);
    op_float(&run, "epsilon", 4);
    op_input(&run, 2, DIMS(1, 4), FLOATS(1, 3, 5, 7));
    op_weight(&run, 1, DIMS(4), FLOATS(1, 1, 1, 1));
    if (check(op_setup(&run, 3), run.error.text)) {
        op_forward(&run);
        check_int(run.out[1].shape.dim[1], 1, "one mean");
        check_floats(run.out[1].data, FLOATS(4), 1, 1e-6);
        check_floats(run.out[2].data, FLOATS(1 / 3.0F), 1, 1e-6);
        /* A mean goes back to all in equal parts. */
        run.out[1].grad[0] = 8;
        op_back(&run, DCN_GRADIENT);
        check_floats(run.in[0].grad, FLOATS(2, 2, 2, 2), 4, 1e-6);
    }
    op_end(&run);
}

/* The signal of a constant row, and that of h itself, are taken off: what is left of
 * epsilon passes. h = -1 -1/3 1/3 1, mean of h^2 = 5/9. */
static void
the_signal_goes_through_the_statistics(void)
{
    for (int method = 0; method < DCN_METHODS; method++) {
        OpRun run;
        op_begin(&run, "LayerNormalization", 17);
        op_float(&run, "epsilon", 4);
        op_input(&run, 2, DIMS(1, 4), FLOATS(1, 3, 5, 7));
        op_weight(&run, 1, DIMS(4), FLOATS(9, 9, 9, 9));
        op_brings(&run, (DcnMethod)method, FLOATS(0, 2 / 3.0F, 4 / 3.0F, 2),
                  FLOATS(-4 / 3.0F, -4 / 9.0F, 4 / 9.0F, 4 / 3.0F));
    }
}

static void
instances_are_planes_and_groups_are_several(void)
{
    OpRun run;
    op_begin(&run, "InstanceNormalization", 6);
    op_float(&run, "epsilon", 4);
    op_input(&run, 4, DIMS(1, 2, 2, 2), FLOATS(1, 3, 5, 7, 14, 12, 10, 8));
    op_weight(&run, 1, DIMS(2), FLOATS(3, 6));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 0));
    op_gives(&run, 4, DIMS(1, 2, 2, 2), FLOATS(-2, 0, 2, 4, 6, 2, -2, -6));
    for (int opset = 18; opset < 22; opset += 3) {
        float four[] = {3, 3, 6, 6}, two[] = {3, 6};
        op_begin(&run, "GroupNormalization", opset);
        op_int(&run, "num_groups", 2);
        op_float(&run, "epsilon", 4);
        op_input(&run, 3, DIMS(1, 4, 2), FLOATS(1, 3, 5, 7, 14, 12, 10, 8));
        op_weight(&run, 1, DIMS(opset < 21 ? 2 : 4), opset < 21 ? two : four);
        op_weight(&run, 1, DIMS(opset < 21 ? 2 : 4), opset < 21 ? two : four);
        op_gives(&run, 3, DIMS(1, 4, 2), FLOATS(0, 2, 4, 6, 12, 8, 4, 0));
    }
    op_begin(&run, "GroupNormalization", 21);
    op_int(&run, "num_groups", 2);
    op_input(&run, 3, DIMS(1, 4, 2), NULL);
    op_weight(&run, 1, DIMS(2), NULL);
    op_weight(&run, 1, DIMS(2), NULL);
    op_refuses(&run, "input 1 is 2 where 4 channels need one number each");
    op_begin(&run, "GroupNormalization", 21);
    op_int(&run, "num_groups", 3);
    op_input(&run, 3, DIMS(1, 4, 2), NULL);
    op_weight(&run, 1, DIMS(4), NULL);
    op_weight(&run, 1, DIMS(4), NULL);
    op_refuses(&run, "4 channels in 3 groups");
}

static void
no_mean_is_taken_off_roots_of_squares(void)
{
    OpRun run;
    op_begin(&run, "RMSNormalization", 23);
    op_float(&run, "epsilon", 4);
    op_input(&run, 2, DIMS(1, 4), FLOATS(1, -1, 3, 3)); /* mean of squares 5 */
    op_weight(&run, 1, DIMS(4), FLOATS(3, 3, 3, 6));
    op_gives(&run, 2, DIMS(1, 4), FLOATS(1, -1, 3, 6));
}

static void
a_plane_without_variance_becomes_zero(void)
{
    OpRun run;
    op_begin(&run, "MeanVarianceNormalization", 13);
    op_input(&run, 4, DIMS(1, 2, 1, 2), FLOATS(-1, 3, 5, 5));
    op_gives(&run, 4, DIMS(1, 2, 1, 2), FLOATS(-1, 1, 0, 0));
    op_begin(&run, "MeanVarianceNormalization", 13);
    op_ints(&run, "axes", 1, DIMS(0));
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 8));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(-1, -1, 1, 1));
    op_begin(&run, "MeanVarianceNormalization", 13);
    op_input(&run, 3, DIMS(1, 2, 2), NULL);
    op_refuses(&run, "axis 3 does not exist");
}

static void
a_row_of_norm_zero_stays(void)
{
    OpRun run;
    op_begin(&run, "LpNormalization", 22);
    op_input(&run, 2, DIMS(2, 2), FLOATS(3, -4, 0, 0));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(0.6F, -0.8F, 0, 0));
    op_begin(&run, "LpNormalization", 22);
    op_int(&run, "p", 1);
    op_int(&run, "axis", 0);
    op_input(&run, 2, DIMS(2, 2), FLOATS(3, -4, 1, 0));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(0.75F, -1, 0.25F, 0));
    op_begin(&run, "LpNormalization", 22);
    op_int(&run, "p", 3);
    op_input(&run, 2, DIMS(2, 2), NULL);
    op_refuses(&run, "p is 3");
}

CHECK_MAIN(CHECK_TEST(layers_are_normalised_along_the_last_axes),
           CHECK_TEST(mean_and_inverse_deviation_are_outputs),
           CHECK_TEST(the_signal_goes_through_the_statistics),
           CHECK_TEST(instances_are_planes_and_groups_are_several),
           CHECK_TEST(no_mean_is_taken_off_roots_of_squares),
           CHECK_TEST(a_plane_without_variance_becomes_zero),
           CHECK_TEST(a_row_of_norm_zero_stays))
