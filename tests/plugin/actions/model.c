/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.c: tests of the report on a model: on nets of ours, on strangers', and on files
 * that are no model for the core. */
#include "net/hash.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* The report on a file; no message is told beside it. g_free() */
static char *
report_on(const char *path)
{
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    memory_host_reset();
    Call call = fixture_call(&procedure_model, &photo, argument, "threads=1", NULL);
    char *text = g_strdup(call.results[0].text);
    g_assert_cmpuint(memory_host()->messages->len, ==, 0);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    g_assert_cmpint(photo.image->undo_steps, ==, 0);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    return text;
}

static char *
report_on_foreign(const char *name)
{
    g_autofree char *path =
        g_build_filename(SOURCE_ROOT, "tests/data/foreign", name, "model.onnx", NULL);
    return report_on(path);
}

/* TRUE if some row with this first cell holds the part behind it. */
static gboolean
has_row(const char *report, const char *first, const char *part)
{
    g_auto(GStrv) lines = g_strsplit(report, "\n", -1);
    g_autofree char *start = g_strconcat("  ", first, " ", NULL);
    for (char **line = lines; *line; line++) {
        /* Where a long cell was broken, lines go on below its first letter. */
        GString *whole = g_string_new(*line);
        for (char **next = line + 1; *next && g_str_has_prefix(*next, "      "); next++)
            g_string_append_printf(whole, " %s", g_strstrip(*next));
        gboolean found = g_str_has_prefix(whole->str, start) &&
                         strstr(whole->str + strlen(start), part);
        g_string_free(whole, TRUE);
        if (found)
            return TRUE;
    }
    return FALSE;
}

static void
check_row(const char *report, const char *first, const char *part)
{
    if (!has_row(report, first, part))
        g_test_message("no row \"%s\" with \"%s\" in:\n%s", first, part, report);
    g_assert_true(has_row(report, first, part));
}

/* No place of this machine is told. */
static void
check_no_folder(const char *report)
{
    g_autofree char *folder = fixture_path("");
    g_assert_null(strstr(report, folder));
    g_assert_null(strstr(report, SOURCE_ROOT));
}

static void
a_known_net_is_told_whole(void)
{
    g_autofree char *path = fixture_red_net();
    g_autofree char *report = report_on(path), *sum = hash_file(path);
    check_row(report, "Name", "red.onnx");
    check_row(report, "SHA-256", sum);
    check_row(report, "Written by", "the file does not say it");
    check_row(report, "Opsets", "ONNX 13");
    check_row(report, "Parameters", "10 (float 10)"); /* 6 weights, 2 biases, 2 twos */
    check_row(report, "Declared", "picture: float, ?x3x8x8");
    check_row(report, "Chosen size", "8 × 8 pixels in 3 channels, N×C×H×W: as the file");
    check_row(report, "Fed as", "0…1, R G B, as red.ini says (certain)");
    check_row(report, "Numbers", "times 1, minus mean 0 0 0, divided by deviation 1 1 1");
    check_row(report, "Answer", "probability, 2 numbers");
    check_row(report, "Taken for", "the net's own softmax");
    check_row(report, "Read from", "score");
    check_row(report, "Number", "2, from red.ini");
    check_row(report, "The first", "“red”, “green”");
    check_row(report, "again", "2 × 8 × 8  Add (default)");
    check_row(report, "Conv", "1 ×  the transposed linear map, biases ignored");
    check_row(report, "Relu", "1 ×  deconvnet max(0, g) whatever the input was; guided");
    check_row(report, "Nothing:", "all nodes can be computed");
    check_row(report, "Forward to", "probability");
    check_row(report, "Projection from", "again");
    check_row(report, "Time", " ms");
    g_assert_null(strstr(report, "same here"));
    check_no_folder(report);
}

/* conv1, relu1, an operator that nobody knows, conv2; the answer is behind it. */
static NewModel *
wobbling(const char *type)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,-1,-1");
    new_weights(net, "w", "4,3,3,3", 1);
    new_weights(net, "w2", "2,4,1,1", 2);
    new_node(net, "Conv", "first", "picture;w", "first", "");
    new_node(net, "Relu", "active", "first", "active", "");
    new_node(net, type, "wobble", "active", "wobbled", "");
    new_node(net, "Conv", "second", "wobbled;w2", "second", "");
    new_node(net, "GlobalAveragePool", "mean", "second", "mean", "");
    new_output(net, "mean");
    return net;
}

static void
an_unknown_operator_is_named_with_what_works(void)
{
    g_autofree char *path = fixture_model(wobbling("com.example:Wobble"), "own.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Node", "wobble: com.example.Wobble");
    check_row(report, "Reason", "operator com.example.Wobble is not supported");
    check_row(report, "Nodes behind it", "2");
    check_row(report, "Still works", "2 of 5 nodes, 2 layers");
    check_row(report, "Remedy", "“com.example” is no domain of ONNX");
    check_row(report, "Answer", "none: ");
    check_row(report, "active", "4 × 222 × 222  Relu (default)");
    check_row(report, "Chosen size",
              "224 × 224 pixels in 3 channels, N×C×H×W: the usual");
    check_row(report, "Forward to", "active");
    check_row(report, "Projection from", "active");

    g_autofree char *fused = fixture_model(wobbling("com.microsoft:Wobble"), "ms.onnx");
    g_autofree char *by_optimiser = report_on(fused);
    check_row(by_optimiser, "Remedy", "from before ONNX Runtime's optimiser");
    g_autofree char *plain = fixture_model(wobbling("Wobble"), "plain.onnx");
    g_autofree char *without = report_on(plain);
    check_row(without, "Node", "wobble: Wobble, opset 13");
    g_assert_false(has_row(without, "Remedy", ""));
}

static void
an_opset_that_is_too_old_names_the_one_to_export_with(void)
{
    NewModel *net = new_model(7);
    const float scales[4] = {1, 1, 2, 2};
    new_input(net, "picture", "1,3,8,8");
    new_floats(net, "scales", "4", scales);
    new_node(net, "Relu", "active", "picture", "active", "");
    new_node(net, "Resize", "larger", "active;scales", "larger", "");
    new_output(net, "larger");
    g_autofree char *path = fixture_model(net, "old.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Node", "larger: Resize, opset 7");
    check_row(report, "Remedy", "opset 10 or later");
}

static void
what_is_shut_before_any_node_is_told(void)
{
    /* A texts' input is refused where it enters. */
    NewModel *net = new_model(13);
    const guint8 bytes[1] = {0};
    new_input(net, "picture", "1,3,8,8");
    new_bytes(net, "odd", "1", 17, bytes, 1, TRUE); /* float8: the core has none */
    new_node(net, "Add", "sum", "picture;odd", "sum", "");
    new_node(net, "Relu", "active", "sum", "active", "");
    new_output(net, "active");
    g_autofree char *path = fixture_model(net, "odd.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Node", "sum: Add, opset 13");
    check_row(report, "Reason", "tensor \"odd\" has elements of type");
    check_row(report, "Nodes behind it", "1");
    check_row(report, "Still works", "0 of 2 nodes, 0 layers");
    check_row(report, "No run", "no output and no layer");
}

static void
strangers_answers_are_told_for_what_they_are_taken(void)
{
    g_autofree char *logit = report_on_foreign("one-logit");
    check_row(logit, "Answer", "fc, one number");
    check_row(logit, "Taken for", "P of the second label is its sigmoid");
    check_row(logit, "The first", "“not class 1”, “class 1”");
    g_autofree char *sigmoid = report_on_foreign("one-sigmoid");
    check_row(sigmoid, "Taken for", "one number, a yes or no");
    g_autofree char *many = report_on_foreign("labels-sigmoid");
    check_row(many, "Taken for", "labels that do not exclude each other");
    g_autofree char *pieces = report_on_foreign("softmax-pieces");
    check_row(pieces, "Taken for", "the net's own softmax");
    g_autofree char *scores = report_on_foreign("ends-argmax");
    check_row(scores, "Taken for", "scores: probabilities come by their softmax");
    check_row(scores, "ArgMax", "nothing comes back");
    check_row(scores, "Number", "6 classes without names: nothing says any");
    g_autofree char *zip = report_on_foreign("outputs-zipmap");
    check_row(zip, "Declared", "loss: not declared as a tensor");
    check_row(zip, "Number", "5, from the net's own last node");
    check_row(zip, "Opsets", "ONNX 10, ai.onnx.ml 1");
    check_row(zip, "Nothing:", "all nodes"); /* what makes labels is not missed */
}

static void
quantised_nets_have_their_own_rule(void)
{
    g_autofree char *report = report_on_foreign("qlinear-ms");
    check_row(report, "Parameters", "2,150 (float 11, uint8 2,111, int32 28)");
    check_row(report, "QLinearConv", "straight through rounding");
    check_row(report, "com.microsoft.QLinearAdd", "straight through rounding");
    check_row(report, "So deconvnet,", "give the same here");
}

static void
weights_in_other_files_are_told_with_their_sums(void)
{
    g_autofree char *report = report_on_foreign("opset18-external");
    g_autofree char *path = g_build_filename(
        SOURCE_ROOT, "tests/data/foreign/opset18-external/model.onnx.data", NULL);
    g_autofree char *sum = hash_file(path);
    check_row(report, "Weights in", "model.onnx.data");
    check_row(report, "SHA-256", sum);
    check_no_folder(report);
}

static void
files_that_do_not_load_tell_what_they_say(void)
{
    /* An opset of tomorrow. */
    g_autofree char *path = fixture_model(wobbling("com.example:Wobble"), "new.onnx");
    NewModel *tomorrow = new_model(99);
    new_input(tomorrow, "picture", "1,3,8,8");
    new_weights(tomorrow, "w", "4,3,3,3", 1);
    new_node(tomorrow, "Conv", "first", "picture;w", "first", "");
    new_output(tomorrow, "first");
    g_free(path);
    path = fixture_model(tomorrow, "new.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Problem", "the file has opset 99: 1 to 25 are supported");
    check_row(report, "Opsets", "ONNX 99");
    check_row(report, "Declared", "picture: float, 1x3x8x8");
    check_row(report, "Parameters", "108 (float 108)");
    check_row(report, "Conv", "1 ×");
    check_no_folder(report);

    /* Weights that are not there; a name that leads elsewhere is told and not opened. */
    NewModel *alone = new_model(13);
    new_input(alone, "picture", "1,3,8,8");
    new_external(alone, "w", "4,3,3,3", "../elsewhere.bin", "0");
    new_node(alone, "Conv", "first", "picture;w", "first", "");
    new_output(alone, "first");
    g_free(path);
    path = fixture_model(alone, "alone.onnx");
    g_free(report);
    report = report_on(path);
    check_row(report, "Weights in", "../elsewhere.bin");
    check_row(report, "Problem", "external data");
    check_row(report, "Conv", "1 ×");
    check_no_folder(report);
}

static void
a_net_that_takes_no_pictures_still_has_layers(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,4,8,8");
    new_weights(net, "w", "2,4,3,3", 1);
    new_node(net, "Conv", "first", "picture;w", "first", "");
    new_output(net, "first");
    g_autofree char *path = fixture_model(net, "four.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Problem", "a picture has 1 or 3 channels");
    check_row(report, "first", "2 × 6 × 6  Conv (default)");
    check_row(report, "Answer", "none: ");
    check_no_folder(report);
}

static void
a_wrong_list_of_names_is_told_in_the_report(void)
{
    g_autofree char *path = fixture_red_net();
    fixture_write("red.ini", "[output]\nlabels=one;two;three\n");
    net_forget();
    g_autofree char *report = report_on(path);
    check_row(report, "Number", "2 classes without names: The model “red.onnx” has 2");
}

static void
a_card_that_cannot_be_read_is_a_problem(void)
{
    g_autofree char *path = fixture_red_net();
    fixture_write("red.ini", "[output]\nlabels-file=absent.txt\n");
    net_forget();
    g_autofree char *report = report_on(path);
    check_row(report, "Problem", "The list of names “absent.txt” cannot be read: ");
    check_row(report, "again", "2 × 8 × 8  Add (default)");
    check_row(report, "Taken for", "the net's own softmax");
    check_no_folder(report);
}

static void
words_of_the_file_are_cleaned(void)
{
    NewModel *net = new_model(13);
    new_input(net, "pic\nture", "1,3,8,8");
    new_node(net, "Relu", "active", "pic\nture", "ac\ttive\x1b[31m", "");
    new_output(net, "ac\ttive\x1b[31m");
    g_autofree char *path = fixture_model(net, "words.onnx");
    g_autofree char *report = report_on(path);
    check_row(report, "Declared", "pic ture: float");
    g_assert_null(strchr(report, '\x1b'));
    g_assert_null(strchr(report, '\t'));
}

static void
no_onnx_file_is_an_error_that_names_it(void)
{
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    fixture_write("pointer.onnx", "version https://git-lfs.github.com/spec/v1\n");
    fixture_write("empty.onnx", "");
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"pointer.onnx", "empty.onnx", "absent.onnx"};
        g_autofree char *path = fixture_path(names[i]);
        g_autofree char *argument = g_strconcat("model=", path, NULL);
        fixture_refused(&procedure_model, &photo, PROCEDURE_ERROR_INPUT, names[i],
                        argument, NULL);
    }
    fixture_free(&photo);
}

static void
the_built_in_model_is_told_without_a_name(void)
{
    g_autofree char *report = report_on("");
    check_row(report, "Name", "default.onnx");
    check_row(report, "Written by", "featurescope");
    check_row(report, "Number", "102, from default.ini");
    g_assert_nonnull(strstr(report, "in memory: about the model\n"));
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/model/known", a_known_net_is_told_whole);
    g_test_add_func("/model/unknown", an_unknown_operator_is_named_with_what_works);
    g_test_add_func("/model/old", an_opset_that_is_too_old_names_the_one_to_export_with);
    g_test_add_func("/model/shut", what_is_shut_before_any_node_is_told);
    g_test_add_func("/model/answers", strangers_answers_are_told_for_what_they_are_taken);
    g_test_add_func("/model/quantised", quantised_nets_have_their_own_rule);
    g_test_add_func("/model/beside", weights_in_other_files_are_told_with_their_sums);
    g_test_add_func("/model/broken", files_that_do_not_load_tell_what_they_say);
    g_test_add_func("/model/channels", a_net_that_takes_no_pictures_still_has_layers);
    g_test_add_func("/model/names", a_wrong_list_of_names_is_told_in_the_report);
    g_test_add_func("/model/card", a_card_that_cannot_be_read_is_a_problem);
    g_test_add_func("/model/words", words_of_the_file_are_cleaned);
    g_test_add_func("/model/refused", no_onnx_file_is_an_error_that_names_it);
    g_test_add_func("/model/built-in", the_built_in_model_is_told_without_a_name);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
