/* SPDX-License-Identifier: GPL-3.0-or-later */
/* methods.c: tests that a plan knows where deconvnet, guided and gradient come to the
 * same: there they are equal bit by bit, elsewhere they are not. */
#include "cases/tensor_file.h"
#include "check.h"
#include "core/fixture/net.h"
#include <string.h>

/* Two convolutions, c1 and c2, with something between them, called "between", and the
 * same behind them, called "behind". */
static NewModel *
two_layers(const char *type, const char *attributes)
{
    NewModel *net = new_model(20);
    new_input(net, "picture", "1,3,13,11");
    new_weights(net, "w1", "8,3,3,3", 1);
    new_weights(net, "w2", "6,8,3,3", 2);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "pads=1,1,1,1");
    if (g_str_equal(type, "pieces")) {
        new_node(net, "Sigmoid", "", "c1", "gate", "");
        new_node(net, "Mul", "", "c1;gate", "between", "");
    } else {
        new_node(net, type, "", "c1", "between", attributes);
    }
    new_node(net, "Conv", "c2", "between;w2", "c2", "strides=2,2");
    if (g_str_equal(type, "pieces"))
        new_node(net, "Softplus", "", "c2", "behind", "");
    else
        new_node(net, type, "", "c2", "behind", attributes);
    new_output(net, "behind");
    return net;
}

static gboolean
projections_are_equal(DcnSession *session, DcnSeed seed, size_t count)
{
    DcnError error = {0};
    float *signal[DCN_METHODS];
    for (int m = 0; m < DCN_METHODS; m++) {
        signal[m] = g_new(float, count);
        CHECK(dcn_project(session, &seed, (DcnMethod)m, signal[m], NULL, &error));
    }
    gboolean same = memcmp(signal[0], signal[1], count * sizeof(float)) == 0 &&
                    memcmp(signal[0], signal[2], count * sizeof(float)) == 0;
    for (int m = 0; m < DCN_METHODS; m++)
        g_free(signal[m]);
    return same;
}

/* Of the strongest map's unit and of the whole map. */
static gboolean
methods_are_equal(DcnSession *session, const DcnPlan *plan, int tensor)
{
    size_t count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
    DcnSeed seed = {.tensor = tensor};
    dcn_strongest(session, tensor, 0, 1, &seed.unit);
    gboolean unit = projections_are_equal(session, seed, count);
    seed.whole_map = true;
    return projections_are_equal(session, seed, count) && unit;
}

/* With all passes and with none. */
static void
expect(NewModel *net, const char *layer, bool differ)
{
    static const unsigned off[] = {0, DCN_PASS_ALL};
    DcnError error = {0};
    NetFixture f = net_open(net, 1);
    DcnPlan *survey = net_plan(
        &f, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS, .passes_off = DCN_PASS_ALL});
    CHECK_INT(dcn_plan_methods_differ(survey, dcn_plan_find(survey, layer, NULL)),
              differ);
    for (int i = 0; i < 2; i++) {
        DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION,
                                                       .passes_off = off[i],
                                                       .targets = &layer,
                                                       .n_targets = 1});
        DcnSession *session = dcn_session_new(plan, f.context, &error);
        CHECK_NEED(session);
        net_noise(dcn_session_input(session, 0), 3 * 13 * 11, 3);
        CHECK(dcn_forward(session, NULL, &error));
        int tensor = dcn_plan_find(plan, layer, NULL);
        CHECK_INT(dcn_plan_methods_differ(plan, tensor), differ);
        CHECK_INT(methods_are_equal(session, plan, tensor), !differ);
        dcn_session_free(session);
        dcn_plan_free(plan);
    }
    dcn_plan_free(survey);
    net_close(&f);
}

static void
without_a_rectifier_all_methods_are_one(void)
{
    static const char *const kinds[][2] = {{"Elu", ""},         {"LeakyRelu", ""},
                                           {"Selu", ""},        {"Gelu", ""},
                                           {"HardSwish", ""},   {"Mish", ""},
                                           {"Tanh", ""},        {"Softplus", ""},
                                           {"HardSigmoid", ""}, {"ThresholdedRelu", ""},
                                           {"pieces", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        check_say("%s", kinds[i][0]);
        expect(two_layers(kinds[i][0], kinds[i][1]), "c2", false);
        expect(two_layers(kinds[i][0], kinds[i][1]), "behind", false);
    }
}

static void
a_rectifier_parts_them_for_what_lies_behind(void)
{
    expect(two_layers("Relu", ""), "c1", false);
    expect(two_layers("Relu", ""), "between", false); /* nothing of it is below zero */
    expect(two_layers("Relu", ""), "c2", true);
    expect(two_layers("Relu", ""), "behind", true);
    expect(two_layers("LRN", "size=3;alpha=.0.5"), "c1", false);
    expect(two_layers("LRN", "size=3;alpha=.0.5"), "between", true);
}

/* Clip with a lower bound of 0 is a rectifier, which cuts large values off too. */
static NewModel *
clipped(float low, float high)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,13,11");
    new_weights(net, "w1", "8,3,3,3", 1);
    new_weights(net, "w2", "6,8,3,3", 2);
    new_floats(net, "low", "", &low);
    new_floats(net, "high", "", &high);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Clip", "clip", "c1;low;high", "clip", "");
    new_node(net, "Conv", "c2", "clip;w2", "c2", "");
    new_output(net, "c2");
    return net;
}

static void
clip_is_a_rectifier_from_zero_only(void)
{
    expect(clipped(0, 0.5f), "c2", true);
    expect(clipped(0, 0.5f), "clip", true);
    expect(clipped(-0.5f, 0.5f), "c2", false);
    expect(clipped(-0.5f, 0.5f), "clip", false);
}

/* Every layer that can be projected of the reference nets, on their pictures. */
static void
expect_of_case(const char *folder, size_t *same, size_t *other)
{
    DcnError error = {0};
    TensorFile file = {0};
    g_autofree char *path = g_build_filename(folder, "model.onnx", NULL);
    g_autofree char *input =
        g_build_filename(folder, "test_data_set_0", "input_0.pb", NULL);
    DcnModel *model = dcn_model_open(path, NULL);
    DcnContext *context = dcn_context_new(1, &error);
    DcnPlan *plan =
        model
            ? dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION}, NULL)
            : NULL;
    size_t count = 0;
    g_autofree float *picture =
        tensor_file_read(input, &file, NULL) ? tensor_file_floats(&file, &count) : NULL;
    tensor_file_clear(&file);
    DcnSession *session = plan ? dcn_session_new(plan, context, &error) : NULL;
    if (session && picture &&
        count == dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)))) {
        memcpy(dcn_session_input(session, 0), picture, count * sizeof *picture);
        CHECK(dcn_forward(session, NULL, &error));
        for (size_t i = 0; i < dcn_plan_layer_count(plan); i++) {
            int tensor = dcn_plan_find(plan, dcn_plan_layer(plan, i)->name, NULL);
            if (tensor < 0 || !dcn_session_tensor(session, tensor))
                continue;
            gboolean equal = methods_are_equal(session, plan, tensor);
            if (!dcn_plan_methods_differ(plan, tensor) && !equal)
                check_fail("%s: the methods differ at %s", folder,
                           dcn_plan_name(plan, tensor));
            *(equal ? same : other) += 1;
        }
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
    dcn_model_free(model);
}

static void
real_layers_are_as_their_plans_say(void)
{
    static const char *const folders[] = {"nets", "foreign"};
    size_t same = 0, other = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path =
            g_build_filename(SOURCE_ROOT, "tests", "data", folders[i], NULL);
        GDir *dir = g_dir_open(path, 0, NULL);
        for (const char *name; (name = g_dir_read_name(dir));) {
            g_autofree char *folder = g_build_filename(path, name, NULL);
            expect_of_case(folder, &same, &other);
        }
        g_dir_close(dir);
    }
    check_say("%zu layers the same by all methods, %zu not", same, other);
    CHECK(same > 50 && other > 50);
}

CHECK_MAIN(CHECK_TEST(without_a_rectifier_all_methods_are_one),
           CHECK_TEST(a_rectifier_parts_them_for_what_lies_behind),
           CHECK_TEST(clip_is_a_rectifier_from_zero_only),
           CHECK_TEST(real_layers_are_as_their_plans_say))
