/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c: a model that ends at one of its tensors. */
#include "base/error.h"
#include "edit.h"
#include "model/model_private.h"
#include <stdlib.h>

/* Nodes are in the order of computation, so one walk from the end finds all that are
 * needed. */
static void
mark_needed(const DcnGraph *graph, int tensor, bool *needed)
{
    if (graph->values[tensor].node >= 0)
        needed[graph->values[tensor].node] = true;
    for (size_t i = graph->n_nodes; i-- > 0;) {
        if (!needed[i])
            continue;
        const DcnNode *node = &graph->nodes[i];
        for (size_t k = 0; k < node->n_in; k++)
            if (node->in[k] >= 0 && graph->values[node->in[k]].node >= 0)
                needed[graph->values[node->in[k]].node] = true;
    }
}

static bool
keep_needed(DcnModel *model, const bool *needed, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    size_t kept = 0;
    dcn_names_clear(&model->node_names);
    model->node_names = (DcnNames){0};
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const DcnNode *node = &graph->nodes[i];
        for (size_t k = 0; k < node->n_out; k++)
            if (node->out[k] >= 0)
                graph->values[node->out[k]].node = needed[i] ? (int)kept : -1;
        if (!needed[i])
            continue;
        if (node->name[0] && !dcn_names_add(&model->node_names, node->name, (int)kept))
            return dcn_fail_memory(error, "a table of names", graph->n_nodes * 32);
        graph->nodes[kept++] = *node;
    }
    graph->n_nodes = kept;
    graph->n_outputs = 0;
    return true;
}

bool
dcn_model_cut(DcnModel *model, const char *tensor, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    int number = dcn_model_value(model, tensor);
    if (number < 0)
        return dcn_fail(error, DCN_ERROR_NAME, "the model has no tensor \"%.100s\"",
                        tensor);
    bool *needed = calloc(graph->n_nodes + 1, sizeof *needed);
    if (!needed)
        return dcn_fail_memory(error, "cutting a model", graph->n_nodes);
    mark_needed(graph, number, needed);
    bool done = keep_needed(model, needed, error);
    free(needed);
    return done;
}
