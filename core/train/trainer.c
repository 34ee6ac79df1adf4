/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trainer.c: which initialisers of a model are learned, and where their values are
 * stored.
 *
 * A plan for training has copies of all weights; those that are learned are changed there
 * and go back into a model by dcn_trainer_store(). Learned is an initialiser of floats
 * that a step with weights takes as it is; a constant of an addition or a product only
 * behind such a step, since before one it prepares the picture. */
#include "base/error.h"
#include "base/shape.h"
#include "edit.h"
#include "train/train_private.h"
#include <stdlib.h>
#include <string.h>

/* What is done with constant input k of the step. weighted, by plan value: a step that
 * learns made it. */
static DcnLearns
learns(const DcnPlan *plan, const PlanStep *step, size_t k, const bool *weighted)
{
    if (!dcn_op_has_weights(step->op) || k >= DCN_MOST_LEARNED)
        return DCN_LEARNS_NOT;
    DcnLearns role = step->op->training.learns[k];
    if (role != DCN_LEARNS_BEHIND_WEIGHTS)
        return role;
    if (step->n_in != 2 || plan->values[step->in[k]].count < 2)
        return DCN_LEARNS_NOT;
    int other = step->in[1 - k];
    return other >= 0 && weighted[other] ? DCN_LEARNS : DCN_LEARNS_NOT;
}

static bool
is_initialiser(const DcnPlan *plan, const DcnGraph *graph, int number, size_t *index)
{
    for (size_t i = 0; i < graph->n_values; i++)
        if (plan->of_model[i] == number) {
            *index = i;
            return graph->values[i].kind == DCN_VALUE_INITIALISER &&
                   graph->values[i].tensor.type == DCN_FLOAT;
        }
    return false;
}

/* A running statistic belongs to one input of one step, and is updated without a
 * gradient. */
static bool
set_role(
    const DcnPlan *plan, DcnLearns *roles, int number, DcnLearns role, DcnError *error)
{
    bool other = roles[number] != DCN_LEARNS_NOT && roles[number] != role;
    if (other || (role == DCN_LEARNS_STATISTIC && roles[number] == role))
        return dcn_fail(
            error, DCN_ERROR_UNSUPPORTED,
            "\"%.100s\" is a running statistic and something else too, and training needs one of its own for each",
            plan->values[number].name);
    roles[number] = role;
    return true;
}

/* roles: by plan value. */
static bool
find_roles(const DcnPlan *plan, DcnLearns *roles, bool *weighted, DcnError *error)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        bool any = false;
        size_t index;
        for (size_t k = 0; step->live && k < step->n_in; k++) {
            int number = step->in[k];
            if (number < 0 || plan->values[number].state != DCN_CONST ||
                !is_initialiser(plan, graph, number, &index))
                continue;
            DcnLearns role = learns(plan, step, k, weighted);
            if (role != DCN_LEARNS_NOT && !set_role(plan, roles, number, role, error))
                return false;
            any |= role == DCN_LEARNS;
        }
        for (size_t k = 0; any && k < step->n_out; k++)
            if (step->out[k] >= 0)
                weighted[step->out[k]] = true;
    }
    return true;
}

static bool
is_filters(const DcnPlan *plan, int number)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].live && plan->steps[i].op->weights.filters &&
            plan->steps[i].in[1] == number)
            return true;
    return false;
}

static bool
list_parameters(DcnTrainer *trainer, DcnError *error)
{
    DcnPlan *plan = trainer->plan;
    DcnLearns *roles = dcn_arena_alloc(plan->arena, plan->n_values * sizeof *roles);
    bool *weighted = dcn_arena_alloc(plan->arena, plan->n_values * sizeof *weighted);
    trainer->path = dcn_arena_alloc(plan->arena, plan->n_values * sizeof *trainer->path);
    trainer->of_value =
        dcn_arena_alloc(plan->arena, plan->n_values * sizeof *trainer->of_value);
    trainer->parameters =
        dcn_arena_alloc(plan->arena, plan->n_values * sizeof *trainer->parameters);
    if (!roles || !weighted || !trainer->path || !trainer->of_value ||
        !trainer->parameters)
        return dcn_fail_memory(error, "a trainer", plan->n_values);
    if (!find_roles(plan, roles, weighted, error))
        return false;
    size_t floats = 0;
    for (size_t i = 0; i < plan->n_values; i++)
        if (roles[i] == DCN_LEARNS)
            floats += plan->values[i].count;
    trainer->memory_floats = floats;
    trainer->memory = calloc(2 * floats + 1, sizeof *trainer->memory);
    if (!trainer->memory)
        return dcn_fail_memory(error, "the gradients", 2 * floats * sizeof(float));
    float *gradient = trainer->memory;
    for (size_t i = 0; i < plan->n_values; i++) {
        const PlanValue *value = &plan->values[i];
        if (roles[i] == DCN_LEARNS_NOT)
            continue;
        DcnParameter *p = &trainer->parameters[trainer->n_parameters++];
        p->name = value->name;
        p->shape = value->shape;
        p->count = value->count;
        p->value = (float *)(uintptr_t)value->floats; /* the plan's own copy */
        p->filters = is_filters(plan, (int)i);
        if (roles[i] == DCN_LEARNS_STATISTIC)
            continue;
        p->gradient = gradient;
        p->velocity = gradient + floats;
        trainer->of_value[i] = gradient;
        gradient += value->count;
    }
    return true;
}

/* The tensor that the loss is taken of. */
static const char *
scores_name(const DcnModel *model)
{
    const DcnGraph *graph = dcn_model_graph(model);
    if (graph->n_outputs == 0)
        return NULL;
    const DcnValue *value = &graph->values[graph->outputs[0]];
    if (value->node < 0)
        return value->name;
    const DcnNode *node = &graph->nodes[value->node];
    return node->op && node->op->end != DCN_END_OTHER && node->n_in > 0 &&
                   node->in[0] >= 0
               ? graph->values[node->in[0]].name
               : value->name;
}

static bool
make(DcnTrainer *trainer, const DcnTrainerOptions *options, DcnError *error)
{
    const char *scores = scores_name(trainer->model);
    if (!scores)
        return dcn_fail(error, DCN_ERROR_FORMAT, "the model has no output");
    trainer->plan =
        dcn_plan_new(trainer->model,
                     &(DcnPlanOptions){
                         .batch = options->batch,
                         .height = options->height,
                         .width = options->width,
                         .targets = &scores,
                         .n_targets = 1,
                         .start = options->start,
                         .purpose = options->dropout ? DCN_FOR_TRAINING_WITH_DROPOUT
                                                     : DCN_FOR_TRAINING,
                         .memory_limit = options->memory_limit,
                     },
                     error);
    if (!trainer->plan)
        return false;
    if (trainer->plan->n_inputs != 1)
        return dcn_fail(error, DCN_ERROR_SHAPE, "the model has %zu inputs: 1 is needed",
                        trainer->plan->n_inputs);
    trainer->scores = dcn_plan_find(trainer->plan, scores, error);
    if (trainer->scores < 0)
        return false;
    const PlanValue *z = &trainer->plan->values[trainer->scores];
    char text[128];
    if (z->state != DCN_IN_RUN || z->count < 1 ||
        (options->loss == DCN_LOSS_SOFTMAX && z->count < 2))
        return dcn_fail(error, DCN_ERROR_SHAPE,
                        "the scores \"%.100s\" are %s, which no class can be told from",
                        scores, dcn_shape_print(&z->shape, text));
    trainer->classes = z->count;
    trainer->targets =
        calloc(trainer->classes * trainer->plan->batch, sizeof *trainer->targets);
    if (!trainer->targets)
        return dcn_fail_memory(error, "a trainer", trainer->classes * sizeof(float));
    if (!list_parameters(trainer, error) || !dcn_gradient_path(trainer, error))
        return false;
    trainer->session = dcn_session_new(trainer->plan, trainer->context, error);
    return trainer->session != NULL;
}

DcnTrainer *
dcn_trainer_new(const DcnModel *model,
                DcnContext *context,
                const DcnTrainerOptions *options,
                DcnError *error)
{
    DcnTrainer *trainer = calloc(1, sizeof *trainer);
    if (!trainer) {
        dcn_fail_memory(error, "a trainer", sizeof *trainer);
        return NULL;
    }
    trainer->model = model;
    trainer->context = context;
    trainer->loss = options->loss;
    trainer->random = dcn_random_seed(options->seed, 0);
    if (!make(trainer, options, error)) {
        dcn_trainer_free(trainer);
        return NULL;
    }
    return trainer;
}

void
dcn_trainer_free(DcnTrainer *trainer)
{
    if (!trainer)
        return;
    dcn_session_free(trainer->session);
    dcn_plan_free(trainer->plan);
    free(trainer->memory);
    free(trainer->targets);
    free(trainer);
}

size_t
dcn_trainer_parameter_count(const DcnTrainer *trainer)
{
    return trainer->n_parameters;
}

const DcnParameter *
dcn_trainer_parameter(const DcnTrainer *trainer, size_t index)
{
    return &trainer->parameters[index];
}

float *
dcn_trainer_input(DcnTrainer *trainer)
{
    return dcn_session_input(trainer->session, 0);
}

const DcnShape *
dcn_trainer_input_shape(const DcnTrainer *trainer)
{
    return dcn_plan_shape(trainer->plan, dcn_plan_input(trainer->plan, 0));
}

float *
dcn_trainer_targets(DcnTrainer *trainer)
{
    return trainer->targets;
}

size_t
dcn_trainer_classes(const DcnTrainer *trainer)
{
    return trainer->classes;
}

bool
dcn_trainer_run(DcnTrainer *trainer, bool update, double *loss, DcnError *error)
{
    double value = dcn_gradient_pass(trainer, true, update);
    if (loss)
        *loss = value;
    if (value - value != 0) /* infinite or NaN */
        return dcn_fail(
            error, DCN_ERROR_VALUE,
            "the loss is infinite or not a number: the learning rate is too high");
    return true;
}

const float *
dcn_trainer_scores(const DcnTrainer *trainer)
{
    return dcn_session_tensor(trainer->session, trainer->scores);
}

uint64_t *
dcn_trainer_random(DcnTrainer *trainer)
{
    return &trainer->random.state;
}

char *
dcn_trainer_mask(DcnTrainer *trainer, const char *node, size_t *count, size_t *stride)
{
    const DcnPlan *plan = trainer->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live || !step->op->training.draw || step->kept == 0 ||
            strcmp(step->node->name, node) != 0)
            continue;
        *count = plan->values[step->in[0]].count;
        *stride = step->kept;
        return trainer->session->calls[i].kept;
    }
    return NULL;
}

bool
dcn_trainer_store(const DcnTrainer *trainer, DcnModel *model, DcnError *error)
{
    for (size_t i = 0; i < trainer->n_parameters; i++) {
        const DcnParameter *p = &trainer->parameters[i];
        DcnTensor there;
        char text[2][128];
        if (!dcn_model_weights(model, p->name, &there))
            return dcn_fail(error, DCN_ERROR_NAME, "the model has no weights \"%.100s\"",
                            p->name);
        if (!dcn_shape_equal(&there.shape, &p->shape))
            return dcn_fail(error, DCN_ERROR_SHAPE,
                            "weights \"%.100s\" are %s in the model, %s in training",
                            p->name, dcn_shape_print(&there.shape, text[0]),
                            dcn_shape_print(&p->shape, text[1]));
    }
    for (size_t i = 0; i < trainer->n_parameters; i++) {
        const DcnParameter *p = &trainer->parameters[i];
        if (!dcn_model_set_weights(model, p->name, &p->shape, p->value, error))
            return false;
    }
    return true;
}
