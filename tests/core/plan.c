/* plan.c: tests of plans and sessions: batches, names, passes, starts, reach, threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "build_model.h"
#include <math.h>
#include <string.h>

/* A net with a bit of everything: two branches, residual addition, BatchNormalization,
 * fixed Reshape. */
static NewModel *
branched_net(const char *batch)
{
    NewModel *net = new_model(13);
    g_autofree char *shape = g_strdup_printf("%s,3,17,15", batch);
    new_input(net, "picture", shape);
    new_weights(net, "w1", "6,3,3,3", 1);
    new_weights(net, "b1", "6", 2);
    new_weights(net, "w2", "6,6,1,1", 3);
    new_weights(net, "w3", "6,3,3,3", 4);
    new_weights(net, "mean", "6", 5);
    new_weights(net, "bias", "6", 6);
    new_floats(net, "scale", "6", (float[]){1, -0.5f, 2, 0.7f, 1.1f, -1.3f});
    new_floats(net, "var", "6", (float[]){0.5f, 1, 2, 0.3f, 0.9f, 1.5f});
    new_weights(net, "fc", "96,5", 7);
    new_weights(net, "fc_bias", "5", 8);
    new_ints(net, "flat", "1,-1");
    new_node(net, "Conv", "stem", "picture;w1;b1", "c1", "strides=2,2;pads=1,1,1,1");
    new_node(net, "BatchNormalization", "norm", "c1;scale;bias;mean;var", "n1", "");
    new_node(net, "Relu", "", "n1", "r1", "");
    new_node(net, "Conv", "", "r1;w2", "c2", "");
    new_node(net, "MaxPool", "", "picture", "p0",
             "kernel_shape=3,3;strides=2,2;pads=1,1,1,1");
    new_node(net, "Conv", "side", "p0;w3", "c3", "pads=1,1,1,1");
    new_node(net, "Add", "join", "c2;c3", "sum", "");
    new_node(net, "Relu", "", "sum", "r2", "");
    new_node(net, "MaxPool", "", "r2", "p1", "kernel_shape=2,2;strides=2,2");
    new_node(net, "Reshape", "", "p1;flat", "flattened", "");
    new_node(net, "MatMul", "", "flattened;fc", "product", "");
    new_node(net, "Add", "", "product;fc_bias", "scores", "");
    new_node(net, "Softmax", "", "scores", "prob", "");
    new_output(net, "prob");
    return net;
}

typedef struct {
    NewModel *net;
    DcnModel *model;
    DcnContext *context;
} Fixture;

static Fixture
open_net(NewModel *net, int threads)
{
    DcnError error = {0};
    Fixture f = {.net = net, .model = new_model_open(net, &error)};
    g_assert_cmpstr(error.text, ==, "");
    f.context = dcn_context_new(threads, &error);
    return f;
}

static void
close_net(Fixture *f)
{
    dcn_context_free(f->context);
    dcn_model_free(f->model);
    new_model_free(f->net);
}

static void
fill_noise(float *values, size_t count, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
}

static DcnPlan *
make_plan(const Fixture *f, const DcnPlanOptions *options)
{
    DcnError error = {0};
    DcnPlan *plan = dcn_plan_new(f->model, options, &error);
    g_assert_cmpstr(error.text, ==, "");
    return plan;
}

static size_t
count_of(const DcnPlan *plan, const char *name)
{
    return dcn_shape_count(dcn_plan_shape(plan, dcn_plan_find(plan, name, NULL)));
}

/* Runs a plan on seeded noise and returns a copy of one tensor, whole batch. */
static float *
run_plan(const Fixture *f, const DcnPlan *plan, const char *name, guint32 seed)
{
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f->context, &error);
    g_assert_nonnull(session);
    size_t count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
    for (size_t b = 0; b < dcn_plan_batch(plan); b++)
        fill_noise(dcn_session_input(session, 0) + b * count, count, seed + (guint32)b);
    g_assert_true(dcn_forward(session, NULL, &error));
    int tensor = dcn_plan_find(plan, name, &error);
    g_assert_cmpstr(error.text, ==, "");
    const float *data = dcn_session_tensor(session, tensor);
    g_assert_nonnull(data);
    float *copy =
        g_memdup2(data, dcn_plan_batch(plan) * count_of(plan, name) * sizeof *data);
    dcn_session_free(session);
    return copy;
}

static void
assert_near(const float *a, const float *b, size_t count, double tolerance)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= tolerance))
            g_error("element %zu: %.9g and %.9g", i, (double)a[i], (double)b[i]);
}

static void
a_batch_gives_what_single_images_give(void)
{
    static const char *const batches[] = {"1", "-1", "8"}; /* whatever the file fixes */
    for (gsize i = 0; i < G_N_ELEMENTS(batches); i++) {
        Fixture f = open_net(branched_net(batches[i]), 2);
        DcnPlan *one = make_plan(&f, NULL),
                *five = make_plan(&f, &(DcnPlanOptions){.batch = 5});
        g_autofree float *batch = run_plan(&f, five, "prob", 10);
        for (guint b = 0; b < 5; b++) {
            g_autofree float *single = run_plan(&f, one, "prob", 10 + b);
            assert_near(batch + 5 * b, single, 5, 1e-6);
        }
        dcn_plan_free(one);
        dcn_plan_free(five);
        close_net(&f);
    }
}

static void
passes_change_results_by_rounding_only(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    const unsigned all = DCN_PASS_ALL;
    DcnPlan *plain = make_plan(&f, &(DcnPlanOptions){.passes_off = all});
    g_autofree float *expected = run_plan(&f, plain, "prob", 3);
    for (unsigned off = 0; off < all; off++) {
        DcnPlan *plan = make_plan(&f, &(DcnPlanOptions){.passes_off = off});
        g_autofree float *got = run_plan(&f, plan, "prob", 3);
        assert_near(got, expected, 5, 1e-6);
        dcn_plan_free(plan);
    }
    DcnPlan *lean = make_plan(&f, NULL);
    g_assert_cmpuint(dcn_plan_session_bytes(lean), <, dcn_plan_session_bytes(plain));
    dcn_plan_free(lean);
    dcn_plan_free(plain);
    close_net(&f);
}

static void
a_tensor_that_is_asked_for_is_kept(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    static const char *const names[] = {"c1",  "n1", "r1", "c2",    "c3",
                                        "sum", "r2", "p1", "scores"};
    const unsigned all = DCN_PASS_ALL;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        DcnPlanOptions options = {.targets = &names[i], .n_targets = 1};
        DcnPlan *plan = make_plan(&f, &options);
        options.passes_off = all;
        DcnPlan *plain = make_plan(&f, &options);
        g_autofree float *got = run_plan(&f, plan, names[i], 4);
        g_autofree float *expected = run_plan(&f, plain, names[i], 4);
        assert_near(got, expected, count_of(plan, names[i]), 1e-4);
        dcn_plan_free(plan);
        dcn_plan_free(plain);
    }
    close_net(&f);
}

static void
a_plan_can_start_in_the_middle(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    DcnError error = {0};
    const char *both[] = {"r2", "prob"};
    DcnPlan *whole = make_plan(&f, &(DcnPlanOptions){.targets = both, .n_targets = 2});
    g_autofree float *middle = run_plan(&f, whole, "r2", 6);
    g_autofree float *end = run_plan(&f, whole, "prob", 6);
    DcnPlan *rest = make_plan(&f, &(DcnPlanOptions){.start = "r2", .batch = 3});
    DcnSession *session = dcn_session_new(rest, f.context, &error);
    size_t count = count_of(whole, "r2");
    float *input = dcn_session_input(session, 0);
    for (int b = 0; b < 3; b++) /* the third copy is knocked out */
        for (size_t i = 0; i < count; i++)
            input[(size_t)b * count + i] = b < 2 ? middle[i] : 0;
    g_assert_true(dcn_forward(session, NULL, &error));
    const float *prob = dcn_session_tensor(session, dcn_plan_output(rest, 0));
    assert_near(prob, end, 5, 1e-6);
    assert_near(prob + 5, end, 5, 1e-6);
    g_assert_cmpfloat(fabs((double)prob[10] - (double)end[0]), >, 1e-4);
    dcn_session_free(session);
    dcn_plan_free(rest);
    dcn_plan_free(whole);

    g_assert_null(dcn_plan_new(f.model, &(DcnPlanOptions){.start = "c2"}, &error));
    g_assert_nonnull(strstr(error.text, "depends on the input by other ways"));
    close_net(&f);
}

/* An addition leads around c2: the picture is needed too. */
static void
a_plan_can_start_beside_its_input(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    DcnError error = {0};
    const char *all[] = {"c2", "c3", "scores"};
    DcnPlan *whole = make_plan(&f, &(DcnPlanOptions){.targets = all, .n_targets = 3});
    g_autofree float *middle = run_plan(&f, whole, "c2", 6);
    g_autofree float *side = run_plan(&f, whole, "c3", 6);
    g_autofree float *end = run_plan(&f, whole, "scores", 6);
    const char *scores = "scores";
    DcnPlanOptions options = {
        .start = "c2", .bypass = true, .batch = 2, .targets = &scores, .n_targets = 1};
    DcnPlan *rest = make_plan(&f, &options);
    g_assert_cmpuint(dcn_plan_input_count(rest), ==, 2);
    g_assert_cmpstr(dcn_plan_name(rest, dcn_plan_input(rest, 1)), ==, "picture");
    DcnSession *session = dcn_session_new(rest, f.context, &error);
    size_t count = count_of(whole, "c2"), pixels = count_of(whole, "picture");
    memcpy(dcn_session_input(session, 0), middle, count * sizeof *middle);
    memset(dcn_session_input(session, 0) + count, 0, count * sizeof *middle);
    for (size_t b = 0; b < 2; b++)
        fill_noise(dcn_session_input(session, 1) + b * pixels, pixels, 6);
    g_assert_true(dcn_forward(session, NULL, &error));
    const float *got = dcn_session_tensor(session, dcn_plan_find(rest, "scores", &error));
    /* Sums of 96 products, up to 30: 96 * 2^-24 * 30 at most. */
    const double rounding = 1.7e-4;
    assert_near(got, end, 5, rounding);

    /* Without c2 the sum is c3. */
    options.start = "sum";
    options.batch = 1;
    DcnPlan *behind = make_plan(&f, &options);
    g_assert_cmpuint(dcn_plan_input_count(behind), ==, 1);
    DcnSession *plain = dcn_session_new(behind, f.context, &error);
    memcpy(dcn_session_input(plain, 0), side, count * sizeof *side);
    g_assert_true(dcn_forward(plain, NULL, &error));
    assert_near(got + 5,
                dcn_session_tensor(plain, dcn_plan_find(behind, "scores", &error)), 5,
                rounding);
    double moved = 0;
    for (size_t k = 0; k < 5; k++)
        moved += fabs((double)got[5 + k] - (double)end[k]);
    g_assert_cmpfloat(moved, >, 0.1);
    dcn_session_free(plain);
    dcn_plan_free(behind);
    dcn_session_free(session);
    dcn_plan_free(rest);
    dcn_plan_free(whole);
    close_net(&f);
}

static void
a_start_cannot_be_one_of_two_outputs_that_are_wanted(void)
{
    NewModel *net = new_model(11);
    new_input(net, "picture", "1,4,2,2");
    new_node(net, "Split", "parts", "picture", "a;b", "axis=1");
    new_node(net, "Add", "sum", "a;b", "sum", "");
    new_output(net, "sum");
    Fixture f = open_net(net, 1);
    DcnError error = {0};
    g_assert_null(
        dcn_plan_new(f.model, &(DcnPlanOptions){.start = "a", .bypass = true}, &error));
    g_assert_nonnull(strstr(error.text, "other outputs of the node"));
    close_net(&f);
}

static void
names_are_of_tensors_then_nodes_then_short(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,4,4");
    new_node(net, "Relu", "y", "x", "a", ""); /* a node named as a tensor */
    new_node(net, "Relu", "relu1", "a", "b",
             ""); /* a node named as a short name of another */
    new_node(net, "Relu", "", "b", "y", "");
    new_output(net, "y");
    Fixture f = open_net(net, 1);
    DcnPlan *plan = make_plan(&f, &(DcnPlanOptions){.backward = true});
    DcnError error = {0};
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "y", NULL)), ==, "y");
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "relu1", NULL)), ==, "b");
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "relu3", NULL)), ==, "y");
    g_assert_cmpint(dcn_plan_find(plan, "relu4", &error), ==, -1);
    g_assert_cmpint(error.code, ==, DCN_ERROR_NAME);
    g_assert_nonnull(strstr(error.text, "did you mean relu"));
    dcn_plan_free(plan);
    close_net(&f);
}

static void
the_default_layer_is_the_last_spatial_activation(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    DcnPlan *plan = make_plan(&f, NULL);
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_default_layer(plan)), ==, "r2");
    DcnClassifier classifier;
    g_assert_true(dcn_plan_classifier(plan, &classifier, NULL));
    g_assert_cmpuint(classifier.classes, ==, 5);
    g_assert_cmpstr(dcn_plan_name(plan, classifier.probability), ==, "prob");
    g_assert_cmpstr(dcn_plan_name(plan, classifier.score), ==, "scores");
    dcn_plan_free(plan);
    close_net(&f);

    /* a net whose last convolution is the classifier */
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,9,9");
    new_weights(net, "w1", "4,3,3,3", 1);
    new_weights(net, "w2", "7,8,1,1", 2);
    new_node(net, "Conv", "", "x;w1", "left", "");
    new_node(net, "Conv", "", "x;w1", "right", "");
    new_node(net, "Concat", "", "left;right", "both", "axis=1");
    new_node(net, "Dropout", "", "both", "dropped", "");
    new_node(net, "Conv", "", "dropped;w2", "classes", "");
    new_node(net, "Relu", "", "classes", "classes_relu", "");
    new_node(net, "GlobalAveragePool", "", "classes_relu", "pooled", "");
    new_node(net, "Flatten", "", "pooled", "out", "");
    new_output(net, "out");
    f = open_net(net, 1);
    plan = make_plan(&f, NULL);
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_default_layer(plan)), ==, "both");
    g_assert_true(dcn_plan_classifier(plan, &classifier, NULL));
    g_assert_cmpint(classifier.probability, ==, -1);
    dcn_plan_free(plan);
    close_net(&f);
}

static void
threads_change_results_by_rounding_at_most(void)
{
    Fixture one = open_net(branched_net("1"), 1), four = open_net(branched_net("1"), 4);
    DcnPlan *a = make_plan(&one, &(DcnPlanOptions){.batch = 7});
    DcnPlan *b = make_plan(&four, &(DcnPlanOptions){.batch = 7});
    g_autofree float *x = run_plan(&one, a, "prob", 1);
    g_autofree float *y = run_plan(&four, b, "prob", 1);
    assert_near(x, y, 35, 1e-6);
    dcn_plan_free(a);
    dcn_plan_free(b);
    close_net(&one);
    close_net(&four);
}

/* --- reach --- */

static void
changes_stay_within_reach(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    const char *targets[] = {"c1", "p0", "c3", "r2", "p1"};
    DcnPlan *plan = make_plan(&f, &(DcnPlanOptions){.targets = targets, .n_targets = 5});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    int input = dcn_plan_input(plan, 0);
    g_autofree float *picture = g_new(float, 3 * 17 * 15);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    fill_noise(picture, 3 * 17 * 15, 9);
    for (int round = 0; round < 40; round++) {
        float *before[5];
        memcpy(dcn_session_input(session, 0), picture, sizeof(float) * 3 * 17 * 15);
        g_assert_true(dcn_forward(session, NULL, &error));
        for (int t = 0; t < 5; t++) {
            int tensor = dcn_plan_find(plan, targets[t], NULL);
            before[t] = g_memdup2(dcn_session_tensor(session, tensor),
                                  count_of(plan, targets[t]) * 4);
        }
        int y = g_rand_int_range(random, 0, 17), x = g_rand_int_range(random, 0, 15);
        DcnBox box = {{0, y, x}, {3, MIN(17, y + 3), MIN(15, x + 2)}};
        memcpy(dcn_session_input(session, 0), picture, sizeof(float) * 3 * 17 * 15);
        for (int64_t c = 0; c < 3; c++)
            for (int64_t i = box.begin[1]; i < box.end[1]; i++)
                for (int64_t j = box.begin[2]; j < box.end[2]; j++)
                    dcn_session_input(session, 0)[(c * 17 + i) * 15 + j] += 3;
        g_assert_true(dcn_forward(session, NULL, &error));
        for (int t = 0; t < 5; t++) {
            int tensor = dcn_plan_find(plan, targets[t], NULL);
            const DcnShape *shape = dcn_plan_shape(plan, tensor);
            const float *after = dcn_session_tensor(session, tensor);
            DcnBox ahead, back;
            dcn_plan_reach_ahead(plan, input, &box, tensor, &ahead);
            g_assert_cmpint((ahead.end[1] - ahead.begin[1]) *
                                (ahead.end[2] - ahead.begin[2]),
                            <, shape->dim[2] * shape->dim[3]); /* not simply everything */
            size_t n = 0;
            for (int64_t c = 0; c < shape->dim[1]; c++)
                for (int64_t i = 0; i < shape->dim[2]; i++)
                    for (int64_t j = 0; j < shape->dim[3]; j++, n++) {
                        if (after[n] == before[t][n])
                            continue;
                        g_assert_true(i >= ahead.begin[1] && i < ahead.end[1] &&
                                      j >= ahead.begin[2] && j < ahead.end[2]);
                        DcnBox unit = {{c, i, j}, {c + 1, i + 1, j + 1}};
                        g_assert_true(
                            dcn_plan_reach_back(plan, tensor, &unit, input, &back));
                        g_assert_true(
                            back.begin[1] < box.end[1] && back.end[1] > box.begin[1] &&
                            back.begin[2] < box.end[2] && back.end[2] > box.begin[2]);
                    }
            g_free(before[t]);
        }
    }
    /* two 3x3 windows of stride 2 and 1: a unit of c3 sees (3 - 1) * 2 + 3 = 7 pixels of
     * a row */
    DcnBox unit = {{0, 4, 4}, {1, 5, 5}}, field;
    g_assert_true(
        dcn_plan_reach_back(plan, dcn_plan_find(plan, "c3", NULL), &unit, input, &field));
    g_assert_cmpint(field.begin[1], ==, 5);
    g_assert_cmpint(field.end[1], ==, 12);
    dcn_session_free(session);
    dcn_plan_free(plan);
    close_net(&f);
}

static void
equal_windows_give_equal_results(void)
{
    Fixture f = open_net(branched_net("1"), 2);
    const char *targets[] = {"c1", "r2"};
    DcnPlan *plan = make_plan(
        &f,
        &(DcnPlanOptions){.targets = targets, .n_targets = 2, .height = 67, .width = 91});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    for (size_t i = 0; i < 3 * 67 * 91; i++) /* each plane has one value */
        dcn_session_input(session, 0)[i] = i < 67 * 91       ? 0.37f
                                           : i < 2 * 67 * 91 ? -0.71f
                                                             : 0.11f;
    g_assert_true(dcn_forward(session, NULL, &error));
    for (int t = 0; t < 2; t++) {
        int tensor = dcn_plan_find(plan, targets[t], NULL);
        const DcnShape *shape = dcn_plan_shape(plan, tensor);
        const float *data = dcn_session_tensor(session, tensor);
        size_t h = (size_t)shape->dim[2], w = (size_t)shape->dim[3];
        for (size_t c = 0; c < (size_t)shape->dim[1]; c++)
            for (size_t y = 2; y < h - 2; y++)
                for (size_t x = 2; x < w - 2; x++)
                    g_assert_cmpfloat(data[(c * h + y) * w + x], ==,
                                      data[(c * h + 2) * w + 2]);
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    close_net(&f);
}

/* --- projection --- */

static void
gradient_is_the_derivative_of_the_unit(void)
{
    Fixture f = open_net(branched_net("1"), 1);
    DcnPlan *plan = make_plan(&f, &(DcnPlanOptions){.backward = true});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    size_t count = 3 * 17 * 15;
    g_autofree float *picture = g_new(float, count), *signal = g_new(float, count);
    fill_noise(picture, count, 21);
    int tensor = dcn_plan_find(plan, "scores", NULL);
    memcpy(dcn_session_input(session, 0), picture, count * sizeof(float));
    g_assert_true(dcn_forward(session, NULL, &error));
    DcnUnit unit;
    g_assert_cmpuint(dcn_strongest(session, tensor, 0, 1, &unit), ==, 1);
    g_assert_true(dcn_project(session, &(DcnSeed){.tensor = tensor, .unit = unit},
                              DCN_GRADIENT, signal, NULL, &error));
    /* the signal starts from the activation: value x d value / d pixel */
    const float h = 1e-3f;
    size_t checked = 0, kinks = 0;
    for (size_t i = 0; i < count; i += 7) {
        double at[2];
        for (int side = 0; side < 2; side++) {
            memcpy(dcn_session_input(session, 0), picture, count * sizeof(float));
            dcn_session_input(session, 0)[i] += side ? h : -h;
            g_assert_true(dcn_forward(session, NULL, &error));
            at[side] = (double)dcn_session_tensor(session, tensor)[unit.channel];
        }
        double slope = (at[1] - at[0]) / (2 * (double)h) * (double)unit.value;
        kinks += fabs(slope - (double)signal[i]) > 2e-2 * (1 + fabs(slope));
        checked++;
    }
    g_assert_cmpuint(checked, >, 100);
    g_assert_cmpuint(kinks, <=, checked / 50); /* a difference may step over a kink */
    dcn_session_free(session);
    dcn_plan_free(plan);
    close_net(&f);
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
    Fixture f = open_net(branched_net("1"), 1);
    DcnError error = {0};
    g_assert_null(dcn_plan_new(f.model, &(DcnPlanOptions){.memory_limit = 1000}, &error));
    g_assert_cmpint(error.code, ==, DCN_ERROR_MEMORY);
    g_assert_null(
        dcn_plan_new(f.model, &(DcnPlanOptions){.height = 1, .width = 1}, &error));
    g_assert_nonnull(strstr(error.text, "node \""));
    g_assert_null(dcn_plan_new(f.model, &(DcnPlanOptions){.height = 1000000}, &error));
    g_assert_cmpint(error.code, ==, DCN_ERROR_VALUE);
    DcnPlan *plan = make_plan(&f, NULL);
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    int asked = 0;
    g_assert_false(dcn_forward(session, &(DcnProgress){stop_at_once, &asked}, &error));
    g_assert_cmpint(error.code, ==, DCN_CANCELLED);
    g_assert_cmpint(asked, ==, 1);
    const DcnPlanOptions refused[] = {{.backward = false},
                                      {.training = true, .backward = true}};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        DcnPlan *other = make_plan(&f, &refused[i]);
        DcnSession *ran = dcn_session_new(other, f.context, &error);
        float signal[3 * 17 * 15];
        g_assert_true(dcn_forward(ran, NULL, &error));
        DcnSeed seed = {.tensor = dcn_plan_find(other, "prob", NULL)};
        g_assert_false(dcn_project(ran, &seed, DCN_DECONVNET, signal, NULL, &error));
        g_assert_nonnull(strstr(error.text, "a projection needs a plan with backward"));
        dcn_session_free(ran);
        dcn_plan_free(other);
    }
    g_assert_null(dcn_context_new(-1, &error));
    g_assert_null(dcn_context_new(1000, &error));
    dcn_session_free(session);
    dcn_plan_free(plan);
    close_net(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(function) g_test_add_func("/plan/" #function, function)
    TEST(a_batch_gives_what_single_images_give);
    TEST(passes_change_results_by_rounding_only);
    TEST(a_tensor_that_is_asked_for_is_kept);
    TEST(a_plan_can_start_in_the_middle);
    TEST(a_plan_can_start_beside_its_input);
    TEST(a_start_cannot_be_one_of_two_outputs_that_are_wanted);
    TEST(names_are_of_tensors_then_nodes_then_short);
    TEST(the_default_layer_is_the_last_spatial_activation);
    TEST(threads_change_results_by_rounding_at_most);
    TEST(changes_stay_within_reach);
    TEST(equal_windows_give_equal_results);
    TEST(gradient_is_the_derivative_of_the_unit);
    TEST(limits_and_stops_are_errors_that_say_so);
    return g_test_run();
}
