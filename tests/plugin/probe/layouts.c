/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layouts.c: tests that the same maps give the same with channels first, channels last,
 * and as tokens behind a class token. */
#include "actions/whatif/ask.h"
#include "plugin/fixture/fixture.h"
#include "probe/removal.h"
#include <math.h>
#include <string.h>

#define MAPS 6
#define SIDE 8
#define COUNT (3 * SIDE * SIDE)

/* "first", "last" and "tokens" hold the same 6 maps of 8 x 8. */
static Net *
open_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "6,3,3,3", 11);
    new_node(net, "Conv", "", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c1", "first", "");
    new_node(net, "Transpose", "", "first", "turned", "perm=0,2,3,1");
    new_node(net, "Relu", "", "turned", "last", "");
    new_ints(net, "row", "1,64,6");
    new_node(net, "Reshape", "", "last;row", "patches", "");
    new_weights(net, "class", "1,1,6", 14);
    new_node(net, "Concat", "", "class;patches", "tokens", "axis=1");
    new_ints(net, "from", "1");
    new_ints(net, "to", "65");
    new_node(net, "Slice", "", "tokens;from;to;from", "places", "");
    new_node(net, "Transpose", "", "places", "rows", "perm=0,2,1");
    new_ints(net, "grid", "1,6,8,8");
    new_node(net, "Reshape", "", "rows;grid", "maps", "");
    new_weights(net, "w2", "8,6,3,3", 12);
    new_weights(net, "w3", "3,8,1,1", 13);
    new_node(net, "Conv", "", "maps;w2", "c2", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c2", "r2", "");
    new_node(net, "Conv", "", "r2;w3", "c3", "");
    new_node(net, "GlobalAveragePool", "", "c3", "mean", "");
    new_node(net, "Flatten", "", "mean", "score", "");
    new_node(net, "Softmax", "", "score", "probability", "axis=1");
    new_output(net, "probability");
    fixture_write("layouts.ini", "[model]\nname=Layouts\n[input]\nrange=0;1\n"
                                 "[output]\nlabels=cat;dog;car\n");
    g_autofree char *path = fixture_model(net, "layouts.onnx");
    Net *opened = net_open(path, NULL);
    g_assert_nonnull(opened);
    return opened;
}

static void
draw(float picture[COUNT])
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    for (int i = 0; i < COUNT; i++)
        picture[i] = (float)g_rand_double(random);
}

static void
open_probe(Probe *probe, Net *net, const char *layer, const float *picture)
{
    g_assert_true(probe_open(probe, net, layer, 1, NULL));
    g_assert_true(probe_run(probe, picture, NULL, NULL));
}

static const char *const layers[] = {"last", "tokens"};

static void
probes_see_the_same(void)
{
    float picture[COUNT];
    Net *net = open_net();
    draw(picture);
    for (gsize i = 0; i < G_N_ELEMENTS(layers); i++) {
        Probe first, other;
        open_probe(&first, net, "first", picture);
        open_probe(&other, net, layers[i], picture);
        g_assert_cmpuint(other.maps, ==, MAPS);
        g_assert_cmpuint(other.height, ==, SIDE);
        g_assert_cmpuint(other.width, ==, SIDE);
        for (gsize c = 0; c < MAPS; c++) {
            Target one, two;
            g_assert_cmpmem(probe_values(&first, c), SIDE * SIDE * sizeof(float),
                            probe_values(&other, c), SIDE * SIDE * sizeof(float));
            for (int x = 0; x < SIDE; x += 3) {
                g_assert_true(probe_at(&first, (int)c, 1, x + 0.5, 5.5, &one, NULL));
                g_assert_true(probe_at(&other, (int)c, 1, x + 0.5, 5.5, &two, NULL));
                g_assert_cmpuint(one.unit.x, ==, two.unit.x);
                g_assert_cmpuint(one.unit.y, ==, two.unit.y);
                g_assert_cmpfloat(one.unit.value, ==, two.unit.value);
            }
            float signal[2][COUNT];
            for (int method = 0; method < DCN_METHODS; method++) {
                g_assert_true(probe_project(&first, &one, (DcnMethod)method, signal[0],
                                            NULL, NULL));
                g_assert_true(probe_project(&other, &one, (DcnMethod)method, signal[1],
                                            NULL, NULL));
                g_assert_cmpmem(signal[0], sizeof signal[0], signal[1], sizeof signal[1]);
            }
        }
        probe_close(&first);
        probe_close(&other);
    }
}

static void
removals_agree(void)
{
    float picture[COUNT];
    Net *net = open_net();
    Busy busy = {.text = "", .to = 1};
    DcnClassifier classifier;
    draw(picture);
    g_assert_true(net_classifier(net, &classifier, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(layers); i++) {
        Probe first, other;
        Removal one, two;
        open_probe(&first, net, "first", picture);
        open_probe(&other, net, layers[i], picture);
        g_assert_true(removal_run(&one, &first, picture, &classifier, -1, &busy, NULL));
        g_assert_true(removal_run(&two, &other, picture, &classifier, -1, &busy, NULL));
        for (gsize c = 0; c < MAPS; c++) {
            const RemovedMap *a = &one.maps[c], *b = &two.maps[c];
            g_assert_cmpfloat(fabs(a->score), >, 1e-4);
            g_assert_cmpfloat_with_epsilon(a->score, b->score, 1e-6);
            g_assert_cmpfloat_with_epsilon(a->probability, b->probability, 1e-6);
            g_assert_cmpfloat_with_epsilon(a->estimate, b->estimate, 1e-6);
            g_assert_cmpuint(a->rank, ==, b->rank);
        }
        removal_clear(&one);
        removal_clear(&two);
        probe_close(&first);
        probe_close(&other);
    }
}

static void
answers_without_a_map_agree(void)
{
    float picture[COUNT];
    Net *net = open_net();
    draw(picture);
    for (gsize i = 0; i < G_N_ELEMENTS(layers); i++) {
        WhatifAsker first, other;
        WhatifAnswer one, two;
        g_assert_true(whatif_asker_open(&first, net, "first", 1, NULL));
        g_assert_true(whatif_asker_open(&other, net, layers[i], 1, NULL));
        for (gsize c = 0; c <= MAPS; c++) {
            g_assert_true(whatif_ask(&first, picture, &one, NULL, NULL));
            g_assert_true(whatif_ask(&other, picture, &two, NULL, NULL));
            if (c < MAPS) {
                whatif_answer_clear(&one);
                whatif_answer_clear(&two);
                g_assert_true(whatif_ask_without_map(&first, c, picture, &one, NULL));
                g_assert_true(whatif_ask_without_map(&other, c, picture, &two, NULL));
                g_assert_cmpfloat(two.activity[c], ==, 0);
            }
            g_assert_cmpuint(one.strongest, ==, two.strongest);
            for (gsize k = 0; k < 3; k++)
                g_assert_cmpfloat_with_epsilon(one.score[k], two.score[k], 1e-6);
            for (gsize k = 0; k < MAPS; k++)
                g_assert_cmpfloat(one.activity[k], ==, two.activity[k]);
            whatif_answer_clear(&one);
            whatif_answer_clear(&two);
        }
        whatif_asker_close(&first);
        whatif_asker_close(&other);
    }
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/probes_see_the_same", probes_see_the_same);
    g_test_add_func("/removals_agree", removals_agree);
    g_test_add_func("/answers_without_a_map_agree", answers_without_a_map_agree);
    int status = g_test_run();
    fixture_end();
    return status;
}
