/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.c: tests of reading models: what is accepted, and the sentence for what is
 * not. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "onnx.pb-c.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A small classifier: conv, relu, pool, gemm, softmax. */
static NewModel *
small_net(int opset)
{
    NewModel *net = new_model(opset);
    new_input(net, "picture", "-1,3,12,12");
    new_weights(net, "w", "4,3,3,3", 1);
    new_weights(net, "b", "4", 2);
    new_weights(net, "fc", "5,64", 3);
    new_node(net, "Conv", "first", "picture;w;b", "c", "strides=1,1;pads=0,0,0,0");
    new_node(net, "Relu", "", "c", "r", "");
    new_node(net, "MaxPool", "", "r", "p", "kernel_shape=4,4;strides=2,2");
    new_node(net, "Flatten", "", "p", "f", "");
    new_node(net, "Gemm", "", "f;fc", "scores", "transB=1");
    new_node(net, "Softmax", "", "scores", "prob", "");
    new_output(net, "prob");
    return net;
}

static void
expect_error(NewModel *net, DcnCode code, const char *part)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
    CHECK(!plan);
    if (!strstr(error.text, part))
        check_say("expected \"%s\" in: %s", part, error.text);
    check_text(error.text, part);
    CHECK_INT(error.code, code);
    dcn_model_free(model);
    new_model_free(net);
}

static void
a_small_net_is_read_whole(void)
{
    NewModel *net = small_net(13);
    new_metadata(net, "input.order", "RGB");
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    check_no_error(error.text);
    CHECK_INT(dcn_model_node_count(model), 6);
    CHECK_INT(dcn_model_parameter_count(model), 4 * 27 + 4 + 5 * 64);
    check_same_text(dcn_model_metadata(model, "input.order"), "RGB");
    CHECK(!dcn_model_metadata(model, "nothing"));
    DcnShape shape;
    DcnType type;
    check_same_text(dcn_model_input(model, 0, &type, &shape), "picture");
    CHECK_INT(shape.dim[0], -1);
    CHECK_INT(type, DCN_FLOAT);
    DcnInputLayout layout;
    CHECK(dcn_model_input_layout(model, &layout, &error));
    CHECK(!layout.nhwc);
    CHECK_INT(layout.height, 12);
    dcn_model_free(model);
    new_model_free(net);
}

/* A byte that is part of no character becomes the character of its number. */
static void
names_are_text_whatever_bytes_they_are(void)
{
    static const struct {
        const char *bytes, *text;
    } names[] = {
        {"caf\xE9", "caf\xC3\xA9"},                   /* of Latin 1 */
        {"\xE5\xB1\x82 1", "\xE5\xB1\x82 1"},         /* is UTF-8 */
        {"\xB2\xE3", "\xC2\xB2\xC3\xA3"},             /* of GBK */
        {"\xF0\x9D\x84\x9E", "\xF0\x9D\x84\x9E"},     /* four bytes */
        {"\xC0\x80", "\xC3\x80\xC2\x80"},             /* longer than need be */
        {"\xED\xA0\x80", "\xC3\xAD\xC2\xA0\xC2\x80"}, /* half of a pair of UTF-16 */
        {"\xF4\x90\x80\x80", "\xC3\xB4\xC2\x90\xC2\x80\xC2\x80"}, /* beyond Unicode */
        {"end\xE2\x82", "end\xC3\xA2\xC2\x82"},                   /* cut off */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        DcnError error = {0};
        NewModel *net = new_model(13);
        new_input(net, "picture", "1,3,4,4");
        new_node(net, "Relu", "", "picture", names[i].bytes, "");
        new_node(net, "Abs", "", names[i].bytes, "end", "");
        new_output(net, "end");
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        check_no_error(error.text);
        if (plan)
            check(dcn_plan_find(plan, names[i].text, NULL) >= 0, "it is found");
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
}

static void
a_file_cut_off_anywhere_is_refused(void)
{
    NewModel *net = small_net(13);
    gsize size, refused = 0;
    const guint8 *bytes = new_model_bytes(net, &size);
    for (gsize cut = 0; cut < size; cut++) {
        DcnError error = {0};
        guint8 *part = g_memdup2(bytes, cut ? cut : 1);
        DcnModel *model = dcn_model_parse(part, cut, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        if (!plan) {
            CHECK(strcmp(error.text, "") != 0);
            refused++;
        }
        dcn_plan_free(plan);
        dcn_model_free(model);
        g_free(part);
    }
    CHECK_INT(refused, size);
    new_model_free(net);
}

static void
what_is_no_model_is_called_so(void)
{
    static const char *const texts[] = {"\x89PNG\r\n\x1a\n and so on",
                                        "hello, this is text", "\x08\x07"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        DcnError error = {0};
        CHECK(!dcn_model_parse(texts[i], strlen(texts[i]), &error));
        CHECK_INT(error.code, DCN_ERROR_FORMAT);
        check_text(error.text, "not an ONNX file");
    }
    static const struct {
        const char *bytes;
        size_t size;
        const char *name;
    } others[] = {
        {"version https://git-lfs.github.com/spec/v1\noid", 46,
         "but a pointer of Git LFS"},
        {"PK\3\4\0\0", 6, "but a ZIP archive"},
        {"\x89HDF\r\n\x1a\n\0\0", 10, "but HDF5"},
        {"\x1c\0\0\0TFL3\0", 9, "but a model of TensorFlow Lite"},
        {"\x40\1\0\0\0\0\0\0{\"w\":", 13, "but safetensors"},
        {"\x1f\x8b\x08\0", 4, "but packed by gzip"},
        {"<!DOCTYPE html>", 15, "but a web page"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        DcnError other = {0};
        CHECK(!dcn_model_parse(others[i].bytes, others[i].size, &other));
        CHECK_INT(other.code, DCN_ERROR_FORMAT);
        check_text(other.text, "not an ONNX file");
        check_text(other.text, others[i].name);
    }
    DcnError error = {0};
    CHECK(!dcn_model_open("/nonexistent/net.onnx", &error));
    CHECK_INT(error.code, DCN_ERROR_FILE);
    check_text(error.text, "/nonexistent/net.onnx");
    CHECK(!dcn_model_open("/tmp", &error));
    check_text(error.text, "not a regular file");
}

static void
opsets_out_of_range_are_named(void)
{
    expect_error(small_net(26), DCN_ERROR_UNSUPPORTED, "opset 26");
    expect_error(small_net(-1), DCN_ERROR_UNSUPPORTED, "opset -1: 1 to 25");
    char domain[] = "ai.onnx.ml";
    NewModel *net = small_net(1);
    new_model_domain(net, domain);
    expect_error(net, DCN_ERROR_UNSUPPORTED,
                 "the file has operators of \"ai.onnx.ml\", and names no opset of ONNX's "
                 "own, of which nets consist");
}

static void
an_unknown_operator_is_named_with_its_node(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Whirl", "spin", "x", "y", "");
    new_output(net, "y");
    expect_error(net, DCN_ERROR_UNSUPPORTED, "node \"spin\": operator Whirl");
}

static void
an_unknown_operator_that_no_target_needs_does_no_harm(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Relu", "first", "x", "r", "");
    new_node(net, "Whirl", "spin", "r", "y", "");
    new_output(net, "y");
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    const char *target = "r";
    DcnPlan *plan = dcn_plan_new(
        model, &(DcnPlanOptions){.targets = &target, .n_targets = 1}, &error);
    CHECK_NEED(plan);
    check_same_text(dcn_model_unsupported(model), "Whirl");
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
names_that_nothing_defines_are_named(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Relu", "first", "nowhere", "y", "");
    new_output(net, "y");
    expect_error(net, DCN_ERROR_FORMAT, "input \"nowhere\" is made by no node");
    net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Relu", "first", "x", "y", "");
    new_node(net, "Relu", "second", "x", "y", "");
    new_output(net, "y");
    expect_error(net, DCN_ERROR_FORMAT, "two tensors have the name \"y\"");
    net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Relu", "first", "x", "y", "");
    new_output(net, "z");
    expect_error(net, DCN_ERROR_FORMAT, "output \"z\" is made by no node");
}

static void
weights_that_do_not_fit_are_named(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,8,8");
    new_weights(net, "w", "4,5,3,3", 1);
    new_node(net, "Conv", "conv3", "x;w", "y", "");
    new_output(net, "y");
    expect_error(net, DCN_ERROR_SHAPE, "node \"conv3\" (Conv)");
}

static void
nesting_is_bounded(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_ints(net, "condition", "1");
    new_nested(net, 5000);
    new_output(net, "deep5000");
    expect_error(net, DCN_ERROR_FORMAT, "graphs nest more than");
}

static void
a_constant_if_becomes_its_branch(void)
{
    for (int condition = 0; condition < 2; condition++) {
        NewModel *net = new_model(13);
        new_input(net, "x", "1,1,1,2");
        new_ints(net, "condition", condition ? "1" : "0");
        new_if(net, "condition", "Relu", "Neg", "x", "y");
        new_output(net, "y");
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = dcn_plan_new(model, NULL, &error);
        check_no_error(error.text);
        DcnContext *context = dcn_context_new(1, &error);
        DcnSession *session = dcn_session_new(plan, context, &error);
        memcpy(dcn_session_input(session, 0), (float[]){-3, 4}, 2 * sizeof(float));
        CHECK(dcn_forward(session, NULL, &error));
        const float *y = dcn_session_tensor(session, dcn_plan_find(plan, "y", NULL));
        CHECK(y[0] == (condition ? 0 : 3));
        CHECK(y[1] == (condition ? 4 : -4));
        dcn_session_free(session);
        dcn_context_free(context);
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
}

/* The taken branch has no node and gives what it captured. */
static void
a_branch_may_hand_a_tensor_through(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,1,2");
    new_ints(net, "condition", "1");
    new_node(net, "Relu", "relu", "x", "r", "");
    new_if(net, "condition", "Abs", "Neg", "r", "y");
    new_node(net, "Neg", "neg", "y", "z", "");
    new_output(net, "z");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, size, bytes);
    Onnx__GraphProto *branch = proto->graph->node[1]->attribute[0]->g;
    char *own_name = branch->output[0]->name, captured[] = "r";
    branch->output[0]->name = captured;
    branch->n_node = 0;
    g_autofree guint8 *own = g_malloc(onnx__model_proto__get_packed_size(proto));
    size = onnx__model_proto__pack(proto, own);
    branch->output[0]->name = own_name;
    branch->n_node = 1;
    onnx__model_proto__free_unpacked(proto, NULL);
    DcnError error = {0};
    DcnModel *model = dcn_model_parse(own, size, &error);
    DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
    CHECK(!error.text[0]);
    DcnContext *context = dcn_context_new(1, &error);
    DcnSession *session = dcn_session_new(plan, context, &error);
    memcpy(dcn_session_input(session, 0), (float[]){-3, 4}, 2 * sizeof(float));
    CHECK(dcn_forward(session, NULL, &error));
    const float *z = dcn_session_tensor(session, dcn_plan_find(plan, "z", NULL));
    CHECK(z[0] == 0);
    CHECK(z[1] == -4);
    CHECK(dcn_plan_find(plan, "y", NULL) == dcn_plan_find(plan, "r", NULL));
    dcn_session_free(session);
    dcn_context_free(context);
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

/* ONNX's branches have none; what reads one would read nothing. */
static void
a_branch_with_an_input_is_refused(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,1,2");
    new_ints(net, "condition", "1");
    new_if(net, "condition", "Relu", "Neg", "x", "y");
    new_output(net, "y");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, size, bytes);
    Onnx__GraphProto *branch = proto->graph->node[0]->attribute[0]->g;
    Onnx__ValueInfoProto input = ONNX__VALUE_INFO_PROTO__INIT, *inputs[] = {&input};
    char name[] = "x"; /* hides the outer one */
    input.name = name;
    branch->input = inputs;
    branch->n_input = 1;
    g_autofree guint8 *own = g_malloc(onnx__model_proto__get_packed_size(proto));
    size = onnx__model_proto__pack(proto, own);
    branch->input = NULL;
    branch->n_input = 0;
    onnx__model_proto__free_unpacked(proto, NULL);
    DcnError error = {0};
    DcnModel *model = dcn_model_parse(own, size, &error);
    check_no_error(error.text);
    CHECK(!dcn_plan_new(model, NULL, &error));
    CHECK_INT(error.code, DCN_ERROR_FORMAT);
    check_text(error.text, "(If): its branch has an input \"x\"");
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(a_small_net_is_read_whole),
           CHECK_TEST(names_are_text_whatever_bytes_they_are),
           CHECK_TEST(a_file_cut_off_anywhere_is_refused),
           CHECK_TEST(what_is_no_model_is_called_so),
           CHECK_TEST(opsets_out_of_range_are_named),
           CHECK_TEST(an_unknown_operator_is_named_with_its_node),
           CHECK_TEST(an_unknown_operator_that_no_target_needs_does_no_harm),
           CHECK_TEST(names_that_nothing_defines_are_named),
           CHECK_TEST(weights_that_do_not_fit_are_named),
           CHECK_TEST(nesting_is_bounded),
           CHECK_TEST(a_constant_if_becomes_its_branch),
           CHECK_TEST(a_branch_may_hand_a_tensor_through),
           CHECK_TEST(a_branch_with_an_input_is_refused))
