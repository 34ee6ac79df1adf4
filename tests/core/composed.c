/* composed.c: models made by calls.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "composed.h"

bool
compose_node(DcnModel *model,
             const char *type,
             const char *output,
             const char *inputs,
             const DcnNodeAttribute *attributes,
             size_t n_attributes,
             DcnError *error)
{
    g_auto(GStrv) names = g_strsplit(inputs, " ", -1);
    return dcn_model_add_node(model, type, output, (const char *const *)names,
                              g_strv_length(names), attributes, n_attributes, error);
}

#define INTS(name, ...)                                                                  \
    {                                                                                    \
        name, true, (const int64_t[]){__VA_ARGS__},                                      \
            sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t), NULL, 0            \
    }
#define INT(name, value)                                                                 \
    {                                                                                    \
        name, false, (const int64_t[]){value}, 1, NULL, 0                                \
    }

bool
compose_weights(
    DcnModel *model, const char *name, DcnShape shape, guint32 seed, DcnError *error)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    size_t count = dcn_shape_count(&shape);
    g_autofree float *values = g_new(float, count);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
    return dcn_model_set_weights(model, name, &shape, values, error);
}

DcnModel *
composed_net(void)
{
    DcnError error = {0};
    const DcnShape input = {4, {-1, 3, 13, 11}};
    const DcnNodeAttribute conv[] = {INTS("pads", 1, 1, 1, 1), INT("group", 1)};
    const DcnNodeAttribute lrn[] = {INT("size", 3), {.name = "alpha", .number = 0.5F}};
    const DcnNodeAttribute pool[] = {INTS("kernel_shape", 3, 3),
                                     INTS("strides", 2, 2),
                                     {.name = "auto_pad", .text = "SAME_UPPER"}};
    const DcnNodeAttribute slope[] = {{.name = "alpha", .number = 0.125F}};
    const DcnNodeAttribute mean[] = {INTS("axes", 2), INT("keepdims", 0)};
    const DcnNodeAttribute flat[] = {INT("axis", 1)}, gemm[] = {INT("transB", 1)};
    DcnModel *model = dcn_model_new(&error);
    bool made = dcn_model_add_input(model, "picture", &input, &error) &&
                compose_weights(model, "w", (DcnShape){4, {6, 3, 3, 3}}, 1, &error) &&
                compose_weights(model, "b", (DcnShape){1, {6}}, 2, &error) &&
                compose_weights(model, "fc", (DcnShape){2, {4, 36}}, 3, &error) &&
                compose_weights(model, "unused", (DcnShape){2, {100, 100}}, 4, &error) &&
                compose_node(model, "Conv", "conv", "picture w b", conv, 2, &error) &&
                compose_node(model, "LRN", "norm", "conv", lrn, 2, &error) &&
                compose_node(model, "LeakyRelu", "relu", "norm", slope, 1, &error) &&
                compose_node(model, "MaxPool", "pool", "relu", pool, 3, &error) &&
                compose_node(model, "ReduceMean", "mean", "pool", mean, 2, &error) &&
                compose_node(model, "Flatten", "flat", "mean", flat, 1, &error) &&
                compose_node(model, "Gemm", "scores", "flat fc", gemm, 1, &error) &&
                compose_node(model, "Softmax", "classes", "scores", NULL, 0, &error) &&
                dcn_model_add_output(model, "classes", &error) &&
                dcn_model_set_metadata(model, "labels", "cat\ndog", &error);
    if (!made)
        g_error("%s", error.text);
    return model;
}
