/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.h: the contents of a model's file, checked for being complete, and nothing else.
 * Inside the core only.
 *
 * Values are numbered: graph inputs, initialisers and node outputs share one table, in
 * which a name stands once. Nodes keep the file's order, which ONNX requires to be
 * topological; the reader checks that. */
#ifndef DCN_MODEL_MODEL_H
#define DCN_MODEL_MODEL_H

#include "dcn.h"

typedef struct DcnGraph DcnGraph;
typedef struct DcnOp DcnOp;

typedef enum {
    DCN_ATTRIBUTE_INT,
    DCN_ATTRIBUTE_FLOAT,
    DCN_ATTRIBUTE_STRING,
    DCN_ATTRIBUTE_TENSOR,
    DCN_ATTRIBUTE_INTS,
    DCN_ATTRIBUTE_FLOATS,
    DCN_ATTRIBUTE_STRINGS,
    DCN_ATTRIBUTE_GRAPH,
    DCN_ATTRIBUTE_OTHER
} DcnAttributeKind;

typedef struct {
    const char *name;
    DcnAttributeKind kind;
    int64_t i;
    float f;
    const char *string; /* NUL-ended copy */
    DcnTensor tensor;
    const DcnGraph *graph;
    size_t count; /* of the lists */
    const int64_t *ints;
    const float *floats;
    const char *const *strings;
} DcnAttribute;

typedef struct DcnNode {
    const char *name;  /* "" if it has none */
    const char *label; /* what messages call it: its name, or that of its first output */
    const char *type;  /* op_type */
    const char *domain;
    const DcnOp *op;     /* NULL: unknown to us */
    const char *refusal; /* of an unknown one: what of it is not known, or NULL */
    bool labels_only;    /* it makes names of classes, or is needed for them only */
    int opset;           /* of ONNX's operators, where the node was written */
    size_t n_in, n_out;
    const int *in, *out; /* values; -1: left out */
    size_t n_attributes;
    const DcnAttribute *attributes;
} DcnNode;

typedef enum { DCN_VALUE_INPUT, DCN_VALUE_INITIALISER, DCN_VALUE_NODE } DcnValueKind;

typedef struct {
    const char *name;
    DcnValueKind kind;
    DcnTensor tensor; /* of initialisers */
    bool own;         /* its data belong to the model's arena and may be written */
    DcnType type;     /* of inputs */
    DcnShape shape;   /* of inputs; rank -1: not said, dim -1: open */
    int node;         /* that makes it, or -1 */
} DcnValue;

/* A graph: the model's, or the branch of an If. */
struct DcnGraph {
    size_t n_values, n_nodes, n_inputs, n_outputs;
    DcnValue *values;
    DcnNode *nodes;
    int *inputs, *outputs; /* values; inputs without initialiser only */
    const DcnGraph *outer; /* names not found here are looked up there; see captured */
    const int
        *captured; /* by value: the outer graph's value that it is, or -1; NULL: none */
};

const DcnGraph *dcn_model_graph(const DcnModel *model);

/* Gives back the memory of a part of the model's files that was read: dcn_file_let_go(). */
void dcn_model_let_go(const DcnModel *model, const void *part, size_t size);

int dcn_model_opset(const DcnModel *model);

/* Value by tensor name, or -1, also if its node was taken out; node by name, or -1. */
int dcn_model_value(const DcnModel *model, const char *name);
int dcn_model_node(const DcnModel *model, const char *name);

/* True for nodes that no operator runs, as a plan makes other steps of them, or none: If,
 * and what has to do with lists of tensors. */
bool dcn_node_is_planned(const DcnNode *node);

/* Attributes. The fallback is what ONNX states for an absent one. An attribute of another
 * kind counts as absent: whether kinds are those that an operator expects is the
 * operator's business, not the reader's. */
const DcnAttribute *dcn_node_attribute(const DcnNode *node, const char *name);
int64_t dcn_node_int(const DcnNode *node, const char *name, int64_t fallback);
float dcn_node_float(const DcnNode *node, const char *name, float fallback);
const char *dcn_node_string(const DcnNode *node, const char *name, const char *fallback);

/* A list of at most `most` integers. Returns its length, 0 if absent, -1 if longer. */
int dcn_node_ints(const DcnNode *node, const char *name, int64_t *values, int most);

#endif
