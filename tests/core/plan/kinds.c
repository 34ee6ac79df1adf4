/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.c: tests of the rules that a plan tells of its steps, and of the nodes that it
 * cannot compute. */
#include "check.h"
#include "core/fixture/net.h"
#include "core/fixture/op_samples.h"
#include "ops/op.h"
#include <string.h>

#define MOST 16

static DcnPlan *
survey(const NetFixture *f)
{
    DcnPlanOptions options = {.purpose = DCN_FOR_SURVEYS,
                              .passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY};
    return net_plan(f, &options);
}

/* The steps that a plan tells of for an operator and a rule. */
static size_t
steps(const DcnPlan *plan, const char *name, DcnRule rule)
{
    DcnStepKind kinds[MOST];
    size_t count = dcn_plan_step_kinds(plan, kinds, MOST);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kinds[i].name, name) == 0 && kinds[i].rule == rule)
            return kinds[i].steps;
    return 0;
}

static void
each_step_has_the_rule_that_its_entry_means(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,16,16");
    new_weights(net, "w", "3,3,3,3", 1);
    new_floats(net, "zero", "", (float[]){0});
    new_floats(net, "six", "", (float[]){6});
    new_floats(net, "below", "", (float[]){-1});
    new_ints(net, "ends", "0,-1");
    new_node(net, "Conv", "", "x;w", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c1", "r1", "");
    new_node(net, "LRN", "", "r1", "n1", "size=3");
    new_node(net, "MaxPool", "", "n1", "p1", "kernel_shape=2,2;strides=2,2");
    new_node(net, "Conv", "", "p1;w", "c2", "pads=1,1,1,1");
    new_node(net, "Clip", "", "c2;zero;six", "r2", "");
    new_node(net, "Clip", "", "r2;below;six", "k2", "");
    new_node(net, "InstanceNormalization", "", "k2;three;three", "n2", "");
    new_weights(net, "three", "3", 2);
    new_node(net, "Sigmoid", "", "n2", "s2", "");
    new_node(net, "Round", "", "s2", "flat", "");
    new_node(net, "Mul", "", "s2;flat", "m2", "");
    new_node(net, "AveragePool", "", "m2", "a2", "kernel_shape=2,2;strides=2,2");
    new_node(net, "Reshape", "", "a2;ends", "f2", ""); /* its shape is no step */
    new_output(net, "f2");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = survey(&f);
    CHECK_INT(steps(plan, "Conv", DCN_RULE_TRANSPOSED), 2);
    CHECK_INT(steps(plan, "Relu", DCN_RULE_RECTIFIER), 1);
    CHECK_INT(steps(plan, "LRN", DCN_RULE_UNCHANGED), 1);
    CHECK_INT(steps(plan, "MaxPool", DCN_RULE_SWITCH), 1);
    CHECK_INT(steps(plan, "Clip", DCN_RULE_RECTIFIER), 1);
    CHECK_INT(steps(plan, "Clip", DCN_RULE_DERIVATIVE), 1);
    CHECK_INT(steps(plan, "InstanceNormalization", DCN_RULE_STATISTICS), 1);
    CHECK_INT(steps(plan, "Sigmoid", DCN_RULE_DERIVATIVE), 1);
    CHECK_INT(steps(plan, "Round", DCN_RULE_NOTHING), 1);
    CHECK_INT(steps(plan, "Mul", DCN_RULE_DERIVATIVE), 1);
    CHECK_INT(steps(plan, "AveragePool", DCN_RULE_TRANSPOSED), 1);
    CHECK_INT(steps(plan, "Reshape", DCN_RULE_TRANSPOSED), 1);
    DcnStepKind kinds[MOST];
    CHECK_INT(dcn_plan_step_kinds(plan, kinds, MOST), 12);
    check_same_text(kinds[0].name, "Conv");
    CHECK_INT(dcn_plan_step_kinds(plan, kinds, 2), 2); /* no more than there is room */
    CHECK_INT(kinds[0].steps, 2);
    dcn_plan_free(plan);
    net_close(&f);
}

static void
some_rules_ask_the_parameters(void)
{
    NewModel *net = new_model(15);
    new_input(net, "x", "2,3,4,4");
    new_weights(net, "p", "3", 1);
    new_floats(net, "var", "3", (float[]){1, 2, 3});
    new_node(net, "BatchNormalization", "", "x;p;p;p;var", "a", "");
    new_node(net, "BatchNormalization", "", "a;p;p;p;var", "b", "training_mode=1");
    new_node(net, "Cast", "", "b", "whole", "to=6");
    new_node(net, "Cast", "", "whole", "float", "to=1");
    new_output(net, "float");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = survey(&f);
    CHECK_INT(steps(plan, "BatchNormalization", DCN_RULE_TRANSPOSED), 1);
    CHECK_INT(steps(plan, "BatchNormalization", DCN_RULE_STATISTICS), 1);
    CHECK_INT(steps(plan, "Cast", DCN_RULE_NOTHING), 1);
    CHECK_INT(steps(plan, "Cast", DCN_RULE_TRANSPOSED), 1);
    dcn_plan_free(plan);
    net_close(&f);
}

static void
nodes_that_are_shut_are_told_with_what_they_shut(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,8,8");
    new_node(net, "Relu", "", "x", "a", "");
    new_node(net, "own:First", "one", "a", "b", "");
    new_node(net, "Relu", "", "b", "c", "");
    new_node(net, "Abs", "", "a", "d", "");
    new_node(net, "Second", "", "d", "e", "");
    new_node(net, "Add", "", "c;e", "sum", "");
    new_output(net, "sum");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = survey(&f);
    DcnShutNode nodes[4];
    size_t count, computed;
    CHECK(dcn_plan_shut_nodes(plan, nodes, 4, &count, &computed, NULL));
    CHECK_INT(count, 2);
    CHECK_INT(computed, 2); /* Relu and Abs of what is known */
    check_same_text(nodes[0].node, "one");
    check_same_text(nodes[0].domain, "own");
    check_same_text(nodes[0].name, "First");
    CHECK(!nodes[0].known);
    CHECK_INT(nodes[0].shut, 2); /* Relu, Add */
    check_text(nodes[0].reason, "own.First");
    check_same_text(nodes[1].node, "e"); /* without a name: its output's */
    CHECK_INT(nodes[1].shut, 1);
    CHECK_INT(nodes[1].opset, 13);
    CHECK_INT(nodes[1].code, DCN_ERROR_UNSUPPORTED);
    CHECK(dcn_plan_shut_nodes(plan, nodes, 1, &count, &computed, NULL));
    CHECK_INT(count, 1);
    dcn_plan_free(plan);
    net_close(&f);
}

/* What is said to be linear is what the test of all operators' properties has proved to
 * be, and rules in which methods differ stand where their functions do. Rules that ask
 * parameters are tried above. */
static void
rules_agree_with_the_table(void)
{
    for (size_t i = 0; i < op_sample_count; i++) {
        const OpSample *sample = &op_samples[i];
        const DcnOp *op = op_by_name(sample->op);
        if (!check(op != NULL, sample->op) || op->rule_by)
            continue;
        DcnRule rule = dcn_op_rule(op, NULL);
        bool one = op->back[DCN_DECONVNET] == op->back[DCN_GRADIENT] &&
                   op->each.slopes[DCN_DECONVNET] == op->each.slopes[DCN_GRADIENT];
        if (one == (rule == DCN_RULE_UNCHANGED || rule == DCN_RULE_RECTIFIER))
            check_fail("%s has rule %d", sample->op, (int)rule);
        if (rule == DCN_RULE_TRANSPOSED && !(sample->traits & (LINEAR | NO_SLOPE)))
            check_fail("%s (%s) is not linear", sample->op,
                       sample->what ? sample->what : "");
    }
}

CHECK_MAIN(CHECK_TEST(each_step_has_the_rule_that_its_entry_means),
           CHECK_TEST(some_rules_ask_the_parameters),
           CHECK_TEST(nodes_that_are_shut_are_told_with_what_they_shut),
           CHECK_TEST(rules_agree_with_the_table))
