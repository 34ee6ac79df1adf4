/* net_fixture.c: see net_fixture.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "net_fixture.h"
#include <math.h>

NetFixture
net_open(NewModel *net, int threads)
{
    DcnError error = {0};
    NetFixture f = {.net = net, .model = new_model_open(net, &error)};
    g_assert_cmpstr(error.text, ==, "");
    f.context = dcn_context_new(threads, &error);
    g_assert_cmpstr(error.text, ==, "");
    return f;
}

void
net_close(NetFixture *f)
{
    dcn_context_free(f->context);
    dcn_model_free(f->model);
    new_model_free(f->net);
}

void
net_noise(float *values, size_t count, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
}

DcnPlan *
net_plan(const NetFixture *f, const DcnPlanOptions *options)
{
    DcnError error = {0};
    DcnPlan *plan = dcn_plan_new(f->model, options, &error);
    g_assert_cmpstr(error.text, ==, "");
    return plan;
}

size_t
net_count(const DcnPlan *plan, const char *name)
{
    return dcn_shape_count(dcn_plan_shape(plan, dcn_plan_find(plan, name, NULL)));
}

float *
net_run(const NetFixture *f, const DcnPlan *plan, const char *name, guint32 seed)
{
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f->context, &error);
    g_assert_nonnull(session);
    size_t count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
    for (size_t b = 0; b < dcn_plan_batch(plan); b++)
        net_noise(dcn_session_input(session, 0) + b * count, count, seed + (guint32)b);
    g_assert_true(dcn_forward(session, NULL, &error));
    int tensor = dcn_plan_find(plan, name, &error);
    g_assert_cmpstr(error.text, ==, "");
    const float *data = dcn_session_tensor(session, tensor);
    g_assert_nonnull(data);
    float *copy =
        g_memdup2(data, dcn_plan_batch(plan) * net_count(plan, name) * sizeof *data);
    dcn_session_free(session);
    return copy;
}

void
net_assert_near(const float *a, const float *b, size_t count, double tolerance)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= tolerance))
            g_error("element %zu: %.9g and %.9g", i, (double)a[i], (double)b[i]);
}

NewModel *
net_branched(const char *batch)
{
    NewModel *net = new_model(13);
    g_autofree char *shape = g_strdup_printf("%s,3,17,15", batch);
    new_input(net, "picture", shape);
    new_weights(net, "w1", "6,3,3,3", 1);
    new_weights(net, "b1", "6", 2);
    new_weights(net, "w2", "6,6,1,1", 3);
    new_weights(net, "w3", "6,3,3,3", 4);
    new_weights(net, "mean", "6", 5);
    new_weights(net, "bias", "6", 6);
    new_floats(net, "scale", "6", (float[]){1, -0.5f, 2, 0.7f, 1.1f, -1.3f});
    new_floats(net, "var", "6", (float[]){0.5f, 1, 2, 0.3f, 0.9f, 1.5f});
    new_weights(net, "fc", "96,5", 7);
    new_weights(net, "fc_bias", "5", 8);
    new_ints(net, "flat", "1,-1");
    new_node(net, "Conv", "stem", "picture;w1;b1", "c1", "strides=2,2;pads=1,1,1,1");
    new_node(net, "BatchNormalization", "norm", "c1;scale;bias;mean;var", "n1", "");
    new_node(net, "Relu", "", "n1", "r1", "");
    new_node(net, "Conv", "", "r1;w2", "c2", "");
    new_node(net, "MaxPool", "", "picture", "p0",
             "kernel_shape=3,3;strides=2,2;pads=1,1,1,1");
    new_node(net, "Conv", "side", "p0;w3", "c3", "pads=1,1,1,1");
    new_node(net, "Add", "join", "c2;c3", "sum", "");
    new_node(net, "Relu", "", "sum", "r2", "");
    new_node(net, "MaxPool", "", "r2", "p1", "kernel_shape=2,2;strides=2,2");
    new_node(net, "Reshape", "", "p1;flat", "flattened", "");
    new_node(net, "MatMul", "", "flattened;fc", "product", "");
    new_node(net, "Add", "", "product;fc_bias", "scores", "");
    new_node(net, "Softmax", "", "scores", "prob", "");
    new_output(net, "prob");
    return net;
}
