/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.h: what the parts of the reader share.
 *
 * - read.c: a file's opset, properties and functions
 * - read_values.c: tensors of a graph, and their names
 * - read_graph.c: its nodes, and its branches
 * - read_attribute.c, read_tensor.c, read_sparse.c: what stands in a node, and data
 * - order.c: nodes behind what they read
 * - function.c: a node that calls a function of the file becomes the function's nodes
 * - fused.c and body.c: so do nodes in which an optimiser put several together
 * - older.c: so do nodes of old opsets that meant something else then */
#ifndef DCN_ONNX_READER_H
#define DCN_ONNX_READER_H

#include "model/model_private.h"
#include "onnx.pb-c.h"

/* How many nodes and tensors something becomes, functions written out. */
typedef struct {
    size_t nodes, values;
} DcnCounts;

/* A function of the file. */
typedef struct {
    const Onnx__FunctionProto *proto;
    int opset; /* of the operators in its body */
    int next;  /* the next one with this name, in another domain; or -1 */
    enum { DCN_NOT_COUNTED, DCN_COUNTING, DCN_COUNTED } state;
    DcnCounts counts;
} DcnFunction;

typedef struct {
    DcnModel *model;
    const unsigned char *bytes;
    size_t size;
    const char *folder;
    DcnError *error;
    size_t n_functions;
    DcnFunction *functions;
    DcnNames function_names; /* to the first function with the name */
    size_t sparse;           /* elements that sparse tensors have become */
} DcnReader;

/* A name that a function's caller left out; other numbers are of values. */
#define DCN_LEFT_OUT 0x7FFFFFFF

/* A scope of names: a graph, a branch, or the body of a function. */
typedef struct DcnScope {
    DcnGraph *graph;        /* that nodes and values go to: for a body, its caller's */
    DcnNames *names;        /* to values of the graph */
    struct DcnScope *outer; /* of a branch: the graph around it */
    const struct DcnFunctionCall
        *call;      /* in the body of a function, or in a branch of it */
    DcnCounts room; /* of the graph; unused in bodies */
} DcnScope;

typedef struct DcnFunctionCall {
    const DcnFunction *function;
    const Onnx__NodeProto *node;
    DcnScope *caller;
    const char *prefix; /* of the names of what the body makes */
} DcnFunctionCall;

/* Memory of the model, zeroed. NULL and an error if there is none. */
void *dcn_reader_take(DcnReader *reader, size_t count, size_t size);
const char *dcn_reader_text(DcnReader *reader, const char *text);
const char *dcn_reader_bytes(DcnReader *reader, const ProtobufCBinaryData *bytes);

/* read_tensor.c: data stay where they are in the mapped file, or are copied from typed
 * fields. Of a type that nothing can use, data are NULL. */
bool dcn_read_tensor(DcnReader *reader,
                     const Onnx__TensorProto *proto,
                     const char *name,
                     DcnTensor *tensor);

/* read_sparse.c: a tensor of which the file has some elements only, whole. */
bool dcn_read_sparse(DcnReader *reader,
                     const Onnx__SparseTensorProto *proto,
                     const char *name,
                     DcnTensor *tensor);

/* read_attribute.c: *there is false for one that refers to an attribute which the
 * function's caller does not give. */
bool dcn_read_attribute(DcnReader *reader,
                        const Onnx__AttributeProto *proto,
                        DcnScope *scope,
                        DcnAttribute *attribute,
                        bool *there);

/* order.c: order[i] is the node that comes i-th. False and an error for a cycle. */
bool dcn_order_nodes(DcnReader *reader,
                     Onnx__NodeProto *const *nodes,
                     size_t n_nodes,
                     size_t *order);

/* read_graph.c: outer: of a branch; call: where a function's body is read, or NULL. Names
 * go to `names` and stay the caller's to clear. */
bool dcn_read_graph(DcnReader *reader,
                    const Onnx__GraphProto *proto,
                    DcnScope *outer,
                    const DcnFunctionCall *call,
                    DcnGraph *graph,
                    DcnNames *names);
bool dcn_read_nodes(DcnReader *reader,
                    DcnScope *scope,
                    Onnx__NodeProto *const *nodes,
                    size_t n_nodes);

#define DCN_MOST_VALUES 100000 /* and nodes, of a graph */

/* read_values.c: the error that a graph has more. Always false. */
bool dcn_too_many_values(DcnReader *reader);
bool dcn_read_initialisers(DcnReader *reader,
                           const Onnx__GraphProto *proto,
                           DcnScope *scope);
bool dcn_read_inputs(DcnReader *reader, const Onnx__GraphProto *proto, DcnScope *scope);

/* The scope that has the names of the graph itself: of a body, its caller's. */
DcnScope *dcn_scope_home(DcnScope *scope);

/* The value that a name stands for; a branch captures it from around. -1: nothing has
 * this name, and no error; -2: an error; DCN_LEFT_OUT. */
int dcn_use_value(DcnReader *reader, DcnScope *scope, const char *name);

/* A new value. In a function's body one of its outputs gets the caller's name, any other
 * one the prefix of the call. -1: an error. */
int dcn_define_value(DcnReader *reader,
                     DcnScope *scope,
                     const char *name,
                     DcnValueKind kind);

/* read_graph.c: the next node of the scope's graph, with names and opset; in and out are still empty.
 * NULL: an error. */
DcnNode *dcn_add_node(DcnReader *reader,
                      DcnScope *scope,
                      const char *name,
                      const char *type,
                      const char *domain);

/* Counts what nodes of that opset become. False and an error if that is too much, or for a function
 * that calls itself. */
bool dcn_count_nodes(DcnReader *reader,
                     Onnx__NodeProto *const *nodes,
                     size_t n_nodes,
                     int opset,
                     DcnCounts *counts);

/* function.c */
bool dcn_read_functions(DcnReader *reader, const Onnx__ModelProto *proto);
DcnFunction *dcn_find_function(const DcnReader *reader, const Onnx__NodeProto *node);
bool dcn_count_function(DcnReader *reader, DcnFunction *function, DcnCounts *counts);
bool dcn_read_call(DcnReader *reader,
                   DcnScope *scope,
                   const DcnFunction *function,
                   const Onnx__NodeProto *node);

/* fused.c: gives the function that this node of a file or body of that opset stands for,
 * newly made, or NULL if it stands for none; refusal: why not, where it has options that
 * are not known, or NULL. False if there is no memory. */
bool dcn_fused_function(DcnReader *reader,
                        const Onnx__NodeProto *node,
                        int opset,
                        DcnFunction **function,
                        const char **refusal);

/* The opset of ONNX's own operators in a list of imports; 0: not in it. */
int64_t dcn_opset_of(Onnx__OperatorSetIdProto *const *imports, size_t n_imports);

#endif
