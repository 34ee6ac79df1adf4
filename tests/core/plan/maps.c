/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: tests of which tensors are maps, where their units lie, and what strongest
 * units, projections and occlusions make of that.
 *
 * The twin of a layout is the same tensor brought to N x C x H x W by the net itself. */
#include "check.h"
#include "core/fixture/net.h"
#include <math.h>
#include <string.h>

/* --- where units lie --- */

typedef struct {
    const char *tensor;
    DcnMaps maps;
} Expected;

static void
expect_maps(NewModel *net, const Expected *expected, size_t count)
{
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS});
    DcnError error = {0};
    for (size_t i = 0; i < count; i++) {
        const DcnMaps *want = &expected[i].maps;
        DcnMaps got;
        int tensor = dcn_plan_find(plan, expected[i].tensor, &error);
        CHECK_NEED(tensor >= 0);
        CHECK(dcn_plan_maps(plan, tensor, &got) == (want->maps > 0));
        if (memcmp(&got, want, sizeof got) != 0)
            check_fail("%s: %zu of %zux%zu at %zu, %zu, %zu", expected[i].tensor,
                       got.maps, got.height, got.width, got.first, got.map_stride,
                       got.place_stride);
    }
    dcn_plan_free(plan);
    net_close(&f);
}
#define EXPECT_MAPS(net, ...)                                                            \
    do {                                                                                 \
        const Expected expected_[] = {__VA_ARGS__};                                      \
        expect_maps(net, expected_, sizeof expected_ / sizeof *expected_);               \
    } while (0)

/* A convolution of 6 maps of 4 x 5, "conv". */
static NewModel *
begin(void)
{
    NewModel *net = new_model(17);
    new_input(net, "picture", "1,3,8,10");
    new_weights(net, "w", "6,3,2,2", 1);
    new_node(net, "Conv", "", "picture;w", "conv", "strides=2,2");
    return net;
}

static void
channels_last_are_told_by_where_they_come_from(void)
{
    NewModel *net = begin();
    new_node(net, "Transpose", "", "conv", "last", "perm=0,2,3,1");
    new_weights(net, "scale", "6", 2);
    new_node(net, "LayerNormalization", "", "last;scale", "normal", "axis=-1");
    new_weights(net, "more", "6,8", 3);
    new_node(net, "MatMul", "", "normal;more", "wide", "");
    new_node(net, "Gelu", "", "wide", "gelu", "");
    new_node(net, "Transpose", "", "wide", "back", "perm=0,3,1,2");
    new_node(net, "GlobalAveragePool", "", "back", "pooled", "");
    new_node(net, "Transpose", "", "pooled", "row", "perm=0,2,3,1");
    new_node(net, "Flatten", "", "row", "flat", "");
    new_ints(net, "shape", "1,4,5,6");
    new_node(net, "Reshape", "", "conv;shape", "mere", "");
    new_node(net, "Transpose", "", "conv", "turned", "perm=0,1,3,2");
    new_output(net, "flat");
    new_output(net, "mere");
    new_output(net, "turned");
    EXPECT_MAPS(net, {"picture", {3, 8, 10, 0, 80, 1}}, {"conv", {6, 4, 5, 0, 20, 1}},
                {"last", {6, 4, 5, 0, 1, 6}}, {"normal", {6, 4, 5, 0, 1, 6}},
                {"wide", {8, 4, 5, 0, 1, 8}}, {"back", {8, 4, 5, 0, 20, 1}},
                {"pooled", {8, 1, 1, 0, 1, 1}}, {"row", {8, 1, 1, 0, 1, 8}},
                {"flat", {8, 1, 1, 0, 1, 1}}, {"mere", {0}}, {"turned", {0}});
}

static void
a_picture_may_have_its_channels_last(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,8,10,3");
    new_node(net, "Relu", "", "picture", "relu", "");
    new_node(net, "Transpose", "", "relu", "first", "perm=0,3,1,2");
    new_weights(net, "w", "6,3,2,2", 1);
    new_node(net, "Conv", "", "first;w", "conv", "strides=2,2");
    new_node(net, "Transpose", "", "conv", "last", "perm=0,2,3,1");
    new_weights(net, "bias", "6", 2);
    new_node(net, "Add", "", "last;bias", "sum", "");
    new_output(net, "sum");
    EXPECT_MAPS(net, {"relu", {3, 8, 10, 0, 1, 3}}, {"first", {3, 8, 10, 0, 80, 1}},
                {"sum", {6, 4, 5, 0, 1, 6}});
}

/* Tokens behind a class token and two others, and a block of attention with two heads. */
static NewModel *
tokens(void)
{
    NewModel *net = begin();
    new_ints(net, "planes", "1,6,20");
    new_node(net, "Reshape", "", "conv;planes", "rows", "");
    new_node(net, "Transpose", "", "rows", "patches", "perm=0,2,1");
    new_weights(net, "class", "1,1,6", 2);
    new_node(net, "Concat", "", "class;patches", "behind", "axis=1");
    new_weights(net, "registers", "1,2,6", 3);
    new_node(net, "Concat", "", "registers;behind", "all", "axis=1");
    new_weights(net, "position", "1,23,6", 4);
    new_node(net, "Add", "", "all;position", "tokens", "");
    new_weights(net, "scale", "6", 5);
    new_node(net, "LayerNormalization", "", "tokens;scale", "normal", "axis=-1");
    new_ints(net, "heads", "1,23,2,3");
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"q", "k", "v"};
        g_autofree char *w = g_strconcat("w", names[i], NULL);
        g_autofree char *product = g_strconcat("flat-", names[i], NULL);
        g_autofree char *apart = g_strconcat("apart-", names[i], NULL);
        new_weights(net, w, "6,6", 6 + (guint32)i);
        g_autofree char *in = g_strconcat("normal;", w, NULL);
        new_node(net, "MatMul", "", in, product, "");
        g_autofree char *shaped = g_strconcat(product, ";heads", NULL);
        new_node(net, "Reshape", "", shaped, apart, "");
        new_node(net, "Transpose", "", apart, names[i],
                 i == 1 ? "perm=0,2,3,1" : "perm=0,2,1,3");
    }
    new_node(net, "MatMul", "", "q;k", "matrix", "");
    new_node(net, "Softmax", "", "matrix", "attention", "axis=-1");
    new_node(net, "MatMul", "", "attention;v", "seen", "");
    new_node(net, "Transpose", "", "seen", "beside", "perm=0,2,1,3");
    new_ints(net, "whole", "1,23,6");
    new_node(net, "Reshape", "", "beside;whole", "together", "");
    new_weights(net, "wo", "6,6", 9);
    new_node(net, "MatMul", "", "together;wo", "projected", "");
    new_node(net, "Add", "", "tokens;projected", "sum", "");
    new_ints(net, "from", "3");
    new_ints(net, "to", "23");
    new_ints(net, "along", "1");
    new_node(net, "Slice", "", "sum;from;to;along", "places", "");
    new_node(net, "Transpose", "", "places", "turned", "perm=0,2,1");
    new_ints(net, "grid", "1,6,4,5");
    new_node(net, "Reshape", "", "turned;grid", "maps", "");
    new_ints(net, "first", "2");
    new_node(net, "Gather", "", "sum;first", "token", "axis=1");
    new_output(net, "maps");
    new_output(net, "token");
    return net;
}

static void
tokens_are_maps_where_their_grid_is_known(void)
{
    EXPECT_MAPS(tokens(), {"rows", {6, 4, 5, 0, 20, 1}}, {"patches", {6, 4, 5, 0, 1, 6}},
                {"behind", {6, 4, 5, 6, 1, 6}}, {"all", {6, 4, 5, 18, 1, 6}},
                {"tokens", {6, 4, 5, 18, 1, 6}}, {"normal", {6, 4, 5, 18, 1, 6}},
                {"flat-q", {6, 4, 5, 18, 1, 6}}, {"q", {0}}, {"k", {0}}, {"matrix", {0}},
                {"attention", {0}}, {"seen", {0}}, {"together", {0}},
                {"projected", {6, 4, 5, 18, 1, 6}}, {"sum", {6, 4, 5, 18, 1, 6}},
                {"turned", {6, 4, 5, 0, 20, 1}}, {"maps", {6, 4, 5, 0, 20, 1}},
                {"token", {6, 1, 1, 0, 1, 1}});
}

/* Sizes agree in each of these: rows and columns exchanged, places turned around the
 * picture, tokens of two pictures, products of two tensors. What is made of all places
 * by weights has maps where it is added to maps. */
static void
what_is_mixed_has_no_maps(void)
{
    NewModel *net = new_model(17);
    new_input(net, "picture", "1,3,10,10");
    new_weights(net, "w", "25,3,2,2", 1);
    new_node(net, "Conv", "", "picture;w", "conv", "strides=2,2");
    new_node(net, "Transpose", "", "conv", "turned", "perm=0,1,3,2");
    new_ints(net, "row", "1,25,25");
    new_node(net, "Reshape", "", "turned;row", "columns", "");
    new_node(net, "Reshape", "", "conv;row", "rows", "");
    new_weights(net, "mix", "25,25", 2);
    new_node(net, "MatMul", "", "rows;mix", "mixed", "");
    new_node(net, "Add", "", "mixed;rows", "residual", "");
    new_node(net, "MatMul", "", "rows;mix", "unmixed", "");
    new_output(net, "unmixed");
    new_node(net, "Transpose", "", "rows", "tokens", "perm=0,2,1");
    new_node(net, "MatMul", "", "tokens;rows", "matrix", "");
    new_node(net, "Concat", "", "tokens;tokens", "twice", "axis=1");
    new_ints(net, "begin", "0");
    new_ints(net, "cut", "2");
    new_ints(net, "end", "5");
    new_ints(net, "along", "2");
    new_node(net, "Slice", "", "conv;begin;cut;along", "upper", "");
    new_node(net, "Slice", "", "conv;cut;end;along", "lower", "");
    new_node(net, "Concat", "", "lower;upper", "rolled", "axis=2");
    new_output(net, "columns");
    new_output(net, "residual");
    new_output(net, "matrix");
    new_output(net, "twice");
    new_output(net, "rolled");
    EXPECT_MAPS(net, {"turned", {0}}, {"columns", {0}}, {"rows", {25, 5, 5, 0, 25, 1}},
                {"unmixed", {0}}, {"mixed", {25, 5, 5, 0, 25, 1}},
                {"residual", {25, 5, 5, 0, 25, 1}}, {"tokens", {25, 5, 5, 0, 1, 25}},
                {"matrix", {0}}, {"twice", {0}}, {"upper", {25, 2, 5, 0, 10, 1}},
                {"rolled", {0}});
}

/* --- what is made of it --- */

static NewModel *
tokens_and_scores(void)
{
    NewModel *net = tokens();
    new_node(net, "GlobalAveragePool", "", "maps", "mean", "");
    new_node(net, "Flatten", "", "mean", "flat", "");
    new_weights(net, "head", "3,6", 20);
    new_node(net, "Gemm", "", "flat;head", "scores", "transB=1");
    new_output(net, "scores");
    return net;
}

static void
lists_and_the_default_layer_have_maps_only(void)
{
    NetFixture f = net_open(tokens_and_scores(), 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS});
    size_t tokens = 0;
    for (size_t i = 0; i < dcn_plan_layer_count(plan); i++) {
        const DcnLayer *layer = dcn_plan_layer(plan, i);
        const char *name = dcn_plan_name(plan, layer->tensor);
        CHECK(layer->maps.maps > 0);
        CHECK(strcmp(name, "matrix") && strcmp(name, "attention"));
        tokens += layer->maps.first == 18;
    }
    CHECK(tokens > 5);
    CHECK_INT(dcn_plan_default_layer(plan), dcn_plan_find(plan, "sum", NULL));
    dcn_plan_free(plan);
    net_close(&f);
}

static bool
same_unit(const DcnUnit *a, const DcnUnit *b)
{
    return a->channel == b->channel && a->y == b->y && a->x == b->x &&
           a->value == b->value;
}

/* A unit of "sum" and the same one of "maps", which the net itself makes of it. */
static void
a_projection_of_tokens_is_that_of_the_maps_made_of_them(void)
{
    NetFixture f = net_open(tokens(), 2);
    const char *targets[] = {"sum", "maps", "patches"};
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.targets = targets,
                                                   .n_targets = 3,
                                                   .batch = 2,
                                                   .purpose = DCN_FOR_PROJECTION});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    CHECK_NEED(session);
    net_noise(dcn_session_input(session, 0), 2 * 240, 3);
    CHECK(dcn_forward(session, NULL, &error));
    int sum = dcn_plan_find(plan, "sum", NULL), maps = dcn_plan_find(plan, "maps", NULL);
    float one[240], other[240];
    for (size_t map = 0; map < 6; map++)
        for (int method = 0; method < DCN_METHODS; method++)
            for (int whole = 0; whole < 2; whole++) {
                DcnSeed seed = {.tensor = sum, .image = 1, .whole_map = whole};
                DcnUnit unit = dcn_strongest_of_map(session, maps, 1, map);
                seed.unit = dcn_strongest_of_map(session, sum, 1, map);
                CHECK(same_unit(&unit, &seed.unit));
                CHECK(dcn_project(session, &seed, (DcnMethod)method, one, NULL, &error));
                seed.tensor = maps;
                CHECK(
                    dcn_project(session, &seed, (DcnMethod)method, other, NULL, &error));
                CHECK(memcmp(one, other, sizeof one) == 0);
            }
    DcnUnit units[2][6];
    CHECK_INT(dcn_strongest(session, sum, 0, 6, units[0]), 6);
    CHECK_INT(dcn_strongest(session, maps, 0, 6, units[1]), 6);
    for (int i = 0; i < 6; i++)
        CHECK(same_unit(&units[0][i], &units[1][i]));

    /* before attention a token sees its patch */
    int patches = dcn_plan_find(plan, "patches", NULL);
    DcnUnit unit = {.channel = 2, .y = 3, .x = 1};
    DcnBox box = dcn_plan_unit_box(plan, patches, &unit), seen;
    CHECK(dcn_plan_reach_back(plan, patches, &box, dcn_plan_input(plan, 0), &seen));
    CHECK(seen.begin[1] == 6 && seen.end[1] == 8 && seen.begin[2] == 2 &&
          seen.end[2] == 4);
    DcnSeed none = {.tensor = sum, .unit = {.y = 4}};
    CHECK(!dcn_project(session, &none, DCN_GRADIENT, one, NULL, &error));
    check_text(error.text, "outside of tensor");
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

/* The same maps with channels first, last, and as tokens. */
static NewModel *
three_layouts(void)
{
    NewModel *net = begin();
    new_node(net, "Relu", "", "conv", "first", "");
    new_node(net, "Transpose", "", "first", "t", "perm=0,2,3,1");
    new_node(net, "Relu", "", "t", "last", "");
    new_ints(net, "shape", "1,20,6");
    new_node(net, "Reshape", "", "t;shape", "r", "");
    new_weights(net, "class", "1,1,6", 2);
    new_node(net, "Concat", "", "class;r", "tokens", "axis=1");
    new_node(net, "InstanceNormalization", "", "first;ones;zeroes", "even", "");
    new_floats(net, "ones", "6", (float[]){1, 1, 1, 1, 1, 1});
    new_floats(net, "zeroes", "6", (float[]){0, 0, 0, 0, 0, 0});
    new_node(net, "Flatten", "", "even", "flat", "");
    new_weights(net, "head", "120,3", 20);
    new_node(net, "MatMul", "", "flat;head", "scores", "");
    new_output(net, "scores");
    new_output(net, "last");
    new_output(net, "tokens");
    return net;
}

static bool
occlude(const NetFixture *f, const char *layer, int64_t map, DcnOcclusionMaps *maps)
{
    float picture[240], fill[240] = {0};
    DcnError error = {0};
    net_noise(picture, 240, 3);
    DcnOcclusion options = {
        .size = 3, .step = 2, .fill = fill, .layer = layer, .channel = map};
    bool done = dcn_occlude(f->model, f->context, &options, picture, maps, NULL, &error);
    if (!done)
        check_fail("%s: %s", layer, error.text);
    return done;
}

static void
occlusion_follows_a_map_in_every_layout(void)
{
    NetFixture f = net_open(three_layouts(), 2);
    static const char *const layers[] = {"last", "tokens"};
    for (int map = -1; map < 6; map++)
        for (size_t i = 0; i < 2; i++) {
            DcnOcclusionMaps one, other;
            CHECK_NEED(occlude(&f, "first", map, &one));
            CHECK_NEED(occlude(&f, layers[i], map, &other));
            CHECK_INT(one.channel, other.channel);
            CHECK(one.base_activity == other.base_activity);
            CHECK(memcmp(one.activity, other.activity,
                         one.rows * one.columns * sizeof(float)) == 0);
            CHECK(one.changed > 0);
            dcn_occlusion_maps_free(&one);
            dcn_occlusion_maps_free(&other);
        }
    DcnOcclusionMaps none;
    DcnError error = {0};
    float picture[240] = {0};
    DcnOcclusion options = {
        .size = 3, .step = 2, .fill = picture, .layer = "last", .channel = 6};
    CHECK(!dcn_occlude(f.model, f.context, &options, picture, &none, NULL, &error));
    check_text(error.text, "maps 0 to 5; there is no 6");
    net_close(&f);
}

static double
range(const float *values, size_t count)
{
    float low = values[0], high = values[0];
    for (size_t i = 1; i < count; i++) {
        low = fminf(low, values[i]);
        high = fmaxf(high, values[i]);
    }
    return (double)high - (double)low;
}

/* A map of mean 0 adds up to roundings wherever the square lies. */
static void
what_varies_by_rounding_is_told_from_what_varies(void)
{
    NetFixture f = net_open(three_layouts(), 2);
    DcnOcclusionMaps even, first;
    for (int map = 0; map < 6; map++) {
        CHECK_NEED(occlude(&f, "even", map, &even));
        CHECK_NEED(occlude(&f, "first", map, &first));
        size_t cells = even.rows * even.columns;
        double noise = range(even.activity, cells);
        CHECK(noise <= dcn_occlusion_rounding(&even, DCN_MAP_OF_ACTIVITY, 0));
        CHECK(range(first.activity, cells) >
              1000 * dcn_occlusion_rounding(&first, DCN_MAP_OF_ACTIVITY, 0));
        for (size_t k = 0; k < 3; k++) {
            float score[32] = {0}, p[32] = {0};
            CHECK_NEED(cells <= 32);
            for (size_t i = 0; i < cells; i++) {
                score[i] = even.score[i * 3 + k];
                p[i] = even.probability[i * 3 + k];
            }
            CHECK(range(score, cells) >
                  100 * dcn_occlusion_rounding(&even, DCN_MAP_OF_SCORE, k));
            CHECK(range(p, cells) >
                  100 * dcn_occlusion_rounding(&even, DCN_MAP_OF_PROBABILITY, k));
        }
        dcn_occlusion_maps_free(&even);
        dcn_occlusion_maps_free(&first);
    }
    net_close(&f);
}

CHECK_MAIN(CHECK_TEST(channels_last_are_told_by_where_they_come_from),
           CHECK_TEST(a_picture_may_have_its_channels_last),
           CHECK_TEST(tokens_are_maps_where_their_grid_is_known),
           CHECK_TEST(what_is_mixed_has_no_maps),
           CHECK_TEST(lists_and_the_default_layer_have_maps_only),
           CHECK_TEST(a_projection_of_tokens_is_that_of_the_maps_made_of_them),
           CHECK_TEST(occlusion_follows_a_map_in_every_layout),
           CHECK_TEST(what_varies_by_rounding_is_told_from_what_varies))
