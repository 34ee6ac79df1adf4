/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outline.c: what a file says of itself, also one that is no model for the core.
 *
 * The messages are walked as they are: names are not looked up, shapes not checked. So a
 * file with an opset of tomorrow, or with weights that are missing, still tells which
 * program wrote it and what it consists of. */
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/names.h"
#include "base/tensor.h"
#include "onnx.pb-c.h"
#include "onnx/onnx.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those of ONNX that the core knows, texts, and one for all others. */
#define MOST_TYPES 32

typedef struct {
    DcnOutline outline; /* first, so that one is the other's address */
    DcnArena *arena;
} Owner;

typedef struct {
    Owner *owner;
    DcnNames names;     /* "domain:name" to numbers of operators */
    DcnNames externals; /* names of files of weights */
    bool failed;        /* no memory */
} Walk;

/* Room for `count`, zeroed; one more, so that none is no failure. */
static void *
take(Walk *walk, size_t count, size_t size)
{
    void *memory = walk->failed || count > SIZE_MAX / 2 / size
                       ? NULL
                       : dcn_arena_alloc(walk->owner->arena, (count + 1) * size);
    walk->failed = !memory;
    return memory;
}

static const char *
text(Walk *walk, const char *from)
{
    const char *copy =
        walk->failed ? NULL : dcn_arena_strdup(walk->owner->arena, from ? from : "");
    walk->failed = !copy;
    return copy;
}

/* --- inputs and outputs --- */

static void
declare(Walk *walk, const Onnx__ValueInfoProto *info, DcnDeclared *declared)
{
    const Onnx__TypeProto__Tensor *type = info->type ? info->type->tensor_type : NULL;
    declared->name = text(walk, info->name);
    declared->type = type ? (DcnType)type->elem_type : DCN_UNDEFINED;
    declared->shape.rank = -1;
    if (!type || !type->shape || type->shape->n_dim > DCN_MAX_RANK)
        return;
    declared->shape.rank = (int)type->shape->n_dim;
    for (size_t d = 0; d < type->shape->n_dim; d++) {
        const Onnx__TensorShapeProto__Dimension *dim = type->shape->dim[d];
        declared->shape.dim[d] =
            dim->has_dim_value && dim->dim_value > 0 ? dim->dim_value : -1;
    }
}

static void
declare_all(Walk *walk, const Onnx__GraphProto *graph)
{
    DcnOutline *outline = &walk->owner->outline;
    DcnNames initialised = {0};
    outline->inputs = take(walk, graph->n_input, sizeof *outline->inputs);
    outline->outputs = take(walk, graph->n_output, sizeof *outline->outputs);
    for (size_t i = 0; !walk->failed && i < graph->n_initializer; i++)
        if (graph->initializer[i]->name &&
            !dcn_names_add(&initialised, graph->initializer[i]->name, 0))
            walk->failed = true;
    for (size_t i = 0; !walk->failed && i < graph->n_input; i++) {
        const char *name = graph->input[i]->name;
        if (!name || dcn_names_get(&initialised, name) < 0)
            declare(walk, graph->input[i], &outline->inputs[outline->n_inputs++]);
    }
    for (size_t i = 0; !walk->failed && i < graph->n_output; i++)
        declare(walk, graph->output[i], &outline->outputs[outline->n_outputs++]);
    dcn_names_clear(&initialised);
}

/* --- weights --- */

/* Elements by what the file says, which no data need be there for; the largest number if
 * that is more. */
static uint64_t
count_values(const Onnx__TensorProto *tensor)
{
    uint64_t count = 1;
    for (size_t d = 0; d < tensor->n_dims; d++) {
        uint64_t dim = tensor->dims[d] > 0 ? (uint64_t)tensor->dims[d] : 0;
        if (dim && count > UINT64_MAX / dim)
            return UINT64_MAX;
        count *= dim;
    }
    return count;
}

static void
count_weights(Walk *walk, const Onnx__TensorProto *tensor)
{
    DcnOutline *outline = &walk->owner->outline;
    uint64_t count = count_values(tensor);
    DcnType type = (DcnType)tensor->data_type;
    if (dcn_type_size(type) == 0 && type != DCN_STRING)
        type = DCN_UNDEFINED; /* one line for all of them */
    size_t i = 0;
    while (i < outline->n_weights && outline->weights[i].type != type)
        i++;
    if (i == outline->n_weights)
        outline->weights[outline->n_weights++].type = type;
    uint64_t *sum = &outline->weights[i].values;
    *sum = count > UINT64_MAX - *sum ? UINT64_MAX : *sum + count;
}

/* --- operators --- */

static size_t
count_nodes(Onnx__NodeProto *const *nodes, size_t n_nodes)
{
    size_t count = n_nodes;
    for (size_t i = 0; i < n_nodes; i++)
        for (size_t k = 0; k < nodes[i]->n_attribute; k++)
            if (nodes[i]->attribute[k]->g)
                count += count_nodes(nodes[i]->attribute[k]->g->node,
                                     nodes[i]->attribute[k]->g->n_node);
    return count;
}

static void
count_operators(Walk *walk, Onnx__NodeProto *const *nodes, size_t n_nodes)
{
    DcnOutline *outline = &walk->owner->outline;
    for (size_t i = 0; !walk->failed && i < n_nodes; i++) {
        const Onnx__NodeProto *node = nodes[i];
        const char *domain = node->domain ? node->domain : "";
        const char *name = node->op_type ? node->op_type : "";
        if (strcmp(domain, "ai.onnx") == 0)
            domain = "";
        size_t length = strlen(domain) + strlen(name) + 2;
        char *key = take(walk, length, 1);
        if (!key)
            return;
        snprintf(key, length, "%s:%s", domain, name);
        int number = dcn_names_get(&walk->names, key);
        if (number < 0) {
            number = (int)outline->n_operators++;
            outline->operators[number] =
                (DcnOperatorCount){text(walk, domain), text(walk, name), 0};
            if (!dcn_names_add(&walk->names, key, number))
                walk->failed = true;
        }
        outline->operators[number].nodes++;
        for (size_t k = 0; k < node->n_attribute; k++) {
            if (node->attribute[k]->t)
                count_weights(walk, node->attribute[k]->t); /* of a Constant */
            if (node->attribute[k]->g)
                count_operators(walk, node->attribute[k]->g->node,
                                node->attribute[k]->g->n_node);
        }
    }
}

static void
count_all_operators(Walk *walk, const Onnx__ModelProto *proto)
{
    DcnOutline *outline = &walk->owner->outline;
    size_t count = count_nodes(proto->graph->node, proto->graph->n_node);
    for (size_t i = 0; i < proto->n_functions; i++)
        count += count_nodes(proto->functions[i]->node, proto->functions[i]->n_node);
    outline->n_nodes = proto->graph->n_node;
    outline->operators = take(walk, count, sizeof *outline->operators);
    count_operators(walk, proto->graph->node, proto->graph->n_node);
    for (size_t i = 0; i < proto->n_functions; i++)
        count_operators(walk, proto->functions[i]->node, proto->functions[i]->n_node);
}

/* --- initialisers --- */

static void
note_external(Walk *walk, const Onnx__TensorProto *tensor)
{
    DcnOutline *outline = &walk->owner->outline;
    for (size_t k = 0; k < tensor->n_external_data; k++) {
        const Onnx__StringStringEntryProto *entry = tensor->external_data[k];
        if (!entry->key || !entry->value || strcmp(entry->key, "location") != 0 ||
            dcn_names_get(&walk->externals, entry->value) >= 0)
            continue;
        const char *name = text(walk, entry->value);
        if (walk->failed || !dcn_names_add(&walk->externals, name, 0)) {
            walk->failed = true;
            return;
        }
        outline->externals[outline->n_externals++] = name;
        return;
    }
}

static void
count_all_weights(Walk *walk, const Onnx__GraphProto *graph)
{
    DcnOutline *outline = &walk->owner->outline;
    outline->externals = take(walk, graph->n_initializer, sizeof *outline->externals);
    for (size_t i = 0; !walk->failed && i < graph->n_initializer; i++) {
        count_weights(walk, graph->initializer[i]);
        note_external(walk, graph->initializer[i]);
    }
    for (size_t i = 0; !walk->failed && i < graph->n_sparse_initializer; i++)
        if (graph->sparse_initializer[i]->values)
            count_weights(walk, graph->sparse_initializer[i]->values);
}

/* --- the file --- */

static void
fill(Walk *walk, const Onnx__ModelProto *proto)
{
    DcnOutline *outline = &walk->owner->outline;
    outline->producer = text(walk, proto->producer_name);
    outline->producer_version = text(walk, proto->producer_version);
    outline->graph = text(walk, proto->graph->name);
    outline->ir_version = proto->ir_version;
    outline->opsets = take(walk, proto->n_opset_import, sizeof *outline->opsets);
    for (size_t i = 0; !walk->failed && i < proto->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *import = proto->opset_import[i];
        bool own = !import->domain || strcmp(import->domain, "ai.onnx") == 0;
        outline->opsets[outline->n_opsets++] =
            (DcnOpset){text(walk, own ? "" : import->domain), import->version};
    }
    outline->weights = take(walk, MOST_TYPES, sizeof *outline->weights);
    if (walk->failed)
        return;
    declare_all(walk, proto->graph);
    count_all_weights(walk, proto->graph);
    count_all_operators(walk, proto);
}

static bool
read_outline(Owner *owner, const void *bytes, size_t size, DcnError *error)
{
    unsigned char *skeleton;
    size_t skeleton_size;
    if (!dcn_scan_model(bytes, size, &skeleton, &skeleton_size, error))
        return false;
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, skeleton_size, skeleton);
    free(skeleton);
    bool usable = proto && proto->graph && proto->n_opset_import > 0;
    Walk walk = {.owner = owner};
    if (usable)
        fill(&walk, proto);
    dcn_names_clear(&walk.names);
    dcn_names_clear(&walk.externals);
    if (proto)
        onnx__model_proto__free_unpacked(proto, NULL);
    if (!usable)
        return dcn_fail(error, DCN_ERROR_FORMAT, "this is not an ONNX file");
    return !walk.failed || dcn_fail_memory(error, "an outline", size);
}

DcnOutline *
dcn_outline_parse(const void *bytes, size_t size, DcnError *error)
{
    Owner *owner = calloc(1, sizeof *owner);
    if (owner)
        owner->arena = dcn_arena_new();
    if (!owner || !owner->arena) {
        free(owner);
        dcn_fail_memory(error, "an outline", sizeof *owner);
        return NULL;
    }
    if (read_outline(owner, bytes, size, error))
        return &owner->outline;
    dcn_outline_free(&owner->outline);
    return NULL;
}

DcnOutline *
dcn_outline_open(const char *path, DcnError *error)
{
    DcnFile file = {0};
    DcnError reason = {0};
    if (!dcn_file_map(path, &file, error))
        return NULL;
    DcnOutline *outline = dcn_outline_parse(file.bytes, file.size, &reason);
    dcn_file_unmap(&file);
    const char *slash = strrchr(path, '/');
    if (!outline)
        dcn_fail(error, reason.code, "%.200s: %s", slash ? slash + 1 : path, reason.text);
    return outline;
}

void
dcn_outline_free(DcnOutline *outline)
{
    if (!outline)
        return;
    Owner *owner = (Owner *)outline;
    dcn_arena_free(owner->arena);
    free(owner);
}
