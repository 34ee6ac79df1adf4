/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: tests of how a picture is seen to enter a net. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include <string.h>

/* The layout, as "NCHW 3 40 -1 of 4". Frees the net. */
static void
is_seen_as(NewModel *net, const char *wanted)
{
    DcnError error = {0};
    DcnModel *model = model_opened(net);
    DcnInputLayout l;
    g_autofree char *got = NULL;
    if (dcn_model_input_layout(model, &l, &error))
        got = g_strdup_printf("%s %d %d %d of %d", l.nhwc ? "NHWC" : "NCHW",
                              (int)l.channels, (int)l.height, (int)l.width, l.rank);
    check_same_text(got ? got : error.text, wanted);
    dcn_model_free(model);
    new_model_free(net);
}

static NewModel *
declared(const char *shape)
{
    NewModel *net = new_model(13);
    new_input(net, "x", shape);
    new_node(net, "Relu", "", "x", "y", "");
    new_output(net, "y");
    return net;
}

static void
four_axes_are_told_by_their_sizes(void)
{
    is_seen_as(declared("1,3,40,48"), "NCHW 3 40 48 of 4");
    is_seen_as(declared("-1,-1,-1,1"), "NHWC 1 -1 -1 of 4");
    is_seen_as(declared("1,48,40,3"), "NHWC 3 48 40 of 4");
    is_seen_as(declared("1,4,8,8"),
               "the model's input \"x\" is 1x4x8x8: a picture has 1 or 3 channels");
}

static void
open_channels_are_those_of_the_first_filters(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,-1,-1,-1");
    new_floats(net, "half", "", (float[]){0.5f});
    new_weights(net, "w", "4,1,3,3", 1);
    new_node(net, "Sub", "", "x;half", "centred", "");
    new_node(net, "Conv", "", "centred;w", "y", "");
    new_output(net, "y");
    is_seen_as(net, "NCHW 1 -1 -1 of 4");

    net = new_model(13);
    new_input(net, "x", "-1,-1,-1,-1");
    new_weights(net, "w", "4,3,3,3", 1);
    new_node(net, "Transpose", "", "x", "planes", "perm=0,3,1,2");
    new_node(net, "Conv", "", "planes;w", "y", "");
    new_output(net, "y");
    is_seen_as(net, "NHWC 3 -1 -1 of 4");
}

/* 3 * 6148914691236517206 is 2 in 64 bits. */
static void
groups_without_sense_say_nothing(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,-1,-1,-1");
    new_weights(net, "w", "4,3,3,3", 1);
    new_node(net, "Conv", "", "x;w", "y", "group=6148914691236517206");
    new_output(net, "y");
    is_seen_as(net, "NCHW -1 -1 -1 of 4");
}

static void
a_picture_may_come_without_a_batch(void)
{
    is_seen_as(declared("3,40,36"), "NCHW 3 40 36 of 3");
    is_seen_as(declared("40,36,3"), "NHWC 3 40 36 of 3");
    is_seen_as(declared("7,40,36"), "the model's input \"x\" is 7x40x36: a picture has "
                                    "four axes, N x C x H x W or N x H x W x C");
}

/* Keras's Flatten(input_shape=(28, 28)), and an open number of channels. */
static void
an_open_axis_before_two_others_is_the_batch_of_gray_pictures(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,28,28");
    new_ints(net, "sizes", "-1,784");
    new_node(net, "Reshape", "", "x;sizes", "y", "");
    new_output(net, "y");
    is_seen_as(net, "NCHW 1 28 28 of 3");
    net = new_model(13);
    new_input(net, "x", "-1,28,28");
    new_ints(net, "first", "0");
    new_weights(net, "w", "2,3,3,3", 1);
    new_node(net, "Unsqueeze", "", "x;first", "b", "");
    new_node(net, "Conv", "", "b;w", "y", "");
    new_output(net, "y");
    is_seen_as(net, "NCHW 3 28 28 of 3");
    is_seen_as(declared("-1,-1,-1"), "the model's input \"x\" is ?x?x?: a picture has "
                                     "four axes, N x C x H x W or N x H x W x C");
}

static void
a_row_is_a_picture_where_the_graph_makes_it_one(void)
{
    for (int rank = 1; rank <= 2; rank++) {
        NewModel *net = new_model(13);
        new_input(net, "x", rank == 1 ? "360" : "-1,360");
        new_ints(net, "sizes", "1,10,12,3");
        new_node(net, "Reshape", "", "x;sizes", "picture", "");
        new_node(net, "Relu", "", "picture", "y", "");
        new_output(net, "y");
        is_seen_as(net, rank == 1 ? "NHWC 3 10 12 of 1" : "NHWC 3 10 12 of 2");
    }
    NewModel *net = new_model(13);
    new_input(net, "x", "1,360");
    new_ints(net, "sizes", "1,4611686018427387904,12,3");
    new_node(net, "Reshape", "", "x;sizes", "picture", "");
    new_output(net, "picture");
    is_seen_as(net, "the model's input \"x\" is 1x360: it takes a row of numbers, not a "
                    "picture");
    is_seen_as(declared("1,360"), "the model's input \"x\" is 1x360: it takes a row of "
                                  "numbers, not a picture");
    is_seen_as(declared("1,360,1"), "the model's input \"x\" is 1x360x1: it takes a row "
                                    "of numbers, not a picture");
    is_seen_as(declared("3,1,360"), "the model's input \"x\" is 3x1x360: it takes a row "
                                    "of numbers, not a picture");
    is_seen_as(declared("40,36,1"), "NHWC 1 40 36 of 3");
}

/* The plan takes four axes in any case, and answers as the same net that declares
 * them. */
static void
a_plan_takes_four_axes_in_any_case(void)
{
    float *answers[2];
    size_t counts[2];
    for (int k = 0; k < 2; k++) {
        NewModel *net = new_model(13);
        new_input(net, "x", k ? "3,6,5" : "1,3,6,5");
        new_ints(net, "first", "0");
        new_weights(net, "w", "2,3,3,3", 1);
        if (k)
            new_node(net, "Unsqueeze", "", "x;first", "b", "");
        new_node(net, "Conv", "", k ? "b;w" : "x;w", "y", "");
        new_output(net, "y");
        DcnModel *model = model_opened(net);
        DcnError error = {0};
        DcnPlan *plan = dcn_plan_new(model, NULL, &error);
        check_no_error(error.text);
        CHECK_INT(dcn_plan_shape(plan, dcn_plan_input(plan, 0))->rank, 4);
        dcn_plan_free(plan);
        answers[k] = model_run(model, &counts[k]);
        dcn_model_free(model);
        new_model_free(net);
    }
    CHECK_INT(counts[1], counts[0]);
    check_floats(answers[1], answers[0], counts[0], 0);
    g_free(answers[0]);
    g_free(answers[1]);
}

/* As PaddleDetection writes its nets: the photo's sizes, the picture, its scale. */
static void
a_picture_behind_other_inputs_is_the_first(void)
{
    NewModel *net = new_model(13);
    new_input(net, "im_shape", "-1,2");
    new_input(net, "image", "-1,3,40,48");
    new_input(net, "scale_factor", "-1,2");
    new_weights(net, "w", "4,3,3,3", 1);
    new_node(net, "Conv", "", "image;w", "y", "");
    new_node(net, "Div", "", "im_shape;scale_factor", "sizes", "");
    new_output(net, "y");
    new_output(net, "sizes");
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(model, NULL, NULL);
    check(plan != NULL, "it is planned");
    CHECK_INT(dcn_plan_shape(plan, dcn_plan_input(plan, 0))->rank, 4);
    check_same_text(dcn_model_input(model, 1, NULL, NULL), "im_shape");
    check_same_text(dcn_model_input(model, 2, NULL, NULL), "scale_factor");
    dcn_plan_free(plan);
    dcn_model_free(model);
    is_seen_as(net, "NCHW 3 40 48 of 4");
}

/* Two of four axes stay as they are, and so do inputs without a picture. */
static void
other_inputs_stay_in_order(void)
{
    static const char *const shapes[][2] = {
        {"1,3,8,8", "1,1,8,8"}, {"1,2,3,4", "1,2,4,3"}, {"1,8", "1,4,8,8"}};
    for (int k = 0; k < 3; k++) {
        NewModel *net = new_model(13);
        new_input(net, "a", shapes[k][0]);
        new_input(net, "b", shapes[k][1]);
        new_node(net, "Relu", "", "a", "y", "");
        new_node(net, "Relu", "", "b", "z", "");
        new_output(net, "y");
        new_output(net, "z");
        DcnModel *model = model_opened(net);
        check_same_text(dcn_model_input(model, 0, NULL, NULL), "a");
        check_same_text(dcn_model_input(model, 1, NULL, NULL), "b");
        dcn_model_free(model);
        new_model_free(net);
    }
}

CHECK_MAIN(CHECK_TEST(four_axes_are_told_by_their_sizes),
           CHECK_TEST(open_channels_are_those_of_the_first_filters),
           CHECK_TEST(groups_without_sense_say_nothing),
           CHECK_TEST(a_picture_may_come_without_a_batch),
           CHECK_TEST(an_open_axis_before_two_others_is_the_batch_of_gray_pictures),
           CHECK_TEST(a_row_is_a_picture_where_the_graph_makes_it_one),
           CHECK_TEST(a_plan_takes_four_axes_in_any_case),
           CHECK_TEST(a_picture_behind_other_inputs_is_the_first),
           CHECK_TEST(other_inputs_stay_in_order))
