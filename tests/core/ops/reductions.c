/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reductions by numbers that can be checked by hand, and those of integer constants. */
#include "base/tensor.h"
#include "check.h"
#include "core/fixture/model_run.h"
#include "core/fixture/op_expect.h"

/* Each row of 3 x 2 numbers, [1 -2] [3 4] [-5 0]. */
static void
rows_give(const char *op, const float *wanted)
{
    OpRun run;
    op_begin(&run, op, 13);
    op_ints(&run, "axes", 1, DIMS(1));
    op_int(&run, "keepdims", 0);
    op_input(&run, 2, DIMS(3, 2), FLOATS(1, -2, 3, 4, -5, 0));
    op_gives(&run, 1, DIMS(3), wanted);
}

static void
rows_become_numbers(void)
{
    rows_give("ReduceMax", FLOATS(1, 4, 0));
    rows_give("ReduceMin", FLOATS(-2, 3, -5));
    rows_give("ReduceProd", FLOATS(-2, 12, 0));
    rows_give("ReduceSumSquare", FLOATS(5, 25, 25));
    rows_give("ReduceL1", FLOATS(3, 7, 5));
    rows_give("ReduceL2", FLOATS(sqrtf(5), 5, 5));
    rows_give("ReduceLogSumExp",
              FLOATS(1 + log1pf(expf(-3)), 4 + log1pf(expf(-1)), log1pf(expf(-5))));
    OpRun run;
    op_begin(&run, "ReduceLogSum", 18);
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 4));
    op_list(&run, 1, DIMS(0));
    op_gives(&run, 2, DIMS(1, 2), FLOATS(logf(4), logf(6)));
    op_begin(&run, "ReduceLogSumExp", 18); /* nothing overflows, nothing is NaN */
    op_input(&run, 2, DIMS(2, 2), FLOATS(1000, 1000, -INFINITY, 2));
    op_list(&run, 1, DIMS(1));
    op_gives(&run, 2, DIMS(2, 1), FLOATS(1000 + logf(2), 2));
}

static void
no_axes_are_all_or_with_noop_none(void)
{
    OpRun run;
    op_begin(&run, "ReduceL1", 18);
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, -2, 3, -4));
    op_gives(&run, 2, DIMS(1, 1), FLOATS(10));
    op_begin(&run, "ReduceL1", 18);
    op_int(&run, "noop_with_empty_axes", 1);
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, -2, 3, -4));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 4));
}

static void
the_signal_of_a_product_passes_one_zero_and_not_two(void)
{
    OpRun run;
    op_begin(&run, "ReduceProd", 13);
    op_ints(&run, "axes", 1, DIMS(1));
    op_input(&run, 2, DIMS(3, 3), FLOATS(2, 3, 4, 2, 0, 4, 0, 3, 0));
    op_brings(&run, DCN_GRADIENT, FLOATS(1, 1, 1), FLOATS(12, 8, 6, 0, 8, 0, 0, 0, 0));
}

static void
the_first_of_equal_maxima_gets_the_signal(void)
{
    OpRun run;
    op_begin(&run, "ReduceMax", 13);
    op_ints(&run, "axes", 1, DIMS(0));
    op_input(&run, 2, DIMS(2, 3), FLOATS(1, 5, 2, 1, 4, 7));
    op_brings(&run, DCN_GUIDED, FLOATS(10, 20, 30), FLOATS(10, 20, 0, 0, 0, 30));
}

/* What an operator makes of the constant 9007199254740993, -3, 2: a double holds no such
 * odd number. */
static void
folds_to(const char *op, int64_t wanted)
{
    NewModel *net = new_model(13);
    DcnError error = {0};
    DcnTensor got;
    new_input(net, "x", "1,1");
    new_ints(net, "i", "9007199254740993,-3,2");
    new_node(net, op, "r", "i", "y", strcmp(op, "ReduceSum") == 0 ? "" : "axes=[0]");
    new_output(net, "y");
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(model, NULL, &error);
    if (check(plan, error.text) &&
        check(dcn_plan_constant(plan, dcn_plan_output(plan, 0), &got), op)) {
        check_int(got.type, DCN_INT64, "type");
        check_int(dcn_tensor_integer(&got, 0), wanted, op);
    }
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
integer_constants_are_reduced_exactly(void)
{
    int64_t big = 9007199254740993;
    folds_to("ReduceMax", big);
    folds_to("ReduceMin", -3);
    folds_to("ReduceSum", big - 1);
    folds_to("ReduceL1", big + 5);
    folds_to("ReduceProd", big * -6);
}

CHECK_MAIN(CHECK_TEST(rows_become_numbers),
           CHECK_TEST(no_axes_are_all_or_with_noop_none),
           CHECK_TEST(the_signal_of_a_product_passes_one_zero_and_not_two),
           CHECK_TEST(the_first_of_equal_maxima_gets_the_signal),
           CHECK_TEST(integer_constants_are_reduced_exactly))
