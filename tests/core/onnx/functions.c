/* SPDX-License-Identifier: GPL-3.0-or-later */
/* functions.c: tests that a call of a function of the file gives what the nodes of its
 * body give. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include <string.h>

/* y = Concat(x, Relu(Conv(x))) along axis 1; the axis is the function's attribute. */
static void
add_block(NewModel *net, const char *defaults)
{
    new_function(net, "my.blocks:Block", 13, "data;weights", "joined", defaults);
    new_node(net, "Conv", "conv", "data;weights", "c", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c", "r", "");
    new_node(net, "Concat", "", "data;r", "joined", "axis=@axis");
    new_function_end(net);
}

static NewModel *
with_function(const char *defaults, const char *attributes)
{
    NewModel *net = new_model(13);
    add_block(net, defaults);
    new_input(net, "x", "1,3,8,8");
    new_weights(net, "w", "3,3,3,3", 1);
    new_weights(net, "v", "2,6,3,3", 2);
    new_node(net, "my.blocks:Block", "first", "x;w", "j", attributes);
    new_node(net, "my.blocks:Block", "second", "j;v", "y", attributes);
    new_output(net, "y");
    return net;
}

static NewModel *
written_out(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,8,8");
    new_weights(net, "w", "3,3,3,3", 1);
    new_weights(net, "v", "2,6,3,3", 2);
    new_node(net, "Conv", "", "x;w", "c", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c", "r", "");
    new_node(net, "Concat", "", "x;r", "j", "axis=1");
    new_node(net, "Conv", "", "j;v", "c2", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c2", "r2", "");
    new_node(net, "Concat", "", "j;r2", "y", "axis=1");
    new_output(net, "y");
    return net;
}

static void
a_call_is_the_body(void)
{
    model_same_answers(written_out(), with_function("", "axis=1"));
}

static void
a_default_stands_where_the_caller_says_nothing(void)
{
    model_same_answers(written_out(), with_function("axis=1", ""));
    model_same_answers(written_out(), with_function("axis=2", "axis=1"));
}

static void
what_a_body_makes_is_named_after_the_call(void)
{
    NewModel *net = with_function("", "axis=1");
    DcnModel *model = model_opened(net);
    CHECK_INT(dcn_model_node_count(model), 6);
    DcnError error = {0};
    const char *targets[] = {"first/r", "second/r", "j"};
    DcnPlan *plan = dcn_plan_new(
        model, &(DcnPlanOptions){.targets = targets, .n_targets = 3}, &error);
    CHECK_NEED(plan);
    for (int i = 0; i < 3; i++)
        CHECK(dcn_plan_find(plan, targets[i], &error) >= 0);
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
functions_may_call_functions(void)
{
    NewModel *net = new_model(13);
    add_block(net, "");
    new_function(net, "my.blocks:Two", 13, "a;w;v", "b", "");
    new_node(net, "my.blocks:Block", "one", "a;w", "half", "axis=@direction");
    new_node(net, "my.blocks:Block", "two", "half;v", "b", "axis=@direction");
    new_function_end(net);
    new_input(net, "x", "1,3,8,8");
    new_weights(net, "w", "3,3,3,3", 1);
    new_weights(net, "v", "2,6,3,3", 2);
    new_node(net, "my.blocks:Two", "call", "x;w;v", "y", "direction=1");
    new_output(net, "y");
    model_same_answers(written_out(), net);
}

static void
an_input_may_be_left_out_and_an_output_be_an_input(void)
{
    NewModel *plain = new_model(13);
    new_input(plain, "x", "1,3,4,4");
    new_node(plain, "Clip", "", "x", "y", "");
    new_node(plain, "Add", "", "y;x", "z", "");
    new_output(plain, "z");
    NewModel *net = new_model(13);
    new_function(net, "f:Bounded", 13, "a;low;high", "b;same", "");
    new_node(net, "Clip", "", "a;low;high", "b", "");
    new_node(net, "Identity", "", "b", "unused", "");
    new_function_end(net);
    new_function(net, "f:Same", 13, "a", "a", "");
    new_function_end(net);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "f:Bounded", "", "x", "y", "");
    new_node(net, "f:Same", "", "x", "x2", "");
    new_node(net, "Add", "", "y;x2", "z", "");
    new_output(net, "z");
    model_same_answers(plain, net);
}

static void
a_body_has_an_opset_of_its_own(void)
{
    /* Softmax with axis 1 flattens before opset 13 and does not since. */
    NewModel *nets[2];
    for (int i = 0; i < 2; i++) {
        nets[i] = new_model(i ? 13 : 11);
        if (i) {
            new_function(nets[i], "f:Old", 11, "a", "b", "");
            new_node(nets[i], "Softmax", "", "a", "b", "axis=1");
            new_function_end(nets[i]);
        }
        new_input(nets[i], "x", "1,3,4,4");
        new_node(nets[i], i ? "f:Old" : "Softmax", "", "x", "y", i ? "" : "axis=1");
        new_output(nets[i], "y");
    }
    model_same_answers(nets[0], nets[1]);
}

static void
recursion_is_refused(void)
{
    NewModel *net = new_model(13);
    new_function(net, "f:A", 13, "x", "y", "");
    new_node(net, "f:B", "", "x", "y", "");
    new_function_end(net);
    new_function(net, "f:B", 13, "x", "y", "");
    new_node(net, "f:A", "", "x", "y", "");
    new_function_end(net);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "f:A", "", "x", "y", "");
    new_output(net, "y");
    model_refused(net, "calls itself");
}

static void
a_few_functions_cannot_become_millions_of_nodes(void)
{
    NewModel *net = new_model(13);
    for (int i = 0; i < 30; i++) {
        g_autofree char *type = g_strdup_printf("f:F%d", i);
        g_autofree char *inner = g_strdup_printf("f:F%d", i + 1);
        new_function(net, type, 13, "x", "y", "");
        new_node(net, i < 29 ? inner : "Relu", "", "x", "m", "");
        new_node(net, i < 29 ? inner : "Relu", "", "m", "y", "");
        new_function_end(net);
    }
    new_input(net, "x", "1,3,4,4");
    new_node(net, "f:F0", "", "x", "y", "");
    new_output(net, "y");
    model_refused(net, "more than 100000 tensors");
}

static void
a_reference_outside_of_a_function_is_refused(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Concat", "", "x;x", "y", "axis=@axis");
    new_output(net, "y");
    model_refused(net, "attribute \"axis\" refers to a function's attribute");
}

CHECK_MAIN(CHECK_TEST(a_call_is_the_body),
           CHECK_TEST(a_default_stands_where_the_caller_says_nothing),
           CHECK_TEST(what_a_body_makes_is_named_after_the_call),
           CHECK_TEST(functions_may_call_functions),
           CHECK_TEST(an_input_may_be_left_out_and_an_output_be_an_input),
           CHECK_TEST(a_body_has_an_opset_of_its_own),
           CHECK_TEST(recursion_is_refused),
           CHECK_TEST(a_few_functions_cannot_become_millions_of_nodes),
           CHECK_TEST(a_reference_outside_of_a_function_is_refused))
