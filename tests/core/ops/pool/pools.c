/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools by hand, and against plain twins over random parameters. */
#include "check.h"
#include "core/fixture/op_run.h"
#include <float.h>
#include <stdlib.h>

/* MaxPool has a way of its own in training. */
static bool in_training, with_back;

/* Runs a pool on one plane; fails the test if it cannot be set up. */
static bool
start(OpRun *run,
      const char *op,
      int64_t height,
      int64_t width,
      const float *x,
      int64_t kernel,
      int64_t stride,
      int64_t pad)
{
    op_begin(run, op, 12);
    run->training = in_training;
    run->backward = with_back;
    op_ints(run, "kernel_shape", 2, (int64_t[]){kernel, kernel});
    op_ints(run, "strides", 2, (int64_t[]){stride, stride});
    op_ints(run, "pads", 4, (int64_t[]){pad, pad, pad, pad});
    op_input(run, 4, (int64_t[]){1, 1, height, width}, x);
    return true;
}

static void
maxpool_projects_to_where_the_maximum_was(void)
{
    OpRun run;
    start(&run, "MaxPool", 2, 2, (float[]){1, 5, 2, 3}, 2, 1, 0);
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){5}, 1, 0);
        run.out[0].grad[0] = 7;
        for (int method = 0; method < DCN_METHODS; method++) {
            op_back(&run, (DcnMethod)method);
            check_floats(run.in[0].grad, (float[]){0, 7, 0, 0}, 4, 0);
        }
    }
    op_end(&run);
}

static void
of_equal_maxima_the_first_row_by_row_wins_and_windows_add(void)
{
    OpRun run;
    start(&run, "MaxPool", 3, 3, (float[]){1, 3, 2, 4, 9, 9, 0, 5, 8}, 2, 1, 0);
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){9, 9, 9, 9}, 4, 0);
        for (int i = 0; i < 4; i++)
            run.out[0].grad[i] = 1;
        op_back(&run, DCN_DECONVNET);
        check_floats(run.in[0].grad, (float[]){0, 0, 0, 0, 4, 0, 0, 0, 0}, 9, 0);
    }
    op_end(&run);
}

static void
padding_never_wins(void)
{
    OpRun run;
    start(&run, "MaxPool", 2, 2, (float[]){-5, -6, -7, -8}, 2, 1, 1);
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){-5, -5, -6, -5, -5, -6, -7, -7, -8}, 9,
                     0);
        for (int i = 0; i < 9; i++)
            run.out[0].grad[i] = 1;
        op_back(&run, DCN_GRADIENT);
        check_floats(run.in[0].grad, (float[]){4, 2, 2, 1}, 4, 0);
    }
    op_end(&run);
}

static void
not_a_number_does_no_harm(void)
{
    float x[9];
    for (int i = 0; i < 9; i++)
        x[i] = i == 4 ? 3 : NAN;
    OpRun run;
    start(&run, "MaxPool", 3, 3, x, 2, 1, 0);
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){3, 3, 3, 3}, 4, 0);
        for (int all = 0; all < 2; all++) {
            for (int i = 0; i < 9; i++)
                run.in[0].data[i] = all || i % 2 ? NAN : -INFINITY;
            op_forward(&run);
            for (int i = 0; i < 4; i++)
                run.out[0].grad[i] = 1;
            op_back(&run, DCN_GRADIENT);
            float sum = 0;
            for (int i = 0; i < 9; i++)
                sum += run.in[0].grad[i];
            check_floats(&sum, (float[]){4}, 1, 0);
        }
    }
    op_end(&run);
}

static void
indices_count_through_the_whole_image_by_rows_or_columns(void)
{
    for (int columns = 0; columns < 2; columns++) {
        OpRun run;
        op_begin(&run, "MaxPool", 12);
        op_ints(&run, "kernel_shape", 2, (int64_t[]){2, 2});
        op_int(&run, "storage_order", columns);
        op_input(&run, 4, (int64_t[]){1, 2, 2, 3},
                 (float[]){1, 2, 3, 4, 9, 5, 8, 1, 1, 1, 1, 7});
        if (check(op_setup(&run, 2), run.error.text)) {
            op_forward(&run);
            check_floats(run.out[0].data, (float[]){9, 9, 8, 7}, 4, 0);
            check_floats(run.out[1].data,
                         columns ? (float[]){3, 3, 6, 11} : (float[]){4, 4, 6, 11}, 4, 0);
        }
        op_end(&run);
    }
}

static void
pads_that_reach_the_kernel_are_refused(void)
{
    static const char *const pools[] = {"MaxPool", "AveragePool", "LpPool"};
    for (size_t i = 0; i < 3; i++) {
        OpRun run;
        char expected[160];
        start(&run, pools[i], 4, 4, NULL, 2, 1, 1);
        check(op_setup(&run, 1), "pads of 1 around a kernel of 2");
        op_end(&run);
        start(&run, pools[i], 4, 4, NULL, 2, 1, 2);
        check(!op_setup(&run, 1), "pads of 2 around a kernel of 2");
        snprintf(expected, sizeof expected,
                 "node \"n\" (%s): pads of 2 and 2 reach the extent of the kernel, which "
                 "is 2, so a window could see nothing but padding",
                 pools[i]);
        check_text(run.error.text, expected);
        op_end(&run);
        op_begin(&run, pools[i], 22); /* one side is enough */
        op_ints(&run, "kernel_shape", 1, (int64_t[]){3});
        op_ints(&run, "pads", 2, (int64_t[]){0, 3});
        op_input(&run, 3, (int64_t[]){1, 1, 9}, NULL);
        check(!op_setup(&run, 1), "a pad of 3 behind a kernel of 3");
        check_text(run.error.text, "pads of 0 and 3");
        op_end(&run);
        op_begin(&run, pools[i], 22);
        op_ints(&run, "kernel_shape", 1, (int64_t[]){2});
        op_ints(&run, "dilations", 1, (int64_t[]){2});
        op_ints(&run, "pads", 2, (int64_t[]){2, 2});
        op_input(&run, 3, (int64_t[]){1, 1, 9}, NULL);
        check(op_setup(&run, 1), "a kernel of 2 elements that is 3 wide");
        op_end(&run);
    }
}

/* As PyTorch and Caffe write them: the last window begins in the image and ends behind
 * its padding, or it would begin in the padding and is dropped. */
static void
ceil_mode_goes_on_where_pads_are_wide(void)
{
    static const char *const pools[] = {"MaxPool", "AveragePool", "LpPool"};
    static const float expected[3][3] = {
        {2, 4, 5}, {1.5F, 3.5F, 5}, {3, 7, 5}}; /* LpPool with p = 1 */
    for (size_t i = 0; i < 3; i++) {
        OpRun run;
        op_begin(&run, pools[i], 22);
        op_ints(&run, "kernel_shape", 1, (int64_t[]){2});
        op_ints(&run, "strides", 1, (int64_t[]){2});
        op_ints(&run, "pads", 2, (int64_t[]){0, 1});
        op_int(&run, "ceil_mode", 1);
        if (i == 2)
            op_int(&run, "p", 1);
        op_input(&run, 3, (int64_t[]){1, 1, 5}, (float[]){1, 2, 3, 4, 5});
        if (check(op_setup(&run, 1), run.error.text)) {
            check_int(run.out[0].shape.dim[2], 3, "windows at 0, 2 and 4");
            op_forward(&run);
            check_floats(run.out[0].data, expected[i], 3, 0);
        }
        op_end(&run);
        op_begin(&run, pools[i], 22);
        op_ints(&run, "kernel_shape", 1, (int64_t[]){3});
        op_ints(&run, "strides", 1, (int64_t[]){3});
        op_ints(&run, "pads", 2, (int64_t[]){0, 2});
        op_int(&run, "ceil_mode", 1);
        op_input(&run, 3, (int64_t[]){1, 1, 6}, NULL);
        check(op_setup(&run, 1), run.error.text);
        check_int(run.out[0].shape.dim[2], 2, "a window at 6 would see padding only");
        op_end(&run);
    }
}

static void
a_dilated_window_around_the_image_is_refused(void)
{
    OpRun run;
    op_begin(&run, "MaxPool", 12);
    op_ints(&run, "kernel_shape", 1, (int64_t[]){2});
    op_ints(&run, "dilations", 1, (int64_t[]){3});
    op_ints(&run, "pads", 2, (int64_t[]){1, 1});
    op_input(&run, 3, (int64_t[]){1, 1, 2}, NULL);
    check(!op_setup(&run, 1), "elements at -1 and 2 of 2 places");
    check_text(run.error.text, "a window sees nothing but padding");
    op_end(&run);
}

static void
a_window_too_large_is_refused(void)
{
    OpRun run;
    start(&run, "MaxPool", 300, 300, NULL, 257, 1, 0);
    check(!op_setup(&run, 1), "257 x 257");
    check_text(run.error.text, "a window of 1 x 257 x 257 is too large");
    op_end(&run);
}

static void
averagepool_divides_by_what_it_counts(void)
{
    static const float wanted[2][9] = {
        {1, 1.5F, 2, 2, 2.5F, 3, 3, 3.5F, 4},
        {0.25F, 0.75F, 0.5F, 1, 2.5F, 1.5F, 0.75F, 1.75F, 1},
    };
    for (int counted = 0; counted < 2; counted++) {
        OpRun run;
        start(&run, "AveragePool", 2, 2, (float[]){1, 2, 3, 4}, 2, 1, 1);
        op_int(&run, "count_include_pad", counted);
        if (check(op_setup(&run, 1), run.error.text)) {
            op_forward(&run);
            check_floats(run.out[0].data, wanted[counted], 9, 0);
            for (int i = 0; i < 9; i++)
                run.out[0].grad[i] = i == 0;
            op_back(&run, DCN_DECONVNET);
            check_floats(run.in[0].grad, (float[]){counted ? 0.25F : 1, 0, 0, 0}, 4, 0);
        }
        op_end(&run);
    }
}

static void
globalmaxpool_projects_to_its_first_maximum(void)
{
    OpRun run;
    op_begin(&run, "GlobalMaxPool", 1);
    op_input(&run, 4, (int64_t[]){1, 2, 1, 3}, (float[]){1, 4, 4, -3, -2, -9});
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){4, -2}, 2, 0);
        run.out[0].grad[0] = 5;
        run.out[0].grad[1] = 6;
        op_back(&run, DCN_GUIDED);
        check_floats(run.in[0].grad, (float[]){0, 5, 0, 0, 6, 0}, 6, 0);
    }
    op_end(&run);
}

static void
maxunpool_puts_values_where_they_were(void)
{
    OpRun run;
    op_begin(&run, "MaxUnpool", 11);
    op_ints(&run, "kernel_shape", 2, (int64_t[]){2, 2});
    op_ints(&run, "strides", 2, (int64_t[]){2, 2});
    op_input(&run, 4, (int64_t[]){1, 1, 1, 2}, (float[]){5, 6});
    /* The second index points outside of the output. */
    op_weight(&run, 4, (int64_t[]){1, 1, 1, 2}, (float[]){6, 1e9F});
    op_list(&run, 4, (int64_t[]){1, 1, 3, 5});
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        float wanted[15] = {0};
        wanted[7] = 5; /* 6 of 2 x 4 is row 1, column 2 */
        check_floats(run.out[0].data, wanted, 15, 0);
    }
    op_end(&run);
}

/* --- plain twins --- */

typedef struct {
    int64_t in[2], kernel[2], stride[2], dilation[2], pads[4];
    bool ceil, count_pad;
    bool fresh, rectify; /* of the signal that comes back */
} Setting;

/* One window: its maximum (first of equals) and where it is, its sum and divisor. */
static void
look(const Setting *s,
     const float *x,
     int64_t oy,
     int64_t ox,
     int64_t *best,
     double *sum,
     int *inside,
     int *padded)
{
    *best = -1;
    *sum = *inside = *padded = 0;
    for (int64_t ky = 0; ky < s->kernel[0]; ky++)
        for (int64_t kx = 0; kx < s->kernel[1]; kx++) {
            int64_t y = oy * s->stride[0] - s->pads[0] + ky * s->dilation[0];
            int64_t c = ox * s->stride[1] - s->pads[1] + kx * s->dilation[1];
            if (y < s->in[0] + s->pads[2] && c < s->in[1] + s->pads[3])
                ++*padded;
            if (y < 0 || c < 0 || y >= s->in[0] || c >= s->in[1])
                continue;
            ++*inside;
            *sum += (double)x[y * s->in[1] + c];
            if (*best < 0 || x[y * s->in[1] + c] > x[*best])
                *best = y * s->in[1] + c;
        }
}

static void
pool_like_twin(const Setting *s, bool max)
{
    OpRun run;
    op_begin(&run, max ? "MaxPool" : "AveragePool", 19);
    run.training = in_training;
    run.backward = with_back;
    op_ints(&run, "kernel_shape", 2, s->kernel);
    op_ints(&run, "strides", 2, s->stride);
    op_ints(&run, "dilations", 2, s->dilation);
    op_ints(&run, "pads", 4, s->pads);
    op_int(&run, "ceil_mode", s->ceil);
    op_int(&run, "count_include_pad", s->count_pad);
    const float *x = op_input(&run, 4, (int64_t[]){1, 1, s->in[0], s->in[1]}, NULL);
    if (!op_setup(&run, 1)) {
        check_text(run.error.text, "nothing but padding");
        op_end(&run);
        return;
    }
    op_forward(&run);
    size_t n = run.in[0].count;
    double *wanted = calloc(n, sizeof *wanted);
    if (!wanted)
        abort();
    op_noise(&run, run.out[0].grad, run.out[0].count);
    run.in[0].fresh = run.op->starts && s->fresh;
    run.in[0].rectify = run.op->rectifies && s->rectify;
    op_back(&run, DCN_GRADIENT);
    for (int64_t i = 0; i < (int64_t)run.out[0].count; i++) {
        int64_t width = run.out[0].shape.dim[3], best;
        double sum, got = (double)run.out[0].data[i], dy = (double)run.out[0].grad[i];
        int inside, padded;
        look(s, x, i / width, i % width, &best, &sum, &inside, &padded);
        int divisor = s->count_pad ? padded : inside;
        double mean = divisor ? sum / divisor : 0;
        if (fabs(got - (max ? (double)x[best] : mean)) > (max ? 0 : 1e-6))
            check_fail("[%lld] got %g, wanted %g", (long long)i, got,
                       max ? (double)x[best] : mean);
        if (max)
            wanted[best] += dy;
        for (int64_t k = 0; !max && divisor && k < s->kernel[0] * s->kernel[1]; k++) {
            int64_t y =
                i / width * s->stride[0] - s->pads[0] + k / s->kernel[1] * s->dilation[0];
            int64_t c =
                i % width * s->stride[1] - s->pads[1] + k % s->kernel[1] * s->dilation[1];
            if (y >= 0 && c >= 0 && y < s->in[0] && c < s->in[1])
                wanted[y * s->in[1] + c] += dy / divisor;
        }
    }
    for (size_t i = 0; run.in[0].rectify && i < n; i++)
        wanted[i] = fmax(wanted[i], 0);
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)run.in[0].grad[i] - wanted[i]) <= 1e-5))
            check_fail("back [%zu] got %g, wanted %g", i, (double)run.in[0].grad[i],
                       wanted[i]);
    free(wanted);
    op_end(&run);
}

static int64_t
among(OpRun *random, int64_t low, int64_t high)
{
    return low +
           (int64_t)((double)(op_random(random) + 1) / 2.0001 * (double)(high - low + 1));
}

static void
pools_are_their_definition_forward_and_back(void)
{
    OpRun random = {.random = 99};
    Setting far = {.in = {5, 60}, /* most of a row is behind its only window */
                   .kernel = {2, 2},
                   .stride = {2, 59},
                   .dilation = {1, 1},
                   .fresh = true};
    pool_like_twin(&far, true);
    for (int round = 0; round < 300; round++) {
        Setting s = {.ceil = round % 2,
                     .count_pad = round / 2 % 2,
                     .fresh = round / 4 % 2,
                     .rectify = round / 8 % 2};
        int64_t most = round % 3 ? 9 : 60; /* rows of several vectors */
        for (int i = 0; i < 2; i++) {
            s.kernel[i] = among(&random, 1, 4);
            s.stride[i] = among(&random, 1, 4);
            s.dilation[i] = among(&random, 1, 3);
            int64_t extent = (s.kernel[i] - 1) * s.dilation[i] + 1;
            s.pads[i] = among(&random, 0, s.kernel[i] - 1);
            s.pads[2 + i] = among(&random, 0, s.kernel[i] - 1);
            s.in[i] = among(&random, extent, extent + most);
        }
        pool_like_twin(&s, true);
        pool_like_twin(&s, false);
    }
}

static void
maxpool_does_the_same_in_training(void)
{
    in_training = true;
    maxpool_projects_to_where_the_maximum_was();
    of_equal_maxima_the_first_row_by_row_wins_and_windows_add();
    padding_never_wins();
    not_a_number_does_no_harm();
    pools_are_their_definition_forward_and_back();
    in_training = false;
}

static void
maxpool_does_the_same_with_a_way_back(void)
{
    with_back = true;
    maxpool_projects_to_where_the_maximum_was();
    of_equal_maxima_the_first_row_by_row_wins_and_windows_add();
    padding_never_wins();
    not_a_number_does_no_harm();
    indices_count_through_the_whole_image_by_rows_or_columns();
    pools_are_their_definition_forward_and_back();
    with_back = false;
}

/* Rows of outputs that hold a signal; what is around it is neither read nor written. */
static void
maxpool_keeps_to_its_box(void)
{
    for (int rectify = 0; rectify < 2; rectify++) {
        OpRun run;
        with_back = true;
        start(&run, "MaxPool", 9, 20, NULL, 3, 2, 1);
        with_back = false;
        if (check(op_setup(&run, 1), run.error.text)) {
            op_forward(&run);
            DcnBox out = {{0, 1, 0}, {1, 3, 10}}, in = {{0, 1, 0}, {1, 6, 20}};
            float wanted[9 * 20];
            op_noise(&run, run.out[0].grad + 10, 20);
            op_back(&run, DCN_GRADIENT); /* 0 around it */
            for (int i = 0; i < 9 * 20; i++)
                wanted[i] = rectify && run.in[0].grad[i] < 0 ? 0 : run.in[0].grad[i];
            for (int i = 0; i < 5 * 10; i++)
                run.out[0].grad[i] = i >= 10 && i < 30 ? run.out[0].grad[i] : NAN;
            run.out[0].box = &out;
            run.in[0].box = &in;
            run.in[0].rectify = rectify;
            op_back(&run, DCN_GRADIENT);
            check_floats(run.in[0].grad, wanted, 9 * 20, 0);
        }
        op_end(&run);
    }
}

CHECK_MAIN(CHECK_TEST(maxpool_projects_to_where_the_maximum_was),
           CHECK_TEST(of_equal_maxima_the_first_row_by_row_wins_and_windows_add),
           CHECK_TEST(padding_never_wins),
           CHECK_TEST(not_a_number_does_no_harm),
           CHECK_TEST(indices_count_through_the_whole_image_by_rows_or_columns),
           CHECK_TEST(pads_that_reach_the_kernel_are_refused),
           CHECK_TEST(ceil_mode_goes_on_where_pads_are_wide),
           CHECK_TEST(a_dilated_window_around_the_image_is_refused),
           CHECK_TEST(a_window_too_large_is_refused),
           CHECK_TEST(averagepool_divides_by_what_it_counts),
           CHECK_TEST(globalmaxpool_projects_to_its_first_maximum),
           CHECK_TEST(maxunpool_puts_values_where_they_were),
           CHECK_TEST(pools_are_their_definition_forward_and_back),
           CHECK_TEST(maxpool_does_the_same_in_training),
           CHECK_TEST(maxpool_does_the_same_with_a_way_back),
           CHECK_TEST(maxpool_keeps_to_its_box))
