/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c: tests of two nets on one photo, and of one net on two layers. */
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

enum {
    NAMES = 2,
    LABELS,
    PROBABILITIES,
    ANSWERS,
    MAPS,
    ACTIVATIONS,
    LOWEST,
    CORRELATIONS
};

/* Map 0 is `gain` times the red channel, map 1 the green one; the scores are their means.
 * size: of the input, a side. */
static char *
colour_net(const char *name, float gain, int size, const char *labels)
{
    const float w1[6] = {gain, 0, 0, 0, 1, 0};
    static const float w2[4] = {1, 0, 0, 1};
    g_autofree char *shape = g_strdup_printf("1,3,%d,%d", size, size);
    NewModel *net = new_model(13);
    new_input(net, "picture", shape);
    new_floats(net, "w1", "2,3,1,1", w1);
    new_floats(net, "w2", "2,2,1,1", w2);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "");
    new_node(net, "Relu", "maps", "c1", "maps", "");
    new_node(net, "Conv", "c2", "maps;w2", "c2", "");
    new_node(net, "GlobalAveragePool", "mean", "c2", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    g_autofree char *card = g_strconcat(name, ".ini", NULL);
    g_autofree char *file = g_strconcat(name, ".onnx", NULL);
    g_autofree char *text = g_strdup_printf(
        "[model]\nname=Colours\n[input]\nrange=0;1\n[output]\nlabels=%s\n", labels);
    fixture_write(card, text);
    return fixture_model(net, file);
}

/* The left half is red, the right half green, of these strengths. */
static void
paint_halves(Photo *photo, float red, float green)
{
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(photo, x, y, x < 4 ? red : 0, x < 4 ? 0 : green, 0);
}

static Photo
halves(float red, float green)
{
    Photo photo = fixture_photo(8, 8);
    paint_halves(&photo, red, green);
    fixture_done(&photo);
    return photo;
}

static double
p_of(double red, double green) /* scores */
{
    return 1 / (1 + exp(green - red));
}

static void
two_checkpoints_are_told_apart(void)
{
    g_autofree char *one = colour_net("epoch1", 1, 8, "red;green");
    g_autofree char *two = colour_net("epoch2", 2, 8, "red;green");
    g_autofree char *model = g_strconcat("model=", one, NULL);
    g_autofree char *other = g_strconcat("other=", two, NULL);
    Photo photo = halves(1, 0.5f);
    Call call =
        fixture_call(&procedure_compare, &photo, model, other, "layer=maps", NULL);
    g_assert_cmpstr(call.results[NAMES].texts[0], ==, "epoch1.onnx");
    g_assert_cmpstr(call.results[NAMES].texts[1], ==, "epoch2.onnx");
    g_assert_cmpstr(call.results[LABELS].texts[1], ==, "red");
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 0),
                                   p_of(0.5, 0.25), 1e-5);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 1), p_of(1, 0.25),
                                   1e-5);
    g_assert_cmpfloat(fixture_number(&call, MAPS, 1), ==, 0);
    g_assert_cmpfloat(fixture_number(&call, ACTIVATIONS, 0), ==, 1);
    g_assert_cmpfloat(fixture_number(&call, ACTIVATIONS, 1), ==, 2);
    g_assert_cmpfloat(fixture_number(&call, LOWEST, 1), <, 0);
    /* The same picture, four times as strong; the evidence of two maps lies on a line. */
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, CORRELATIONS, 0), 1, 1e-6);
    g_assert_cmpfloat(fixture_number(&call, CORRELATIONS, 1), >, 0.8);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, CORRELATIONS, 2), 1, 1e-6);
    g_assert_true(call.results[1].image->shown);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "epoch1.onnx and epoch2.onnx");
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* Of another size, and with other labels: what cannot be compared is not. */
static void
nets_that_do_not_fit_are_shown_by_themselves(void)
{
    g_autofree char *one = colour_net("small", 1, 8, "red;green");
    g_autofree char *two = colour_net("large", 1, 16, "rose;leaf");
    g_autofree char *model = g_strconcat("model=", one, NULL);
    g_autofree char *other = g_strconcat("other=", two, NULL);
    Photo photo = halves(0.25f, 0.5f);
    Call call =
        fixture_call(&procedure_compare, &photo, model, other, "layer=maps", NULL);
    g_assert_cmpstr(call.results[LABELS].texts[0], ==, "green");
    g_assert_cmpstr(call.results[LABELS].texts[1], ==, "leaf");
    g_assert_true(fixture_said("has no label “green”"));
    g_assert_true(isnan(fixture_number(&call, CORRELATIONS, 0)));
    g_assert_false(isnan(fixture_number(&call, CORRELATIONS, 1)));
    g_assert_true(isnan(fixture_number(&call, CORRELATIONS, 2)));
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
an_edit_is_compared_with_the_layer_below(void)
{
    g_autofree char *net = colour_net("edit", 1, 8, "red;green");
    g_autofree char *model = g_strconcat("model=", net, NULL);
    GeglRectangle rect = {0, 0, 8, 8};
    Photo photo = halves(1, 0.5f);
    HostItem *before = photo.photo;
    float *rgba = memory_item_get(before);
    fixture_refused(&procedure_compare, &photo, PROCEDURE_ERROR_INPUT, "no layer below",
                    model, "against=layer", NULL);
    photo.photo = memory_layer_new(photo.image, "edited", &rect, "R'G'B'A float");
    for (gsize i = 0; i < 64; i++)
        rgba[4 * i] *= 0.25f; /* less red */
    memory_item_set(photo.photo, rgba);
    Call call = fixture_call(&procedure_compare, &photo, model, "against=layer",
                             "layer=maps", "target=layer", NULL);
    g_assert_cmpstr(call.results[NAMES].texts[0], ==, "photo");
    g_assert_cmpstr(call.results[NAMES].texts[1], ==, "edited");
    g_assert_cmpstr(call.results[ANSWERS].texts[0], ==, "red");
    g_assert_cmpstr(call.results[ANSWERS].texts[1], ==, "green");
    g_assert_cmpstr(call.results[LABELS].texts[1], ==, "red");
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 1),
                                   p_of(0.125, 0.25), 1e-5);
    /* The map is the first one's. */
    g_assert_cmpfloat(fixture_number(&call, MAPS, 1), ==, 0);
    g_assert_cmpfloat(fixture_number(&call, ACTIVATIONS, 1), ==, 0.25);
    g_assert_true(call.results[1].image == photo.image);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "photo and edited");
    fixture_call_clear(&call);
    g_free(rgba);
    fixture_free(&photo);
}

/* So that a dialog does not run, instead of failing after it. */
static void
a_dialog_knows_that_both_are_the_same(void)
{
    const Procedure *p = &procedure_compare;
    g_autofree char *net = colour_net("one", 1, 8, "red;green");
    ParamValues *values = param_values_new(p->params, p->n_params);
    const Param *other = p->params;
    GError *error = NULL;
    while (!g_str_equal(other->name, "other"))
        other++;
    g_assert_false(other->valid(values, &error)); /* both built in */
    g_assert_nonnull(strstr(error->message, "Both models are the same"));
    g_clear_error(&error);
    param_set_text(values, "other", "/nowhere.onnx");
    g_assert_false(other->valid(values, &error));
    g_assert_nonnull(strstr(error->message, "nowhere"));
    g_clear_error(&error);
    param_set_text(values, "other", net);
    g_assert_true(other->valid(values, &error));
    param_set_text(values, "model", net);
    g_assert_false(other->valid(values, NULL));
    param_set_text(values, "against", "layer");
    g_assert_true(other->valid(values, &error));
    g_assert_no_error(error);
    param_values_free(values);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *net = colour_net("same", 1, 8, "red;green");
    g_autofree char *model = g_strconcat("model=", net, NULL);
    g_autofree char *other = g_strconcat("other=", net, NULL);
    Photo photo = halves(1, 0.5f);
    const Procedure *p = &procedure_compare;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "Both models are the same", model,
                    other, NULL);
    g_autofree char *two = colour_net("second", 2, 8, "red;green");
    g_autofree char *second = g_strconcat("other=", two, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", model, second,
                    "other-layer=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", model, second,
                    "label=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "out of range", model, second,
                    "size=9", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no map 7", model, second,
                    "layer=maps", "map=7", NULL);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/compare/checkpoints", two_checkpoints_are_told_apart);
    g_test_add_func("/compare/others", nets_that_do_not_fit_are_shown_by_themselves);
    g_test_add_func("/compare/edit", an_edit_is_compared_with_the_layer_below);
    g_test_add_func("/compare/same", a_dialog_knows_that_both_are_the_same);
    g_test_add_func("/compare/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
