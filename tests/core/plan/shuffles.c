/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shuffles.c: tests that channels put in another order by moves are one step, and that
 * what comes out, and what comes back, is the same as step by step. */
#include "check.h"
#include "core/fixture/build_model.h"
#include <string.h>

#define COUNT ((size_t)3 * 8 * 8)

/* Groups of 2 x 4 channels are exchanged; perm: of the Transpose in between. */
static DcnModel *
make_net(NewModel **net, const char *perm)
{
    DcnError error = {0};
    NewModel *n = *net = new_model(13);
    new_input(n, "picture", "1,3,8,8");
    new_weights(n, "w1", "8,3,3,3", 1);
    new_node(n, "Conv", "conv", "picture;w1", "conv", "pads=1,1,1,1");
    new_ints(n, "apart", "1,2,4,8,8");
    new_ints(n, "together", "1,8,8,8");
    new_node(n, "Reshape", "r1", "conv;apart", "r1", "");
    new_node(n, "Transpose", "r2", "r1", "r2", perm);
    new_node(n, "Reshape", "r3", "r2;together", "r3", "");
    new_weights(n, "w2", "6,8,3,3", 2);
    new_node(n, "Conv", "deep", "r3;w2", "deep", "pads=1,1,1,1");
    new_node(n, "Relu", "relu", "deep", "relu", "");
    new_output(n, "relu");
    DcnModel *model = new_model_open(n, &error);
    if (!model)
        g_error("%s", error.text);
    return model;
}

/* What comes out of a plan, and what comes back of its strongest unit. */
static void
run(const DcnModel *model, unsigned off, DcnMethod method, float *values, float *signal)
{
    DcnError error = {0};
    const char *target = "relu";
    DcnPlanOptions options = {.passes_off = off,
                              .purpose = DCN_FOR_PROJECTION,
                              .targets = &target,
                              .n_targets = 1};
    DcnContext *context = dcn_context_new(2, &error);
    DcnPlan *plan = context ? dcn_plan_new(model, &options, &error) : NULL;
    DcnSession *session = plan ? dcn_session_new(plan, context, &error) : NULL;
    CHECK_NEED(session);
    float *picture = dcn_session_input(session, 0);
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    for (size_t i = 0; i < COUNT; i++)
        picture[i] = (float)g_rand_double_range(random, -1, 1);
    int tensor = dcn_plan_find(plan, target, &error);
    DcnSeed seed = {.tensor = tensor};
    CHECK(dcn_forward(session, NULL, &error));
    memcpy(values, dcn_session_tensor(session, tensor), 6 * 64 * sizeof *values);
    dcn_strongest(session, tensor, 0, 1, &seed.unit);
    CHECK(dcn_project(session, &seed, method, signal, NULL, &error));
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
}

static void
shuffled_channels_are_those_of_the_steps(void)
{
    /* A shuffle, and rows and columns exchanged, which is none. */
    static const char *const perms[] = {"perm=0,2,1,3,4", "perm=0,1,2,4,3"};
    for (size_t i = 0; i < G_N_ELEMENTS(perms); i++) {
        NewModel *net;
        DcnModel *model = make_net(&net, perms[i]);
        for (int method = 0; method < DCN_METHODS; method++) {
            float values[2][6 * 64], signal[2][COUNT];
            run(model, 0, (DcnMethod)method, values[0], signal[0]);
            run(model, DCN_PASS_SHUFFLES, (DcnMethod)method, values[1], signal[1]);
            CHECK(memcmp(values[0], values[1], sizeof values[0]) == 0);
            CHECK(memcmp(signal[0], signal[1], sizeof signal[0]) == 0);
        }
        dcn_model_free(model);
        new_model_free(net);
    }
}

/* Of the chain nothing is left but its end, unless somebody asks for what is in it. */
static void
what_is_wanted_stays(void)
{
    NewModel *net;
    DcnError error = {0};
    DcnModel *model = make_net(&net, "perm=0,2,1,3,4");
    const char *const targets[] = {"relu", "r2"};
    for (size_t n = 1; n <= 2; n++) {
        DcnPlanOptions options = {.targets = (const char **)(uintptr_t)targets,
                                  .n_targets = n};
        DcnPlan *plan = dcn_plan_new(model, &options, &error);
        CHECK_NEED(plan);
        DcnBox unit = {{2, 3, 4}, {3, 4, 5}}, seen;
        /* by moves of five axes, reach knows no columns */
        CHECK(dcn_plan_reach_ahead(plan, dcn_plan_input(plan, 0), &unit,
                                   dcn_plan_find(plan, "r3", &error), &seen));
        CHECK_INT(seen.end[2] - seen.begin[2], n == 1 ? 3 : 8);
        dcn_plan_free(plan);
    }
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(shuffled_channels_are_those_of_the_steps),
           CHECK_TEST(what_is_wanted_stays))
