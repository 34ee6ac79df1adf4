/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.c: a model changed: another head, normalisations taken into the weights. */
#include "edit.h"
#include "base/error.h"
#include "base/shape.h"
#include "model/batchnorm.h"
#include "model/model_private.h"
#include "ops/op.h"
#include "trainer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static DcnValue *
stored_floats(DcnModel *model, const DcnNode *node, size_t input)
{
    if (input >= node->n_in || node->in[input] < 0)
        return NULL;
    DcnValue *value = &model->graph.values[node->in[input]];
    return value->kind == DCN_VALUE_INITIALISER && dcn_type_is_float(value->tensor.type)
               ? value
               : NULL;
}

/* --- head --- */

/* The axis of the weights that counts classes, or -1 if the node cannot be a head. */
static int
class_axis(const DcnNode *node, const DcnShape *weights)
{
    bool pointwise = weights->rank == 4 && weights->dim[2] == 1 && weights->dim[3] == 1;
    if (!node->op || !node->op->weights.outputs ||
        (node->op->weights.filters && !pointwise))
        return -1;
    return node->op->weights.outputs(node, weights);
}

typedef struct {
    DcnValue *value; /* NULL: there is none */
    int axis;        /* that counts classes */
} Bias;

/* A stored input that has a number for each class, on the axis that is so many from the
 * end. */
static Bias
bias_at(DcnModel *model, const DcnNode *node, size_t input, int from_end, int64_t classes)
{
    DcnValue *value = stored_floats(model, node, input);
    const DcnShape *shape = value ? &value->tensor.shape : NULL;
    int axis = shape ? shape->rank - from_end : -1;
    if (axis < 0 || shape->dim[axis] != classes ||
        dcn_shape_count(shape) != (size_t)classes)
        return (Bias){NULL, -1};
    return (Bias){value, axis};
}

/* The bias that goes with the node's weights: its third input, or the constant of an Add
 * behind it, where a convolution's classes are the third axis from the end. */
static Bias
bias_of(DcnModel *model, const DcnNode *node, int64_t classes)
{
    Bias bias = bias_at(model, node, 2, 1, classes);
    const DcnGraph *graph = &model->graph;
    int from_end = node->op->weights.filters ? 3 : 1;
    for (size_t i = 0; !bias.value && i < graph->n_nodes; i++) {
        const DcnNode *next = &graph->nodes[i];
        if (!next->op || next->op->role != DCN_ROLE_ADDS || next->n_in != 2)
            continue;
        for (size_t k = 0; k < 2 && !bias.value; k++)
            if (next->in[k] == node->out[0])
                bias = bias_at(model, next, 1 - k, from_end, classes);
    }
    return bias;
}

static bool
draw_weights(DcnModel *model,
             const char *name,
             const DcnShape *shape,
             uint64_t seed,
             DcnError *error)
{
    size_t count;
    if (!dcn_shape_elements(shape, &count) || count > SIZE_MAX / sizeof(float))
        return dcn_fail(error, DCN_ERROR_VALUE, "a head of too many classes");
    float *values = malloc(count * sizeof *values);
    if (!values)
        return dcn_fail_memory(error, "a new head", count * sizeof *values);
    DcnRandom random = dcn_random_seed(seed, 0);
    dcn_random_weights(&random, 0.01, values, count);
    bool ok = dcn_model_set_weights(model, name, shape, values, error);
    free(values);
    return ok;
}

bool
dcn_model_new_head(
    DcnModel *model, size_t classes, uint64_t seed, const char **name, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    if (classes < 1)
        return dcn_fail(error, DCN_ERROR_VALUE, "a head of 0 classes");
    for (size_t i = graph->n_nodes; i-- > 0;) {
        const DcnNode *node = &graph->nodes[i];
        DcnValue *weights = stored_floats(model, node, 1);
        int axis = weights ? class_axis(node, &weights->tensor.shape) : -1;
        if (axis < 0)
            continue;
        DcnShape shape = weights->tensor.shape;
        Bias bias = bias_of(model, node, shape.dim[axis]);
        shape.dim[axis] = (int64_t)classes;
        if (!draw_weights(model, weights->name, &shape, seed, error))
            return false;
        if (name)
            *name = weights->name;
        if (!bias.value)
            return true;
        shape = bias.value->tensor.shape;
        shape.dim[bias.axis] = (int64_t)classes;
        return dcn_model_set_weights(model, bias.value->name, &shape, NULL, error);
    }
    return dcn_fail(
        error, DCN_ERROR_UNSUPPORTED,
        "the model has no last Gemm, MatMul or 1x1 Conv with stored weights that could become a new head");
}

/* --- BatchNormalization --- */

/* Uses inside the branches of an If. */
static size_t
count_captured(const DcnNode *node, int number)
{
    size_t uses = 0;
    for (size_t i = 0; i < node->n_attributes; i++) {
        const DcnGraph *branch = node->attributes[i].kind == DCN_ATTRIBUTE_GRAPH
                                     ? node->attributes[i].graph
                                     : NULL;
        for (size_t k = 0; branch && branch->captured && k < branch->n_values; k++)
            uses += branch->captured[k] == number;
    }
    return uses;
}

static size_t
count_uses(const DcnGraph *graph, int number)
{
    size_t uses = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        uses += count_captured(&graph->nodes[i], number);
        for (size_t k = 0; k < graph->nodes[i].n_in; k++)
            uses += graph->nodes[i].in[k] == number;
    }
    for (size_t i = 0; i < graph->n_outputs; i++)
        uses += graph->outputs[i] == number;
    return uses;
}

/* True if the value is an output of the graph, or a branch of an If reads it: such uses
 * cannot be replaced. */
static bool
is_seen(const DcnGraph *graph, int number)
{
    for (size_t i = 0; i < graph->n_nodes; i++)
        if (count_captured(&graph->nodes[i], number) > 0)
            return true;
    for (size_t i = 0; i < graph->n_outputs; i++)
        if (graph->outputs[i] == number)
            return true;
    return false;
}

/* The convolution that `norm` can be folded into: only `norm` reads its output, and no
 * other node reads its weights and bias. NULL if there is none. */
static DcnNode *
convolution_before(DcnModel *model, const DcnNode *norm)
{
    DcnGraph *graph = &model->graph;
    if (!norm->op || !norm->op->scales_channels || norm->n_out != 1 || norm->n_in != 5 ||
        norm->in[0] < 0 || is_seen(graph, norm->out[0]) ||
        dcn_node_int(norm, "training_mode", 0) != 0)
        return NULL;
    int maker = graph->values[norm->in[0]].node;
    DcnNode *conv = maker < 0 ? NULL : &graph->nodes[maker];
    if (!conv || !conv->op || !conv->op->weights.filters ||
        count_uses(graph, norm->in[0]) != 1)
        return NULL;
    const DcnValue *weights = stored_floats(model, conv, 1);
    if (!weights || count_uses(graph, conv->in[1]) != 1 || weights->tensor.shape.rank < 1)
        return NULL;
    bool has_bias = conv->n_in > 2 && conv->in[2] >= 0;
    if (has_bias &&
        (!stored_floats(model, conv, 2) || count_uses(graph, conv->in[2]) != 1))
        return NULL;
    for (size_t k = 1; k < 5; k++) {
        const DcnValue *part = stored_floats(model, norm, k);
        if (!part ||
            dcn_shape_count(&part->tensor.shape) != (size_t)weights->tensor.shape.dim[0])
            return NULL;
    }
    return conv;
}

/* A name for the bias of these weights that no tensor has: conv1.bias with conv1.weight.
 */
static const char *
free_name(DcnModel *model, const char *weights, DcnError *error)
{
    static const char ending[] = ".weight";
    size_t size = strlen(weights) + 32, n_ending = sizeof ending - 1;
    int length = (int)strlen(weights);
    if ((size_t)length > n_ending && strcmp(weights + length - n_ending, ending) == 0)
        length -= (int)n_ending;
    char *name = dcn_arena_alloc(model->arena, size);
    if (!name)
        dcn_fail_memory(error, "a name", size);
    for (unsigned n = 0; name; n++) {
        if (n == 0)
            snprintf(name, size, "%.*s.bias", length, weights);
        else
            snprintf(name, size, "%.*s.bias%u", length, weights, n);
        if (dcn_names_get(&model->value_names, name) < 0)
            break;
    }
    return name;
}

static bool
take_in(DcnModel *model, DcnNode *conv, const DcnNode *norm, DcnError *error)
{
    const DcnValue *weights = stored_floats(model, conv, 1);
    DcnShape shape = weights->tensor.shape;
    size_t count = dcn_shape_count(&shape), maps = (size_t)shape.dim[0];
    float *w = malloc((count + 5 * maps) * sizeof *w);
    if (!w)
        return dcn_fail_memory(error, "folding BatchNormalization", count * sizeof *w);
    float *part[5]; /* scale, shift, mean, variance, the convolution's bias */
    dcn_tensor_to_floats(&weights->tensor, w);
    for (size_t k = 0; k < 4; k++) {
        part[k] = w + count + k * maps;
        dcn_tensor_to_floats(&stored_floats(model, norm, k + 1)->tensor, part[k]);
    }
    part[4] = w + count + 4 * maps;
    const DcnValue *bias = stored_floats(model, conv, 2);
    memset(part[4], 0, maps * sizeof *part[4]);
    if (bias)
        dcn_tensor_to_floats(&bias->tensor, part[4]);
    DcnNormalisation numbers = {part[0], part[1], part[2], part[3],
                                dcn_node_float(norm, "epsilon", 1e-5F)};
    dcn_batchnorm_take_in(&numbers, maps, count / maps, w, part[4]);
    DcnShape line = {1, {shape.dim[0]}};
    const char *bias_name = bias ? bias->name : free_name(model, weights->name, error);
    bool made = bias_name &&
                dcn_model_set_weights(model, weights->name, &shape, w, error) &&
                dcn_model_set_weights(model, bias_name, &line, part[4], error);
    free(w);
    if (!made || bias)
        return made;
    int *in = dcn_arena_alloc(model->arena, 3 * sizeof *in);
    if (!in)
        return dcn_fail_memory(error, "folding BatchNormalization", 3 * sizeof *in);
    in[0] = conv->in[0];
    in[1] = conv->in[1];
    in[2] = dcn_model_value(model, bias_name);
    conv->in = in;
    conv->n_in = 3;
    return true;
}

static void
replace_uses(DcnGraph *graph, int from, int to)
{
    for (size_t i = 0; i < graph->n_nodes; i++)
        for (size_t k = 0; k < graph->nodes[i].n_in; k++)
            if (graph->nodes[i].in[k] == from)
                ((int *)(uintptr_t)graph->nodes[i].in)[k] = to;
}

static bool
remove_node(DcnModel *model, size_t index, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    for (size_t k = 0; k < graph->nodes[index].n_out; k++)
        if (graph->nodes[index].out[k] >= 0)
            graph->values[graph->nodes[index].out[k]].node = -1;
    memmove(&graph->nodes[index], &graph->nodes[index + 1],
            (graph->n_nodes - index - 1) * sizeof *graph->nodes);
    graph->n_nodes--;
    dcn_names_clear(&model->node_names);
    model->node_names = (DcnNames){0};
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const DcnNode *node = &graph->nodes[i];
        for (size_t k = 0; k < node->n_out; k++)
            if (node->out[k] >= 0)
                graph->values[node->out[k]].node = (int)i;
        if (node->name[0] && !dcn_names_add(&model->node_names, node->name, (int)i))
            return dcn_fail_memory(error, "a table of names", graph->n_nodes * 32);
    }
    return true;
}

bool
dcn_model_fold_batchnorm(DcnModel *model, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const DcnNode *norm = &graph->nodes[i];
        DcnNode *conv = convolution_before(model, norm);
        if (!conv)
            continue;
        if (!take_in(model, conv, norm, error))
            return false;
        replace_uses(graph, norm->out[0], conv->out[0]);
        if (!remove_node(model, i, error))
            return false;
        i--;
    }
    return true;
}
