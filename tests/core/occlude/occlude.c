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
           CHECK_TEST(large_heads_agree_with_whole_runs),
           CHECK_TEST(nets_without_maps_have_probabilities),
           CHECK_TEST(nets_without_maps_and_classes_are_refused),
           CHECK_TEST(squares_that_change_nothing_are_not_run))
