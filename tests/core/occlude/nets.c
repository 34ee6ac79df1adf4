/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nets.c: tests that occlusion by patches is what whole runs give, on real nets.
 *
 * The nets are those of tests/data on their own pictures, the model that ships, and,
 * where ../shared is beside the clone, SqueezeNet 1.1 on a photograph. The whole picture
 * is covered from corner to corner, by squares that hang over its edges and, where the
 * step is long, by some that lie outside. */
#include "cases/tensor_file.h"
#include "check.h"
#include "core/fixture/plain_occlude.h"
#include <math.h>
#include <string.h>

#define NETS SOURCE_ROOT "/tests/data/nets"
#define SHARED SOURCE_ROOT "/../shared/"

enum { ZERO, DARKEST, BRIGHTEST, NOISE, FILLS };

/* What the square shows: one value, or noise within the picture's range. */
static void
make_fill(float *fill, const float *picture, size_t count, int kind)
{
    float low = picture[0], high = picture[0];
    for (size_t i = 0; i < count; i++) {
        low = fminf(low, picture[i]);
        high = fmaxf(high, picture[i]);
    }
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (size_t i = 0; i < count; i++)
        fill[i] = kind == DARKEST     ? low
                  : kind == BRIGHTEST ? high
                  : kind == NOISE
                      ? (float)g_rand_double_range(random, (double)low, (double)high)
                      : 0;
}

typedef struct {
    int64_t size, step;
    int fill;
} Square;

/* Squares in turn watch the first layer and the default one. */
static void
expect_agreement(const char *path,
                 const float *picture,
                 size_t count,
                 const Square *squares,
                 size_t n_squares)
{
    DcnError error = {0};
    DcnModel *model = dcn_model_open(path, &error);
    DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
    if (!plan)
        g_error("%s: %s", path, error.text);
    CHECK_INT(count, dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0))));
    int deep = dcn_plan_default_layer(plan);
    const char *layers[] = {dcn_plan_layer(plan, 0)->name,
                            deep >= 0 ? dcn_plan_name(plan, deep) : NULL};
    g_autofree float *fill = g_new(float, count);
    for (size_t i = 0; i < n_squares; i++) {
        const char *layer = layers[i % 2] ? layers[i % 2] : layers[0];
        DcnOcclusion options = {.size = squares[i].size,
                                .step = squares[i].step,
                                .fill = fill,
                                .layer = layer,
                                .channel = -1};
        make_fill(fill, picture, count, squares[i].fill);
        g_autofree char *what =
            g_strdup_printf("%s, %s, square of %" G_GINT64_FORMAT
                            " at step %" G_GINT64_FORMAT ", fill %d",
                            path, layer, options.size, options.step, squares[i].fill);
        check_say("%s", what);
        expect_plain_occlusion(model, &options, picture, what);
    }
    dcn_plan_free(plan);
    dcn_model_free(model);
}

static float *
read_picture(const char *path, size_t *count)
{
    TensorFile file = {0};
    g_autoptr(GError) problem = NULL;
    if (!tensor_file_read(path, &file, &problem))
        g_error("%s", problem->message);
    float *picture = tensor_file_floats(&file, count);
    tensor_file_clear(&file);
    return picture;
}

static void
reference_nets_agree_with_whole_runs(void)
{
    static const Square squares[] = {{9, 5, ZERO},  {1, 7, DARKEST}, {16, 11, BRIGHTEST},
                                     {6, 9, NOISE}, {4, 31, NOISE},  {200, 20, ZERO}};
    size_t tried = 0;
    GDir *dir = g_dir_open(NETS, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *folder = g_build_filename(NETS, name, NULL);
        g_autofree char *model = g_build_filename(folder, "model.onnx", NULL);
        g_autofree char *input =
            g_build_filename(folder, "test_data_set_0", "input_0.pb", NULL);
        size_t count;
        g_autofree float *picture = read_picture(input, &count);
        expect_agreement(model, picture, count, squares, G_N_ELEMENTS(squares));
        tried++;
    }
    g_dir_close(dir);
    CHECK(tried >= 15);
}

static void
squeezenet_agrees_with_whole_runs(void)
{
    /* 16 and 9 positions, of which the last of each row lie outside */
    static const Square squares[] = {{40, 57, NOISE}, {61, 113, ZERO}, {33, 64, DARKEST}};
    if (!g_file_test(SHARED "models/squeezenet1.1.onnx", G_FILE_TEST_EXISTS)) {
        check_skip("../shared is not here");
        return;
    }
    size_t count;
    g_autofree float *picture =
        read_picture(SHARED "cases/squeezenet1.1-cat/test_data_set_0/input_0.pb", &count);
    expect_agreement(SHARED "models/squeezenet1.1.onnx", picture, count, squares,
                     G_N_ELEMENTS(squares));
}

/* The model that ships is run on waves in the range of a normalised picture. */
static void
the_model_that_ships_agrees_with_whole_runs(void)
{
    static const Square squares[] = {
        {16, 13, ZERO}, {32, 40, NOISE}, {7, 29, BRIGHTEST}, {1, 37, DARKEST}};
    const char *path = SOURCE_ROOT "/models/default.onnx";
    DcnError error = {0};
    DcnModel *model = dcn_model_open(path, &error);
    DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
    if (!plan)
        g_error("%s", error.text);
    const DcnShape *shape = dcn_plan_shape(plan, dcn_plan_input(plan, 0));
    size_t count = dcn_shape_count(shape), width = (size_t)shape->dim[shape->rank - 1];
    g_autofree float *picture = g_new(float, count);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)(1.5 * sin(0.11 * (double)(i / width)) +
                             sin(0.23 * (double)(i % width) + 0.002 * (double)i));
    dcn_plan_free(plan);
    dcn_model_free(model);
    expect_agreement(path, picture, count, squares, G_N_ELEMENTS(squares));
}

/* Sums of whole numbers are exact, so patches give the same levels, also with padding
 * that is the zero point and with scales that a square anywhere changes. Where floats are
 * summed up before they are quantised, another order of the sum may give another
 * level. */
static void
quantised_nets_agree_with_whole_runs(void)
{
    static const Square squares[] = {
        {9, 5, ZERO}, {1, 7, DARKEST}, {16, 11, BRIGHTEST}, {6, 9, NOISE}};
    static const char *const cases[] = {"qlinear-ms", "dynamic-quantised"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folder =
            g_build_filename(SOURCE_ROOT, "tests", "data", "foreign", cases[i], NULL);
        g_autofree char *model = g_build_filename(folder, "model.onnx", NULL);
        g_autofree char *input =
            g_build_filename(folder, "test_data_set_0", "input_0.pb", NULL);
        size_t count;
        g_autofree float *picture = read_picture(input, &count);
        expect_agreement(model, picture, count, squares, G_N_ELEMENTS(squares));
    }
}

CHECK_MAIN(CHECK_TEST(reference_nets_agree_with_whole_runs),
           CHECK_TEST(squeezenet_agrees_with_whole_runs),
           CHECK_TEST(the_model_that_ships_agrees_with_whole_runs),
           CHECK_TEST(quantised_nets_agree_with_whole_runs))
