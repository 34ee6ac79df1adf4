/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the output sizes of windows by ONNX's rules, and of the places that windows
 * see. */
#include "ops/kit/window.h"
#include "check.h"
#include "core/fixture/op_run.h"

/* One axis of n places through a MaxPool; returns the places of the output, or -1 and
 * the error in text. pads: two numbers, or NULL. */
static int64_t
places(int64_t n,
       int64_t kernel,
       int64_t stride,
       const int64_t *pads,
       const char *auto_pad,
       bool ceil,
       int64_t dilation,
       char text[512])
{
    OpRun run;
    op_begin(&run, "AveragePool", 19);
    op_ints(&run, "kernel_shape", 1, &kernel);
    op_ints(&run, "strides", 1, &stride);
    op_ints(&run, "dilations", 1, &dilation);
    if (pads)
        op_ints(&run, "pads", 2, pads);
    if (auto_pad)
        op_string(&run, "auto_pad", auto_pad);
    op_int(&run, "ceil_mode", ceil);
    op_input(&run, 3, (int64_t[]){1, 1, n}, NULL);
    int64_t result = op_setup(&run, 1) ? run.out[0].shape.dim[2] : -1;
    if (text)
        snprintf(text, 512, "%s", run.error.text);
    op_end(&run);
    return result;
}

static void
a_window_that_does_not_fit_whole_is_left_out(void)
{
    check_int(places(5, 2, 2, NULL, NULL, false, 1, NULL), 2, "5 places, 2 by 2");
    check_int(places(5, 3, 1, (int64_t[]){1, 1}, NULL, false, 1, NULL), 5,
              "3 wide, padded");
    check_int(places(7, 3, 1, NULL, NULL, false, 3, NULL), 1, "dilated to 7");
}

static void
ceil_mode_keeps_the_last_window_if_it_starts_in_the_image(void)
{
    check_int(places(5, 2, 2, NULL, NULL, true, 1, NULL), 3, "5 places, 2 by 2");
    check_int(places(5, 2, 3, (int64_t[]){1, 1}, NULL, true, 1, NULL), 2,
              "windows at -1, 2 and 5: the third one is dropped");
    check_int(places(6, 3, 2, NULL, NULL, true, 1, NULL), 3, "6 places, 3 by 2");
}

static void
same_padding_gives_as_many_windows_as_strides_fit(void)
{
    check_int(places(5, 3, 2, NULL, "SAME_UPPER", false, 1, NULL), 3, "upper");
    check_int(places(6, 2, 1, NULL, "SAME_LOWER", false, 1, NULL), 6, "lower");
    check_int(places(5, 3, 2, (int64_t[]){1, 1}, "VALID", false, 1, NULL), 2, "valid");
}

/* The odd place of padding is at the end with SAME_UPPER, at the beginning with
 * SAME_LOWER. */
static void
same_padding_has_its_odd_place_where_the_name_says(void)
{
    const float *wanted[2] = {(float[]){3, 5, 3}, (float[]){1, 3, 5}};
    for (int lower = 0; lower < 2; lower++) {
        OpRun run;
        op_begin(&run, "Conv", 11);
        op_string(&run, "auto_pad", lower ? "SAME_LOWER" : "SAME_UPPER");
        op_input(&run, 3, (int64_t[]){1, 1, 3}, (float[]){1, 2, 3});
        op_weight(&run, 3, (int64_t[]){1, 1, 2}, (float[]){1, 1});
        if (check(op_setup(&run, 1), run.error.text)) {
            op_forward(&run);
            check_floats(run.out[0].data, wanted[lower], 3, 0);
        }
        op_end(&run);
    }
}

static void
what_cannot_be_is_refused_by_name(void)
{
    char text[512];
    check_int(places(3, 5, 1, NULL, NULL, false, 1, text), -1, "kernel too large");
    check_text(text,
               "node \"n\" (AveragePool): a kernel of extent 5 does not fit into 3");
    check_int(places(3, 0, 1, NULL, NULL, false, 1, text), -1, "kernel 0");
    check_text(text, "kernel_shape holds 0");
    check_int(places(3, 2, 0, NULL, NULL, false, 1, text), -1, "stride 0");
    check_text(text, "strides holds 0");
    check_int(places(3, 2, 1, (int64_t[]){-1, 0}, NULL, false, 1, text), -1, "pad -1");
    check_text(text, "pads holds -1");
    check_int(places(3, 2, 1, NULL, "SAME", false, 1, text), -1, "auto_pad");
    check_text(text, "auto_pad is \"SAME\"");
    check_int(places(3, 2, INT64_MAX, NULL, NULL, false, 1, text), -1, "huge stride");
    check_text(text, "out of range");
    check_int(places(0, 2, 1, NULL, NULL, false, 1, text), -1, "empty");
    check_text(text, "the input is empty: 1x1x0");
    check_int(places(3, 2, 1, (int64_t[]){0, 1 << 20}, NULL, false, 1, text), -1,
              "huge pad");
    check_text(text, "out of range");
    /* The largest numbers that are accepted must not overflow on the way. */
    int64_t most = 1 << 24, pads[2] = {1 << 16, 1 << 16};
    check_int(places(3, most, most, pads, NULL, true, most, text), -1, "all at once");
    check_text(text, "does not fit into 131075 places");
}

/* By looking at every pair of places. */
static void
reach_is_what_windows_meet(void)
{
    int checked = 0;
    for (int64_t kernel = 1; kernel < 4; kernel++)
        for (int64_t stride = 1; stride < 5; stride++)
            for (int64_t dilation = 1; dilation < 4; dilation++)
                for (int64_t pad = 0; pad < 4; pad++) {
                    DcnWindow w = {.axes = 1};
                    for (int i = 0; i < 3; i++)
                        w.kernel[i] = w.stride[i] = w.dilation[i] = w.in[i] = w.out[i] =
                            1;
                    w.kernel[2] = kernel;
                    w.stride[2] = stride;
                    w.dilation[2] = dilation;
                    w.begin[2] = w.end[2] = pad;
                    w.in[2] = 9;
                    int64_t room = 9 + 2 * pad - (kernel - 1) * dilation - 1;
                    if (room < 0)
                        continue;
                    w.out[2] = room / stride + 1;
                    for (int64_t begin = 0; begin < 9; begin++)
                        for (int64_t end = begin + 1; end <= 9; end++) {
                            int64_t low = -1, high = -1, got[2];
                            for (int64_t o = 0; o < w.out[2]; o++)
                                for (int64_t k = 0; k < kernel; k++) {
                                    int64_t i = o * stride - pad + k * dilation;
                                    if (i < begin || i >= end)
                                        continue;
                                    low = low < 0 ? o : low;
                                    high = o + 1;
                                }
                            dcn_window_ahead(&w, 2, begin, end, got);
                            checked++;
                            if (low < 0 ? got[0] < got[1]
                                        : got[0] != low || got[1] != high)
                                check_fail("k %lld s %lld d %lld p %lld, %lld..%lld: got "
                                           "%lld..%lld, wanted %lld..%lld",
                                           (long long)kernel, (long long)stride,
                                           (long long)dilation, (long long)pad,
                                           (long long)begin, (long long)end,
                                           (long long)got[0], (long long)got[1],
                                           (long long)low, (long long)high);
                        }
                    for (int64_t begin = 0; begin < w.out[2]; begin++)
                        for (int64_t end = begin + 1; end <= w.out[2]; end++) {
                            int64_t low = 9, high = 0, got[2];
                            for (int64_t o = begin; o < end; o++)
                                for (int64_t k = 0; k < kernel; k++) {
                                    int64_t i = o * stride - pad + k * dilation;
                                    if (i < 0 || i >= 9)
                                        continue;
                                    low = i < low ? i : low;
                                    high = i + 1 > high ? i + 1 : high;
                                }
                            dcn_window_back(&w, 2, begin, end, got);
                            if (low >= high ? got[0] < got[1]
                                            : got[0] != low || got[1] != high)
                                check_fail("back k %lld s %lld d %lld p %lld, "
                                           "%lld..%lld: got %lld..%lld, wanted "
                                           "%lld..%lld",
                                           (long long)kernel, (long long)stride,
                                           (long long)dilation, (long long)pad,
                                           (long long)begin, (long long)end,
                                           (long long)got[0], (long long)got[1],
                                           (long long)low, (long long)high);
                        }
                }
    check(checked > 5000, "thousands of windows were looked at");
}

CHECK_MAIN(CHECK_TEST(a_window_that_does_not_fit_whole_is_left_out),
           CHECK_TEST(ceil_mode_keeps_the_last_window_if_it_starts_in_the_image),
           CHECK_TEST(same_padding_gives_as_many_windows_as_strides_fit),
           CHECK_TEST(same_padding_has_its_odd_place_where_the_name_says),
           CHECK_TEST(what_cannot_be_is_refused_by_name),
           CHECK_TEST(reach_is_what_windows_meet))
