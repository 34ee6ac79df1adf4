/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What operators compute, by numbers that can be checked by hand, and what they
 * refuse. */
#include "check.h"
#include "core/fixture/op_expect.h"

/* Of rows that are no multiple of a vector, and of some that are shorter than one. */
static void
softmax_of_rows_is_that_of_columns(void)
{
    for (int64_t n = 1; n < 70; n += 3) {
        OpRun rows, columns;
        op_begin(&rows, "Softmax", 13);
        op_begin(&columns, "Softmax", 13);
        op_int(&columns, "axis", 1);
        float *a = op_input(&rows, 2, (int64_t[]){3, n}, NULL),
              *b = op_input(&columns, 3, (int64_t[]){1, n, 3}, NULL);
        for (int64_t i = 0; i < 3 * n; i++)
            b[i % n * 3 + i / n] = a[i] = (float)(i * 37 % 23) / 5 - 2;
        if (check(op_setup(&rows, 1) && op_setup(&columns, 1), rows.error.text)) {
            op_forward(&rows);
            op_forward(&columns);
            for (int64_t i = 0; i < 3 * n; i++)
                check_floats(&rows.out[0].data[i],
                             &columns.out[0].data[i % n * 3 + i / n], 1, 1e-6);
        }
        op_end(&rows);
        op_end(&columns);
    }
}

static void
softmax_is_over_one_axis_since_opset_13_and_over_all_behind_it_before(void)
{
    OpRun run;
    op_begin(&run, "Softmax", 13);
    op_int(&run, "axis", 1);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(0, 100, logf(3), 100));
    op_gives(&run, 3, DIMS(1, 2, 2), FLOATS(0.25F, 0.5F, 0.75F, 0.5F));
    op_begin(&run, "Softmax", 11);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(0, 0, logf(3), logf(4)));
    op_gives(&run, 3, DIMS(1, 2, 2), FLOATS(1 / 9.0F, 1 / 9.0F, 3 / 9.0F, 4 / 9.0F));
    op_begin(&run, "LogSoftmax", 13);
    op_input(&run, 2, DIMS(1, 2), FLOATS(1000, 1002));
    float rest = logf(1 + expf(-2));
    op_gives(&run, 2, DIMS(1, 2), FLOATS(-2 - rest, -rest));
}

/* Every channel by itself against the formula, in double. */
static void
lrn_divides_by_the_squares_of_its_neighbours(void)
{
    for (int64_t size = 1; size < 6; size++) {
        OpRun run;
        op_begin(&run, "LRN", 13);
        op_int(&run, "size", size);
        op_float(&run, "alpha", 0.7F);
        op_float(&run, "bias", 1.2F);
        const float *x = op_input(&run, 4, DIMS(1, 5, 9, 8), NULL);
        float wanted[5 * 72];
        for (int64_t i = 0; i < 5 * 72; i++) {
            double s = 0;
            for (int64_t k = i / 72 - (size - 1) / 2; k <= i / 72 + size / 2; k++)
                if (k >= 0 && k < 5)
                    s += (double)x[k * 72 + i % 72] * (double)x[k * 72 + i % 72];
            wanted[i] = (float)((double)x[i] * pow(1.2 + 0.7 / (double)size * s, -0.75));
        }
        op_gives(&run, 4, DIMS(1, 5, 9, 8), wanted);
    }
}

static void
lrn_lets_a_deconvnet_pass_unchanged(void)
{
    OpRun run;
    op_begin(&run, "LRN", 13);
    op_int(&run, "size", 3);
    op_input(&run, 4, DIMS(1, 3, 1, 1), FLOATS(1, 2, 3));
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        memcpy(run.out[0].grad, FLOATS(4, -5, 6), 3 * sizeof(float));
        op_back(&run, DCN_DECONVNET);
        check_floats(run.in[0].grad, FLOATS(4, -5, 6), 3, 0);
    }
    op_end(&run);
}

static void
batchnormalization_uses_the_stored_statistics(void)
{
    OpRun run;
    op_begin(&run, "BatchNormalization", 9);
    op_float(&run, "epsilon", 0);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(3, 5, 1, 2));
    op_weight(&run, 1, DIMS(2), FLOATS(2, 1));
    op_weight(&run, 1, DIMS(2), FLOATS(10, 0));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 2));
    op_weight(&run, 1, DIMS(2), FLOATS(4, 0.25F));
    op_gives(&run, 3, DIMS(1, 2, 2), FLOATS(12, 14, -2, 0));
}

static void
batchnormalization_in_training_mode_returns_running_statistics(void)
{
    OpRun run;
    op_begin(&run, "BatchNormalization", 15);
    op_int(&run, "training_mode", 1);
    op_float(&run, "momentum", 0.75F);
    op_float(&run, "epsilon", 0);
    op_input(&run, 2, DIMS(2, 1), FLOATS(1, 5));
    for (int i = 0; i < 4; i++)
        op_weight(&run, 1, DIMS(1), FLOATS(i == 0 || i == 3 ? 1 : 0));
    if (check(op_setup(&run, 3), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, FLOATS(-1, 1), 2, 1e-6);
        check_floats(run.out[1].data, FLOATS(0.75F), 1, 1e-6); /* mean 3, var 4 */
        check_floats(run.out[2].data, FLOATS(1.75F), 1, 1e-6);
    }
    op_end(&run);
}

static void
gemm_multiplies_scales_and_adds_a_broadcast_bias(void)
{
    OpRun run;
    op_begin(&run, "Gemm", 13);
    op_float(&run, "alpha", 2);
    op_float(&run, "beta", 0.5F);
    op_int(&run, "transB", 1);
    op_input(&run, 2, DIMS(2, 3), FLOATS(1, 2, 3, 4, 5, 6));
    op_weight(&run, 2, DIMS(2, 3), FLOATS(1, 0, -1, 2, 1, 0));
    op_weight(&run, 1, DIMS(2), FLOATS(10, 20));
    op_gives(&run, 2, DIMS(2, 2), FLOATS(1, 18, 1, 36));
    op_begin(&run, "Gemm", 13);
    op_input(&run, 2, DIMS(1, 3), NULL);
    op_weight(&run, 2, DIMS(4, 2), NULL);
    op_refuses(&run, "weights are 4x2, so the input needs 4 features; it has 3");
    op_begin(&run, "Gemm", 13);
    op_input(&run, 4, DIMS(1, 3, 1, 1), NULL);
    op_weight(&run, 2, DIMS(3, 2), NULL);
    op_refuses(&run, "inputs are 1x3x1x1 and 3x2 where matrices are needed");
}

static void
matmul_broadcasts_matrices(void)
{
    OpRun run;
    op_begin(&run, "MatMul", 13);
    op_input(&run, 3, DIMS(2, 1, 2), FLOATS(1, 2, 3, 4));
    op_weight(&run, 2, DIMS(2, 1), FLOATS(10, 1));
    op_gives(&run, 3, DIMS(2, 1, 1), FLOATS(12, 34));
    op_begin(&run, "MatMul", 13);
    op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
    op_weight(&run, 3, DIMS(2, 2, 1), FLOATS(10, 1, 5, 7));
    op_gives(&run, 3, DIMS(2, 1, 1), FLOATS(12, 19));
    op_begin(&run, "MatMul", 13);
    op_input(&run, 1, DIMS(2), FLOATS(3, 4));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 2));
    op_gives(&run, 0, NULL, FLOATS(11));
    op_begin(&run, "MatMul", 13);
    op_input(&run, 2, DIMS(1, 2), NULL);
    op_weight(&run, 2, DIMS(3, 1), NULL);
    op_refuses(&run, "inputs of 1x2 and 3x1 do not fit");
}

static void
slices_go_either_way_and_are_cut_to_the_axis(void)
{
    OpRun run;
    op_begin(&run, "Slice", 13);
    op_input(&run, 1, DIMS(5), FLOATS(0, 1, 2, 3, 4));
    op_list(&run, 1, DIMS(-1));
    op_list(&run, 1, DIMS(INT64_MIN));
    op_list(&run, 1, DIMS(0));
    op_list(&run, 1, DIMS(-2));
    op_gives(&run, 1, DIMS(3), FLOATS(4, 2, 0));
    op_begin(&run, "Slice", 9);
    op_ints(&run, "starts", 1, DIMS(-2));
    op_ints(&run, "ends", 1, DIMS(INT64_MAX));
    op_input(&run, 1, DIMS(5), FLOATS(0, 1, 2, 3, 4));
    op_gives(&run, 1, DIMS(2), FLOATS(3, 4));
    op_begin(&run, "Slice", 13);
    op_input(&run, 1, DIMS(5), NULL);
    op_list(&run, 1, DIMS(0));
    op_list(&run, 1, DIMS(1));
    op_list(&run, 1, DIMS(0));
    op_list(&run, 1, DIMS(0));
    op_refuses(&run, "the step of axis 0 is 0");
}

static void
gather_takes_places_in_the_order_of_its_indices(void)
{
    OpRun run;
    op_begin(&run, "Gather", 13);
    op_int(&run, "axis", 1);
    op_input(&run, 3, DIMS(1, 3, 2), FLOATS(1, 2, 3, 4, 5, 6));
    op_list(&run, 4, DIMS(2, 1, 0, -1));
    op_gives(&run, 3, DIMS(1, 4, 2), FLOATS(5, 6, 3, 4, 1, 2, 5, 6));
    op_begin(&run, "Gather", 13);
    op_input(&run, 1, DIMS(3), NULL);
    op_list(&run, 1, DIMS(3));
    op_refuses(&run, "index 3 of an axis of 3 places");
}

static void
indices_of_a_run_stay_inside_the_axis(void)
{
    OpRun run;
    op_begin(&run, "Gather", 13);
    op_input(&run, 1, DIMS(3), FLOATS(7, 8, 9));
    op_input(&run, 1, DIMS(5), FLOATS(-1, 1e20F, -1e20F, NAN, 1));
    op_gives(&run, 1, DIMS(5), FLOATS(9, 9, 7, 7, 8));
}

static void
padding_is_constant_mirrored_repeated_or_wrapped(void)
{
    static const struct {
        const char *mode;
        float wanted[9];
    } modes[] = {
        {"constant", {9, 9, 9, 1, 2, 3, 9, 9, 9}},
        {"edge", {1, 1, 1, 1, 2, 3, 3, 3, 3}},
        {"reflect", {2, 3, 2, 1, 2, 3, 2, 1, 2}},
        {"wrap", {1, 2, 3, 1, 2, 3, 1, 2, 3}},
    };
    OpRun run;
    for (size_t i = 0; i < 4; i++) {
        op_begin(&run, "Pad", 19);
        op_string(&run, "mode", modes[i].mode);
        op_input(&run, 1, DIMS(3), FLOATS(1, 2, 3));
        op_list(&run, 2, DIMS(3, 3));
        op_weight(&run, 0, NULL, FLOATS(9));
        op_gives(&run, 1, DIMS(9), modes[i].wanted);
    }
    op_begin(&run, "Pad", 13);
    op_input(&run, 1, DIMS(3), FLOATS(1, 2, 3));
    op_list(&run, 2, DIMS(-2, 1));
    op_gives(&run, 1, DIMS(2), FLOATS(3, 0));
    op_begin(&run, "Pad", 13);
    op_input(&run, 1, DIMS(3), NULL);
    op_list(&run, 2, DIMS(-2, -2));
    op_refuses(&run, "axis 0 has 3 places and -2 and -2 are added");
}

static void
the_middle_is_cut_out_or_padded(void)
{
    OpRun run;
    op_begin(&run, "CenterCropPad", 18); /* 5 to 2: one before, two behind */
    op_input(&run, 2, DIMS(1, 5), FLOATS(1, 2, 3, 4, 5));
    op_list(&run, 2, DIMS(1, 2));
    op_gives(&run, 2, DIMS(1, 2), FLOATS(2, 3));
    op_begin(&run, "CenterCropPad", 18);
    op_ints(&run, "axes", 1, DIMS(-1));
    op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
    op_list(&run, 1, DIMS(5));
    op_gives(&run, 2, DIMS(1, 5), FLOATS(0, 1, 2, 0, 0));
    op_begin(&run, "CenterCropPad", 18);
    op_input(&run, 2, DIMS(1, 2), NULL);
    op_list(&run, 1, DIMS(5));
    op_refuses(&run, "1 sizes for 2 axes");
}

/* Two blocks of 2, a place apart, overlap in the middle. */
static void
blocks_are_added_where_they_lie(void)
{
    OpRun run;
    op_begin(&run, "Col2Im", 18);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(1, 2, 10, 20));
    op_list(&run, 1, DIMS(3));
    op_list(&run, 1, DIMS(2));
    op_gives(&run, 3, DIMS(1, 1, 3), FLOATS(1, 12, 20));
    op_begin(&run, "Col2Im", 18);
    op_input(&run, 3, DIMS(1, 2, 3), NULL);
    op_list(&run, 1, DIMS(3));
    op_list(&run, 1, DIMS(2));
    op_refuses(&run, "columns are 1x2x3 where blocks of 2 have 2 places");
    op_begin(&run, "Col2Im", 18);
    op_ints(&run, "pads", 1, DIMS(3));
    op_input(&run, 3, DIMS(1, 2, 3), NULL);
    op_list(&run, 1, DIMS(3));
    op_list(&run, 1, DIMS(2));
    op_refuses(&run, "pads does not have 2 numbers");
}

/* A row of four places, looked at on and between places and outside. */
static void
a_grid_looks_between_places(void)
{
    static const struct {
        const char *mode, *padding;
        int64_t aligned;
        float wanted[4]; /* at the first border, its centre, the middle, outside */
    } samples[] = {
        {"bilinear", "zeros", 0, {0.5F, 1, 5, 0}},
        {"bilinear", "border", 0, {1, 1, 5, 7}},
        {"bilinear", "reflection", 0, {1, 1, 5, 7}},
        {"bilinear", "border", 1, {1, 1.75F, 5, 7}},
        {"nearest", "border", 0, {1, 1, 7, 7}}, /* 1.5 goes to 2 */
        {"cubic", "border", 0, {0.8125F, 1, 5.1875F, 7}},
    };
    OpRun run;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        op_begin(&run, "GridSample", 20);
        op_string(&run, "mode", samples[i].mode);
        op_string(&run, "padding_mode", samples[i].padding);
        op_int(&run, "align_corners", samples[i].aligned);
        op_input(&run, 4, DIMS(1, 1, 1, 4), FLOATS(1, 3, 7, 7));
        op_weight(&run, 4, DIMS(1, 1, 4, 2), FLOATS(-1, 0, -0.75F, 0, 0, 0, 1.75F, 0));
        op_gives(&run, 4, DIMS(1, 1, 1, 4), samples[i].wanted);
    }
    op_begin(&run, "GridSample", 20);
    op_input(&run, 4, DIMS(1, 1, 2, 2), FLOATS(1, 2, 3, 4));
    op_weight(&run, 4, DIMS(1, 1, 2, 2), FLOATS(NAN, 0, INFINITY, -INFINITY));
    op_gives(&run, 4, DIMS(1, 1, 1, 2), FLOATS(0, 0));
    op_begin(&run, "GridSample", 20);
    op_input(&run, 4, DIMS(1, 1, 2, 2), NULL);
    op_weight(&run, 4, DIMS(1, 1, 2, 3), NULL);
    op_refuses(&run, "a grid of 1x1x2x3 for an input of 1x1x2x2");
}

static void
affine_grids_are_maps_of_centres(void)
{
    OpRun run;
    op_begin(&run, "AffineGrid", 20); /* x doubled, y moved by 1 */
    op_input(&run, 3, DIMS(1, 2, 3), FLOATS(2, 0, 0, 0, 1, 1));
    op_list(&run, 4, DIMS(1, 1, 1, 2));
    op_gives(&run, 4, DIMS(1, 1, 2, 2), FLOATS(-1, 1, 1, 1));
    op_begin(&run, "AffineGrid", 20);
    op_int(&run, "align_corners", 1);
    op_input(&run, 3, DIMS(1, 2, 3), FLOATS(2, 0, 0, 0, 1, 1));
    op_list(&run, 4, DIMS(1, 1, 1, 2));
    op_gives(&run, 4, DIMS(1, 1, 2, 2), FLOATS(-2, 1, 2, 1));
    op_begin(&run, "AffineGrid", 20);
    op_input(&run, 3, DIMS(1, 2, 3), NULL);
    op_list(&run, 5, DIMS(1, 1, 1, 2, 2));
    op_refuses(&run, "theta is 1x2x3 for 3 axes");
}

static void
reshape_keeps_the_batch_of_the_plan(void)
{
    OpRun run;
    op_begin(&run, "Reshape", 13);
    run.file_batch = 32;
    op_input(&run, 4, DIMS(1, 2, 1, 3), FLOATS(1, 2, 3, 4, 5, 6));
    op_list(&run, 2, DIMS(32, 6));
    op_gives(&run, 2, DIMS(1, 6), FLOATS(1, 2, 3, 4, 5, 6));
    op_begin(&run, "Reshape", 13);
    op_input(&run, 3, DIMS(1, 2, 3), FLOATS(1, 2, 3, 4, 5, 6));
    op_list(&run, 3, DIMS(0, -1, 2));
    op_gives(&run, 3, DIMS(1, 3, 2), FLOATS(1, 2, 3, 4, 5, 6));
    op_begin(&run, "Reshape", 13);
    op_input(&run, 2, DIMS(1, 6), NULL);
    op_list(&run, 2, DIMS(-1, 4));
    op_refuses(&run, "1x6 cannot become ?x4");
    op_begin(&run, "Reshape", 13);
    op_input(&run, 2, DIMS(1, 6), NULL);
    op_list(&run, 3, DIMS(INT64_MAX, INT64_MAX, 2));
    op_refuses(&run, "1x6 cannot become");
}

/* A file for 2 images cuts each into 3 windows of 2 places, or begins with 4 tokens, then
 * the batch and 2 heads of 3 numbers. */
static void
reshape_divides_the_batch_out_of_a_size(void)
{
    OpRun run;
    float tokens[24];
    for (int i = 0; i < 24; i++)
        tokens[i] = (float)i;
    op_begin(&run, "Reshape", 13);
    run.file_batch = 2;
    op_input(&run, 3, DIMS(4, 1, 6), tokens);
    op_list(&run, 3, DIMS(4, 4, 3));
    op_gives(&run, 3, DIMS(4, 2, 3), tokens);
    op_begin(&run, "Reshape", 13);
    run.file_batch = 2;
    op_input(&run, 3, DIMS(1, 3, 2), FLOATS(1, 2, 3, 4, 5, 6));
    op_list(&run, 3, DIMS(6, 2, 1));
    op_gives(&run, 3, DIMS(3, 2, 1), FLOATS(1, 2, 3, 4, 5, 6));
    op_begin(&run, "Reshape", 13);
    run.file_batch = 2;
    op_input(&run, 2, DIMS(1, 6), NULL);
    op_list(&run, 2, DIMS(5, 4));
    op_refuses(&run, "1x6 cannot become 5x4");
}

/* A file for 2 images repeats its class token for each. */
static void
concat_takes_a_constant_of_the_batch_once(void)
{
    OpRun run;
    op_begin(&run, "Concat", 13);
    run.file_batch = 2;
    op_int(&run, "axis", 1);
    op_weight(&run, 3, DIMS(2, 1, 2), FLOATS(7, 8, 7, 8));
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(1, 2, 3, 4));
    op_gives(&run, 3, DIMS(1, 3, 2), FLOATS(7, 8, 1, 2, 3, 4));
    op_begin(&run, "Concat", 13);
    run.file_batch = 2;
    op_int(&run, "axis", 1);
    op_weight(&run, 3, DIMS(2, 1, 2), FLOATS(7, 8, 7, 9));
    op_input(&run, 3, DIMS(1, 2, 2), NULL);
    op_refuses(&run, "inputs of 2x1x2 and 1x2x2 do not fit along axis 1");
}

static void
concat_refuses_inputs_that_do_not_fit(void)
{
    OpRun run;
    op_begin(&run, "Concat", 13);
    op_int(&run, "axis", 1);
    op_input(&run, 4, DIMS(1, 2, 3, 3), NULL);
    op_input(&run, 4, DIMS(1, 2, 3, 4), NULL);
    op_refuses(&run, "inputs of 1x2x3x3 and 1x2x3x4 do not fit along axis 1");
}

static void
random_dropout_is_refused(void)
{
    OpRun run;
    op_begin(&run, "Dropout", 13);
    op_input(&run, 1, DIMS(3), NULL);
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_refuses(&run, "drops at random");
    op_begin(&run, "Dropout", 13);
    op_input(&run, 1, DIMS(3), FLOATS(1, 2, 3));
    op_gives(&run, 1, DIMS(3), FLOATS(1, 2, 3));
}

static void
integers_are_exact_where_floats_would_not_be(void)
{
    int64_t y, large = ((int64_t)1 << 60) + 1;
    check(dcn_op_find("Add")->pair.integers(large, 2, &y) && y == large + 2, "Add");
    check(dcn_op_find("Mul")->pair.integers(large, 3, &y) && y == 3 * large, "Mul");
    check(dcn_op_find("Div")->pair.integers(-7, 2, &y) && y == -3, "Div goes towards 0");
    check(dcn_op_find("Div")->pair.integers(INT64_MIN, -1, &y) && y == INT64_MIN,
          "Div wraps");
    check(!dcn_op_find("Div")->pair.integers(7, 0, &y), "Div by 0");
    check(dcn_op_find("Pow")->pair.integers(3, 4, &y) && y == 81, "Pow");
    check(dcn_op_find("Pow")->pair.integers(-1, -3, &y) && y == -1, "Pow of a negative");
    check(!dcn_op_find("Pow")->pair.integers(0, -1, &y), "Pow of 0");
}

static void
an_operator_is_found_by_its_onnx_name_only(void)
{
    check(dcn_op_find("Conv") && strcmp(dcn_op_find("Conv")->name, "Conv") == 0, "Conv");
    check(dcn_op_find_in("ai.onnx", "Conv") == dcn_op_find("Conv"), "by the long name");
    check(!dcn_op_find_in("com.example", "Conv"), "another domain");
    check(!dcn_op_find("conv") && !dcn_op_find("") && !dcn_op_find("Convolution"),
          "other names");
}

CHECK_MAIN(
    CHECK_TEST(softmax_of_rows_is_that_of_columns),
    CHECK_TEST(softmax_is_over_one_axis_since_opset_13_and_over_all_behind_it_before),
    CHECK_TEST(lrn_divides_by_the_squares_of_its_neighbours),
    CHECK_TEST(lrn_lets_a_deconvnet_pass_unchanged),
    CHECK_TEST(batchnormalization_uses_the_stored_statistics),
    CHECK_TEST(batchnormalization_in_training_mode_returns_running_statistics),
    CHECK_TEST(gemm_multiplies_scales_and_adds_a_broadcast_bias),
    CHECK_TEST(matmul_broadcasts_matrices),
    CHECK_TEST(slices_go_either_way_and_are_cut_to_the_axis),
    CHECK_TEST(gather_takes_places_in_the_order_of_its_indices),
    CHECK_TEST(indices_of_a_run_stay_inside_the_axis),
    CHECK_TEST(padding_is_constant_mirrored_repeated_or_wrapped),
    CHECK_TEST(the_middle_is_cut_out_or_padded),
    CHECK_TEST(blocks_are_added_where_they_lie),
    CHECK_TEST(a_grid_looks_between_places),
    CHECK_TEST(affine_grids_are_maps_of_centres),
    CHECK_TEST(reshape_keeps_the_batch_of_the_plan),
    CHECK_TEST(reshape_divides_the_batch_out_of_a_size),
    CHECK_TEST(concat_takes_a_constant_of_the_batch_once),
    CHECK_TEST(concat_refuses_inputs_that_do_not_fit),
    CHECK_TEST(random_dropout_is_refused),
    CHECK_TEST(integers_are_exact_where_floats_would_not_be),
    CHECK_TEST(an_operator_is_found_by_its_onnx_name_only))
