/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lists.c: lists of tensors (ONNX's sequences), which exist only while a plan is made.
 *
 * Exporters write SplitToSequence and SequenceAt for chunks and slices, and
 * SequenceConstruct and ConcatFromSequence for what is put together. As all indices are
 * known, a list is a list of the plan's values, and what is taken out of one is that
 * value. For steps a list is a broken value, so that whatever else reads it says what it
 * is. */
#include "base/error.h"
#include "base/shape.h"
#include "ops/op.h"
#include "plan/build_private.h"
#include <stdio.h>
#include <string.h>

#define MOST 4096 /* tensors of a list */

struct DcnList {
    size_t n;
    int *items; /* values of the plan */
};

/* One node of the model that has to do with lists. */
typedef struct {
    DcnBuilder *builder;
    const DcnNode *node;
    const PlanStep *step;
    bool broken;
    DcnError *reason;
} Work;

static bool
is(const Work *work, const char *type)
{
    return strcmp(work->node->type, type) == 0;
}

/* What is wrong with the node. False: no memory. */
static bool
breaks(Work *work, DcnCode code, const char *what)
{
    work->broken = true;
    dcn_fail(work->reason, code, "node \"%.100s\" (%s): %s", work->node->label,
             work->node->type, what);
    return true;
}

static int
input_of(const Work *work, size_t input)
{
    return input < work->step->n_in ? work->step->in[input] : -1;
}

/* --- values and steps of our own --- */

static int
add_value(Work *work, size_t index)
{
    DcnPlan *plan = work->builder->plan;
    char text[300];
    snprintf(text, sizeof text, "%.250s/%zu", work->node->label, index);
    char *name = dcn_builder_take(work->builder, strlen(text) + 1);
    int value = name ? dcn_plan_add_value(plan, name, work->builder->error) : -1;
    if (value < 0)
        return -1;
    strcpy(name, text);
    if (dcn_names_get(&plan->names, name) < 0 &&
        !dcn_names_add(&plan->names, name, value)) {
        dcn_fail_memory(work->builder->error, "a table of names", plan->n_values * 32);
        return -1;
    }
    return value;
}

/* A constant of integers; rank 0: of one. */
static int
add_integers(Work *work, int rank, size_t n, const int64_t *integers)
{
    int value = add_value(work, n);
    int64_t *data = value < 0 ? NULL : dcn_builder_take(work->builder, (n + 1) * 8);
    if (!data)
        return -1;
    memcpy(data, integers, n * sizeof *data);
    DcnTensor tensor = {DCN_INT64, {.rank = rank, .dim = {(int64_t)n}}, data};
    return dcn_builder_set_constant(work->builder, value, &tensor) ? value : -1;
}

/* A step of this type with one attribute, or none. */
static bool
add_step(Work *work,
         const char *type,
         const char *attribute,
         int64_t number,
         size_t n_in,
         const int *in,
         size_t n_out,
         const int *out)
{
    DcnNode *node = dcn_builder_take(work->builder, sizeof *node);
    DcnAttribute *own = dcn_builder_take(work->builder, sizeof *own);
    PlanStep step = {.op = dcn_op_find(type), .n_in = n_in, .n_out = n_out};
    step.in = dcn_builder_take(work->builder, (n_in + 3) * sizeof *step.in);
    step.out = dcn_builder_take(work->builder, (n_out + 1) * sizeof *step.out);
    if (!node || !own || !step.in || !step.out)
        return false;
    *own = (DcnAttribute){.name = attribute, .kind = DCN_ATTRIBUTE_INT, .i = number};
    *node = *work->node;
    node->type = type;
    node->op = step.op;
    node->opset = node->opset < 13 ? 13 : node->opset;
    node->n_attributes = attribute != NULL;
    node->attributes = own;
    node->n_in = n_in, node->n_out = n_out;
    memcpy(step.in, in, n_in * sizeof *in);
    memcpy(step.out, out, n_out * sizeof *out);
    step.node = node;
    return dcn_builder_node(work->builder, node, &step, &work->broken, work->reason);
}

/* --- lists --- */

/* True if the value cannot be had, so that the node is broken for the same reason. */
static bool
breaks_with(Work *work, const PlanValue *value)
{
    if (value->state != DCN_BROKEN)
        return false;
    work->broken = true;
    *work->reason = *value->reason;
    return true;
}

/* The list that an input is; NULL: it is none, and the node is broken. */
static const DcnList *
list_of(Work *work, size_t input)
{
    int number = input_of(work, input);
    const PlanValue *value = number < 0 ? NULL : &work->builder->plan->values[number];
    if (value && value->list)
        return value->list;
    if (!value || !breaks_with(work, value))
        breaks(work, DCN_ERROR_FORMAT, "its input is no list of tensors");
    return NULL;
}

/* A new list, which the node makes, with room for n tensors. */
static DcnList *
make_list(Work *work, size_t n)
{
    DcnList *list = dcn_builder_take(work->builder, sizeof *list);
    int *items = list ? dcn_builder_take(work->builder, (n + 1) * sizeof *items) : NULL;
    if (!items)
        return NULL;
    list->items = items;
    if (work->step->n_out > 0 && work->step->out[0] >= 0) {
        PlanValue *value = &work->builder->plan->values[work->step->out[0]];
        value->list = list;
        work->broken = true;
        dcn_fail(work->reason, DCN_ERROR_UNSUPPORTED,
                 "tensor \"%.100s\" is a list of tensors", value->name);
    }
    return list;
}

/* A place of a list, which may be counted from its end. False: the node is broken. */
static bool
place_in(Work *work, size_t input, size_t places, int64_t fallback, size_t *place)
{
    int number = input_of(work, input);
    int64_t at = fallback;
    if (number >= 0) {
        const PlanValue *value = &work->builder->plan->values[number];
        if (value->state != DCN_CONST || value->count != 1) {
            breaks(work, DCN_ERROR_UNSUPPORTED, "its position is known in a run only");
            return false;
        }
        at = dcn_tensor_integer(&value->tensor, 0);
    }
    if (at < 0)
        at += fallback;
    if (at < 0 || at >= (int64_t)places) {
        breaks(work, DCN_ERROR_SHAPE, "its position lies behind the end of the list");
        return false;
    }
    *place = (size_t)at;
    return true;
}

/* --- the nodes; false: no memory --- */

static bool
construct(Work *work)
{
    DcnList *list = make_list(work, work->step->n_in);
    for (size_t i = 0; list && i < work->step->n_in; i++) {
        if (work->step->in[i] < 0)
            return breaks(work, DCN_ERROR_FORMAT, "it leaves a tensor out");
        list->items[list->n++] = work->step->in[i];
    }
    return list != NULL;
}

static bool
insert(Work *work)
{
    const DcnList *from = list_of(work, 0);
    size_t at;
    if (!from || !place_in(work, 2, from->n + 1, (int64_t)from->n, &at))
        return true;
    if (input_of(work, 1) < 0)
        return breaks(work, DCN_ERROR_FORMAT, "it leaves the tensor out");
    DcnList *list = from->n < MOST ? make_list(work, from->n + 1) : NULL;
    if (!list)
        return from->n == MOST && breaks(work, DCN_ERROR_UNSUPPORTED, "a long list");
    memcpy(list->items, from->items, at * sizeof *list->items);
    list->items[at] = input_of(work, 1);
    memcpy(list->items + at + 1, from->items + at, (from->n - at) * sizeof *list->items);
    list->n = from->n + 1;
    return true;
}

static bool
erase(Work *work)
{
    const DcnList *from = list_of(work, 0);
    size_t at = from ? from->n - 1 : 0;
    if (!from ||
        (input_of(work, 1) >= 0 && !place_in(work, 1, from->n, (int64_t)from->n, &at)))
        return true;
    if (from->n == 0)
        return breaks(work, DCN_ERROR_SHAPE, "its list is empty");
    DcnList *list = make_list(work, from->n);
    for (size_t i = 0; list && i < from->n; i++)
        if (i != at)
            list->items[list->n++] = from->items[i];
    return list != NULL;
}

static bool
take_out(Work *work)
{
    const DcnList *list = list_of(work, 0);
    size_t at;
    if (!list || !place_in(work, 1, list->n, (int64_t)list->n, &at))
        return true;
    return add_step(work, "Identity", NULL, 0, 1, &list->items[at], work->step->n_out,
                    work->step->out);
}

static bool
count(Work *work)
{
    const DcnList *list = list_of(work, 0);
    if (!list || work->step->n_out == 0 || work->step->out[0] < 0)
        return true;
    int64_t *n = dcn_builder_take(work->builder, sizeof *n);
    if (!n)
        return false;
    *n = (int64_t)list->n;
    return dcn_builder_set_constant(work->builder, work->step->out[0],
                                    &(DcnTensor){DCN_INT64, {.rank = 0}, n});
}

/* With new_axis each tensor gets the axis first. */
static bool
concat(Work *work)
{
    const DcnList *list = list_of(work, 0);
    int64_t axis = dcn_node_int(work->node, "axis", 0);
    if (!list)
        return true;
    if (list->n == 0)
        return breaks(work, DCN_ERROR_SHAPE, "its list is empty");
    int *items = dcn_builder_take(work->builder, list->n * sizeof *items);
    if (!items)
        return false;
    memcpy(items, list->items, list->n * sizeof *items);
    if (dcn_node_int(work->node, "new_axis", 0)) {
        int axes = add_integers(work, 1, 1, &axis);
        for (size_t i = 0; i < list->n; i++) {
            int in[] = {items[i], axes}, out = add_value(work, i);
            if (axes < 0 || out < 0 ||
                !add_step(work, "Unsqueeze", NULL, 0, 2, in, 1, &out))
                return false;
            if (work->broken)
                return true;
            items[i] = out;
        }
    }
    return add_step(work, "Concat", "axis", axis, list->n, items, work->step->n_out,
                    work->step->out);
}

/* How many places each of the n parts has. NULL: the node is broken, or no memory. */
static int64_t *
part_sizes(Work *work, int64_t length, size_t *n_parts)
{
    int split = input_of(work, 1);
    const PlanValue *value = split < 0 ? NULL : &work->builder->plan->values[split];
    if (value && value->state != DCN_CONST) {
        breaks(work, DCN_ERROR_UNSUPPORTED, "its parts are known in a run only");
        return NULL;
    }
    bool alike = !value || value->shape.rank == 0;
    int64_t part = !value ? 1 : alike ? dcn_tensor_integer(&value->tensor, 0) : 0;
    int64_t n = !alike     ? (int64_t)value->count
                : part > 0 ? length / part + (length % part > 0)
                           : 0;
    if (n < 1 || n > MOST) {
        breaks(work, DCN_ERROR_SHAPE, "its parts are none, or too many");
        return NULL;
    }
    int64_t *sizes = dcn_builder_take(work->builder, (size_t)n * sizeof *sizes);
    for (int64_t i = 0; sizes && i < n; i++)
        sizes[i] = !alike       ? dcn_tensor_integer(&value->tensor, (size_t)i)
                   : i == n - 1 ? length - i * part
                                : part;
    *n_parts = (size_t)n;
    return sizes;
}

static bool
split(Work *work)
{
    const DcnPlan *plan = work->builder->plan;
    int x = input_of(work, 0);
    int64_t axis = dcn_node_int(work->node, "axis", 0);
    if (x < 0)
        return breaks(work, DCN_ERROR_FORMAT, "it has no input");
    if (breaks_with(work, &plan->values[x]))
        return true;
    DcnShape shape = plan->values[x].shape;
    int64_t at = axis < 0 ? axis + shape.rank : axis;
    if (at < 0 || at >= shape.rank)
        return breaks(work, DCN_ERROR_SHAPE, "its input has no such axis");
    size_t n = 0;
    int64_t *sizes = part_sizes(work, shape.dim[at], &n);
    int *parts = sizes ? dcn_builder_take(work->builder, n * sizeof *parts) : NULL;
    if (!parts)
        return work->broken;
    bool squeezed = input_of(work, 1) < 0 && !dcn_node_int(work->node, "keepdims", 1);
    for (size_t i = 0; i < n; i++)
        if ((parts[i] = add_value(work, i)) < 0)
            return false;
    if (squeezed) {
        for (size_t i = 0; i < n && !work->broken; i++) {
            int in[] = {x, add_integers(work, 0, 1, &(int64_t){(int64_t)i})};
            if (in[1] < 0 || !add_step(work, "Gather", "axis", axis, 2, in, 1, &parts[i]))
                return false;
        }
    } else {
        int in[] = {x, add_integers(work, 1, n, sizes)};
        if (in[1] < 0 || !add_step(work, "Split", "axis", axis, 2, in, n, parts))
            return false;
    }
    if (work->broken)
        return true;
    DcnList *list = make_list(work, 0);
    if (!list)
        return false;
    list->items = parts;
    list->n = n;
    return true;
}

bool
dcn_builder_lists(DcnBuilder *builder,
                  const DcnNode *node,
                  const PlanStep *step,
                  bool *broken,
                  DcnError *reason)
{
    Work work = {builder, node, step, false, reason};
    bool good = is(&work, "SplitToSequence")      ? split(&work)
                : is(&work, "SequenceAt")         ? take_out(&work)
                : is(&work, "SequenceInsert")     ? insert(&work)
                : is(&work, "SequenceErase")      ? erase(&work)
                : is(&work, "SequenceLength")     ? count(&work)
                : is(&work, "ConcatFromSequence") ? concat(&work)
                                                  : construct(&work);
    *broken = work.broken;
    return good;
}

void
dcn_builder_hands_list_on(DcnBuilder *builder, const DcnNode *node, const PlanStep *step)
{
    PlanValue *values = builder->plan->values;
    if (!node->domain[0] && strcmp(node->type, "Identity") == 0 && step->n_in == 1 &&
        step->n_out == 1 && step->in[0] >= 0 && step->out[0] >= 0)
        values[step->out[0]].list = values[step->in[0]].list;
}
