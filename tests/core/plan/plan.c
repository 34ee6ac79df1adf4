/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c: tests of plans and sessions: batches, passes, starts, threads, a gradient,
 * limits. */
#include "check.h"
#include "core/fixture/net.h"
#include "plan/plan_private.h"
#include <math.h>
#include <string.h>

static void
a_batch_gives_what_single_images_give(void)
{
    static const char *const batches[] = {"1", "-1", "8"}; /* whatever the file fixes */
    for (gsize i = 0; i < G_N_ELEMENTS(batches); i++) {
        NetFixture f = net_open(net_branched(batches[i]), 2);
        DcnPlan *one = net_plan(&f, NULL),
                *five = net_plan(&f, &(DcnPlanOptions){.batch = 5});
        g_autofree float *batch = net_run(&f, five, "prob", 10);
        for (guint b = 0; b < 5; b++) {
            g_autofree float *single = net_run(&f, one, "prob", 10 + b);
            check_floats(batch + 5 * b, single, 5, 1e-6);
        }
        dcn_plan_free(one);
        dcn_plan_free(five);
        net_close(&f);
    }
}

static void
a_shape_of_one_image_fits_a_file_for_two(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "2,3,4,4");
    new_ints(net, "places", "2,3,16");
    new_node(net, "Reshape", "", "picture;places", "rows", "");
    new_output(net, "rows");
    NetFixture f = net_open(net, 1);
    DcnNamedShape shape = {"picture", {4, {1, 3, 4, 4}}};
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.shapes = &shape, .n_shapes = 1});
    char text[128];
    check_text(dcn_shape_print(dcn_plan_shape(plan, dcn_plan_output(plan, 0)), text),
               "1x3x16");
    dcn_plan_free(plan);
    net_close(&f);
}

static void
passes_change_results_by_rounding_only(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    const unsigned all = DCN_PASS_ALL;
    DcnPlan *plain = net_plan(&f, &(DcnPlanOptions){.passes_off = all});
    g_autofree float *expected = net_run(&f, plain, "prob", 3);
    for (unsigned off = 0; off < all; off++) {
        DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.passes_off = off});
        g_autofree float *got = net_run(&f, plan, "prob", 3);
        check_floats(got, expected, 5, 1e-6);
        dcn_plan_free(plan);
    }
    DcnPlan *lean = net_plan(&f, NULL);
    CHECK(dcn_plan_session_bytes(lean) < dcn_plan_session_bytes(plain));
    dcn_plan_free(lean);
    dcn_plan_free(plain);
    net_close(&f);
}

/* Those that a trainer could not go back through are off in any case. */
static void
a_plan_for_training_runs_the_passes_that_are_on(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnPlanOptions options = {
        .purpose = DCN_FOR_TRAINING, .batch = 3, .passes_off = DCN_PASS_ALL};
    DcnPlan *plain = net_plan(&f, &options);
    g_autofree float *expected = net_run(&f, plain, "prob", 3);
    for (unsigned off = 0; off < DCN_PASS_ALL; off++) {
        options.passes_off = off;
        DcnPlan *plan = net_plan(&f, &options);
        g_autofree float *got = net_run(&f, plan, "prob", 3);
        check_floats(got, expected, 15, 1e-6);
        /* The normalisation's output is there where no rectifier was fused into it. */
        CHECK_INT(dcn_plan_find(plan, "n1", NULL) >= 0, (off & DCN_PASS_FUSE) != 0);
        int conv = dcn_plan_find(plan, "c1", NULL); /* not folded into */
        CHECK(conv >= 0);
        CHECK_INT(plan->steps[plan->values[conv].step].prepared != NULL,
                  (off & DCN_PASS_PACK) == 0);
        dcn_plan_free(plan);
    }
    dcn_plan_free(plain);
    net_close(&f);
}

static void
a_tensor_that_is_asked_for_is_kept(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    static const char *const names[] = {"c1",  "n1", "r1", "c2",    "c3",
                                        "sum", "r2", "p1", "scores"};
    const unsigned all = DCN_PASS_ALL;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        DcnPlanOptions options = {.targets = &names[i], .n_targets = 1};
        DcnPlan *plan = net_plan(&f, &options);
        options.passes_off = all;
        DcnPlan *plain = net_plan(&f, &options);
        g_autofree float *got = net_run(&f, plan, names[i], 4);
        g_autofree float *expected = net_run(&f, plain, names[i], 4);
        check_floats(got, expected, net_count(plan, names[i]), 1e-4);
        dcn_plan_free(plan);
        dcn_plan_free(plain);
    }
    net_close(&f);
}

static void
a_plan_can_start_in_the_middle(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnError error = {0};
    const char *both[] = {"r2", "prob"};
    DcnPlan *whole = net_plan(&f, &(DcnPlanOptions){.targets = both, .n_targets = 2});
    g_autofree float *middle = net_run(&f, whole, "r2", 6);
    g_autofree float *end = net_run(&f, whole, "prob", 6);
    DcnPlan *rest = net_plan(&f, &(DcnPlanOptions){.start = "r2", .batch = 3});
    DcnSession *session = dcn_session_new(rest, f.context, &error);
    size_t count = net_count(whole, "r2");
    float *input = dcn_session_input(session, 0);
    for (int b = 0; b < 3; b++) /* the third copy is knocked out */
        for (size_t i = 0; i < count; i++)
            input[(size_t)b * count + i] = b < 2 ? middle[i] : 0;
    CHECK(dcn_forward(session, NULL, &error));
    const float *prob = dcn_session_tensor(session, dcn_plan_output(rest, 0));
    check_floats(prob, end, 5, 1e-6);
    check_floats(prob + 5, end, 5, 1e-6);
    CHECK(fabs((double)prob[10] - (double)end[0]) > 1e-4);
    dcn_session_free(session);
    dcn_plan_free(rest);
    dcn_plan_free(whole);

    CHECK(!dcn_plan_new(f.model, &(DcnPlanOptions){.start = "c2"}, &error));
    check_text(error.text, "depends on the input by other ways");
    net_close(&f);
}

/* An addition leads around c2, so the scores depend on the picture too. */
static void
a_plan_can_start_beside_its_input(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnError error = {0};
    const char *all[] = {"c2", "c3", "scores"};
    DcnPlan *whole = net_plan(&f, &(DcnPlanOptions){.targets = all, .n_targets = 3});
    g_autofree float *middle = net_run(&f, whole, "c2", 6);
    g_autofree float *side = net_run(&f, whole, "c3", 6);
    g_autofree float *end = net_run(&f, whole, "scores", 6);
    const char *scores = "scores";
    DcnPlanOptions options = {
        .start = "c2", .bypass = true, .batch = 2, .targets = &scores, .n_targets = 1};
    DcnPlan *rest = net_plan(&f, &options);
    CHECK_INT(dcn_plan_input_count(rest), 2);
    check_same_text(dcn_plan_name(rest, dcn_plan_input(rest, 1)), "picture");
    DcnSession *session = dcn_session_new(rest, f.context, &error);
    size_t count = net_count(whole, "c2"), pixels = net_count(whole, "picture");
    memcpy(dcn_session_input(session, 0), middle, count * sizeof *middle);
    memset(dcn_session_input(session, 0) + count, 0, count * sizeof *middle);
    for (size_t b = 0; b < 2; b++)
        net_noise(dcn_session_input(session, 1) + b * pixels, pixels, 6);
    CHECK(dcn_forward(session, NULL, &error));
    const float *got = dcn_session_tensor(session, dcn_plan_find(rest, "scores", &error));
    /* Sums of 96 products, up to 30: 96 * 2^-24 * 30 at most. */
    const double rounding = 1.7e-4;
    check_floats(got, end, 5, rounding);

    /* Without c2 the sum is c3. */
    options.start = "sum";
    options.batch = 1;
    DcnPlan *behind = net_plan(&f, &options);
    CHECK_INT(dcn_plan_input_count(behind), 1);
    DcnSession *plain = dcn_session_new(behind, f.context, &error);
    memcpy(dcn_session_input(plain, 0), side, count * sizeof *side);
    CHECK(dcn_forward(plain, NULL, &error));
    check_floats(got + 5,
                 dcn_session_tensor(plain, dcn_plan_find(behind, "scores", &error)), 5,
                 rounding);
    double moved = 0;
    for (size_t k = 0; k < 5; k++)
        moved += fabs((double)got[5 + k] - (double)end[k]);
    CHECK(moved > 0.1);
    dcn_session_free(plain);
    dcn_plan_free(behind);
    dcn_session_free(session);
    dcn_plan_free(rest);
    dcn_plan_free(whole);
    net_close(&f);
}

static void
a_start_cannot_be_one_of_two_outputs_that_are_wanted(void)
{
    NewModel *net = new_model(11);
    new_input(net, "picture", "1,4,2,2");
    new_node(net, "Split", "parts", "picture", "a;b", "axis=1");
    new_node(net, "Add", "sum", "a;b", "sum", "");
    new_output(net, "sum");
    NetFixture f = net_open(net, 1);
    DcnError error = {0};
    CHECK(
        !dcn_plan_new(f.model, &(DcnPlanOptions){.start = "a", .bypass = true}, &error));
    check_text(error.text, "other outputs of the node");
    net_close(&f);
}

static void
threads_change_results_by_rounding_at_most(void)
{
    NetFixture one = net_open(net_branched("1"), 1),
               four = net_open(net_branched("1"), 4);
    DcnPlan *a = net_plan(&one, &(DcnPlanOptions){.batch = 7});
    DcnPlan *b = net_plan(&four, &(DcnPlanOptions){.batch = 7});
    g_autofree float *x = net_run(&one, a, "prob", 1);
    g_autofree float *y = net_run(&four, b, "prob", 1);
    check_floats(x, y, 35, 1e-6);
    dcn_plan_free(a);
    dcn_plan_free(b);
    net_close(&one);
    net_close(&four);
}

/* Each form is made by one thread, so nothing is rounded otherwise. */
static void
the_threads_of_a_context_make_the_same_weights(void)
{
    NetFixture f = net_open(net_branched("1"), 4);
    DcnPlan *alone = net_plan(&f, &(DcnPlanOptions){.batch = 7});
    DcnPlan *together = net_plan(&f, &(DcnPlanOptions){.batch = 7, .context = f.context});
    size_t prepared = 0;
    for (size_t i = 0; i < together->n_steps; i++) {
        prepared += together->steps[i].prepared != NULL;
        CHECK(!together->steps[i].prepared == !alone->steps[i].prepared);
        CHECK(together->steps[i].transformed == alone->steps[i].transformed);
    }
    CHECK(prepared > 1);
    g_autofree float *x = net_run(&f, alone, "prob", 1);
    g_autofree float *y = net_run(&f, together, "prob", 1);
    check_floats(x, y, 35, 0);
    dcn_plan_free(alone);
    dcn_plan_free(together);
    net_close(&f);
}

static void
gradient_is_the_derivative_of_the_unit(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    size_t count = 3 * 17 * 15;
    g_autofree float *picture = g_new(float, count), *signal = g_new(float, count);
    net_noise(picture, count, 21);
    int tensor = dcn_plan_find(plan, "scores", NULL);
    memcpy(dcn_session_input(session, 0), picture, count * sizeof(float));
    CHECK(dcn_forward(session, NULL, &error));
    DcnUnit unit;
    CHECK_INT(dcn_strongest(session, tensor, 0, 1, &unit), 1);
    CHECK(dcn_project(session, &(DcnSeed){.tensor = tensor, .unit = unit}, DCN_GRADIENT,
                      signal, NULL, &error));
    /* the signal starts from the activation: value x d value / d pixel */
    const float h = 1e-3f;
    size_t checked = 0, kinks = 0;
    for (size_t i = 0; i < count; i += 7) {
        double at[2];
        for (int side = 0; side < 2; side++) {
            memcpy(dcn_session_input(session, 0), picture, count * sizeof(float));
            dcn_session_input(session, 0)[i] += side ? h : -h;
            CHECK(dcn_forward(session, NULL, &error));
            at[side] = (double)dcn_session_tensor(session, tensor)[unit.channel];
        }
        double slope = (at[1] - at[0]) / (2 * (double)h) * (double)unit.value;
        kinks += fabs(slope - (double)signal[i]) > 2e-2 * (1 + fabs(slope));
        checked++;
    }
    CHECK(checked > 100);
    CHECK(kinks <= checked / 50); /* a difference may step over a kink */
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

/* --- limits --- */

static bool
stop_at_once(double done, void *user)
{
    (void)done;
    ++*(int *)user;
    return false;
}

static void
limits_and_stops_are_errors_that_say_so(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnError error = {0};
    CHECK(!dcn_plan_new(f.model, &(DcnPlanOptions){.memory_limit = 1000}, &error));
    CHECK_INT(error.code, DCN_ERROR_MEMORY);
    CHECK(!dcn_plan_new(f.model, &(DcnPlanOptions){.height = 1, .width = 1}, &error));
    check_text(error.text, "node \"");
    CHECK(!dcn_plan_new(f.model, &(DcnPlanOptions){.height = 1000000}, &error));
    CHECK_INT(error.code, DCN_ERROR_VALUE);
    DcnPlan *plan = net_plan(&f, NULL);
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    int asked = 0;
    CHECK(!dcn_forward(session, &(DcnProgress){stop_at_once, &asked}, &error));
    CHECK_INT(error.code, DCN_CANCELLED);
    CHECK_INT(asked, 1);
    const DcnPlanOptions refused[] = {{.purpose = DCN_FOR_RUNS},
                                      {.purpose = DCN_FOR_TRAINING}};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        DcnPlan *other = net_plan(&f, &refused[i]);
        DcnSession *ran = dcn_session_new(other, f.context, &error);
        float signal[3 * 17 * 15];
        CHECK(dcn_forward(ran, NULL, &error));
        DcnSeed seed = {.tensor = dcn_plan_find(other, "prob", NULL)};
        CHECK(!dcn_project(ran, &seed, DCN_DECONVNET, signal, NULL, &error));
        check_text(error.text, "a projection needs a plan for it");
        dcn_session_free(ran);
        dcn_plan_free(other);
    }
    CHECK(!dcn_context_new(-1, &error));
    CHECK(!dcn_context_new(1000, &error));
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

/* Two gates that are one step with what they gate, and others that are none: of another
 * slope, of another tensor, read by two, asked for. */
static NewModel *
net_gated(void)
{
    NewModel *net = new_model(14);
    new_input(net, "picture", "1,3,9,7");
    new_weights(net, "w", "4,3,3,3", 2);
    new_node(net, "Conv", "", "picture;w", "conv", "");
    new_node(net, "Sigmoid", "", "conv", "s1", "");
    new_node(net, "Mul", "", "conv;s1", "silu", "");
    new_node(net, "HardSigmoid", "", "silu", "s2", "alpha=.0.16666667163372040");
    new_node(net, "Mul", "", "s2;silu", "hard", "");
    new_node(net, "HardSigmoid", "", "hard", "s3", "alpha=.0.2");
    new_node(net, "Mul", "", "hard;s3", "other", "");
    new_node(net, "Sigmoid", "", "other", "s4", "");
    new_node(net, "Mul", "", "s4;hard", "of_another", "");
    new_node(net, "Sigmoid", "", "of_another", "s5", "");
    new_node(net, "Mul", "", "of_another;s5", "read_twice", "");
    new_node(net, "Add", "", "read_twice;s5", "sum", "");
    new_node(net, "Sigmoid", "", "sum", "s6", "");
    new_node(net, "Mul", "", "sum;s6", "end", "");
    new_output(net, "end");
    new_output(net, "s6");
    return net;
}

static size_t
live_steps(const DcnPlan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        n += plan->steps[i].live;
    return n;
}

static void
what_its_own_sigmoid_gates_is_one_step(void)
{
    static const char *const targets[] = {"end", "s6"};
    NetFixture f = net_open(net_gated(), 1);
    DcnPlanOptions options = {.targets = targets, .n_targets = 2, .batch = 2};
    DcnPlan *plan = net_plan(&f, &options);
    options.passes_off = DCN_PASS_FUSE;
    DcnPlan *plain = net_plan(&f, &options);
    CHECK_INT(live_steps(plain), 14);
    CHECK_INT(live_steps(plan), 12);
    g_autofree float *got = net_run(&f, plan, "end", 3);
    g_autofree float *wanted = net_run(&f, plain, "end", 3);
    check_floats(got, wanted, 2 * net_count(plan, "end"), 1e-6);
    dcn_plan_free(plan);
    dcn_plan_free(plain);

    /* Back, with the methods that a projection has. */
    DcnError error = {0};
    float signal[2][3 * 9 * 7];
    for (DcnMethod method = 0; method < DCN_METHODS; method++) {
        for (int i = 0; i < 2; i++) {
            options = (DcnPlanOptions){.purpose = DCN_FOR_PROJECTION,
                                       .passes_off = i ? DCN_PASS_FUSE : 0};
            plan = net_plan(&f, &options);
            DcnSession *session = dcn_session_new(plan, f.context, &error);
            net_noise(dcn_session_input(session, 0), 3 * 9 * 7, 5);
            CHECK(dcn_forward(session, NULL, &error));
            DcnSeed seed = {.tensor = dcn_plan_find(plan, "end", &error),
                            .whole_map = true};
            CHECK(dcn_project(session, &seed, method, signal[i], NULL, &error));
            dcn_session_free(session);
            dcn_plan_free(plan);
        }
        check_floats(signal[0], signal[1], 3 * 9 * 7, 1e-6);
    }
    net_close(&f);
}

CHECK_MAIN(CHECK_TEST(a_batch_gives_what_single_images_give),
           CHECK_TEST(a_shape_of_one_image_fits_a_file_for_two),
           CHECK_TEST(passes_change_results_by_rounding_only),
           CHECK_TEST(what_its_own_sigmoid_gates_is_one_step),
           CHECK_TEST(a_plan_for_training_runs_the_passes_that_are_on),
           CHECK_TEST(a_tensor_that_is_asked_for_is_kept),
           CHECK_TEST(a_plan_can_start_in_the_middle),
           CHECK_TEST(a_plan_can_start_beside_its_input),
           CHECK_TEST(a_start_cannot_be_one_of_two_outputs_that_are_wanted),
           CHECK_TEST(threads_change_results_by_rounding_at_most),
           CHECK_TEST(the_threads_of_a_context_make_the_same_weights),
           CHECK_TEST(gradient_is_the_derivative_of_the_unit),
           CHECK_TEST(limits_and_stops_are_errors_that_say_so))
