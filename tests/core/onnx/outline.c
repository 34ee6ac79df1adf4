/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outline.c: tests of what a file says of itself, whether or not it is a model. */
#include "check.h"
#include "core/fixture/net.h"

static DcnOutline *
outline_of(NewModel *net)
{
    gsize size;
    DcnError error = {0};
    const guint8 *bytes = new_model_bytes(net, &size);
    DcnOutline *outline = dcn_outline_parse(bytes, size, &error);
    check(outline != NULL, error.text);
    return outline;
}

static void
check_operator(const DcnOutline *outline,
               size_t index,
               const char *domain,
               const char *name,
               size_t nodes)
{
    if (!check(index < outline->n_operators, "there are so many operators"))
        return;
    check_same_text(outline->operators[index].domain, domain);
    check_same_text(outline->operators[index].name, name);
    CHECK_INT(outline->operators[index].nodes, nodes);
}

static void
a_file_that_is_no_model_is_outlined(void)
{
    /* An opset of tomorrow, an input that nothing makes, weights that are not there. */
    NewModel *net = new_model(99);
    new_input(net, "picture", "-1,3,8,-1");
    new_input(net, "w", "4,3,3,3"); /* IR version 3: initialisers are inputs too */
    new_external(net, "w", "4,3,3,3", "../w.bin", "0");
    new_external(net, "w2", "4,4,1,1", "../w.bin", "432");
    new_ints(net, "shape", "0,-1");
    new_node(net, "Conv", "first", "picture;w", "a", "");
    new_node(net, "com.example:Wobble", "wobble", "nowhere", "b", "");
    new_node(net, "Conv", "second", "b;w2", "c", "");
    new_output(net, "c");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    CHECK(dcn_model_parse(bytes, size, NULL) == NULL);
    DcnOutline *outline = outline_of(net);
    CHECK_INT(outline->n_opsets, 1);
    check_same_text(outline->opsets[0].domain, "");
    CHECK_INT(outline->opsets[0].version, 99);
    CHECK_INT(outline->n_inputs, 1);
    check_same_text(outline->inputs[0].name, "picture");
    CHECK_INT(outline->inputs[0].type, DCN_FLOAT);
    CHECK_INT(outline->inputs[0].shape.rank, 4);
    CHECK_INT(outline->inputs[0].shape.dim[0], -1);
    CHECK_INT(outline->inputs[0].shape.dim[2], 8);
    CHECK_INT(outline->n_outputs, 1);
    check_same_text(outline->outputs[0].name, "c");
    CHECK_INT(outline->outputs[0].shape.rank, -1);
    CHECK_INT(outline->n_nodes, 3);
    CHECK_INT(outline->n_operators, 2);
    check_operator(outline, 0, "", "Conv", 2);
    check_operator(outline, 1, "com.example", "Wobble", 1);
    CHECK_INT(outline->n_weights, 2);
    CHECK_INT(outline->weights[0].type, DCN_FLOAT);
    CHECK_INT(outline->weights[0].values, 108 + 16);
    CHECK_INT(outline->weights[1].type, DCN_INT64);
    CHECK_INT(outline->weights[1].values, 2);
    CHECK_INT(outline->n_externals, 1);
    check_same_text(outline->externals[0], "../w.bin");
    check_same_text(outline->producer, "");
    dcn_outline_free(outline);
    new_model_free(net);
}

static void
nodes_of_branches_and_functions_count(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,2,2");
    new_ints(net, "yes", "1");
    new_function(net, "own:Twice", 13, "a", "b", "");
    new_node(net, "Add", "", "a;a", "b", "");
    new_function_end(net);
    new_node(net, "own:Twice", "call", "x", "y", "");
    new_node(net, "Constant", "", "", "k", "value=#1.5,2");
    new_if(net, "yes", "Relu", "Abs", "y", "z");
    new_output(net, "z");
    DcnOutline *outline = outline_of(net);
    CHECK_INT(outline->n_nodes, 3);
    CHECK_INT(outline->n_operators, 6);
    check_operator(outline, 0, "own", "Twice", 1);
    check_operator(outline, 1, "", "Constant", 1);
    check_operator(outline, 2, "", "If", 1);
    check_operator(outline, 3, "", "Relu", 1);
    check_operator(outline, 4, "", "Abs", 1);
    check_operator(outline, 5, "", "Add", 1);
    CHECK_INT(outline->n_weights, 2); /* the condition, and the Constant */
    CHECK_INT(outline->weights[1].type, DCN_FLOAT);
    CHECK_INT(outline->weights[1].values, 2);
    dcn_outline_free(outline);
    new_model_free(net);
}

static void
absurd_sizes_do_not_overflow(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,2,2");
    new_external(net, "a", "4294967296,4294967296,4294967296", "a.bin", "0");
    new_external(net, "b", "7", "a.bin", "0");
    new_node(net, "Relu", "", "x", "y", "");
    new_output(net, "y");
    DcnOutline *outline = outline_of(net);
    CHECK(outline->weights[0].values == UINT64_MAX);
    dcn_outline_free(outline);
    new_model_free(net);
}

static void
other_bytes_are_no_outline(void)
{
    DcnError error = {0};
    const char text[] = "version https://git-lfs.github.com/spec/v1";
    CHECK(dcn_outline_parse(text, sizeof text, &error) == NULL);
    CHECK_INT(error.code, DCN_ERROR_FORMAT);
    check_text(error.text, "not an ONNX file");
    const unsigned char version[] = {8, 7}; /* ir_version 7, and nothing else */
    CHECK(dcn_outline_parse(version, sizeof version, &error) == NULL);
    CHECK_INT(error.code, DCN_ERROR_FORMAT);
    CHECK(dcn_outline_open("/nonexistent/net.onnx", &error) == NULL);
    CHECK_INT(error.code, DCN_ERROR_FILE);
    check_text(error.text, "net.onnx");
    dcn_outline_free(NULL);
}

CHECK_MAIN(CHECK_TEST(a_file_that_is_no_model_is_outlined),
           CHECK_TEST(nodes_of_branches_and_functions_count),
           CHECK_TEST(absurd_sizes_do_not_overflow),
           CHECK_TEST(other_bytes_are_no_outline))
