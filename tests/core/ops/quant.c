/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What quantised operators compute, by numbers that can be checked by hand, what comes
 * back through them, and elements of 4 bits. */
#include "check.h"
#include "core/fixture/op_run.h"

#define DIMS(...) ((int64_t[]){__VA_ARGS__})
#define FLOATS(...) ((float[]){__VA_ARGS__})

/* Runs what was prepared and compares output 0 with n values, exactly. */
static bool
runs(OpRun *run, size_t n, const float *wanted)
{
    if (!check(op_setup(run, 1), run->error.text))
        return false;
    check_int((long long)run->out[0].count, (long long)n, "elements");
    op_forward(run);
    if (run->out[0].count != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (isnan(wanted[i]))
            check(isnan(run->out[0].data[i]), "NaN");
        else
            check_floats(run->out[0].data + i, wanted + i, 1, 0);
    return true;
}

static void
gives(OpRun *run, size_t n, const float *wanted)
{
    runs(run, n, wanted);
    op_end(run);
}

static void
refused(OpRun *run, const char *why)
{
    check(!op_setup(run, 1), why);
    check_text(run->error.text, why);
    op_end(run);
}

static void
numbers_become_the_nearest_level_and_ties_the_even_one(void)
{
    OpRun run;
    op_begin(&run, "QuantizeLinear", 13);
    op_input(&run, 1, DIMS(8), FLOATS(-1, -0.25F, 0, 0.25F, 0.75F, 1.3F, 200, NAN));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(1));
    gives(&run, 8, FLOATS(0, 1, 1, 1, 3, 4, 255, NAN));
    op_begin(&run, "QuantizeLinear", 13);
    op_input(&run, 1, DIMS(4), FLOATS(-1000, -2.5F, 2.5F, 1000));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_INT8, 0, NULL, DIMS(-1));
    gives(&run, 4, FLOATS(-128, -3, 1, 127));
    op_begin(&run, "QuantizeLinear", 21);
    op_int(&run, "output_dtype", DCN_INT4);
    op_input(&run, 1, DIMS(3), FLOATS(-9, 3, 9));
    op_weight(&run, 0, NULL, FLOATS(1));
    gives(&run, 3, FLOATS(-8, 3, 7));
    op_begin(&run, "QuantizeLinear", 21);
    op_input(&run, 1, DIMS(3), FLOATS(-1e30F, 30000, 1e30F));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT16, 0, NULL, DIMS(32768));
    gives(&run, 3, FLOATS(0, 65535, 65535));
    op_begin(&run, "QuantizeLinear", 21);
    op_int(&run, "output_dtype", DCN_INT32);
    op_input(&run, 1, DIMS(3), NULL);
    op_weight(&run, 0, NULL, FLOATS(1));
    refused(&run, "levels of type int32 (6): 4, 8 and 16 bits are supported");
}

static void
scales_are_for_a_tensor_a_place_or_a_block(void)
{
    OpRun run;
    op_begin(&run, "DequantizeLinear", 13);
    op_int(&run, "axis", 0);
    op_whole(&run, DCN_INT8, 2, DIMS(2, 2), DIMS(10, -10, 10, -10));
    op_weight(&run, 1, DIMS(2), FLOATS(0.5F, 2));
    op_whole(&run, DCN_INT8, 1, DIMS(2), DIMS(0, -1));
    gives(&run, 4, FLOATS(5, -5, 22, -18));
    op_begin(&run, "DequantizeLinear", 21); /* three places, blocks of two */
    op_int(&run, "axis", 0);
    op_int(&run, "block_size", 2);
    op_whole(&run, DCN_UINT4, 2, DIMS(3, 2), DIMS(1, 2, 3, 4, 5, 6));
    op_weight(&run, 2, DIMS(2, 2), FLOATS(1, 10, 100, 1000));
    gives(&run, 6, FLOATS(1, 20, 3, 40, 500, 6000));
    op_begin(&run, "DequantizeLinear", 21);
    op_input(&run, 2, DIMS(3, 2), NULL);
    op_weight(&run, 1, DIMS(3), NULL);
    refused(&run, "scales of 3 do not fit an input of 3x2");
    op_begin(&run, "DequantizeLinear", 13);
    op_input(&run, 2, DIMS(3, 2), NULL);
    op_weight(&run, 1, DIMS(2), NULL);
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(3));
    refused(&run, "scales are 2, zero points ");
}

static void
a_signal_passes_rounding_and_stops_where_levels_were_cut(void)
{
    for (int method = 0; method < DCN_METHODS; method++) {
        OpRun run;
        op_begin(&run, "QuantizeLinear", 13);
        op_input(&run, 1, DIMS(4), FLOATS(-1, 0, 0.3F, 128));
        op_weight(&run, 0, NULL, FLOATS(0.5F));
        op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
        if (runs(&run, 4, FLOATS(0, 0, 1, 255))) {
            for (size_t i = 0; i < 4; i++)
                run.out[0].grad[i] = (float)i + 1;
            op_back(&run, (DcnMethod)method);
            check_floats(run.in[0].grad, FLOATS(0, 4, 6, 0), 4, 0);
        }
        op_end(&run);
    }
}

static void
elements_of_4_bits_share_bytes_in_files(void)
{
    uint8_t data[3], packed[2] = {0x9F, 0x07}, again[2];
    check_int((long long)dcn_type_file_bytes(DCN_INT4, 3), 2, "bytes");
    dcn_halves_unpack(DCN_INT4, packed, 3, data);
    DcnTensor tensor = {DCN_INT4, dcn_shape(1, DIMS(3)), data};
    float values[3];
    dcn_tensor_to_floats(&tensor, values);
    check_floats(values, FLOATS(-1, -7, 7), 3, 0);
    dcn_halves_pack(data, 3, again);
    check(memcmp(packed, again, 2) == 0, "packed again");
    tensor.type = DCN_UINT4;
    dcn_halves_unpack(DCN_UINT4, packed, 3, data);
    dcn_tensor_to_floats(&tensor, values);
    check_floats(values, FLOATS(15, 9, 7), 3, 0);
    dcn_element_set_integer(DCN_INT4, data, 0, 9); /* wraps */
    dcn_element_set_integer(DCN_UINT4, data, 1, 17);
    tensor.type = DCN_INT4;
    check(dcn_tensor_integer(&tensor, 0) == -7 && dcn_tensor_integer(&tensor, 1) == 1,
          "wrapped");
}

/* 300 * 255 * 255 + 1 is odd and more than 2^24: in floats, what is left when the bias
 * has taken all but 1 off would be 0. */
static void
sums_past_two_to_the_24_are_exact(void)
{
    enum { K = 301 };
    float a[K], b[K];
    for (size_t i = 0; i < K; i++)
        a[i] = b[i] = 255;
    a[K - 1] = b[K - 1] = 1;
    OpRun run;
    op_begin(&run, "QGemm", 1);
    op_input(&run, 2, DIMS(1, K), a);
    op_weight(&run, 0, NULL, FLOATS(1));
    op_weight(&run, 0, NULL, FLOATS(0));
    op_weight(&run, 2, DIMS(K, 1), b);
    op_weight(&run, 0, NULL, FLOATS(1));
    op_weight(&run, 0, NULL, FLOATS(0));
    op_weight(&run, 1, DIMS(1), FLOATS(-19507500));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(7));
    gives(&run, 1, FLOATS(8));
}

static void
padding_of_levels_is_the_zero_point(void)
{
    OpRun run;
    op_begin(&run, "QLinearConv", 10);
    op_ints(&run, "pads", 4, DIMS(0, 1, 0, 1));
    op_input(&run, 4, DIMS(1, 1, 1, 2), FLOATS(12, 7)); /* 2 and -3 steps */
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(10));
    op_whole(&run, DCN_UINT8, 4, DIMS(2, 1, 1, 3), DIMS(1, 2, 3, 5, 5, 6));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 0.5F));
    op_whole(&run, DCN_UINT8, 1, DIMS(2), DIMS(0, 5)); /* 1 2 3 and 0 0 1 */
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(5));
    op_whole(&run, DCN_INT32, 1, DIMS(2), DIMS(1, 0));
    gives(&run, 4, FLOATS(1, 2, 3, 5)); /* -5 + 1, -4 + 1; -1.5 and 0 */
}

static void
a_net_of_bytes_fits_its_scale_to_the_picture(void)
{
    OpRun run;
    op_begin(&run, "DynamicQuantizeLinear", 11);
    run.batch = 2;
    op_input(&run, 1, DIMS(3), FLOATS(-1, 0, 4.1F, 0, 0, 0));
    if (check(op_setup(&run, 3), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[1].data, FLOATS(5.1F / 255, 1), 2, 1e-9);
        check_floats(run.out[2].data, FLOATS(50, 0), 2, 0);
        check_floats(run.out[0].data, FLOATS(0, 50, 255, 0, 0, 0), 6, 0);
    }
    op_end(&run);
}

static void
functions_are_of_the_numbers_that_levels_stand_for(void)
{
    OpRun run;
    op_begin(&run, "QLinearAdd", 1); /* 2 + 3 * 0.5 = 3.5, 14 quarters */
    op_input(&run, 1, DIMS(1), FLOATS(4));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_weight(&run, 0, NULL, FLOATS(2));
    op_input(&run, 1, DIMS(1), FLOATS(3));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_left_out(&run);
    op_weight(&run, 0, NULL, FLOATS(0.25F));
    op_whole(&run, DCN_INT8, 0, NULL, DIMS(-20));
    gives(&run, 1, FLOATS(-6));
    op_begin(&run, "QLinearConcat", 1);
    op_int(&run, "axis", 0);
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(1));
    op_input(&run, 1, DIMS(2), FLOATS(1, 2));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    op_input(&run, 1, DIMS(1), FLOATS(9));
    op_weight(&run, 0, NULL, FLOATS(0.25F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(1));
    gives(&run, 3, FLOATS(3, 5, 5));
    op_begin(&run, "QLinearAveragePool", 1);
    op_ints(&run, "kernel_shape", 1, DIMS(2));
    op_ints(&run, "pads", 2, DIMS(1, 0));
    op_int(&run, "count_include_pad", 1);
    op_input(&run, 3, DIMS(1, 1, 2), FLOATS(8, 6));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(4));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    gives(&run, 2, FLOATS(4, 6)); /* 4 / 2 and 6 / 2 */
    op_begin(&run, "QLinearGlobalAveragePool", 1);
    op_int(&run, "channels_last", 1);
    op_input(&run, 3, DIMS(1, 1, 2), NULL);
    op_weight(&run, 0, NULL, FLOATS(1));
    op_left_out(&run);
    op_weight(&run, 0, NULL, FLOATS(1));
    refused(&run, "channels are the last axis");
    op_begin(&run, "QLinearLeakyRelu", 1);
    op_float(&run, "alpha", 0.5F);
    op_input(&run, 1, DIMS(2), FLOATS(0, 12));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(8));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(8));
    gives(&run, 2, FLOATS(4, 12));
    op_begin(&run, "QLinearSigmoid", 1);
    op_input(&run, 1, DIMS(2), FLOATS(0, 100));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    op_weight(&run, 0, NULL, FLOATS(1.0F / 128));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    gives(&run, 2, FLOATS(64, 128));
    op_begin(&run, "QLinearMul", 1);
    op_input(&run, 1, DIMS(2), FLOATS(3, 4));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(2));
    op_weight(&run, 0, NULL, FLOATS(6));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    gives(&run, 2, FLOATS(3, 6));
}

/* Through a convolution whose levels 0 and 255 were cut nothing comes back. */
static void
signals_of_quantised_operators_go_by_their_scales(void)
{
    OpRun run;
    op_begin(&run, "QLinearConv", 10);
    op_input(&run, 4, DIMS(1, 1, 1, 3), FLOATS(0, 20, 200));
    op_weight(&run, 0, NULL, FLOATS(0.5F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(10));
    op_whole(&run, DCN_INT8, 4, DIMS(1, 1, 1, 1), DIMS(3));
    op_weight(&run, 0, NULL, FLOATS(1));
    op_whole(&run, DCN_INT8, 0, NULL, DIMS(0));
    op_weight(&run, 0, NULL, FLOATS(0.25F));
    op_whole(&run, DCN_UINT8, 0, NULL, DIMS(0));
    if (runs(&run, 3, FLOATS(0, 60, 255))) {
        for (size_t i = 0; i < 3; i++)
            run.out[0].grad[i] = 1;
        op_back(&run, DCN_GUIDED);
        check_floats(run.in[0].grad, FLOATS(0, 6, 0), 3, 0);
    }
    op_end(&run);
}

CHECK_MAIN(CHECK_TEST(sums_past_two_to_the_24_are_exact),
           CHECK_TEST(padding_of_levels_is_the_zero_point),
           CHECK_TEST(a_net_of_bytes_fits_its_scale_to_the_picture),
           CHECK_TEST(functions_are_of_the_numbers_that_levels_stand_for),
           CHECK_TEST(signals_of_quantised_operators_go_by_their_scales),
           CHECK_TEST(numbers_become_the_nearest_level_and_ties_the_even_one),
           CHECK_TEST(scales_are_for_a_tensor_a_place_or_a_block),
           CHECK_TEST(a_signal_passes_rounding_and_stops_where_levels_were_cut),
           CHECK_TEST(elements_of_4_bits_share_bytes_in_files))
