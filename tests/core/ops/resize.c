/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resize by numbers that can be checked by hand, axis by axis. */
#include "check.h"
#include "core/fixture/op_expect.h"

typedef struct {
    const char *mode, *how, *nearest; /* NULL: as ONNX states it */
    int64_t antialias;
    int64_t exclude;
} Rule;

static void
start(OpRun *run, int opset, const Rule *rule, int64_t count, const float *x)
{
    op_begin(run, "Resize", opset);
    op_string(run, "mode", rule->mode);
    if (rule->how)
        op_string(run, "coordinate_transformation_mode", rule->how);
    if (rule->nearest)
        op_string(run, "nearest_mode", rule->nearest);
    if (rule->antialias)
        op_int(run, "antialias", rule->antialias);
    if (rule->exclude)
        op_int(run, "exclude_outside", rule->exclude);
    op_input(run, 2, DIMS(1, count), x);
}

/* A row of `from` places becomes one of `to`. */
static void
row_becomes(
    const Rule *rule, int64_t from, const float *x, int64_t to, const float *wanted)
{
    OpRun run;
    start(&run, 19, rule, from, x);
    op_left_out(&run);
    op_left_out(&run);
    op_list(&run, 2, DIMS(1, to));
    op_gives(&run, 2, DIMS(1, to), wanted);
}

/* The same by a factor. */
static void
row_times(const Rule *rule,
          int64_t from,
          const float *x,
          float factor,
          int64_t to,
          const float *wanted)
{
    OpRun run;
    start(&run, 19, rule, from, x);
    op_left_out(&run);
    op_weight(&run, 1, DIMS(2), FLOATS(1, factor));
    op_gives(&run, 2, DIMS(1, to), wanted);
}

/* Halved places lie at 0.5, 2.5, as far from one neighbour as from the other. */
static void
ties_go_the_way_that_is_stated(void)
{
    const float *x = FLOATS(10, 11, 12, 13);
    row_becomes(&(Rule){.mode = "nearest"}, 4, x, 2, FLOATS(10, 12));
    row_becomes(&(Rule){"nearest", NULL, "round_prefer_ceil", 0, 0}, 4, x, 2,
                FLOATS(11, 13));
    row_becomes(&(Rule){"nearest", NULL, "floor", 0, 0}, 4, x, 2, FLOATS(10, 12));
    row_becomes(&(Rule){"nearest", NULL, "ceil", 0, 0}, 4, x, 2, FLOATS(11, 13));
}

/* Places 0 1 2 3 of an axis of 2 that became 4, on 0 and 10. */
static void
coordinates_are_of_six_kinds(void)
{
    const float *x = FLOATS(0, 10);
    row_becomes(&(Rule){.mode = "linear"}, 2, x, 4, FLOATS(0, 2.5F, 7.5F, 10));
    row_becomes(&(Rule){.mode = "linear", .how = "asymmetric"}, 2, x, 4,
                FLOATS(0, 5, 10, 10));
    row_becomes(&(Rule){.mode = "linear", .how = "align_corners"}, 2, x, 4,
                FLOATS(0, 10 / 3.0F, 20 / 3.0F, 10));
    row_becomes(&(Rule){.mode = "linear", .how = "pytorch_half_pixel"}, 2, x, 4,
                FLOATS(0, 2.5F, 7.5F, 10));
    row_becomes(&(Rule){.mode = "linear", .how = "pytorch_half_pixel"}, 2, x, 1,
                FLOATS(0));
    row_becomes(&(Rule){.mode = "linear"}, 2, x, 1, FLOATS(5));
    row_becomes(&(Rule){"nearest", "tf_half_pixel_for_nn", "floor", 0, 0}, 3,
                FLOATS(1, 2, 3), 2, FLOATS(1, 3));
    /* 3 places by 1.5 are 4 and would be 4.5: the rest is shared between both ends. Place o
     * lies at 3 / 2 (1 - 4 / 4.5) + (o + 0.5) / 1.5 - 0.5 = o / 1.5. */
    row_times(&(Rule){.mode = "linear", .how = "half_pixel_symmetric"}, 3,
              FLOATS(0, 6, 12), 1.5F, 4, FLOATS(0, 4, 8, 12));
}

/* Half way between places the cubic weights are a / 8, 1/2 - a / 8, the same mirrored. With
 * a = -3/4 a step from 0 to 32 is passed by -3 and 35 to both sides. */
static void
cubic_weights_overshoot(void)
{
    const float *x = FLOATS(0, 0, 32, 32);
    float a = -0.75F / 8;
    row_becomes(&(Rule){.mode = "cubic"}, 4, x, 2,
                FLOATS(32 * a, 32 * (1 - a))); /* at 0.5 and 2.5 */
    row_becomes(&(Rule){.mode = "cubic", .exclude = 1}, 4, x, 2,
                FLOATS(32 * a / (1 - a), 32 / (1 - a) * (1 - 2 * a)));
}

/* Four places become two. Each takes 1/8 3/8 3/8 1/8 of the four around it: a triangle that
 * is twice as wide; beyond the edge is the first place again. */
static void
antialiased_weights_are_wider(void)
{
    row_becomes(&(Rule){.mode = "linear", .antialias = 1}, 4, FLOATS(8, 16, 32, 64), 2,
                FLOATS((1 + 3) * 1 + 3 * 2 + 4, 2 + 3 * 4 + (3 + 1) * 8));
    row_becomes(&(Rule){.mode = "linear", .antialias = 1}, 2, FLOATS(0, 10), 4,
                FLOATS(0, 2.5F, 7.5F, 10)); /* a longer axis has no need */
}

static void
a_region_is_cut_out(void)
{
    OpRun run;
    start(&run, 13, &(Rule){.mode = "linear", .how = "tf_crop_and_resize"}, 5,
          FLOATS(0, 1, 2, 3, 4));
    op_float(&run, "extrapolation_value", -7);
    op_weight(&run, 1, DIMS(4), FLOATS(0, 0.5F, 1, 1.25F));
    op_left_out(&run);
    op_list(&run, 2, DIMS(1, 4));
    op_gives(&run, 2, DIMS(1, 4), FLOATS(2, 3, 4, -7));
}

/* A picture of 4 x 2 to 6 x 6: the factors are 1.5 and 3. */
static void
proportions_are_kept_by_one_factor_for_all(void)
{
    static const char *const policies[] = {"not_larger", "not_smaller"};
    for (int i = 0; i < 2; i++) {
        OpRun run;
        op_begin(&run, "Resize", 18);
        op_string(&run, "keep_aspect_ratio_policy", policies[i]);
        op_ints(&run, "axes", 2, DIMS(0, 1));
        op_input(&run, 2, DIMS(4, 2), NULL);
        op_left_out(&run);
        op_left_out(&run);
        op_list(&run, 2, DIMS(6, 6));
        if (check(op_setup(&run, 1), run.error.text)) {
            check_int(run.out[0].shape.dim[0], i ? 12 : 6, "rows");
            check_int(run.out[0].shape.dim[1], i ? 6 : 3, "columns");
        }
        op_end(&run);
    }
}

static void
upsampled_places_stand_from_the_first_on(void)
{
    OpRun run;
    op_begin(&run, "Upsample", 9);
    op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 2.5F));
    op_gives(&run, 2, DIMS(1, 5), FLOATS(1, 1, 1, 2, 2));
    op_begin(&run, "Resize", 10);
    op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
    op_weight(&run, 1, DIMS(2), FLOATS(1, 2.5F));
    op_gives(&run, 2, DIMS(1, 5), FLOATS(1, 1, 1, 2, 2));
}

static void
what_cannot_be_is_refused(void)
{
    OpRun run;
    start(&run, 13, &(Rule){.mode = "linear"}, 3, NULL);
    op_refuses(&run, "0 factors and 0 sizes for 2 axes");
    start(&run, 13, &(Rule){.mode = "sinc"}, 3, NULL);
    op_refuses(&run, "mode is \"sinc\"");
    start(&run, 13, &(Rule){.mode = "linear"}, 3, NULL);
    op_left_out(&run);
    op_weight(&run, 1, DIMS(2), FLOATS(1, -1));
    op_refuses(&run, "the factor of axis 1 is -1");
    start(&run, 13, &(Rule){.mode = "linear"}, 3, NULL);
    op_left_out(&run);
    op_weight(&run, 1, DIMS(2), FLOATS(1, 0.1F));
    op_refuses(&run, "axis 1, of 3 places, would have 0");
    start(&run, 13, &(Rule){.mode = "linear"}, 3, NULL);
    op_left_out(&run);
    op_input(&run, 1, DIMS(2), NULL);
    op_refuses(&run, "input 2 has to be a constant");
}

CHECK_MAIN(CHECK_TEST(ties_go_the_way_that_is_stated),
           CHECK_TEST(coordinates_are_of_six_kinds),
           CHECK_TEST(cubic_weights_overshoot),
           CHECK_TEST(antialiased_weights_are_wider),
           CHECK_TEST(a_region_is_cut_out),
           CHECK_TEST(proportions_are_kept_by_one_factor_for_all),
           CHECK_TEST(upsampled_places_stand_from_the_first_on),
           CHECK_TEST(what_cannot_be_is_refused))
