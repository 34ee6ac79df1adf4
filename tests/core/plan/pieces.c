/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c: tests that a local response normalisation in pieces becomes one step, and that
 * what only looks like one does not.
 *
 * The twin has the mean among its outputs, so that its pieces stay apart. */
#include "check.h"
#include "core/fixture/net.h"
#include "run/session_private.h"
#include <string.h>

/* A normalisation of 6 x 5 x 4 values over windows of `size` channels. NULL: as PyTorch
 * has it for four axes, opset 13. */
typedef struct {
    const char *what;
    int opset, size;
    const char *square, *into; /* type;inputs of the square; shape before the pads */
    const char *pad, *pads;    /* attributes; the list */
    const char *pool;          /* attributes */
    const char *also;          /* a value that another node reads too */
    const char *between;       /* a node behind the mean */
    const char *alpha, *bias, *beta, *end; /* inputs */
    bool stays;                            /* it is no such normalisation */
} Form;

#define FIVE "0,0,2,0,0,0,0,2,0,0"

static const Form forms[] = {
    {.what = "size 5"},
    {.what = "size 4",
     .size = 4,
     .pads = "0,0,2,0,0,0,0,1,0,0",
     .pool = "kernel_shape=4,1,1;strides=1,1,1"},
    {.what = "size 2",
     .size = 2,
     .pads = "0,0,1,0,0,0,0,0,0,0",
     .pool = "kernel_shape=2,1,1"},
    {.what = "size 4 as ONNX has it",
     .size = 4,
     .pads = "0,0,1,0,0,0,0,2,0,0",
     .pool = "kernel_shape=4,1,1"},
    {.what = "three axes",
     .into = "1,1,6,20",
     .pads = "0,0,2,0,0,0,2,0",
     .pool = "kernel_shape=5,1"},
    {.what = "pads of the pool",
     .pads = "0,0,0,0,0,0,0,0,0,0",
     .pool = "kernel_shape=5,1,1;pads=2,0,0,2,0,0;count_include_pad=1"},
    {.what = "both pads",
     .pads = "0,0,1,0,0,0,0,1,0,0",
     .pool = "kernel_shape=5,1,1;pads=1,0,0,1,0,0;count_include_pad=1"},
    {.what = "opset 10", .opset = 10, .pad = "pads=" FIVE},
    {.what = "opset 18", .opset = 18, .pad = "axes", .pads = "2,2"},
    {.what = "square by Pow", .square = "Pow;x;two"},
    {.what = "numbers first", .alpha = "alpha;view", .bias = "bias;scaled"},
    /* what only looks like it */
    {.what = "another x", .end = "other;power", .stays = true},
    {.what = "another square", .square = "Mul;x;other", .stays = true},
    {.what = "a fourth power", .square = "Pow;x;four", .stays = true},
    {.what = "another power", .beta = "added;other", .stays = true},
    {.what = "a power a channel", .beta = "added;channels", .stays = true},
    {.what = "the power of a number", .beta = "beta;added", .stays = true},
    {.what = "upside down", .end = "power;x", .stays = true},
    {.what = "rows", .into = "1,6,5,1,4", .stays = true},
    {.what = "pads of rows",
     .into = "1,1,6,4,5",
     .pads = "0,0,2,1,0,0,0,2,-1,0",
     .stays = true},
    {.what = "pads of ones", .pad = "two", .stays = true},
    {.what = "pads by the edge", .pad = "mode=:edge", .stays = true},
    {.what = "means of what is there",
     .pads = "0,0,0,0,0,0,0,0,0,0",
     .pool = "kernel_shape=5,1,1;pads=2,0,0,2,0,0",
     .stays = true},
    {.what = "windows of places too",
     .pool = "kernel_shape=5,1,3;pads=0,0,1,0,0,1",
     .stays = true},
    {.what = "holes",
     .opset = 19,
     .pads = "0,0,2,0,0,0,0,2,0,0",
     .pool = "kernel_shape=3,1,1;dilations=2,1,1",
     .stays = true},
    {.what = "a maximum", .pool = "MaxPool", .stays = true},
    {.what = "another order", .between = "Transpose", .stays = true},
    {.what = "a mean that is used elsewhere", .also = "mean", .stays = true},
    {.what = "a power that is used elsewhere", .also = "power", .stays = true},
    {.what = "a rectifier between", .between = "Relu", .stays = true},
};

static const char *
given_or(const char *given, const char *usual)
{
    return given ? given : usual;
}

/* Gives the net of one form, from "picture" to "y". apart: the mean is an output too. */
static NewModel *
make_net(const Form *form, bool apart)
{
    int opset = form->opset ? form->opset : 13;
    NewModel *net = new_model(opset);
    new_input(net, "picture", "1,3,5,4");
    new_weights(net, "w", "6,3,1,1", 1);
    new_weights(net, "v", "6,3,1,1", 2);
    new_weights(net, "channels", "6,1,1", 3);
    new_floats(net, "alpha", "", (const float[]){0.8F});
    new_floats(net, "bias", "1", (const float[]){9});
    new_floats(net, "beta", "", (const float[]){0.75F});
    new_floats(net, "two", "", (const float[]){2});
    new_floats(net, "four", "", (const float[]){4});
    new_ints(net, "into", given_or(form->into, "1,1,6,5,4"));
    new_ints(net, "pads", given_or(form->pads, FIVE));
    new_ints(net, "axis", "-3");
    new_ints(net, "back", "1,6,5,4");
    new_node(net, "Conv", "", "picture;w", "x", "");
    new_node(net, "Conv", "", "picture;v", "other", "");
    g_auto(GStrv) square = g_strsplit(given_or(form->square, "Mul;x;x"), ";", 2);
    new_node(net, square[0], "", square[1], "square", "");
    new_node(net, "Reshape", "", "square;into", "viewed", "");
    const char *pad = given_or(form->pad, "");
    bool filled = strcmp(pad, "two") == 0, axes = strcmp(pad, "axes") == 0;
    new_node(net, "Pad", "",
             opset < 11 ? "viewed"
             : filled   ? "viewed;pads;two"
             : axes     ? "viewed;pads;;axis"
                        : "viewed;pads",
             "padded", filled || axes ? "" : pad);
    const char *pool = given_or(form->pool, "kernel_shape=5,1,1");
    bool most = strcmp(pool, "MaxPool") == 0;
    new_node(net, most ? "MaxPool" : "AveragePool", "", "padded", "mean",
             most ? "kernel_shape=5,1,1" : pool);
    new_node(net, given_or(form->between, "Identity"), "", "mean", "between", "");
    new_node(net, "Reshape", "", "between;back", "view", "");
    new_node(net, "Mul", "", given_or(form->alpha, "view;alpha"), "scaled", "");
    new_node(net, "Add", "", given_or(form->bias, "scaled;bias"), "added", "");
    new_node(net, "Pow", "", given_or(form->beta, "added;beta"), "power", "");
    new_node(net, "Div", "", given_or(form->end, "x;power"), "y", "");
    new_output(net, "y");
    if (form->also) {
        new_node(net, "Abs", "", form->also, "also", "");
        new_output(net, "also");
    }
    if (apart)
        new_output(net, "mean");
    return net;
}

static size_t
steps_called(const DcnPlan *plan, const char *name)
{
    DcnStepKind kinds[32];
    size_t count = 0, n = dcn_plan_step_kinds(plan, kinds, 32);
    for (size_t i = 0; i < n; i++)
        count += strcmp(kinds[i].name, name) == 0 ? kinds[i].steps : 0;
    return count;
}

static const size_t seeds[3] = {0, 3, 5}; /* channels, of which the unit in row 2 */

/* y of noise, then what comes back to the picture of three values of it. */
static float *
forward_and_back(const NetFixture *f, const DcnPlan *plan, DcnMethod method)
{
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f->context, &error);
    CHECK_NEED(session);
    net_noise(dcn_session_input(session, 0), 60, 7);
    CHECK(dcn_forward(session, NULL, &error));
    int y = dcn_plan_find(plan, "y", &error);
    float *all = g_new(float, 120 + 3 * 60);
    memcpy(all, dcn_session_tensor(session, y), 120 * sizeof *all);
    for (size_t i = 0; i < 3; i++) {
        DcnSeed seed = {.tensor = y, .unit = {.channel = seeds[i], .y = 2}};
        CHECK(dcn_project(session, &seed, method, all + 120 + i * 60, NULL, &error));
    }
    dcn_session_free(session);
    return all;
}

static void
pieces_become_one_step_that_does_the_same(void)
{
    DcnPlanOptions options = {.purpose = DCN_FOR_PROJECTION};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        NetFixture joined = net_open(make_net(&forms[i], false), 1);
        NetFixture apart = net_open(make_net(&forms[i], true), 1);
        DcnPlan *plan = net_plan(&joined, &options), *twin = net_plan(&apart, &options);
        if (steps_called(plan, "LRN") != !forms[i].stays)
            check_fail("%s: %s", forms[i].what, forms[i].stays ? "joined" : "not joined");
        CHECK_INT(steps_called(plan, "Div"), forms[i].stays);
        CHECK_INT(steps_called(twin, "LRN"), 0);
        /* All go back by the gradient of the steps that the file has, the deconvnet too. */
        static const DcnMethod methods[] = {DCN_DECONVNET, DCN_GUIDED, DCN_GRADIENT};
        for (size_t k = 0; k < G_N_ELEMENTS(methods); k++) {
            g_autofree float *got = forward_and_back(&joined, plan, methods[k]);
            g_autofree float *want = forward_and_back(&apart, twin, methods[k]);
            check_floats(got, want, 120 + 3 * 60, 2e-6);
        }
        dcn_plan_free(plan);
        dcn_plan_free(twin);
        net_close(&joined);
        net_close(&apart);
    }
}

static void
what_was_joined_is_no_layer_and_says_so(void)
{
    NetFixture f = net_open(make_net(&forms[0], false), 1);
    DcnPlan *plan = net_plan(&f, NULL);
    DcnError error = {0};
    CHECK_INT(dcn_plan_layer_count(plan), 3); /* two convolutions, one of them unused */
    const DcnLayer *last = dcn_plan_layer(plan, 2);
    check_same_text(last->short_name, "norm1");
    check_same_text(dcn_plan_name(plan, last->tensor), "y");
    CHECK_INT(dcn_plan_find(plan, "mean", &error), -1);
    check_same_text(error.text, "tensor \"mean\" is a piece of the local response "
                                "normalisation \"y\", and is not computed alone");
    /* Who asks for it when the plan is made gets it. */
    const char *mean = "mean";
    DcnPlan *inside = net_plan(&f, &(DcnPlanOptions){.targets = &mean, .n_targets = 1});
    CHECK(dcn_plan_find(inside, "mean", &error) >= 0);
    dcn_plan_free(inside);
    DcnShutNode none[1];
    size_t shut, computed;
    CHECK(dcn_plan_shut_nodes(plan, none, 1, &shut, &computed, &error));
    CHECK_INT(shut, 0);
    dcn_plan_free(plan);
    net_close(&f);
}

CHECK_MAIN(CHECK_TEST(pieces_become_one_step_that_does_the_same),
           CHECK_TEST(what_was_joined_is_no_layer_and_says_so))
