/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: how a picture enters a net, from what the file says of its first input and
 * from the nodes that read it.
 *
 * A picture is N x C x H x W or N x H x W x C, or C x H x W or H x W x C where the file
 * has no axis for the batch, or N x H x W of gray pictures, N being open, or a row of
 * numbers that the graph first reshapes to one of these. */
#include "base/error.h"
#include "base/shape.h"
#include "model/model_private.h"
#include "ops/op.h"
#include <string.h>

#define MOST_STEPS 16 /* from the input to the first filters */

static bool
is_channels(int64_t size)
{
    return size == 1 || size == 3;
}

/* Channels, height and width out of three axes. */
static bool
take_axes(const int64_t axes[3], DcnInputLayout *layout)
{
    layout->nhwc = is_channels(axes[2]) && !is_channels(axes[0]);
    layout->channels = axes[layout->nhwc ? 2 : 0];
    layout->height = axes[layout->nhwc ? 0 : 1];
    layout->width = axes[layout->nhwc ? 1 : 2];
    return layout->channels == -1 || is_channels(layout->channels);
}

/* --- what the nodes say --- */

/* The only node that reads a value; NULL if several do, or none. */
static const DcnNode *
only_reader(const DcnGraph *graph, int value)
{
    const DcnNode *reader = NULL;
    for (size_t i = 0; i < graph->n_nodes; i++)
        for (size_t k = 0; k < graph->nodes[i].n_in; k++)
            if (graph->nodes[i].in[k] == value) {
                if (reader)
                    return NULL;
                reader = &graph->nodes[i];
            }
    return reader;
}

/* A constant: an initialiser, or what a node without inputs holds. */
static const DcnTensor *
constant(const DcnGraph *graph, int value)
{
    if (value < 0)
        return NULL;
    const DcnValue *v = &graph->values[value];
    if (v->kind == DCN_VALUE_INITIALISER)
        return v->tensor.data ? &v->tensor : NULL;
    const DcnNode *node = v->node >= 0 ? &graph->nodes[v->node] : NULL;
    const DcnAttribute *held =
        node && node->n_in == 0 ? dcn_node_attribute(node, "value") : NULL;
    return held && held->kind == DCN_ATTRIBUTE_TENSOR && held->tensor.data ? &held->tensor
                                                                           : NULL;
}

/* The picture that a row of numbers is first reshaped to. */
static bool
reshaped(const DcnGraph *graph, int input, DcnInputLayout *layout)
{
    const DcnNode *node = only_reader(graph, input);
    for (int i = 0; node && i < MOST_STEPS; i++) {
        const DcnTensor *shape = node->n_in == 2 ? constant(graph, node->in[1]) : NULL;
        size_t n = shape && dcn_type_is_integer(shape->type)
                       ? dcn_shape_count(&shape->shape)
                       : 0;
        if (node->op && node->op->role == DCN_ROLE_HANDS_ON && (n == 3 || n == 4)) {
            int64_t axes[3];
            bool known = true;
            for (size_t k = 0; k < 3; k++) {
                axes[k] = dcn_tensor_integer(shape, n - 3 + k);
                known = known && axes[k] > 0;
            }
            size_t count;
            DcnShape picture = {3, {axes[0], axes[1], axes[2]}};
            return known && dcn_shape_elements(&picture, &count) &&
                   take_axes(axes, layout);
        }
        if (node->n_in != 1 || node->n_out < 1 || node->out[0] < 0)
            return false;
        node = only_reader(graph, node->out[0]);
    }
    return false;
}

/* Where the file leaves channels and layout open: the first filters behind the input say
 * how many channels there are, and a transposition on the way to them says the layout. */
static void
ask_filters(const DcnGraph *graph, int input, DcnInputLayout *layout)
{
    const DcnNode *node = only_reader(graph, input);
    for (int i = 0; node && node->op && i < MOST_STEPS; i++) {
        int64_t order[DCN_MAX_RANK];
        if (node->op->weights.filters && node->n_in > 1) {
            const DcnTensor *w = constant(graph, node->in[1]);
            int64_t groups = dcn_node_int(node, "group", 1);
            if (w && w->shape.rank == 4 && is_channels(groups) &&
                is_channels(w->shape.dim[1]) && is_channels(w->shape.dim[1] * groups))
                layout->channels = w->shape.dim[1] * groups;
            return;
        }
        if (dcn_node_ints(node, "perm", order, DCN_MAX_RANK) == 4 && order[1] == 3)
            layout->nhwc = true;
        if (node->n_out < 1 || node->out[0] < 0)
            return;
        node = only_reader(graph, node->out[0]);
    }
}

/* --- the picture --- */

static const char ROW[] = "it takes a row of numbers, not a picture";

static bool
no_picture(const DcnValue *value, const char *why, DcnError *error)
{
    char text[128];
    return dcn_fail(error, DCN_ERROR_SHAPE, "the model's input \"%.100s\" is %s: %s",
                    value->name, dcn_shape_print(&value->shape, text), why);
}

bool
dcn_model_input_layout(const DcnModel *model, DcnInputLayout *layout, DcnError *error)
{
    const DcnGraph *graph = &model->graph;
    if (graph->n_inputs == 0)
        return dcn_fail(error, DCN_ERROR_SHAPE, "the model has no input");
    int input = graph->inputs[0];
    const DcnValue *value = &graph->values[input];
    const DcnShape *shape = &value->shape;
    *layout = (DcnInputLayout){.channels = -1, .height = -1, .width = -1, .rank = 4};
    if (value->type == DCN_STRING)
        return dcn_fail(error, DCN_ERROR_UNSUPPORTED,
                        "the model's input \"%.100s\" takes text, not a picture",
                        value->name);
    if (shape->rank < 0 || shape->rank == 4) {
        bool fits = shape->rank < 0 || take_axes(shape->dim + 1, layout);
        if (!fits)
            return no_picture(value, "a picture has 1 or 3 channels", error);
        if (layout->channels < 0)
            ask_filters(graph, input, layout);
        if (layout->nhwc && shape->rank == 4) {
            layout->height = shape->dim[1];
            layout->width = shape->dim[2];
        }
        return true;
    }
    layout->rank = shape->rank;
    /* 1 x 784 x 1, as nets have it that were made to be proved. */
    if (shape->rank == 3 && (shape->dim[1] == 1 || shape->dim[2] == 1) &&
        take_axes(shape->dim, layout) && (layout->height == 1 || layout->width == 1))
        return no_picture(value, ROW, error);
    if (shape->rank == 3 && take_axes(shape->dim, layout) && layout->channels > 0)
        return true;
    if (shape->rank == 3 && shape->dim[0] < 0 && layout->height > 0 &&
        layout->width > 0 && !layout->nhwc) {
        ask_filters(graph, input, layout);
        layout->channels = layout->channels < 0 ? 1 : layout->channels;
        layout->nhwc = false;
        return true;
    }
    if ((shape->rank == 1 || shape->rank == 2) && reshaped(graph, input, layout))
        return true;
    return no_picture(value,
                      shape->rank == 1 || shape->rank == 2
                          ? ROW
                          : "a picture has four axes, N x C x H x W or N x H x W x C",
                      error);
}

void
dcn_model_put_picture_first(DcnModel *model)
{
    DcnGraph *graph = &model->graph;
    DcnInputLayout layout;
    if (graph->n_inputs < 2 || graph->values[graph->inputs[0]].shape.rank == 4 ||
        dcn_model_input_layout(model, &layout, NULL))
        return;
    for (size_t i = 1; i < graph->n_inputs; i++) {
        int input = graph->inputs[i];
        const DcnValue *value = &graph->values[input];
        if (value->type != DCN_STRING && value->shape.rank == 4 &&
            take_axes(value->shape.dim + 1, &layout)) {
            memmove(graph->inputs + 1, graph->inputs, i * sizeof *graph->inputs);
            graph->inputs[0] = input;
            return;
        }
    }
}
