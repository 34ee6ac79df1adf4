/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.c: libFuzzer target: arbitrary bytes as a model, and a run of what is accepted.
 *
 * Whatever the bytes are: no crash, no undefined behaviour, no endless loop, memory
 * within bounds. What the reader accepts is planned at a small size, run, and its default
 * layer is projected by all three methods. */
#include "dcn.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
run_plan(const DcnPlan *plan, DcnContext *context)
{
    DcnError error;
    DcnSession *session = dcn_session_new(plan, context, &error);
    if (!session)
        return;
    size_t count = 0;
    for (size_t i = 0; i < dcn_plan_input_count(plan); i++) {
        float *input = dcn_session_input(session, i);
        count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, i)));
        for (size_t k = 0; k < count; k++)
            input[k] = (float)(k % 17) / 8 - 1;
    }
    int layer = dcn_plan_default_layer(plan);
    if (dcn_forward(session, NULL, &error) && layer >= 0 &&
        dcn_plan_input_count(plan) > 0) {
        DcnSeed seed = {.tensor = layer};
        size_t input_count =
            dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
        float *signal = malloc((input_count + 1) * sizeof *signal);
        if (signal && dcn_session_tensor(session, layer) &&
            dcn_strongest(session, layer, 0, 1, &seed.unit) == 1)
            for (int method = 0; method < DCN_METHODS; method++)
                dcn_project(session, &seed, (DcnMethod)method, signal, NULL, &error);
        free(signal);
    }
    dcn_session_free(session);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    DcnError error;
    void *copy =
        malloc(size ? size : 1); /* exactly as large, so that a read behind it is seen */
    if (!copy)
        return 0;
    memcpy(copy, bytes, size);
    dcn_outline_free(dcn_outline_parse(copy, size, &error));
    DcnModel *model = dcn_model_parse(copy, size, &error);
    if (model) {
        DcnContext *context = dcn_context_new(1, &error);
        for (int backward = 0; context && backward < 2; backward++) {
            DcnPlanOptions options = {.height = 24,
                                      .width = 24,
                                      .purpose =
                                          backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS,
                                      .memory_limit = (size_t)64 << 20};
            DcnPlan *plan = dcn_plan_new(model, &options, &error);
            if (plan)
                run_plan(plan, context);
            dcn_plan_free(plan);
        }
        dcn_context_free(context);
        dcn_model_free(model);
    }
    free(copy);
    return 0;
}
