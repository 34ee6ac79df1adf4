/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_classifier.c: tests of nets whose outputs are not scores of classes, or may not be:
 * what is refused, what goes on, what is said to be a guess. */
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* A convolution with a rectifier, "maps", and a tensor "rows" of 1 x 12 behind it. */
static NewModel *
begin(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "4,3,3,3", 1);
    new_weights(net, "v", "4,12", 2);
    new_node(net, "Conv", "conv", "picture;w", "conv", "");
    new_node(net, "Relu", "maps", "conv", "maps", "");
    new_node(net, "GlobalAveragePool", "", "maps", "mean", "");
    new_node(net, "Flatten", "", "mean", "flat", "");
    new_node(net, "MatMul", "", "flat;v", "rows", "");
    return net;
}

/* "model=FILE", g_free(). */
static char *
finish(NewModel *net, const char *card)
{
    fixture_write("net.ini", card);
    g_autofree char *path = fixture_model(net, "net.onnx");
    return g_strconcat("model=", path, NULL);
}

#define PLAIN_CARD "[model]\nname=Net\n[input]\nrange=0;1\n"

/* What asks for probabilities is refused with the part; projections and activity go
 * on. */
static void
expect_no_classes(const char *model, const char *part)
{
    const ProcedureError input = PROCEDURE_ERROR_INPUT;
    Photo photo = fixture_noise(8, 8);
    fixture_refused(&procedure_classify, &photo, input, part, model, NULL);
    fixture_refused(&procedure_classify, &photo, input,
                    "Projections and the activity of its maps work", model, NULL);
    fixture_refused(&procedure_whatif, &photo, input, part, model, "remove=layers", NULL);
    fixture_refused(&procedure_evidence, &photo, input, part, model, NULL);
    fixture_refused(&procedure_occlusion, &photo, input, part, model, NULL);
    Call call = fixture_call(&procedure_occlusion, &photo, model, "show=activity", NULL);
    g_assert_true(fixture_number(&call, 4, 0) < fixture_number(&call, 5, 0));
    fixture_call_clear(&call);
    call = fixture_call(&procedure_project, &photo, model, NULL);
    g_assert_cmpstr(call.results[2].text, ==, "maps");
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
detectors_project_and_give_activity(void)
{
    NewModel *net = begin();
    new_ints(net, "shape", "1,3,4");
    new_node(net, "Reshape", "", "rows;shape", "boxes", "");
    new_output(net, "boxes");
    g_autofree char *boxes = finish(net, PLAIN_CARD);
    expect_no_classes(boxes, "\"boxes\" is 1x3x4, not one number a class, but rows");

    net = begin();
    new_ints(net, "shape", "1,6,2");
    new_weights(net, "u", "4,6", 3);
    new_node(net, "MatMul", "", "flat;u", "raw", "");
    new_node(net, "Sigmoid", "", "raw", "scores", "");
    new_node(net, "Reshape", "", "rows;shape", "boxes", "");
    new_output(net, "scores");
    new_output(net, "boxes");
    g_autofree char *both = finish(net, PLAIN_CARD);
    expect_no_classes(both, "\"boxes\" is 1x6x2");
}

static void
maps_over_the_picture_are_no_classes(void)
{
    NewModel *net = begin();
    new_weights(net, "u", "5,4,1,1", 3);
    new_node(net, "Conv", "", "maps;u", "masks", "pads=1,1,1,1");
    new_output(net, "masks");
    g_autofree char *masks = finish(net, PLAIN_CARD);
    Photo photo = fixture_noise(8, 8);
    fixture_refused(&procedure_classify, &photo, PROCEDURE_ERROR_INPUT,
                    "\"masks\" is 1x5x8x8, not one number a class, but maps", masks,
                    NULL);
    Call call = fixture_call(&procedure_occlusion, &photo, masks, "show=activity", NULL);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
an_embedding_of_length_1_is_no_class(void)
{
    NewModel *net = begin();
    new_node(net, "LpNormalization", "", "rows", "embedding", "axis=1");
    new_output(net, "embedding");
    g_autofree char *model = finish(net, PLAIN_CARD);
    expect_no_classes(model, "\"embedding\" is 1x12, scaled to a fixed length");
    /* Whoever writes a card knows better. */
    net = begin();
    new_node(net, "LpNormalization", "", "rows", "embedding", "axis=1");
    new_output(net, "embedding");
    g_autofree char *said = finish(net, PLAIN_CARD "[output]\nname=embedding\n");
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_classify, &photo, said, NULL);
    g_assert_cmpuint(call.results[2].numbers->len, ==, 5);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
what_may_be_no_classes_is_said_once(void)
{
    NewModel *net = begin();
    new_output(net, "rows");
    g_autofree char *model = finish(net, PLAIN_CARD);
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_classify, &photo, model, NULL);
    g_assert_true(
        fixture_said("its output “rows” (1x12) is taken for the scores of 12 classes"));
    fixture_call_clear(&call);
    call = fixture_call(&procedure_occlusion, &photo, model, NULL);
    g_assert_false(fixture_said("a guess"));
    fixture_call_clear(&call);
    net_forget();
    call = fixture_call(&procedure_whatif, &photo, model, "remove=map", NULL);
    g_assert_true(fixture_said("12 classes (a guess)"));
    fixture_call_clear(&call);

    /* Names make it sure, and so does a softmax. */
    net = begin();
    new_output(net, "rows");
    g_autofree char *named =
        finish(net, PLAIN_CARD "[output]\nlabels=a;b;c;d;e;f;g;h;i;j;k;l\n");
    call = fixture_call(&procedure_classify, &photo, named, NULL);
    g_assert_false(fixture_said("a guess"));
    fixture_call_clear(&call);
    net = begin();
    new_node(net, "Softmax", "", "rows", "p", "axis=1");
    new_output(net, "p");
    g_autofree char *softmax = finish(net, PLAIN_CARD);
    call = fixture_call(&procedure_classify, &photo, softmax, NULL);
    g_assert_false(fixture_said("a guess"));
    fixture_call_clear(&call);

    net = begin();
    new_weights(net, "u", "12,1", 3);
    new_node(net, "MatMul", "", "rows;u", "price", "");
    new_output(net, "price");
    g_autofree char *price = finish(net, PLAIN_CARD);
    call = fixture_call(&procedure_classify, &photo, price, NULL);
    g_assert_true(fixture_said("“price” is one number"));
    g_assert_cmpuint(call.results[2].numbers->len, ==, 2);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* Two heads; the card has names for the second one. */
static void
names_choose_among_outputs(void)
{
    NewModel *net = begin();
    new_weights(net, "u", "4,3", 3);
    new_node(net, "MatMul", "", "flat;u", "kinds", "");
    new_output(net, "rows");
    new_output(net, "kinds");
    g_autofree char *model = finish(net, PLAIN_CARD "[output]\nlabels=cat;dog;car\n");
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_classify, &photo, model, NULL);
    g_assert_cmpuint(call.results[2].numbers->len, ==, 3);
    g_assert_false(fixture_said("list of names"));
    g_assert_true(g_strv_contains((const char *const *)call.results[1].texts, "cat"));
    fixture_call_clear(&call);
    call = fixture_call(&procedure_occlusion, &photo, model, "labels=dog", NULL);
    g_assert_cmpstr(call.results[2].texts[0], ==, "P(dog)");
    fixture_call_clear(&call);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/no-classifier/detectors", detectors_project_and_give_activity);
    g_test_add_func("/no-classifier/maps", maps_over_the_picture_are_no_classes);
    g_test_add_func("/no-classifier/embedding", an_embedding_of_length_1_is_no_class);
    g_test_add_func("/no-classifier/guess", what_may_be_no_classes_is_said_once);
    g_test_add_func("/no-classifier/names", names_choose_among_outputs);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
