/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.c: models made by calls: what is in them, and what is refused. That they
 * compute what they should: write.c. */
#include "check.h"
#include "core/fixture/composed.h"
#include "edit.h"

static void
metadata_are_set_replaced_and_removed(void)
{
    static const char *const keys[] = {"a", "b", "c", "labels"};
    static const char *const values[] = {"1", "two", NULL, "cat\ndog"};
    DcnError error = {0};
    DcnModel *model = composed_net();
    bool set = dcn_model_set_metadata(model, "a", "1", &error) &&
               dcn_model_set_metadata(model, "b", "2", &error) &&
               dcn_model_set_metadata(model, "c", "3", &error) &&
               dcn_model_set_metadata(model, "b", "two", &error) &&
               dcn_model_set_metadata(model, "c", NULL, &error) &&
               dcn_model_set_metadata(model, "never there", NULL, &error);
    check(set, error.text);
    for (int k = 0; k < 4; k++)
        check(g_strcmp0(dcn_model_metadata(model, keys[k]), values[k]) == 0, keys[k]);
    dcn_model_free(model);
}

static void
what_cannot_be_composed_says_why(void)
{
    DcnError error = {0};
    const DcnShape shape = {2, {2, 3}}, open = {2, {-1, 3}};
    DcnModel *model = composed_net();
    size_t nodes = dcn_model_node_count(model);
    check(!compose_node(model, "Frobnicate", "y", "scores", NULL, 0, &error),
          "an operator");
    check_text(error.text, "there is no operator \"Frobnicate\"");
    check(!compose_node(model, "Relu", "y", "nothing", NULL, 0, &error), "an input");
    check_text(error.text,
               "node \"y\" (Relu): nothing before it makes its input \"nothing\"");
    check(!compose_node(model, "Relu", "relu", "scores", NULL, 0, &error),
          "a name that is taken");
    check_text(error.text, "has a tensor \"relu\" already");
    check(!dcn_model_add_input(model, "w", &shape, &error), "a name of weights");
    check_text(error.text, "has a tensor \"w\" already");
    check(!dcn_model_add_output(model, "nothing", &error), "an output");
    check_text(error.text, "no tensor \"nothing\"");
    check(!dcn_model_set_weights(model, "relu", &shape, NULL, &error), "no initialiser");
    check_text(error.text, "\"relu\" is computed, not stored");
    check(!dcn_model_set_weights(model, "v", &open, NULL, &error), "an open shape");
    check_text(error.text, "weights \"v\" of ?x3");
    check_int((long long)dcn_model_node_count(model), (long long)nodes, "nodes");
    check_int((long long)dcn_model_output_count(model), 1, "outputs");
    dcn_model_free(model);
}

CHECK_MAIN(CHECK_TEST(metadata_are_set_replaced_and_removed),
           CHECK_TEST(what_cannot_be_composed_says_why))
