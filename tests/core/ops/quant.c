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

CHECK_MAIN(CHECK_TEST(numbers_become_the_nearest_level_and_ties_the_even_one),
           CHECK_TEST(scales_are_for_a_tensor_a_place_or_a_block),
           CHECK_TEST(a_signal_passes_rounding_and_stops_where_levels_were_cut),
           CHECK_TEST(elements_of_4_bits_share_bytes_in_files))
