/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occlude.c: tests that occlusion by patches is what whole runs give, on nets made for
 * it.
 *
 * The twin (plain_occlude.c) runs the whole net at every position. Nets: drawn at random
 * from all operators that occur in pictures' nets, with seeds; squares that hang over
 * edges; any fill and step. Real nets: nets.c. */
#include "check.h"
#include "core/fixture/plain_occlude.h"
#include "core/fixture/random_net.h"
#include <string.h>

static void
random_nets_agree_with_whole_runs(void)
{
    static const int64_t squares[][2] = {{8, 4},   {1, 9}, {5, 3},
                                         {40, 11}, {3, 7}, {7, 30}};
    size_t count = 3 * 29 * 33, tried = 0;
    g_autofree float *picture = g_new(float, count), *fill = g_new(float, count);
    for (guint32 seed = 0; seed < 60; seed++) {
        bool nhwc = seed % 7 == 6;
        NewModel *net = random_net(seed, nhwc);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        if (plan) { /* a net whose pools became too small is no net */
            g_autoptr(GRand) random = g_rand_new_with_seed(seed);
            for (size_t i = 0; i < count; i++) {
                picture[i] = (float)g_rand_double_range(random, -1, 1);
                fill[i] = seed % 2 ? 0 : (float)g_rand_double_range(random, -1, 1);
            }
            const int64_t *square = squares[seed % G_N_ELEMENTS(squares)];
            DcnOcclusion options = {.size = square[0],
                                    .step = square[1],
                                    .fill = fill,
                                    .layer = "watched",
                                    .channel = -1,
                                    .batch = seed % 3 ? 0 : 3};
            g_autofree char *what = g_strdup_printf("net %u", seed);
            expect_plain_occlusion(model, &options, picture, what);
            tried++;
        } else {
            check_say("net %u: %s", seed, error.text);
        }
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
    CHECK(tried > 45);
}

static void
large_heads_agree_with_whole_runs(void)
{
    size_t count = 3 * 29 * 33;
    g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)g_rand_double_range(random, -0.1, 0.1);
    for (int bypass = 0; bypass < 2; bypass++) {
        NewModel *net = net_with_a_large_head(bypass);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        CHECK_NEED(model);
        DcnOcclusion options = {
            .size = 5, .step = 2, .fill = fill, .layer = "watched", .channel = -1};
        expect_plain_occlusion(model, &options, picture, bypass ? "bypass" : "head");
        options.step = 7; /* some squares lie outside */
        options.size = 1;
        expect_plain_occlusion(model, &options, picture, bypass ? "bypass" : "head");
        dcn_model_free(model);
        new_model_free(net);
    }
}

/* Channels put in another order, halves, pads, and a block with channels last. normal: a
 * LayerNormalization in one node. split: halves by Split instead of Slice. */
static NewModel *
net_of_moves(bool normal, bool split)
{
    NewModel *net = new_model(17);
    new_input(net, "picture", "1,3,29,33");
    new_weights(net, "w1", "12,3,3,3", 1);
    new_node(net, "Conv", "conv", "picture;w1", "conv", "pads=1,1,1,1");
    new_ints(net, "apart", "1,2,6,29,33");
    new_ints(net, "together", "1,12,29,33");
    new_node(net, "Reshape", "r1", "conv;apart", "r1", "");
    new_node(net, "Transpose", "r2", "r1", "r2", "perm=0,2,1,3,4");
    new_node(net, "Reshape", "shuffled", "r2;together", "shuffled", "");
    new_ints(net, "zero", "0");
    new_ints(net, "five", "5");
    new_ints(net, "twelve", "12");
    new_ints(net, "sizes", "5,7");
    if (split) {
        new_node(net, "Split", "halves", "shuffled;sizes", "a;b", "axis=1");
    } else {
        new_ints(net, "one", "1");
        new_node(net, "Slice", "a", "shuffled;zero;five;one", "a", "");
        new_node(net, "Slice", "b", "shuffled;five;twelve;one", "b", "");
    }
    new_weights(net, "w2", "5,1,3,3", 2);
    new_node(net, "Conv", "deep", "a;w2", "deep", "group=5;pads=1,1,1,1");
    new_node(net, "Concat", "both", "deep;b", "both", "axis=1");
    new_ints(net, "pads", "0,0,2,1,0,1,-3,2");
    const float half = 0.5F;
    new_floats(net, "half", "1", &half);
    new_node(net, "Pad", "padded", split ? "both;pads" : "both;pads;half", "padded", "");
    new_node(net, "Transpose", "last", "padded", "last", "perm=0,2,3,1");
    new_weights(net, "scale", "13", 3);
    new_weights(net, "bias", "13", 4);
    if (normal) {
        new_node(net, "LayerNormalization", "norm", "last;scale;bias", "norm", "");
    } else {
        new_node(net, "ReduceMean", "mean", "last", "mean", "axes=-1,");
        new_node(net, "Sub", "centred", "last;mean", "centred", "");
        new_node(net, "Mul", "scaled", "centred;scale", "scaled", "");
        new_node(net, "Add", "norm", "scaled;bias", "norm", "");
    }
    new_weights(net, "w3", "13,9", 5);
    new_node(net, "MatMul", "fc", "norm;w3", "fc", "");
    new_node(net, "Sigmoid", "sigmoid", "fc", "sigmoid", "");
    new_node(net, "Transpose", "first", "sigmoid", "first", "perm=0,3,1,2");
    new_node(net, "Relu", "watched", "first", "watched", "");
    new_node(net, "GlobalAveragePool", "means", "watched", "means", "");
    new_node(net, "Flatten", "flat", "means", "flat", "");
    new_weights(net, "w4", "9,4", 6);
    new_node(net, "MatMul", "scores", "flat;w4", "scores", "");
    new_node(net, "Softmax", "p", "scores", "p", "");
    new_output(net, "p");
    return net;
}

/* What a square reaches stays small, and the results are those of whole runs. */
static void
moved_parts_agree_with_whole_runs(void)
{
    size_t count = 3 * 29 * 33;
    g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)g_rand_double_range(random, -1, 1);
    for (int kind = 0; kind < 4; kind++) {
        NewModel *net = net_of_moves(kind & 1, kind & 2);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        if (!plan)
            g_error("net %d: %s", kind, error.text);
        DcnBox square = {{0, 8, 9}, {3, 12, 14}}, reached;
        CHECK(dcn_plan_reach_ahead(plan, dcn_plan_input(plan, 0), &square,
                                   dcn_plan_find(plan, "watched", &error), &reached));
        /* two 3x3 convolutions, and two rows and a column more in front */
        CHECK_INT(reached.begin[1], 8);
        CHECK_INT(reached.end[1], 16);
        CHECK_INT(reached.begin[2], 8);
        CHECK_INT(reached.end[2], 17);
        DcnOcclusion options = {
            .size = 6, .step = 4, .fill = fill, .layer = "watched", .channel = -1};
        g_autofree char *what = g_strdup_printf("moves %d", kind);
        expect_plain_occlusion(model, &options, picture, what);
        options.size = 3;
        options.step = 7;
        expect_plain_occlusion(model, &options, picture, what);
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
}

/* A net of fully connected layers only, on 3 x 9 x 11 values in the layout of the
 * file. */
static NewModel *
dense_net(bool nhwc, int hidden)
{
    g_autofree char *first = g_strdup_printf("297,%d", hidden);
    g_autofree char *second = g_strdup_printf("%d,5", hidden);
    NewModel *net = new_model(13);
    new_input(net, "picture", nhwc ? "1,9,11,3" : "1,3,9,11");
    new_weights(net, "w1", first, 1);
    new_weights(net, "w2", second, 2);
    new_node(net, "Flatten", "flat", "picture", "flat", "");
    new_node(net, "MatMul", "fc1", "flat;w1", "fc1", "");
    new_node(net, "Relu", "relu", "fc1", "relu", "");
    new_node(net, "Gemm", "fc2", "relu;w2", "fc2", "alpha=.0.05");
    new_node(net, "Softmax", "p", "fc2", "p", "axis=1");
    new_output(net, "p");
    return net;
}

/* With a small first layer, and with one that is run for many positions at once. */
static void
nets_without_maps_have_probabilities(void)
{
    static const int hidden[] = {7, 3600};
    size_t count = 3 * 9 * 11;
    g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)g_rand_double_range(random, -0.3, 0.3);
    for (int i = 0; i < 4; i++) {
        NewModel *net = dense_net(i % 2, hidden[i / 2]);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        CHECK_NEED(model);
        DcnOcclusion options = {.size = 3, .step = 2, .fill = fill, .channel = -1};
        expect_plain_occlusion(model, &options, picture, i < 2 ? "small" : "large");
        dcn_model_free(model);
        new_model_free(net);
    }
}

/* Neither maps nor classes: a row of boxes. */
static void
nets_without_maps_and_classes_are_refused(void)
{
    float picture[297] = {0};
    DcnError error = {0};
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,9,11");
    new_weights(net, "w", "297,33", 1);
    new_ints(net, "shape", "1,3,11");
    new_node(net, "Flatten", "flat", "picture", "flat", "");
    new_node(net, "MatMul", "fc", "flat;w", "fc", "");
    new_node(net, "Reshape", "boxes", "fc;shape", "boxes", "");
    new_output(net, "boxes");
    DcnModel *model = new_model_open(net, &error);
    DcnContext *context = dcn_context_new(1, &error);
    CHECK_NEED(model && context);
    DcnOcclusion options = {.size = 3, .step = 2, .fill = picture, .channel = -1};
    DcnOcclusionMaps maps;
    CHECK(!dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    check_text(error.text, "no layer with spatial maps");
    options.layer = "fc";
    /* A row is maps of one place. */
    CHECK(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    CHECK(maps.activity && maps.classes == 0);
    dcn_occlusion_maps_free(&maps);
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

static bool
never(double done, void *user)
{
    (void)done;
    (void)user;
    check_fail("a run with nothing to do asked");
    return false;
}

/* A picture whose left part shows what the square would show. */
static void
squares_that_change_nothing_are_not_run(void)
{
    size_t count = 3 * 29 * 33, idle = 0;
    g_autofree float *picture = g_new(float, count), *fill = g_new(float, count);
    for (int head = 0; head < 2; head++) {
        NewModel *net = head ? net_with_a_large_head(false) : random_net(1, false);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnContext *context = dcn_context_new(2, &error);
        DcnOcclusion options = {
            .size = 5, .step = 3, .fill = fill, .layer = "watched", .channel = -1};
        g_autoptr(GRand) random = g_rand_new_with_seed(3);
        for (size_t i = 0; i < count; i++) {
            fill[i] = (float)g_rand_double_range(random, -0.1, 0.1);
            picture[i] =
                i % 33 < 20 ? fill[i] : (float)g_rand_double_range(random, -0.1, 0.1);
        }
        expect_plain_occlusion(model, &options, picture, head ? "head" : "random");
        DcnOcclusionMaps maps;
        CHECK(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        for (size_t cell = 0; cell < maps.rows * maps.columns; cell++)
            idle += maps.activity[cell] == maps.base_activity &&
                    memcmp(maps.score + cell * maps.classes, maps.base_score,
                           maps.classes * sizeof(float)) == 0;
        CHECK(idle > 20);
        /* With a survey that the caller hands in the maps are the same. */
        DcnOcclusionMaps again;
        DcnPlan *survey = dcn_plan_new(
            model, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY},
            &error);
        options.survey = survey;
        CHECK(dcn_occlude(model, context, &options, picture, &again, NULL, &error));
        CHECK(maps.rows * maps.columns * maps.classes * sizeof(float) ==
                  again.rows * again.columns * again.classes * sizeof(float) &&
              memcmp(maps.score, again.score,
                     maps.rows * maps.columns * maps.classes * sizeof(float)) == 0);
        options.survey = NULL;
        dcn_plan_free(survey);
        dcn_occlusion_maps_free(&again);
        dcn_occlusion_maps_free(&maps);
        DcnProgress progress = {never, NULL};
        CHECK(dcn_occlude(model, context, &options, fill, &maps, &progress, &error));
        for (size_t cell = 0; cell < maps.rows * maps.columns; cell++)
            CHECK(maps.known[cell] && maps.best[cell] == maps.base_best);
        dcn_occlusion_maps_free(&maps);
        dcn_context_free(context);
        dcn_model_free(model);
        new_model_free(net);
    }
}

CHECK_MAIN(CHECK_TEST(random_nets_agree_with_whole_runs),
           CHECK_TEST(moved_parts_agree_with_whole_runs),
           CHECK_TEST(large_heads_agree_with_whole_runs),
           CHECK_TEST(nets_without_maps_have_probabilities),
           CHECK_TEST(nets_without_maps_and_classes_are_refused),
           CHECK_TEST(squares_that_change_nothing_are_not_run))
