/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.c: adds the nodes and weights of a recipe's layers to a model.
 *
 * One layer is one node. Sizes are followed here to know how many weights a layer has,
 * and so that a picture that becomes smaller than a window is told by the layer's
 * name. */

#include "recipe/compose.h"
#include "base/fail.h"
#include "edit.h"
#include <math.h>
#include <string.h>

typedef struct {
    DcnModel *model;
    const char *tensor; /* what the next layer reads */
    gint64 maps, side;  /* side is 0 behind a flatten layer */
    gsize classes;
    guint64 seed;
    gsize layer;    /* a stream of random numbers each */
    DcnError error; /* of the core */
} Composer;

static char *
part_name(const Layer *layer, const char *part)
{
    return g_strconcat(layer->name, ".", part, NULL);
}

/* --- weights --- */

/* deviation > 0: normal, else all are value. */
static gboolean
add_weights(Composer *c,
            const Layer *layer,
            const char *part,
            DcnShape shape,
            double deviation,
            float value)
{
    gsize count = dcn_shape_count(&shape);
    float *values = g_try_new(float, count);
    if (!values || count == 0) {
        g_free(values);
        c->error = (DcnError){.code = DCN_ERROR_MEMORY};
        g_snprintf(c->error.text, sizeof c->error.text, "layer %s has too many weights",
                   layer->name);
        return FALSE;
    }
    DcnRandom random = dcn_random_seed(c->seed, c->layer);
    if (deviation > 0)
        dcn_random_weights(&random, deviation, values, count);
    for (gsize i = 0; deviation <= 0 && i < count; i++)
        values[i] = value;
    char *name = part_name(layer, part);
    gboolean ok = dcn_model_set_weights(c->model, name, &shape, values, &c->error);
    g_free(name);
    g_free(values);
    return ok;
}

/* A node that reads the tensor before it and its own weights, named by parts. */
static gboolean
add_node(Composer *c,
         const Layer *layer,
         const char *type,
         const char *const *parts,
         const DcnNodeAttribute *attributes,
         gsize n_attributes)
{
    char *inputs[6] = {g_strdup(c->tensor)};
    gsize n_inputs = 1;
    for (; parts && *parts; parts++)
        inputs[n_inputs++] = **parts ? part_name(layer, *parts) : g_strdup("");
    gboolean ok =
        dcn_model_add_node(c->model, type, layer->name, (const char *const *)inputs,
                           n_inputs, attributes, n_attributes, &c->error);
    for (gsize i = 0; i < n_inputs; i++)
        g_free(inputs[i]);
    c->tensor = layer->name;
    return ok;
}

/* --- layers --- */

/* The windows of a layer: their number a side, or 0. */
static gint64
windows(const Layer *layer, gint64 side)
{
    gint64 size = (gint64)layer->number[NUMBER_SIZE];
    gint64 stride = (gint64)layer->number[NUMBER_STRIDE];
    gint64 pad = (gint64)layer->number[NUMBER_PAD];
    gboolean ceil = layer->number[NUMBER_CEIL] > 0;
    return pad < size ? dcn_window_count(side, pad, pad, size, stride, ceil) : 0;
}

static gsize
window_attributes(const Layer *layer, gint64 numbers[9], DcnNodeAttribute attributes[4])
{
    for (int i = 0; i < 2; i++) {
        numbers[i] = (gint64)layer->number[NUMBER_SIZE];
        numbers[2 + i] = (gint64)layer->number[NUMBER_STRIDE];
        numbers[4 + i] = numbers[6 + i] = (gint64)layer->number[NUMBER_PAD];
    }
    attributes[0] = (DcnNodeAttribute){
        .name = "kernel_shape", .list = true, .ints = numbers, .n_ints = 2};
    attributes[1] = (DcnNodeAttribute){
        .name = "strides", .list = true, .ints = numbers + 2, .n_ints = 2};
    attributes[2] = (DcnNodeAttribute){
        .name = "pads", .list = true, .ints = numbers + 4, .n_ints = 4};
    if (layer->kind == LAYER_CONV) {
        numbers[8] = (gint64)layer->number[NUMBER_GROUPS];
        attributes[3] =
            (DcnNodeAttribute){.name = "group", .ints = numbers + 8, .n_ints = 1};
        return 4;
    }
    if (layer->kind == LAYER_MAXPOOL) {
        numbers[8] = (gint64)layer->number[NUMBER_CEIL];
        attributes[3] =
            (DcnNodeAttribute){.name = "ceil_mode", .ints = numbers + 8, .n_ints = 1};
        return 4;
    }
    numbers[8] = 0;
    attributes[3] =
        (DcnNodeAttribute){.name = "count_include_pad", .ints = numbers + 8, .n_ints = 1};
    return 4;
}

/* bias: a normalisation that follows has one of its own. */
static gboolean
add_window_layer(Composer *c, const Layer *layer, gboolean bias, GError **error)
{
    static const char *const both[] = {"weight", "bias", NULL};
    static const char *const weight[] = {"weight", NULL};
    gint64 numbers[9], side = windows(layer, c->side);
    DcnNodeAttribute attributes[4];
    gsize n_attributes = window_attributes(layer, numbers, attributes);
    if (side < 1)
        return fail_input(
            error,
            _("Layer %s: windows of %d pixels with %d of padding do not fit into its input of %d×%d."),
            layer->name, (int)layer->number[NUMBER_SIZE], (int)layer->number[NUMBER_PAD],
            (int)c->side, (int)c->side);
    c->side = side;
    if (layer->kind != LAYER_CONV)
        return add_node(c, layer,
                        layer->kind == LAYER_MAXPOOL ? "MaxPool" : "AveragePool", NULL,
                        attributes, n_attributes);

    gint64 maps = (gint64)layer->number[NUMBER_MAPS], groups = numbers[8];
    if (c->maps % groups || maps % groups)
        return fail_input(
            error,
            _("Layer %s: %d maps of the input and %d of its own cannot be shared among %d groups."),
            layer->name, (int)c->maps, (int)maps, (int)groups);
    gint64 size = numbers[0], each = c->maps / groups;
    double deviation = sqrt(2.0 / (double)(each * size * size));
    c->maps = maps;
    return add_weights(c, layer, "weight", (DcnShape){4, {maps, each, size, size}},
                       deviation, 0) &&
           (!bias || add_weights(c, layer, "bias", (DcnShape){1, {maps}}, 0, 0)) &&
           add_node(c, layer, "Conv", bias ? both : weight, attributes, n_attributes);
}

/* Windows of one size that begin at equal distances and reach both edges; neighbours
 * share up to count - 1 places. */
static gboolean
add_cells(Composer *c, const Layer *layer, GError **error)
{
    gint64 count = MIN((gint64)layer->number[NUMBER_COUNT], c->side);
    gint64 stride = c->side / count;
    Layer pool = *layer;
    pool.kind = LAYER_MEANPOOL;
    pool.number[NUMBER_STRIDE] = (double)stride;
    pool.number[NUMBER_SIZE] = (double)(c->side - (count - 1) * stride);
    pool.number[NUMBER_PAD] = 0;
    return add_window_layer(c, &pool, FALSE, error);
}

static gboolean
add_batchnorm(Composer *c, const Layer *layer)
{
    static const char *const parts[] = {"scale", "shift", "mean", "variance", NULL};
    static const float values[] = {1, 0, 0, 1};
    for (int i = 0; i < 4; i++)
        if (!add_weights(c, layer, parts[i], (DcnShape){1, {c->maps}}, 0, values[i]))
            return FALSE;
    DcnNodeAttribute attributes[2] = {{.name = "epsilon", .number = 1e-5F},
                                      {.name = "momentum", .number = 0.9F}};
    return add_node(c, layer, "BatchNormalization", parts, attributes, 2);
}

static gboolean
add_lrn(Composer *c, const Layer *layer)
{
    gint64 size = (gint64)layer->number[NUMBER_SIZE];
    DcnNodeAttribute attributes[4] = {
        {.name = "size", .ints = &size, .n_ints = 1},
        {.name = "alpha", .number = (float)layer->number[NUMBER_ALPHA]},
        {.name = "beta", .number = (float)layer->number[NUMBER_BETA]},
        {.name = "bias", .number = (float)layer->number[NUMBER_BIAS]},
    };
    return add_node(c, layer, "LRN", NULL, attributes, 4);
}

/* Behind a flatten layer all values are one vector. Before it each place is one: LRN over a
 * window that holds all maps, wherever its middle is, is x / sqrt(sum of x^2). */
static gboolean
add_unit(Composer *c, const Layer *layer)
{
    if (c->side == 0) {
        gint64 axis = 1, p = 2;
        DcnNodeAttribute whole[2] = {{.name = "axis", .ints = &axis, .n_ints = 1},
                                     {.name = "p", .ints = &p, .n_ints = 1}};
        return add_node(c, layer, "LpNormalization", NULL, whole, 2);
    }
    gint64 size = 2 * c->maps - 1;
    DcnNodeAttribute attributes[4] = {
        {.name = "size", .ints = &size, .n_ints = 1},
        {.name = "alpha", .number = (float)size},
        {.name = "beta", .number = 0.5F},
        {.name = "bias", .number = 1e-12F},
    };
    return add_node(c, layer, "LRN", NULL, attributes, 4);
}

static gboolean
add_linear(Composer *c, const Layer *layer)
{
    static const char *const parts[] = {"weight", "bias", NULL};
    gint64 maps = (gint64)layer->number[NUMBER_MAPS], transposed = 1;
    double deviation = sqrt(2.0 / (double)c->maps);
    if (maps == 0) {
        maps = (gint64)c->classes;
        deviation = 0.01;
    }
    DcnNodeAttribute attribute = {.name = "transB", .ints = &transposed, .n_ints = 1};
    DcnShape shape = {2, {maps, c->maps}};
    c->maps = maps;
    return add_weights(c, layer, "weight", shape, deviation, 0) &&
           add_weights(c, layer, "bias", (DcnShape){1, {maps}}, 0, 0) &&
           add_node(c, layer, "Gemm", parts, &attribute, 1);
}

static gboolean
add_dropout(Composer *c, const Layer *layer)
{
    static const char *const parts[] = {"ratio", NULL};
    return add_weights(c, layer, "ratio", (DcnShape){0, {0}}, 0,
                       (float)layer->number[NUMBER_RATIO]) &&
           add_node(c, layer, "Dropout", parts, NULL, 0);
}

static gboolean
add_flatten(Composer *c, const Layer *layer)
{
    gint64 axis = 1;
    DcnNodeAttribute attribute = {.name = "axis", .ints = &axis, .n_ints = 1};
    c->maps *= c->side * c->side;
    c->side = 0;
    return add_node(c, layer, "Flatten", NULL, &attribute, 1);
}

static gboolean
add_softmax(Composer *c, const Layer *layer)
{
    gint64 axis = 1;
    DcnNodeAttribute attribute = {.name = "axis", .ints = &axis, .n_ints = 1};
    return add_node(c, layer, "Softmax", NULL, &attribute, 1);
}

static gboolean
needs_maps(const Layer *layer)
{
    return layer->kind == LAYER_CONV || layer->kind == LAYER_MAXPOOL ||
           layer->kind == LAYER_MEANPOOL || layer->kind == LAYER_CELLS ||
           layer->kind == LAYER_AVERAGE || layer->kind == LAYER_LRN ||
           layer->kind == LAYER_FLATTEN;
}

/* next: NULL at the end. */
static gboolean
add_layer(Composer *c, const Layer *layer, const Layer *next, GError **error)
{
    if (needs_maps(layer) && c->side == 0)
        return fail_input(
            error, _("Layer %s: there are no maps any more behind a “flatten” layer."),
            layer->name);
    if (layer->kind == LAYER_LINEAR && c->side > 0)
        return fail_input(
            error, _("Layer %s: a “linear” layer needs a “flatten” layer before it."),
            layer->name);
    switch (layer->kind) {
    case LAYER_CONV:
    case LAYER_MAXPOOL:
    case LAYER_MEANPOOL:
        return add_window_layer(c, layer, !next || next->kind != LAYER_BATCHNORM, error);
    case LAYER_CELLS:
        return add_cells(c, layer, error);
    case LAYER_BATCHNORM:
        return add_batchnorm(c, layer);
    case LAYER_AVERAGE:
        c->side = 1;
        return add_node(c, layer, "GlobalAveragePool", NULL, NULL, 0);
    case LAYER_LRN:
        return add_lrn(c, layer);
    case LAYER_UNIT:
        return add_unit(c, layer);
    case LAYER_DROPOUT:
        return add_dropout(c, layer);
    case LAYER_FLATTEN:
        return add_flatten(c, layer);
    case LAYER_LINEAR:
        return add_linear(c, layer);
    case LAYER_SOFTMAX:
        return add_softmax(c, layer);
    case LAYER_RELU:
        return add_node(c, layer, "Relu", NULL, NULL, 0);
    case LAYER_SIGMOID:
        return add_node(c, layer, "Sigmoid", NULL, NULL, 0);
    case LAYER_KINDS:
        break;
    }
    return FALSE;
}

static gboolean
add_all(Composer *c, const Recipe *recipe, GError **error)
{
    for (gsize i = 0; i < recipe->n_layers; i++) {
        c->layer = i;
        const Layer *next = i + 1 < recipe->n_layers ? &recipe->layers[i + 1] : NULL;
        if (!add_layer(c, &recipe->layers[i], next, error))
            return FALSE;
    }
    if (c->side > 0 || c->maps != (gint64)c->classes)
        return fail_input(
            error,
            _("The last layer makes %d numbers (%d×%d each) for %d classes: a “linear” layer without “maps” has one each."),
            (int)c->maps, (int)MAX(c->side, 1), (int)MAX(c->side, 1), (int)c->classes);
    return dcn_model_add_output(c->model, c->tensor, &c->error);
}

gboolean
compose_layers(DcnModel *model,
               const char *tensor,
               gint64 maps,
               gint64 side,
               const Recipe *recipe,
               gsize classes,
               guint64 seed,
               GError **error)
{
    Composer c = {.model = model,
                  .tensor = tensor,
                  .maps = maps,
                  .side = side,
                  .classes = classes,
                  .seed = seed};
    GError *own = NULL;
    if (add_all(&c, recipe, &own))
        return TRUE;
    if (own)
        g_propagate_error(error, own);
    else
        fail_core(error, &c.error);
    return FALSE;
}
