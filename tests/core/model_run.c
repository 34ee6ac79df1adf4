/* model_run.c: what a model answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "model_run.h"
#include <glib.h>
#include <stdio.h>

#define BATCH 2

static void
fill(float *values, size_t count)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(77);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
}

float *
model_run(const DcnModel *model, size_t *count)
{
    DcnError error = {0};
    float *values = NULL;
    DcnContext *context = dcn_context_new(1, &error);
    DcnPlan *plan = dcn_plan_new(model, &(DcnPlanOptions){.batch = BATCH}, &error);
    DcnSession *session = plan ? dcn_session_new(plan, context, &error) : NULL;
    *count = 0;
    if (session) {
        int output = dcn_plan_output(plan, 0);
        fill(dcn_session_input(session, 0),
             BATCH * dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0))));
        dcn_forward(session, NULL, &error);
        *count = BATCH * dcn_shape_count(dcn_plan_shape(plan, output));
        values = g_memdup2(dcn_session_tensor(session, output), *count * sizeof *values);
    } else {
        printf("# no run: %s\n", error.text);
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
    return values;
}
