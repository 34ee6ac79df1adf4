/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order.c: nodes in any order, and what cannot be put in order. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

static NewModel *
branching(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,8,8");
    new_weights(net, "w", "4,3,3,3", 1);
    new_node(net, "Conv", "conv", "x;w", "c", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c", "r", "");
    new_node(net, "Sigmoid", "", "c", "s", "");
    new_node(net, "Mul", "", "r;s", "m", "");
    new_node(net, "Add", "", "m;c", "y", "");
    new_output(net, "y");
    return net;
}

static void
nodes_may_stand_in_any_order(void)
{
    NewModel *reversed = branching();
    new_reverse_nodes(reversed);
    model_same_answers(branching(), reversed);
}

static void
a_branch_needs_what_it_reads_from_outside(void)
{
    NewModel *nets[2];
    for (int i = 0; i < 2; i++) {
        nets[i] = new_model(13);
        new_input(nets[i], "x", "1,3,8,8");
        new_floats(nets[i], "yes", "", (float[]){1});
        new_node(nets[i], "Cast", "", "yes", "condition", "to=9");
        new_node(nets[i], "Abs", "", "x", "a", "");
        new_if(nets[i], "condition", "Sqrt", "Neg", "a", "root");
        new_node(nets[i], "Add", "", "root;x", "y", "");
        new_output(nets[i], "y");
    }
    new_reverse_nodes(nets[1]);
    model_same_answers(nets[0], nets[1]);
}

static void
a_cycle_is_named(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Add", "first", "x;c", "a", "");
    new_node(net, "Relu", "", "a", "b", "");
    new_node(net, "Relu", "third", "b", "c", "");
    new_output(net, "c");
    model_refused(net, "node \"first\" (Add) needs its own result");
    net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Add", "", "x;a", "a", "");
    new_output(net, "a");
    model_refused(net, "node \"a\" (Add) needs its own result");
}

static void
a_node_without_a_name_is_called_by_its_output(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,4,4");
    new_node(net, "Relu", "", "nowhere", "made", "");
    new_output(net, "made");
    model_refused(net, "node \"made\" (Relu): input \"nowhere\" is made by no node");
}

CHECK_MAIN(CHECK_TEST(nodes_may_stand_in_any_order),
           CHECK_TEST(a_branch_needs_what_it_reads_from_outside),
           CHECK_TEST(a_cycle_is_named),
           CHECK_TEST(a_node_without_a_name_is_called_by_its_output))
