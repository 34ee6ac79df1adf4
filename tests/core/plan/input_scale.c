/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input_scale.c: tests of the scale and offset that a plan finds in a net's first
 * steps. */
#include "check.h"
#include "core/fixture/net.h"

static const float mean[3] = {124, 117, 104}, deviation[3] = {2, 4, 8};

static NewModel *
begin(const char *shape)
{
    NewModel *net = new_model(13);
    new_input(net, "x", shape);
    new_floats(net, "one", "1", (const float[]){0.5F});
    new_floats(net, "mean", "3", mean);
    new_floats(net, "mean1", "1,3,1,1", mean);
    new_floats(net, "deviation1", "3,1,1", deviation);
    new_weights(net, "w", "2,3,1,1", 1);
    return net;
}

/* Ends the net with a convolution of `from` and asks. */
static bool
ask(NewModel *net, const char *from, DcnInputScale *scale)
{
    g_autofree char *inputs = g_strconcat(from, ";w", NULL);
    new_node(net, "Conv", "conv", inputs, "y", "");
    new_output(net, "y");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL});
    bool told = dcn_plan_input_scale(plan, scale);
    dcn_plan_free(plan);
    net_close(&f);
    return told;
}

static void
check_scale(const DcnInputScale *got, const float *scale, const float *offset)
{
    CHECK_INT(got->channels, 3);
    check_floats(got->scale, scale, 3, 1e-5);
    check_floats(got->offset, offset, 3, 1e-5);
}

static void
constants_by_channel_are_told(void)
{
    NewModel *net = begin("1,3,4,4");
    new_node(net, "Sub", "", "x;mean1", "a", "");
    new_node(net, "Div", "", "a;deviation1", "b", "");
    new_node(net, "Mul", "", "one;b", "c", "");
    DcnInputScale got = {0};
    CHECK(ask(net, "c", &got));
    check_scale(&got, (const float[]){0.25F, 0.125F, 0.0625F},
                (const float[]){-31, -14.625F, -6.5F});
}

static void
the_order_is_the_inputs_whatever_moves(void)
{
    /* The channels are reversed, so that the first number is the third channel's. */
    NewModel *net = begin("1,4,5,3");
    new_ints(net, "last", "-1");
    new_ints(net, "all", "-100");
    new_ints(net, "axis", "3");
    new_node(net, "Slice", "", "x;last;all;axis;last", "turned", "");
    new_node(net, "Sub", "", "turned;mean", "a", "");
    new_node(net, "Transpose", "", "a", "b", "perm=0,3,1,2");
    new_node(net, "Div", "", "b;deviation1", "c", "");
    DcnInputScale got = {0};
    CHECK(ask(net, "c", &got));
    check_scale(&got, (const float[]){0.125F, 0.25F, 0.5F},
                (const float[]){-13, -29.25F, -62});
}

static void
stored_statistics_are_told(void)
{
    NewModel *net = begin("1,3,4,4");
    static const float var[3] = {4, 16, 64}, scale[3] = {1, 2, 3}, bias[3] = {5, 6, 7};
    new_floats(net, "var", "3", var);
    new_floats(net, "scale", "3", scale);
    new_floats(net, "bias", "3", bias);
    new_node(net, "BatchNormalization", "", "x;scale;bias;mean;var", "a", "epsilon=.0");
    DcnInputScale got = {0};
    CHECK(ask(net, "a", &got));
    check_scale(&got, (const float[]){0.5F, 0.5F, 0.375F},
                (const float[]){-57, -52.5F, -32});
}

static void
a_number_for_each_place_counts_by_its_mean(void)
{
    NewModel *net = begin("1,3,1,2");
    new_floats(net, "picture", "3,1,2", (const float[]){1, 3, 10, 30, 100, 300});
    new_floats(net, "row", "2", (const float[]){1, 2});
    new_node(net, "Sub", "", "x;picture", "a", "");
    new_node(net, "Add", "", "a;row", "b", "");
    DcnInputScale got = {0};
    CHECK(ask(net, "b", &got));
    check_scale(&got, (const float[]){1, 1, 1}, (const float[]){-0.5F, -18.5F, -198.5F});
}

static void
anything_else_ends_the_walk(void)
{
    DcnInputScale got = {.channels = 7};
    CHECK(!ask(begin("1,3,4,4"), "x", &got)); /* nothing is done */
    CHECK_INT(got.channels, 7);

    NewModel *net = begin("1,3,4,4"); /* no line: a constant by x */
    new_node(net, "Div", "", "one;x", "a", "");
    CHECK(!ask(net, "a", &got));

    net = begin("1,3,4,4"); /* a square */
    new_node(net, "Mul", "", "x;x", "a", "");
    CHECK(!ask(net, "a", &got));

    net = begin("1,3,4,4"); /* another step sees the picture as it comes */
    new_node(net, "Sub", "", "x;mean1", "a", "");
    new_node(net, "Add", "", "a;x", "b", "");
    CHECK(!ask(net, "b", &got));

    net = begin("1,3,4,4"); /* the steps before one that is not linear are told */
    new_node(net, "Sub", "", "x;one", "a", "");
    new_node(net, "Tanh", "", "a", "b", "");
    new_node(net, "Sub", "", "b;one", "c", "");
    CHECK(ask(net, "c", &got));
    check_scale(&got, (const float[]){1, 1, 1}, (const float[]){-0.5F, -0.5F, -0.5F});
}

static void
a_picture_without_batch_is_followed(void)
{
    NewModel *net = begin("1,3,4,4");
    new_ints(net, "first", "0");
    new_node(net, "Squeeze", "", "x;first", "a", "");
    new_node(net, "Div", "", "a;deviation1", "b", "");
    new_node(net, "Unsqueeze", "", "b;first", "c", "");
    new_node(net, "Sub", "", "c;mean1", "d", "");
    DcnInputScale got = {0};
    CHECK(ask(net, "d", &got));
    check_scale(&got, (const float[]){0.5F, 0.25F, 0.125F},
                (const float[]){-124, -117, -104});
}

static void
one_channel_has_one_line(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,4,4,1");
    new_floats(net, "c", "", (const float[]){255});
    new_weights(net, "w", "2,1,1,1", 1);
    new_node(net, "Div", "", "x;c", "a", "");
    new_ints(net, "row", "1,16");
    new_ints(net, "planes", "1,1,4,4");
    new_node(net, "Reshape", "", "a;row", "a1", ""); /* as nets for digits do */
    new_node(net, "Mul", "", "a1;c", "a2", "");
    new_node(net, "Div", "", "a2;c", "a3", "");
    new_node(net, "Reshape", "", "a3;planes", "b", "");
    DcnInputScale got = {0};
    CHECK(ask(net, "b", &got));
    CHECK_INT(got.channels, 1);
    check_floats(got.scale, (const float[]){1 / 255.0F}, 1, 1e-6);
}

/* Counts in levels of 8 bits, behind a step that moves. */
static bool
ask_levels(DcnType type, uint8_t zero, const char *scales, bool made, DcnInputLevels *got)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,4,5,3");
    new_floats(net, "s", scales, (const float[]){0.5F, 0.5F, 0.5F});
    new_bytes(net, "z", scales, type, (const uint8_t[]){zero, zero, zero},
              *scales ? 3 : 1, true);
    new_node(net, "Transpose", "", "x", "a", "perm=0,3,1,2");
    new_node(net, made ? "QuantizeLinear" : "DequantizeLinear", "", "a;s;z", "b",
             "axis=1");
    new_weights(net, "w", "2,3,1,1", 1);
    new_node(net, "Conv", "conv", "b;w", "y", "");
    new_output(net, "y");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL});
    bool told = dcn_plan_input_levels(plan, got);
    dcn_plan_free(plan);
    net_close(&f);
    return told;
}

static void
levels_of_the_input_are_told(void)
{
    DcnInputLevels got = {0};
    CHECK(ask_levels(DCN_UINT8, 114, "", true, &got));
    CHECK(got.made);
    check_floats((float[]){got.scale, got.zero, got.low, got.high},
                 (const float[]){0.5F, 114, 0, 255}, 4, 0);
    CHECK(ask_levels(DCN_INT8, 0xF0, "", false, &got));
    CHECK(!got.made);
    check_floats((float[]){got.scale, got.zero, got.low, got.high},
                 (const float[]){0.5F, -16, -128, 127}, 4, 0);
    CHECK(!ask_levels(DCN_UINT8, 114, "3", true, &got)); /* by channel */
    DcnInputScale none;
    CHECK(!ask(begin("1,3,4,4"), "x", &none));
}

CHECK_MAIN(CHECK_TEST(constants_by_channel_are_told),
           CHECK_TEST(the_order_is_the_inputs_whatever_moves),
           CHECK_TEST(stored_statistics_are_told),
           CHECK_TEST(a_number_for_each_place_counts_by_its_mean),
           CHECK_TEST(anything_else_ends_the_walk),
           CHECK_TEST(a_picture_without_batch_is_followed),
           CHECK_TEST(one_channel_has_one_line),
           CHECK_TEST(levels_of_the_input_are_told))
