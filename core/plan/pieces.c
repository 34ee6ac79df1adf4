/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c: what exporters write in many steps becomes the one step that it is: a local
 * response normalisation (pieces_lrn.c), a layer normalisation and GELU
 * (pieces_tokens.c).
 *
 * Only the numbers decide, and no other step may need what lies between. These are the
 * files of the plan that know operators by their names, since they are about what
 * exporters write with them. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/graph.h"
#include "plan/pieces_private.h"
#include <string.h>

static DcnFindPieces *const finders[] = {dcn_find_lrn, dcn_find_layer_norm,
                                         dcn_find_gelu};
#define FINDERS (sizeof finders / sizeof *finders)

bool
dcn_piece_is(const PlanStep *step, const char *type)
{
    return !step->op->domain && strcmp(step->op->name, type) == 0;
}

static bool
is_asked_for(const DcnPieces *p, int value)
{
    const DcnGraph *graph = dcn_model_graph(p->plan->model);
    const DcnPlanOptions *options = p->options;
    const char *name = p->plan->values[value].name;
    bool asked = options && options->start && strcmp(options->start, name) == 0;
    for (size_t i = 0; options && i < options->n_targets; i++)
        asked = asked || strcmp(options->targets[i], name) == 0;
    for (size_t i = 0; i < graph->n_outputs; i++)
        asked = asked || p->plan->of_model[graph->outputs[i]] == value;
    return asked;
}

PlanStep *
dcn_piece_take(DcnPieces *p, int value, size_t users)
{
    const PlanValue *v = value < 0 ? NULL : &p->plan->values[value];
    if (!v || v->state != DCN_IN_RUN || v->step < 0 || v->users != users ||
        p->count == DCN_MOST_PIECES || is_asked_for(p, value))
        return NULL;
    PlanStep *step = &p->plan->steps[v->step];
    p->taken[p->count++] = step;
    return step->n_out == 1 ? step : NULL;
}

PlanStep *
dcn_piece_take_a(DcnPieces *p, int value, size_t users, const char *type)
{
    PlanStep *step = dcn_piece_take(p, value, users);
    return step && dcn_piece_is(step, type) ? step : NULL;
}

/* --- numbers --- */

const DcnTensor *
dcn_piece_constant(const DcnPieces *p, const PlanStep *step, size_t in)
{
    if (in >= step->n_in || step->in[in] < 0)
        return NULL;
    const PlanValue *value = &p->plan->values[step->in[in]];
    return value->state == DCN_CONST ? &value->tensor : NULL;
}

bool
dcn_piece_number(const DcnPieces *p, const PlanStep *step, size_t in, float *result)
{
    const DcnTensor *tensor = dcn_piece_constant(p, step, in);
    if (!tensor || dcn_shape_count(&tensor->shape) != 1)
        return false;
    *result = (float)dcn_tensor_number(tensor, 0);
    return true;
}

bool
dcn_piece_other(const DcnPieces *p, const PlanStep *step, int *value, float *result)
{
    size_t which = dcn_piece_number(p, step, 1, result) ? 1 : 0;
    *value = step->in[1 - which];
    return dcn_piece_number(p, step, which, result);
}

/* --- the step --- */

static bool
make_step(const DcnPieces *p, PlanStep *last, DcnError *error)
{
    DcnPlan *plan = p->plan;
    DcnNode *node = dcn_arena_alloc(plan->arena, sizeof *node);
    DcnAttribute *attributes = dcn_arena_alloc(plan->arena, sizeof p->attributes);
    int *in = dcn_arena_alloc(plan->arena, sizeof p->in);
    if (!node || !attributes || !in)
        return dcn_fail_memory(error, "a plan", sizeof *node);
    memcpy(attributes, p->attributes, sizeof p->attributes);
    memcpy(in, p->in, sizeof p->in);
    *node = *last->node;
    node->op = dcn_op_find(p->type);
    node->type = node->op->name;
    node->attributes = attributes;
    node->n_attributes = p->n_attributes;
    last->op = node->op;
    last->node = node;
    last->in = in;
    last->n_in = p->n_in;
    DcnShape out;
    const DcnShape *shapes[3];
    const DcnTensor *none[3] = {NULL};
    for (size_t i = 0; i < p->n_in; i++)
        shapes[i] = &plan->values[in[i]].shape;
    return dcn_step_setup(plan, last, shapes, none, 0, &out, error);
}

static bool
take_in(const DcnPieces *p, const PlanStep *last, DcnError *error)
{
    DcnPlan *plan = p->plan;
    for (size_t i = 0; i < p->count; i++) {
        PlanValue *value = &plan->values[p->taken[i]->out[0]];
        DcnError *reason = dcn_arena_alloc(plan->arena, sizeof *reason);
        if (!reason)
            return dcn_fail_memory(error, "a plan", sizeof *reason);
        dcn_fail(
            reason, DCN_ERROR_NAME,
            "tensor \"%.80s\" is a piece of the %s \"%.80s\", and is not computed alone",
            value->name, p->what, plan->values[last->out[0]].name);
        p->taken[i]->live = false;
        value->state = DCN_TAKEN_IN;
        value->reason = reason;
    }
    return true;
}

bool
dcn_plan_join_pieces(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    dcn_graph_count_users(plan);
    for (size_t i = 0; i < plan->n_steps; i++)
        for (size_t k = 0; k < FINDERS; k++) {
            DcnPieces pieces = {.plan = plan, .options = options};
            PlanStep *last = &plan->steps[i];
            if (!last->live || last->n_in < 2 || last->n_out != 1 ||
                !finders[k](&pieces, last))
                continue;
            if (!make_step(&pieces, last, error) || !take_in(&pieces, last, error))
                return false;
            break;
        }
    return true;
}
