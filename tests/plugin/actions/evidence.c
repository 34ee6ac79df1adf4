/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.c: tests of removing maps, against whole runs of a net that masks them. */
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

#define MAPS 6
#define CLASSES 3

/* A net of two convolutions, a rectifier between its maps and the scores so that the tail
 * is not linear. removed: a bit a map that a constant mask sets to zero; seed: of the last
 * weights. */
static char *
seeded_net(unsigned removed, const char *name, unsigned seed)
{
    float mask[MAPS];
    for (int c = 0; c < MAPS; c++)
        mask[c] = removed >> c & 1 ? 0 : 1;
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "6,3,3,3", 11);
    new_floats(net, "mask", "1,6,1,1", mask);
    new_weights(net, "w2", "8,6,3,3", 12);
    new_weights(net, "w3", "3,8,1,1", seed);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "r1", "c1", "r1", "");
    new_node(net, "Mul", "maps", "r1;mask", "maps", "");
    new_node(net, "Conv", "c2", "maps;w2", "c2", "pads=1,1,1,1");
    new_node(net, "Relu", "r2", "c2", "r2", "");
    new_node(net, "Conv", "c3", "r2;w3", "c3", "");
    new_node(net, "GlobalAveragePool", "mean", "c3", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    char *card = g_strconcat(name, ".ini", NULL),
         *file = g_strconcat(name, ".onnx", NULL);
    fixture_write(card, "[model]\nname=Masked\n[input]\nrange=0;1\n"
                        "[output]\nlabels=cat;dog;car\n");
    char *path = fixture_model(net, file);
    g_free(file);
    g_free(card);
    return path;
}

static char *
masked_net(unsigned removed, const char *name)
{
    return seeded_net(removed, name, 13);
}

/* Lines of a file of comma-separated values, without the first. */
static char **
read_lines(const char *path)
{
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, "map,activation,rank,y,x,probability_change,"));
    char **lines = g_strsplit(strchr(text, '\n') + 1, "\n", -1);
    g_free(text);
    return lines;
}

static void
removing_a_map_is_a_whole_run_without_it(void)
{
    char *model = masked_net(0, "whole"), *argument = g_strconcat("model=", model, NULL);
    char *csv = fixture_path("numbers.csv"), *data = g_strconcat("data=", csv, NULL);
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=r1",
                             "label=dog", "count=6", data, NULL);
    double probability = fixture_number(&call, 5, 0), score = fixture_number(&call, 5, 1);
    char **lines = read_lines(csv);
    gboolean moved = FALSE;
    for (int c = 0; c < MAPS; c++) {
        char *without = masked_net(1u << c, "without");
        char *other = g_strconcat("model=", without, NULL);
        Call plain = fixture_call(&procedure_evidence, &photo, other, "layer=r1",
                                  "label=dog", NULL);
        char **fields = g_strsplit(lines[c], ",", -1);
        double p_change = g_ascii_strtod(fields[5], NULL);
        double s_change = g_ascii_strtod(fields[6], NULL);
        g_assert_cmpint(atoi(fields[0]), ==, c);
        /* Rounding of some hundred float additions. */
        g_assert_cmpfloat_with_epsilon(p_change,
                                       fixture_number(&plain, 5, 0) - probability, 2e-6);
        g_assert_cmpfloat_with_epsilon(s_change, fixture_number(&plain, 5, 1) - score,
                                       2e-6);
        moved = moved || fabs(p_change) > 1e-3;
        g_strfreev(fields);
        fixture_call_clear(&plain);
        g_free(other);
        g_free(without);
    }
    g_assert_true(moved);
    g_strfreev(lines);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(data);
    g_free(csv);
    g_free(argument);
    g_free(model);
}

static void
the_estimate_is_exact_where_the_tail_is_linear(void)
{
    char *model = masked_net(0, "whole"), *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(8, 8);
    /* Behind the last rectifier there are a convolution and a mean. */
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=r2",
                             "measure=score", "count=8", NULL);
    guint count = call.results[6].numbers->len;
    g_assert_cmpuint(count, >, 2);
    for (guint i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, 9, i),
                                       fixture_number(&call, 8, i), 1e-5);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

static void
layers_say_what_each_map_does(void)
{
    char *model = masked_net(0, "whole"), *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=r1",
                             "label=dog", "count=2", NULL);
    guint shown = call.results[6].numbers->len;
    g_assert_cmpuint(call.results[0].n_items, ==, shown + 1);
    g_assert_cmpint(photo.image->undo_steps, ==, 1);
    g_assert_true(photo.image->selected == photo.photo);
    g_assert_cmpstr(fixture_layer(&photo, 0)->name, ==, "Evidence for dog");
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "Evidence for dog · r1");
    for (guint i = 0; i < shown; i++) {
        HostItem *item = call.results[0].items[i + 1];
        char *begin =
            g_strdup_printf("map %d · P(dog) %s", (int)fixture_number(&call, 6, i),
                            fixture_number(&call, 7, i) < 0 ? "−" : "+");
        char *end =
            g_strdup_printf("strength rank %d · r1", (int)fixture_number(&call, 10, i));
        g_assert_true(g_str_has_prefix(item->name, begin));
        g_assert_true(g_str_has_suffix(item->name, end));
        g_assert_cmpint(item->rect.width, ==, 8);
        g_assert_cmpint(item->hidden, ==, i > 0);
        g_free(end);
        g_free(begin);
    }
    g_assert_true(strstr(call.results[2].text, "The strongest map of r1, ") != NULL);
    g_assert_true(fixture_said(call.results[2].text));
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

/* Two maps, red and green; green speaks for the first class, red against it, so on a
 * photo that is mostly red the strongest map is no evidence. */
static char *
disputed_net(void)
{
    static const float w1[6] = {1, 0, 0, 0, 1, 0}, w2[4] = {-1, 2, 1, -2};
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_floats(net, "w1", "2,3,1,1", w1);
    new_floats(net, "w2", "2,2,1,1", w2);
    new_node(net, "Conv", "maps", "picture;w1", "maps", "");
    new_node(net, "Conv", "c2", "maps;w2", "c2", "");
    new_node(net, "GlobalAveragePool", "mean", "c2", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    fixture_write("disputed.ini", "[model]\nname=Disputed\n[input]\nrange=0;1\n"
                                  "[output]\nlabels=leaf;rose\n");
    return fixture_model(net, "disputed.onnx");
}

static void
the_sentence_tells_evidence_from_strength(void)
{
    char *model = disputed_net(), *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(8, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(&photo, x, y, 1, 0.75f, 0);
    fixture_done(&photo);
    /* score(leaf) = -1 + 1.5; without red 1.5, without green -1. */
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps",
                             "label=leaf", "measure=score", NULL);
    g_assert_nonnull(strstr(call.results[2].text, "0, is no evidence for leaf but speaks "
                                                  "against it"));
    g_assert_cmpfloat(fixture_number(&call, 6, 0), ==, 1);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 8, 0), -1.5, 0.01);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 8, 1), 1, 0.01);
    fixture_call_clear(&call);
    call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps", "label=rose",
                        NULL);
    g_assert_nonnull(strstr(call.results[2].text, "0, is among the evidence for rose"));
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

/* The scores are the means of `what` of a net in which an addition leads around c2. */
static char *
residual_net(const char *what)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "4,3,1,1", 1);
    new_weights(net, "w2", "4,4,1,1", 2);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "");
    new_node(net, "Conv", "c2", "c1;w2", "c2", "");
    new_node(net, "Add", "sum", "c1;c2", "sum", "");
    new_node(net, "GlobalAveragePool", "mean", what, "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    g_autofree char *card = g_strconcat(what, ".ini", NULL);
    g_autofree char *file = g_strconcat(what, ".onnx", NULL);
    fixture_write(card, "[model]\nname=Residual\n[input]\nrange=0;1\n");
    return fixture_model(net, file);
}

/* Map 2 of c2 is the only one that class 2 is made of, beside c1. */
static void
a_layer_that_an_addition_leads_around_is_removed_too(void)
{
    g_autofree char *sum = residual_net("sum"), *c1 = residual_net("c1");
    g_autofree char *whole = g_strconcat("model=", sum, NULL);
    g_autofree char *other = g_strconcat("model=", c1, NULL);
    Photo photo = fixture_noise(8, 8);
    Call without =
        fixture_call(&procedure_evidence, &photo, other, "layer=c1", "label=2", NULL);
    Call call = fixture_call(&procedure_evidence, &photo, whole, "layer=c2", "label=2",
                             "measure=score", "count=4", NULL);
    g_assert_cmpuint(call.results[6].numbers->len, ==, 1);
    g_assert_cmpfloat(fixture_number(&call, 6, 0), ==, 2);
    double wanted = fixture_number(&without, 5, 1) - fixture_number(&call, 5, 1);
    g_assert_cmpfloat(fabs(wanted), >, 0.01);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 8, 0), wanted, 1e-5);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 9, 0), wanted, 1e-5);
    fixture_call_clear(&call);
    fixture_call_clear(&without);
    fixture_free(&photo);
}

/* Three maps, the colours. Behind a white pixel: yes = r + 0.9 g, no = r + 0.5, so red is
 * the most evidence for yes by its score, and removing it changes nothing. */
static char *
crowded_net(void)
{
    static const float w1[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const float w2[6] = {1, 0.9f, 0, 1, 0, 0}, bias[2] = {0, 0.5f};
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_floats(net, "w1", "3,3,1,1", w1);
    new_floats(net, "w2", "2,3,1,1", w2);
    new_floats(net, "bias", "2", bias);
    new_node(net, "Conv", "maps", "picture;w1", "maps", "");
    new_node(net, "Conv", "c2", "maps;w2;bias", "c2", "");
    new_node(net, "GlobalAveragePool", "mean", "c2", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    fixture_write("crowded.ini", "[model]\nname=Crowded\n[input]\nrange=0;1\n"
                                 "[output]\nlabels=yes;no\n");
    return fixture_model(net, "crowded.onnx");
}

static Photo
white(void)
{
    Photo photo = fixture_photo(8, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(&photo, x, y, 1, 1, 1);
    fixture_done(&photo);
    return photo;
}

static void
maps_that_need_not_go_are_put_back(void)
{
    g_autofree char *model = crowded_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = white();
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps",
                             "measure=score", NULL);
    g_assert_cmpfloat(fixture_number(&call, 6, 0), ==, 0); /* the most evidence: red */
    g_assert_cmpuint(call.results[11].numbers->len, ==, 1);
    g_assert_cmpfloat(fixture_number(&call, 11, 0), ==, 1);
    g_assert_cmpstr(call.results[12].text, ==, "no");
    /* 1 against 1.5 */
    g_assert_cmpfloat_with_epsilon(call.results[13].d, 1 / (1 + exp(-0.5)), 1e-5);
    g_assert_cmpstr(call.results[14].text, ==,
                    "Without 1 of 3 maps of maps (1), the net says no, P = 0.62, and no "
                    "longer yes.");
    g_assert_true(fixture_said(call.results[14].text));
    fixture_call_clear(&call);

    /* Of one map at most red is tried, in vain; of none, nothing. */
    call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps",
                        "measure=score", "set=1", NULL);
    g_assert_cmpuint(call.results[11].numbers->len, ==, 0);
    g_assert_cmpstr(call.results[12].text, ==, "yes");
    g_assert_true(fixture_said(
        "The net still says yes without the most evidence for it in maps (maps "
        "removed together: 1)."));
    fixture_call_clear(&call);
    call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps",
                        "measure=score", "set=0", NULL);
    g_assert_cmpstr(call.results[12].text, ==, "");
    g_assert_cmpstr(call.results[14].text, ==, "");
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* Of a label that is not the answer, what speaks against it is removed. */
static void
a_label_that_loses_is_made_to_win(void)
{
    g_autofree char *model = crowded_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = white();
    Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps",
                             "label=no", NULL);
    g_assert_cmpuint(call.results[11].numbers->len, ==, 1);
    g_assert_cmpfloat(fixture_number(&call, 11, 0), ==, 1);
    g_assert_cmpstr(call.results[12].text, ==, "no");
    fixture_call_clear(&call);
    /* By the score no map speaks against it. */
    call = fixture_call(&procedure_evidence, &photo, argument, "layer=maps", "label=no",
                        "measure=score", NULL);
    g_assert_true(fixture_said("No map of maps speaks against no"));
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* The net's answer without some maps, by a whole net that masks them. */
static char *
answer_without(Photo *photo, unsigned removed, unsigned seed)
{
    g_autofree char *model = seeded_net(removed, "without", seed);
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Call call = fixture_call(&procedure_evidence, photo, argument, "layer=r1", NULL);
    char *answer = g_strdup(call.results[3].text);
    fixture_call_clear(&call);
    return answer;
}

/* Without the set the answer is another one, or the label; with any map of it back it is
 * not. */
static void
a_set_is_what_whole_nets_need(void)
{
    static const char *const labels[CLASSES] = {"cat", "dog", "car"};
    guint most = 0;
    for (unsigned seed = 13; seed < 23; seed++) {
        g_autofree char *model = seeded_net(0, "whole", seed);
        g_autofree char *argument = g_strconcat("model=", model, NULL);
        Photo photo = fixture_noise(8, 8);
        g_autofree char *whole = answer_without(&photo, 0, seed);
        for (int k = 0; k < CLASSES; k++) {
            g_autofree char *label = g_strconcat("label=", labels[k], NULL);
            Call call = fixture_call(&procedure_evidence, &photo, argument, "layer=r1",
                                     label, NULL);
            guint count = call.results[11].numbers->len;
            gboolean lose = g_str_equal(whole, labels[k]);
            unsigned all = 0;
            most = MAX(most, count);
            for (guint i = 0; i < count; i++)
                all |= 1u << (unsigned)fixture_number(&call, 11, i);
            for (guint i = 0; count && i <= count; i++) {
                unsigned back =
                    i < count ? 1u << (unsigned)fixture_number(&call, 11, i) : 0;
                g_autofree char *answer = answer_without(&photo, all & ~back, seed);
                g_assert_cmpint(g_str_equal(answer, labels[k]) != lose, ==, !back);
                if (!back)
                    g_assert_cmpstr(answer, ==, call.results[12].text);
            }
            fixture_call_clear(&call);
        }
        fixture_free(&photo);
    }
    g_assert_cmpuint(most, ==, 3);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *model = residual_net("sum");
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(8, 8);
    const Procedure *p = &procedure_evidence;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", argument,
                    "label=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_FAILED, "cannot be written", argument,
                    "layer=sum", "data=/nowhere/at/all.csv", NULL);
    Call call = fixture_call(p, &photo, argument, "layer=sum", NULL);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/evidence/whole-run", removing_a_map_is_a_whole_run_without_it);
    g_test_add_func("/evidence/estimate", the_estimate_is_exact_where_the_tail_is_linear);
    g_test_add_func("/evidence/layers", layers_say_what_each_map_does);
    g_test_add_func("/evidence/sentence", the_sentence_tells_evidence_from_strength);
    g_test_add_func("/evidence/bypassed",
                    a_layer_that_an_addition_leads_around_is_removed_too);
    g_test_add_func("/evidence/set/spare", maps_that_need_not_go_are_put_back);
    g_test_add_func("/evidence/set/other-way", a_label_that_loses_is_made_to_win);
    g_test_add_func("/evidence/set/whole-nets", a_set_is_what_whole_nets_need);
    g_test_add_func("/evidence/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
