/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_backend.c: one ONNX backend test: a model, inputs, outputs.
 *
 * Tests give weights, shapes and axes as inputs. Inputs that are no floats are bound
 * before planning. Of the floats as many as possible are left to the run: all of them, or
 * else the first only, or else none, in which case the plan folds everything. */
#include "base/shape.h"
#include "base/tensor.h"
#include "cases/case.h"
#include "cases/tensor_file.h"
#include <math.h>

#define MOST 64

typedef struct {
    const char *folder;
    DcnModel *model;
    size_t n_inputs, n_outputs;
    TensorFile inputs[MOST], outputs[MOST];
} Test;

/* The suite writes bfloat16 as the uint16 of the same bits. */
static void
retype(TensorFile *file, DcnType type)
{
    if (type == DCN_BFLOAT16 && file->tensor.type == DCN_UINT16)
        file->tensor.type = DCN_BFLOAT16;
}

static size_t
read_set(
    const Test *test, const char *kind, TensorFile *files, size_t wanted, GError **error)
{
    size_t n = 0;
    for (; n < wanted && n < MOST; n++) {
        g_autofree char *name = g_strdup_printf("%s_%zu.pb", kind, n);
        g_autofree char *path =
            g_build_filename(test->folder, "test_data_set_0", name, NULL);
        if (!tensor_file_read(path, &files[n], error))
            break;
    }
    return n;
}

/* A plan with the floats from number `in_run` on bound too. */
static DcnPlan *
plan_with(const Test *test, size_t in_run, DcnError *error)
{
    DcnBinding bindings[MOST];
    DcnNamedShape shapes[MOST];
    DcnPlanOptions options = {.bindings = bindings, .shapes = shapes};
    size_t floats = 0;
    for (size_t i = 0; i < test->n_inputs; i++) {
        const char *name = dcn_model_input(test->model, i, NULL, NULL);
        const DcnTensor *tensor = &test->inputs[i].tensor;
        if (tensor->type == DCN_FLOAT && floats++ < in_run)
            shapes[options.n_shapes++] = (DcnNamedShape){name, tensor->shape};
        else
            bindings[options.n_bindings++] = (DcnBinding){name, *tensor};
    }
    return dcn_plan_new(test->model, &options, error);
}

static void
check_output(Report *report,
             Test *test,
             const DcnPlan *plan,
             const DcnSession *session,
             size_t index)
{
    TensorFile *expected = &test->outputs[index];
    int tensor = dcn_plan_output(plan, index);
    DcnTensor got = {.type = DCN_FLOAT, .shape = *dcn_plan_shape(plan, tensor)};
    if (!dcn_plan_constant(plan, tensor, &got))
        got.data = dcn_session_tensor(session, tensor);
    retype(expected, got.type);
    char a[128], b[128];
    g_autofree char *check = g_strdup_printf("output %zu", index);
    if (!dcn_shape_equal(&got.shape, &expected->tensor.shape)) {
        g_autofree char *text =
            g_strdup_printf("shape %s, expected %s", dcn_shape_print(&got.shape, a),
                            dcn_shape_print(&expected->tensor.shape, b));
        case_report(report, FAILED, test->folder, check, text);
        return;
    }
    gboolean exact = !dcn_type_is_float(expected->tensor.type);
    double worst = 0;
    gboolean good = TRUE;
    for (size_t i = 0; i < dcn_shape_count(&got.shape); i++) {
        double r = dcn_tensor_number(&got, i),
               e = dcn_tensor_number(&expected->tensor, i);
        if (r == e || (isnan(r) && isnan(e)))
            continue;
        double error = fabs(r - e);
        worst = error > worst ? error : worst;
        good &= !exact && error <= 1e-7 + 1e-3 * fabs(e);
    }
    g_autofree char *text = g_strdup_printf("largest error %.2g", worst);
    case_report(report, good ? PASSED : FAILED, test->folder, check, text);
}

static void
run_test(Report *report, Test *test)
{
    DcnError error = {0};
    static const size_t in_run[] = {MOST, 1, 0};
    DcnPlan *plan = NULL;
    int first = 0;
    for (size_t i = 0; i < test->n_outputs; i++) /* only what is folded has such types */
        if (dcn_type_is_float(test->outputs[i].tensor.type) &&
            test->outputs[i].tensor.type != DCN_FLOAT)
            first = 2;
    for (int i = first; i < 3 && !plan; i++)
        plan = plan_with(test, in_run[i], &error);
    if (!plan) {
        Verdict verdict = error.code == DCN_ERROR_UNSUPPORTED ? SKIPPED : FAILED;
        g_autofree char *text = g_strdup_printf(
            "%s%s", verdict == SKIPPED ? "unsupported: " : "", error.text);
        case_report(report, verdict, test->folder, "plan", text);
        return;
    }
    DcnSession *session = dcn_session_new(plan, report->context, &error);
    for (size_t i = 0; session && i < dcn_plan_input_count(plan); i++)
        for (size_t k = 0; k < test->n_inputs; k++)
            if (strcmp(dcn_plan_name(plan, dcn_plan_input(plan, i)),
                       dcn_model_input(test->model, k, NULL, NULL)) == 0)
                dcn_tensor_to_floats(&test->inputs[k].tensor,
                                     dcn_session_input(session, i));
    if (!session || !dcn_forward(session, NULL, &error))
        case_report(report, FAILED, test->folder, "run", error.text);
    else
        for (size_t i = 0; i < test->n_outputs; i++)
            check_output(report, test, plan, session, i);
    dcn_session_free(session);
    dcn_plan_free(plan);
}

void
case_run_backend(Report *report, const char *folder)
{
    Test test = {.folder = folder};
    DcnError error = {0};
    g_autoptr(GError) problem = NULL;
    g_autofree char *path = g_build_filename(folder, "model.onnx", NULL);
    test.model = dcn_model_open(path, &error);
    if (!test.model) {
        Verdict verdict = error.code == DCN_ERROR_UNSUPPORTED ? SKIPPED : FAILED;
        case_report(report, verdict, folder, "open", error.text);
        return;
    }
    size_t wanted_in = dcn_model_input_count(test.model),
           wanted_out = dcn_model_output_count(test.model);
    test.n_inputs = read_set(&test, "input", test.inputs, wanted_in, &problem);
    for (size_t i = 0; i < test.n_inputs; i++) {
        DcnType type;
        dcn_model_input(test.model, i, &type, NULL);
        retype(&test.inputs[i], type);
    }
    if (!problem)
        test.n_outputs = read_set(&test, "output", test.outputs, wanted_out, &problem);
    for (size_t i = 0; i < test.n_outputs; i++)
        if (test.outputs[i].tensor.type == DCN_UINT16 && strstr(folder, "to_BFLOAT16"))
            test.outputs[i].tensor.type = DCN_BFLOAT16; /* the suite writes its bits */
    if (problem)
        case_report(report, SKIPPED, folder, "data", problem->message);
    else
        run_test(report, &test);
    for (size_t i = 0; i < test.n_inputs; i++)
        tensor_file_clear(&test.inputs[i]);
    for (size_t i = 0; i < test.n_outputs; i++)
        tensor_file_clear(&test.outputs[i]);
    dcn_model_free(test.model);
}
