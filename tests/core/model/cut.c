/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c: tests that a model can be cut at a tensor and continued with other layers. */

#include "check.h"
#include "edit.h"
#include <stdlib.h>

/* x -> double -> square -> y, and x -> double -> other */
static DcnModel *
make(DcnError *error)
{
    DcnModel *model = dcn_model_new(error);
    DcnShape shape = {2, {-1, 2}}, line = {1, {2}};
    const char *twice[] = {"x", "two"}, *square[] = {"twice", "twice"},
               *other[] = {"twice"};
    bool ok = dcn_model_add_input(model, "x", &shape, error) &&
              dcn_model_set_weights(model, "two", &line, (float[]){2, 2}, error) &&
              dcn_model_add_node(model, "Mul", "twice", twice, 2, NULL, 0, error) &&
              dcn_model_add_node(model, "Mul", "y", square, 2, NULL, 0, error) &&
              dcn_model_add_node(model, "Relu", "other", other, 1, NULL, 0, error) &&
              dcn_model_add_output(model, "y", error) &&
              dcn_model_add_output(model, "other", error);
    check(ok, error->text);
    return model;
}

static void
run(const DcnModel *model, float y[2])
{
    DcnError error = {0};
    DcnContext *context = dcn_context_new(1, &error);
    DcnPlan *plan = dcn_plan_new(model, &(DcnPlanOptions){.batch = 1}, &error);
    DcnSession *session = plan ? dcn_session_new(plan, context, &error) : NULL;
    if (check(session != NULL, error.text)) {
        memcpy(dcn_session_input(session, 0), (float[]){-1, 3}, 2 * sizeof(float));
        check(dcn_forward(session, NULL, &error), error.text);
        memcpy(y, dcn_session_tensor(session, dcn_plan_output(plan, 0)),
               2 * sizeof(float));
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
}

static void
a_cut_model_goes_on_from_the_tensor(void)
{
    DcnError error = {0};
    DcnModel *model = make(&error);
    check_int((long long)dcn_model_node_count(model), 3, "nodes before");
    check(dcn_model_cut(model, "twice", &error), error.text);
    check_int((long long)dcn_model_node_count(model), 1, "nodes");
    check_int((long long)dcn_model_output_count(model), 0, "outputs");

    const char *input[] = {"twice"};
    check(dcn_model_add_node(model, "Neg", "z", input, 1, NULL, 0, &error) &&
              dcn_model_add_output(model, "z", &error),
          error.text);
    float z[2] = {0};
    run(model, z);
    check_floats(z, (float[]){2, -6}, 2, 0);
    dcn_model_free(model);
}

static void
an_unknown_tensor_leaves_the_model_whole(void)
{
    DcnError error = {0};
    DcnModel *model = make(&error);
    check(!dcn_model_cut(model, "nothing", &error), "cut at nothing");
    check_text(error.text, "no tensor \"nothing\"");
    float y[2] = {0};
    run(model, y);
    check_floats(y, (float[]){4, 36}, 2, 0);
    dcn_model_free(model);
}

CHECK_MAIN(CHECK_TEST(a_cut_model_goes_on_from_the_tensor),
           CHECK_TEST(an_unknown_tensor_leaves_the_model_whole))
