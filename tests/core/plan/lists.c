/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lists.c: tests that what goes through lists of tensors is what the same net gives
 * without them, and what is said where it cannot be. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

/* A map of eight channels, up to the nodes that are tried. */
static NewModel *
map_net(void)
{
    NewModel *net = new_model(18);
    new_input(net, "x", "1,3,6,6");
    new_weights(net, "w", "8,3,3,3", 1);
    new_node(net, "Conv", "", "x;w", "c", "");
    new_shaped_ints(net, "zero", "", "0");
    new_shaped_ints(net, "one", "", "1");
    new_shaped_ints(net, "last", "", "-1");
    new_shaped_ints(net, "three", "", "3");
    new_ints(net, "first", "0");
    new_ints(net, "third", "3");
    new_ints(net, "sixth", "6");
    new_ints(net, "end", "8");
    new_ints(net, "axis", "1");
    new_output(net, "y");
    return net;
}

static void
parts_are_cut_and_put_together(void)
{
    NewModel *plain = map_net(), *net = map_net();
    new_node(plain, "Slice", "", "c;first;third;axis", "a", "");
    new_node(plain, "Slice", "", "c;sixth;end;axis", "b", "");
    new_node(plain, "Concat", "", "b;a", "y", "axis=1");
    new_node(net, "SplitToSequence", "", "c;three", "s", "axis=1");
    new_node(net, "SequenceAt", "", "s;zero", "a", "");
    new_node(net, "SequenceAt", "", "s;last", "b", "");
    new_node(net, "SequenceConstruct", "", "b;a", "t", "");
    new_node(net, "ConcatFromSequence", "", "t", "y", "axis=-3");
    model_same_answers(plain, net);
}

static void
a_part_without_its_axis_gets_a_new_one(void)
{
    NewModel *plain = map_net(), *net = map_net();
    new_node(plain, "Gather", "", "c;one", "a", "axis=1");
    new_node(plain, "Gather", "", "c;last", "b", "axis=1");
    new_node(plain, "Unsqueeze", "", "a;axis", "d", "");
    new_node(plain, "Unsqueeze", "", "b;axis", "e", "");
    new_node(plain, "Concat", "", "d;e", "y", "axis=1");
    new_node(net, "SplitToSequence", "", "c", "s", "axis=1;keepdims=0");
    new_node(net, "SequenceAt", "", "s;one", "a", "");
    new_node(net, "SequenceAt", "", "s;last", "b", "");
    new_node(net, "SequenceEmpty", "", "", "t", "");
    new_node(net, "SequenceInsert", "", "t;b", "u", "");
    new_node(net, "SequenceInsert", "", "u;c;zero", "v", "");
    new_node(net, "SequenceInsert", "", "v;a;one", "o", "");
    new_node(net, "SequenceErase", "", "o;zero", "p", "");
    new_node(net, "ConcatFromSequence", "", "p", "y", "axis=1;new_axis=1");
    model_same_answers(plain, net);
}

/* As PyTorch's exporter writes a chunk: functions hand lists to each other. */
static void
functions_hand_lists_on(void)
{
    NewModel *plain = map_net(), *net = map_net();
    new_node(plain, "Slice", "", "c;third;sixth;axis", "a", "");
    new_node(plain, "Relu", "", "a", "y", "");
    new_function(net, "pkg.onnxscript.torch_lib:split", 18, "self;size", "parts", "");
    new_node(net, "SplitToSequence", "", "self;size", "parts", "axis=1");
    new_function_end(net);
    new_function(net, "pkg.onnxscript.torch_lib:same", 18, "self", "self", "");
    new_function_end(net);
    new_function(net, "pkg.onnxscript.torch_lib:getitem", 18, "self;i", "part", "");
    new_node(net, "SequenceAt", "", "self;i", "part", "");
    new_function_end(net);
    new_node(net, "pkg.onnxscript.torch_lib:split", "f", "c;three", "s", "");
    new_node(net, "pkg.onnxscript.torch_lib:same", "g", "s", "t", "");
    new_node(net, "pkg.onnxscript.torch_lib:getitem", "h", "t;one", "a", "");
    new_node(net, "Relu", "", "a", "y", "");
    model_same_answers(plain, net);
}

static void
a_length_is_a_number(void)
{
    NewModel *plain = map_net(), *net = map_net();
    new_floats(plain, "n", "", (float[]){3});
    new_node(plain, "Mul", "", "c;n", "y", "");
    new_node(net, "SplitToSequence", "", "c;three", "s", "axis=1");
    new_node(net, "SequenceLength", "", "s", "l", "");
    new_node(net, "Cast", "", "l", "n", "to=1");
    new_node(net, "Mul", "", "c;n", "y", "");
    model_same_answers(plain, net);
}

static void
what_cannot_be_is_said(void)
{
    NewModel *net = map_net();
    new_node(net, "SplitToSequence", "", "c;three", "s", "axis=1");
    new_node(net, "SequenceAt", "at", "s;three", "y", "");
    model_not_planned(net, "node \"at\" (SequenceAt): its position lies behind the end "
                           "of the list");
    net = map_net();
    new_node(net, "SplitToSequence", "", "c;three", "s", "axis=1");
    new_node(net, "Relu", "", "s", "y", "");
    model_not_planned(net, "tensor \"s\" is a list of tensors");
    net = map_net();
    new_node(net, "SequenceAt", "at", "c;one", "y", "");
    model_not_planned(net, "its input is no list of tensors");
    net = map_net();
    new_node(net, "ArgMax", "", "c", "i", "axis=1;keepdims=0");
    new_node(net, "SplitToSequence", "", "c", "s", "axis=1");
    new_node(net, "SequenceAt", "at", "s;i", "y", "");
    model_not_planned(net, "its position is known in a run only");
    net = map_net();
    new_node(net, "SplitToSequence", "cut", "c;zero", "s", "axis=1");
    new_node(net, "SequenceAt", "", "s;one", "y", "");
    model_not_planned(net, "its parts are none, or too many");
    net = map_net();
    new_node(net, "SequenceEmpty", "", "", "s", "");
    new_node(net, "SequenceErase", "", "s", "t", "");
    new_node(net, "ConcatFromSequence", "", "t", "y", "axis=1");
    model_not_planned(net, "its list is empty");
}

CHECK_MAIN(CHECK_TEST(parts_are_cut_and_put_together),
           CHECK_TEST(a_part_without_its_axis_gets_a_new_one),
           CHECK_TEST(functions_hand_lists_on),
           CHECK_TEST(a_length_is_a_number),
           CHECK_TEST(what_cannot_be_is_said))
