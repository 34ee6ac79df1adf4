/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order.c: sorts nodes so that each comes behind those whose results it reads.
 *
 * ONNX asks files for such an order (IR, "Graphs": nodes are topologically sorted), and
 * most keep to it; it then stays as it is. A branch of an If reads what its graph reads
 * from outside of it. */
#include "base/error.h"
#include "onnx/reader.h"
#include <stdlib.h>
#include <string.h>

/* The nodes that each node needs: those of node i are in list from begin[i] up to, not
 * including, begin[i + 1]. */
typedef struct {
    DcnReader *reader;
    DcnNames makers; /* from a tensor's name to the node that makes it */
    size_t *begin;
    int *list;
    size_t used, room;
} Needs;

static bool
no_memory(DcnReader *reader, size_t bytes)
{
    return dcn_fail_memory(reader->error, "sorting the nodes", bytes);
}

static bool
need(Needs *needs, const char *name)
{
    int maker = name[0] ? dcn_names_get(&needs->makers, name) : -1;
    if (maker < 0)
        return true;
    if (needs->used == needs->room) {
        size_t room = 2 * needs->room + 256;
        int *list = realloc(needs->list, room * sizeof *list);
        if (!list)
            return no_memory(needs->reader, room * sizeof *list);
        needs->list = list;
        needs->room = room;
    }
    needs->list[needs->used++] = maker;
    return true;
}

/* Adds to `names` what a graph defines itself: a node that reads these names needs
 * nothing from outside of the graph. */
static bool
own_names(DcnReader *reader, const Onnx__GraphProto *graph, DcnNames *names)
{
    bool added = true;
    for (size_t i = 0; added && i < graph->n_initializer; i++)
        if (graph->initializer[i]->name)
            added = dcn_names_add(names, graph->initializer[i]->name, 0);
    for (size_t i = 0; added && i < graph->n_sparse_initializer; i++)
        if (graph->sparse_initializer[i]->values &&
            graph->sparse_initializer[i]->values->name)
            added = dcn_names_add(names, graph->sparse_initializer[i]->values->name, 0);
    for (size_t i = 0; added && i < graph->n_input; i++)
        if (graph->input[i]->name)
            added = dcn_names_add(names, graph->input[i]->name, 0);
    for (size_t i = 0; added && i < graph->n_node; i++)
        for (size_t k = 0; added && k < graph->node[i]->n_output; k++)
            added = dcn_names_add(names, graph->node[i]->output[k], 0);
    return added || no_memory(reader, graph->n_node * 32);
}

static bool need_graph(Needs *needs, const Onnx__GraphProto *graph);

static bool
need_attributes(Needs *needs, const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < node->n_attribute; i++)
        if (node->attribute[i]->g && !need_graph(needs, node->attribute[i]->g))
            return false;
    return true;
}

/* What a branch reads from outside. Depth is bounded by scan.c. */
static bool
need_graph(Needs *needs, const Onnx__GraphProto *graph)
{
    DcnNames own = {0};
    bool done = own_names(needs->reader, graph, &own);
    for (size_t i = 0; done && i < graph->n_node; i++) {
        const Onnx__NodeProto *node = graph->node[i];
        for (size_t k = 0; done && k < node->n_input; k++)
            if (dcn_names_get(&own, node->input[k]) < 0)
                done = need(needs, node->input[k]);
        done = done && need_attributes(needs, node);
    }
    for (size_t i = 0; done && i < graph->n_output; i++)
        if (graph->output[i]->name && dcn_names_get(&own, graph->output[i]->name) < 0)
            done = need(needs, graph->output[i]->name);
    dcn_names_clear(&own);
    return done;
}

/* Fills begin and list. *sorted: every node only needs nodes before it. */
static bool
find_needs(Needs *needs, Onnx__NodeProto *const *nodes, size_t n_nodes, bool *sorted)
{
    for (size_t i = 0; i < n_nodes; i++)
        for (size_t k = 0; k < nodes[i]->n_output; k++)
            if (!dcn_names_add(&needs->makers, nodes[i]->output[k], (int)i))
                return no_memory(needs->reader, n_nodes * 32);
    *sorted = true;
    for (size_t i = 0; i < n_nodes; i++) {
        needs->begin[i] = needs->used;
        for (size_t k = 0; k < nodes[i]->n_input; k++)
            if (!need(needs, nodes[i]->input[k]))
                return false;
        if (!need_attributes(needs, nodes[i]))
            return false;
        for (size_t k = needs->begin[i]; k < needs->used; k++)
            *sorted = *sorted && needs->list[k] < (int)i;
    }
    needs->begin[n_nodes] = needs->used;
    return true;
}

static bool
cycle(DcnReader *reader, const Onnx__NodeProto *node)
{
    const char *name = node->name && node->name[0] ? node->name
                       : node->n_output            ? node->output[0]
                                                   : "";
    return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                    "node \"%.100s\" (%.50s) needs its own result: the graph has a cycle",
                    name, node->op_type ? node->op_type : "");
}

/* Depth first, in the file's order; stack and next have room for all nodes. */
static bool
sort(const Needs *needs,
     Onnx__NodeProto *const *nodes,
     size_t n_nodes,
     size_t *order,
     int *stack,
     size_t *next)
{
    enum { NEW = 0, OPEN = 1, DONE = 2 };
    unsigned char *state = calloc(n_nodes, 1);
    if (!state)
        return no_memory(needs->reader, n_nodes);
    size_t placed = 0;
    bool found = true;
    for (size_t first = 0; found && first < n_nodes; first++) {
        size_t depth = 0;
        if (state[first] == NEW) {
            stack[depth++] = (int)first;
            state[first] = OPEN;
            next[first] = needs->begin[first];
        }
        while (found && depth > 0) {
            size_t at = (size_t)stack[depth - 1];
            if (next[at] == needs->begin[at + 1]) {
                state[at] = DONE;
                order[placed++] = at;
                depth--;
                continue;
            }
            size_t other = (size_t)needs->list[next[at]++];
            if (state[other] == OPEN)
                found = cycle(needs->reader, nodes[other]);
            if (state[other] != NEW)
                continue;
            state[other] = OPEN;
            next[other] = needs->begin[other];
            stack[depth++] = (int)other;
        }
    }
    free(state);
    return found;
}

bool
dcn_order_nodes(DcnReader *reader,
                Onnx__NodeProto *const *nodes,
                size_t n_nodes,
                size_t *order)
{
    Needs needs = {.reader = reader};
    needs.begin = calloc(n_nodes + 1, sizeof *needs.begin);
    size_t *next = calloc(n_nodes + 1, sizeof *next);
    int *stack = calloc(n_nodes + 1, sizeof *stack);
    bool sorted = false, done = needs.begin && next && stack;
    if (!done)
        no_memory(reader, n_nodes * sizeof *next);
    done = done && find_needs(&needs, nodes, n_nodes, &sorted);
    if (done && sorted) {
        for (size_t i = 0; i < n_nodes; i++)
            order[i] = i;
    } else if (done) {
        done = sort(&needs, nodes, n_nodes, order, stack, next);
    }
    dcn_names_clear(&needs.makers);
    free(needs.list);
    free(needs.begin);
    free(next);
    free(stack);
    return done;
}
