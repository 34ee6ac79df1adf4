/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers.c: finds the tensors that are listed as layers, their names, and the default
 * layer before the classifier.
 *
 * Exporters name tensors "/features/features.0/Conv_output_0" or "input.44"; people say
 * conv1. A short name is the operator's kind and its number in the order of
 * computation. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/graph.h"
#include "plan/plan_private.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define N_KINDS 32

/* Gives every step that is a layer a name such as "conv1". */
bool
dcn_plan_name_layers(DcnPlan *plan, DcnError *error)
{
    struct {
        const char *kind;
        int count;
    } kinds[N_KINDS] = {{0}};
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live || !step->op->layer || step->n_out == 0 || step->out[0] < 0)
            continue;
        size_t k = 0;
        while (k < N_KINDS - 1 && kinds[k].kind &&
               strcmp(kinds[k].kind, step->op->layer) != 0)
            k++;
        kinds[k].kind = step->op->layer;
        char text[64];
        snprintf(text, sizeof text, "%.40s%d", step->op->layer, ++kinds[k].count);
        const char *name = dcn_arena_strdup(plan->arena, text);
        if (!name || !dcn_names_add(&plan->short_names, name, step->out[0]))
            return dcn_fail_memory(error, "a table of names", plan->n_steps * 32);
        plan->values[step->out[0]].short_name = name;
    }
    return true;
}

/* True if a person probably chose the name: it is short, begins with a letter and has
 * none of the marks that exporters write. */
static bool
reads_well(const char *name)
{
    return isalpha((unsigned char)name[0]) && strlen(name) <= 32 &&
           !strstr(name, "_output_") && !strchr(name, ':') &&
           strncmp(name, "input.", 6) != 0 && strncmp(name, "onnx::", 6) != 0 &&
           !strstr(name, "/features") && strncmp(name, "val_", 4) != 0;
}

static bool
is_spatial(const PlanValue *value)
{
    return value->maps.at.height * value->maps.at.width > 1;
}

/* --- the default layer --- */

/* True for rows and columns of the picture, which pools and strides make fewer of both, and
 * what enlarges makes more of both. A detector's boxes have, say, 4 x 8400: sides of the box
 * by places of three grids, behind a convolution that takes the mean of each side. */
static bool
shows_the_picture(const DcnMaps *picture, const PlanValue *value)
{
    size_t height = value->maps.at.height, width = value->maps.at.width;
    return is_spatial(value) && (picture->height == 0 ||
                                 !((height > picture->height && width < picture->width) ||
                                   (height < picture->height && width > picture->width)));
}

/* True for steps that pool, normalise, reshape or count in levels: the maps before them show
 * better what a layer has learned. */
static bool
is_passed_over(const PlanStep *step)
{
    DcnRole role = step->op->role;
    return role == DCN_ROLE_POOLS || role == DCN_ROLE_NORMALISES ||
           role == DCN_ROLE_CUTS || role == DCN_ROLE_HANDS_ON ||
           step->op->levels == DCN_LEVELS_MADE;
}

/* Goes back from the classifier's own weights to the first tensor that is spatial and
 * whose step is not passed over. */
static int
default_layer(const DcnPlan *plan, int output)
{
    const DcnMaps none = {0};
    const DcnMaps *picture =
        plan->n_inputs > 0 ? &plan->values[plan->inputs[0]].maps.at : &none;
    int value = plan->values[output].state == DCN_IN_RUN ? output : -1;
    /* the last step with weights is the classifier */
    const PlanStep *step;
    for (int at = value; (step = dcn_graph_maker(plan, at));
         at = dcn_graph_first_input(plan, step))
        if (step->op->role == DCN_ROLE_WEIGHTED) {
            if (!is_spatial(&plan->values[at]) ||
                plan->values[at].maps.at.maps == plan->values[value].count)
                value = dcn_graph_first_input(plan, step);
            break;
        }
    for (; (step = dcn_graph_maker(plan, value));
         value = dcn_graph_first_input(plan, step))
        if (shows_the_picture(picture, &plan->values[value]) && !is_passed_over(step))
            return value;
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *last = &plan->steps[i];
        if (last->op->layer && last->out[0] >= 0 &&
            shows_the_picture(picture, &plan->values[last->out[0]]))
            return last->out[0];
    }
    return -1;
}

/* --- the list --- */

bool
dcn_plan_list_layers(DcnPlan *plan, int output, DcnError *error)
{
    plan->layers =
        dcn_arena_alloc(plan->arena, (plan->n_steps + 1) * sizeof *plan->layers);
    if (!plan->layers)
        return dcn_fail_memory(error, "the list of layers",
                               plan->n_steps * sizeof *plan->layers);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        int out = step->n_out > 0 ? step->out[0] : -1;
        if (!step->live || !step->op->layer || out < 0)
            continue;
        const PlanValue *value = &plan->values[out];
        if (value->maps.at.maps == 0)
            continue;
        DcnLayer *layer = &plan->layers[plan->n_layers++];
        layer->tensor = out;
        layer->short_name = value->short_name ? value->short_name : "";
        layer->name = reads_well(value->name) ? value->name : layer->short_name;
        layer->op = step->op->name;
        layer->shape = value->shape;
        layer->maps = value->maps.at;
        layer->spatial = is_spatial(value);
    }
    plan->default_layer = default_layer(plan, output);
    return true;
}

size_t
dcn_plan_layer_count(const DcnPlan *plan)
{
    return plan->n_layers;
}

const DcnLayer *
dcn_plan_layer(const DcnPlan *plan, size_t index)
{
    return index < plan->n_layers ? &plan->layers[index] : NULL;
}

int
dcn_plan_default_layer(const DcnPlan *plan)
{
    return plan->default_layer;
}
