/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.c: a step whose inputs are all constants is run once, when the plan is made.
 *
 * This is how the little graphs that exporters write around Reshape disappear (Shape,
 * Gather, Concat ...), and the only place where elements are not floats. Four ways, the
 * first that fits: the operator folds itself; it only moves elements; exact arithmetic of
 * integers; in floats, converted there and back. */
#include "base/error.h"
#include "base/shape.h"
#include "ops/kit/common.h"
#include "plan/plan_private.h"
#include <string.h>

#define MAX_FOLDED ((size_t)1 << 30) /* bytes of one folded tensor */
#define MAX_ARENA ((size_t)1 << 32)  /* bytes of all of them */

void *
dcn_fold_alloc(DcnFold *fold, size_t bytes)
{
    bool much = bytes > MAX_FOLDED || bytes > MAX_ARENA - dcn_arena_bytes(fold->arena);
    void *memory = much ? NULL : dcn_arena_alloc(fold->arena, bytes);
    if (!memory)
        dcn_fail_memory(fold->error, "a constant", bytes);
    return memory;
}

typedef struct {
    DcnPlan *plan;
    const PlanStep *step;
    const DcnTensor **in;
    DcnTensor *out;
    const DcnShape *shape;
    DcnFold fold;
    DcnContext *context;
} Folding;

static DcnType
first_type(const Folding *f)
{
    for (size_t i = 0; i < f->step->n_in; i++)
        if (f->in[i])
            return f->in[i]->type;
    return DCN_FLOAT;
}

static bool
all_of(const Folding *f, bool (*is)(DcnType))
{
    for (size_t i = 0; i < f->step->n_in; i++)
        if (f->in[i] && !is(f->in[i]->type))
            return false;
    return true;
}

/* The type of an output that is computed in floats. */
static DcnType
output_type(const Folding *f, size_t output, DcnType first)
{
    const DcnOp *op = f->step->op;
    DcnType own = DCN_UNDEFINED;
    if (op->constants.type)
        own = op->constants.type(f->step->params, output);
    return own == DCN_UNDEFINED ? first : own;
}

/* Runs forward on elements of the given type. Inputs of another type (indices, shapes:
 * setup has read them) are passed as they are. */
static bool
run_forward(Folding *f, DcnType type, bool convert)
{
    size_t size = dcn_type_size(type);
    DcnOperand *in = dcn_fold_alloc(&f->fold, (f->step->n_in + 1) * sizeof *in);
    DcnOperand *out = dcn_fold_alloc(&f->fold, (f->step->n_out + 1) * sizeof *out);
    if (!in || !out)
        return false;
    for (size_t i = 0; i < f->step->n_in; i++) {
        const DcnTensor *tensor = f->in[i];
        if (!tensor)
            continue;
        in[i].shape = tensor->shape;
        in[i].count = dcn_shape_count(&tensor->shape);
        size_t bytes =
            in[i].count * (convert ? sizeof(float) : dcn_type_size(tensor->type));
        void *copy = dcn_fold_alloc(&f->fold, bytes); /* aligned */
        if (!copy)
            return false;
        if (convert)
            dcn_tensor_to_floats(tensor, copy);
        else if (bytes > 0)
            memcpy(copy, tensor->data, bytes);
        in[i].data = copy;
    }
    for (size_t i = 0; i < f->step->n_out; i++) {
        if (f->step->out[i] < 0)
            continue;
        out[i].shape = f->shape[i];
        out[i].count = dcn_shape_count(&f->shape[i]);
        out[i].data =
            dcn_fold_alloc(&f->fold, out[i].count * (convert ? sizeof(float) : size));
        if (!out[i].data)
            return false;
    }
    DcnCall call = {
        .params = f->step->params,
        .batch = 1,
        .n_in = f->step->n_in,
        .n_out = f->step->n_out,
        .in = in,
        .out = out,
        .element = convert ? sizeof(float) : size,
        .context = f->context,
    };
    if (!dcn_context_reserve(f->context, f->step->scratch, f->fold.error))
        return false;
    dcn_op_forward(f->step->op, &call);
    for (size_t i = 0; i < f->step->n_out; i++) {
        if (!out[i].data)
            continue;
        DcnType own = convert ? output_type(f, i, type) : type;
        f->out[i] = (DcnTensor){.type = own, .shape = f->shape[i], .data = out[i].data};
        if (!convert || own == DCN_FLOAT)
            continue;
        void *back = dcn_fold_alloc(&f->fold, out[i].count * dcn_type_size(own));
        if (!back)
            return false;
        for (size_t k = 0; k < out[i].count; k++)
            dcn_element_set_number(own, back, k, (double)out[i].data[k]);
        f->out[i].data = back;
    }
    return true;
}

/* y = a op b with broadcasting, in int64, wrapped to the type. */
static bool
run_integers(Folding *f)
{
    DcnType type = first_type(f);
    const DcnTensor *a = f->in[0], *b = f->in[1];
    const DcnShape *shape = &f->shape[0];
    size_t count = dcn_shape_count(shape);
    void *data = dcn_fold_alloc(&f->fold, count * dcn_type_size(type));
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t ia = dcn_broadcast_index(shape, &a->shape, i);
        size_t ib = dcn_broadcast_index(shape, &b->shape, i);
        int64_t y;
        if (!f->step->op->pair.integers(dcn_tensor_integer(a, ia),
                                        dcn_tensor_integer(b, ib), &y))
            return dcn_fail(f->fold.error, DCN_ERROR_FORMAT,
                            "node \"%.100s\" (%s) divides by zero", f->step->node->name,
                            f->step->op->name);
        dcn_element_set_integer(type, data, i, y);
    }
    f->out[0] = (DcnTensor){.type = type, .shape = *shape, .data = data};
    return true;
}

static bool
run_folding(Folding *f)
{
    const DcnOp *op = f->step->op;
    if (op->constants.fold)
        return op->constants.fold(&f->fold);
    if (!op->forward && !op->each.values && !op->pair.values)
        return dcn_fail(f->fold.error, DCN_ERROR_UNSUPPORTED,
                        "node \"%.100s\" (%s) cannot be computed", f->step->node->name,
                        op->name);
    if (op->constants.moves)
        return run_forward(f, first_type(f), false);
    if (op->pair.integers && f->step->n_in == 2 && all_of(f, dcn_type_is_integer))
        return run_integers(f);
    return run_forward(f, first_type(f), true);
}

bool
dcn_plan_fold(DcnPlan *plan, const PlanStep *step, DcnContext *context, DcnError *error)
{
    const DcnTensor **in = dcn_arena_alloc(plan->arena, (step->n_in + 1) * sizeof *in);
    DcnTensor *out = dcn_arena_alloc(plan->arena, (step->n_out + 1) * sizeof *out);
    DcnTensor *shapes_only =
        dcn_arena_alloc(plan->arena, (step->n_in + 1) * sizeof *shapes_only);
    DcnShape *shape = dcn_arena_alloc(plan->arena, (step->n_out + 1) * sizeof *shape);
    if (!in || !out || !shapes_only || !shape)
        return dcn_fail_memory(error, "a plan", 0);
    for (size_t i = 0; i < step->n_in; i++) {
        if (step->in[i] < 0)
            continue;
        const PlanValue *value = &plan->values[step->in[i]];
        /* An input that is known in a run only (of Shape) has a shape and no data. */
        shapes_only[i] = (DcnTensor){.type = DCN_FLOAT, .shape = value->shape};
        in[i] = value->state == DCN_CONST ? &value->tensor : &shapes_only[i];
    }
    size_t total = 0;
    for (size_t i = 0; i < step->n_out; i++)
        if (step->out[i] >= 0) {
            shape[i] = plan->values[step->out[i]].shape;
            total += plan->values[step->out[i]].count;
        }
    if (total > MAX_FOLDED / 8)
        return dcn_fail(error, DCN_ERROR_UNSUPPORTED,
                        "node \"%.100s\" (%s) makes a constant of %.0f million elements",
                        step->node->name, step->op->name, (double)total / 1e6);
    Folding f = {.plan = plan,
                 .step = step,
                 .in = in,
                 .out = out,
                 .shape = shape,
                 .context = context};
    f.fold = (DcnFold){
        .params = step->params,
        .n_in = step->n_in,
        .n_out = step->n_out,
        .in = in,
        .out = out,
        .shape = shape,
        .arena = plan->arena,
        .error = error,
    };
    if (!run_folding(&f))
        return false;
    for (size_t i = 0; i < step->n_out; i++) {
        if (step->out[i] < 0)
            continue;
        PlanValue *value = &plan->values[step->out[i]];
        value->state = DCN_CONST;
        value->tensor = out[i];
        value->shape = out[i].shape;
        value->count = dcn_shape_count(&out[i].shape);
    }
    return true;
}
