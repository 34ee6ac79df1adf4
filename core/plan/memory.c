/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.c: where each tensor of a plan lies.
 *
 * All tensors of a run share one block of floats. Two that are never in use at the same
 * time may lie at the same place. Largest first, each at the lowest place that is free
 * while it is in use: simple, and within a few per cent of the best on the nets that
 * matter (Pisarchyk & Lee 2020, "Efficient memory management for deep neural net
 * inference", greedy by size). With a batch every offset is multiplied by it. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/plan_private.h"
#include <stdint.h>
#include <stdlib.h>

#define ALIGN_FLOATS 16 /* 64 bytes */
#define DEFAULT_LIMIT ((size_t)8 << 30)

/* When each value's memory is in use: from the step that makes it to the last that reads
 * it. */
static void
find_lives(DcnPlan *plan)
{
    for (size_t i = 0; i < plan->n_values; i++)
        plan->values[i].first = plan->values[i].last = -1;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        for (size_t k = 0; k < step->n_in; k++) {
            PlanValue *value = step->in[k] < 0 ? NULL : &plan->values[step->in[k]];
            if (value && value->state == DCN_IN_RUN)
                value->last = (int)i;
        }
        for (size_t k = 0; k < step->n_out; k++)
            if (step->out[k] >= 0)
                plan->values[step->out[k]].first = plan->values[step->out[k]].last =
                    (int)i;
    }
    for (size_t i = 0; i < plan->n_values; i++)
        if (plan->values[i].live && plan->values[i].wanted)
            plan->values[i].last = (int)plan->n_steps;
}

static void
join_life(const PlanValue *part, PlanValue *whole)
{
    whole->first = part->first < whole->first ? part->first : whole->first;
    whole->last = part->last > whole->last ? part->last : whole->last;
}

/* A whole tensor is in use as long as any of its parts, and an output as long as what lies
 * in its place. Makers come before users. */
static void
join_lives(DcnPlan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        for (size_t k = 0; step->live && k < step->n_in; k++)
            if (dcn_plan_lies_in(plan, step->in[k], step->out[0]))
                join_life(&plan->values[step->in[k]], &plan->values[step->out[0]]);
        if (step->live && step->in_place)
            join_life(&plan->values[step->in[0]], &plan->values[step->out[0]]);
    }
}

static bool
meet(const PlanValue *a, const PlanValue *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static size_t
padded(size_t floats)
{
    return (floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
}

static int
larger_first(const void *a, const void *b)
{
    const PlanValue *x = *(PlanValue *const *)a, *y = *(PlanValue *const *)b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* The lowest place where the value meets none of those placed before it (placed[] is
 * sorted by offset). */
static size_t
lowest_place(const PlanValue *value, PlanValue *const *placed, size_t n_placed)
{
    size_t place = 0;
    for (size_t i = 0; i < n_placed; i++) {
        if (!meet(value, placed[i]))
            continue;
        if (place + padded(value->count) <= placed[i]->offset)
            break;
        size_t behind = placed[i]->offset + padded(placed[i]->count);
        place = behind > place ? behind : place;
    }
    return place;
}

size_t
dcn_place_values(PlanValue *values, size_t n_values, bool share)
{
    PlanValue **order = calloc(2 * n_values + 1, sizeof *order);
    if (!order)
        return SIZE_MAX;
    PlanValue **placed = order + n_values;
    size_t n_order = 0, n_placed = 0, floats = 0;
    for (size_t i = 0; i < n_values; i++)
        if (values[i].live && values[i].state == DCN_IN_RUN && !values[i].inside)
            order[n_order++] = &values[i];
    if (share)
        qsort(order, n_order, sizeof *order, larger_first);
    for (size_t i = 0; i < n_order; i++) {
        PlanValue *value = order[i];
        value->offset = share ? lowest_place(value, placed, n_placed) : floats;
        size_t end = value->offset + padded(value->count);
        floats = end > floats ? end : floats;
        size_t at = n_placed++;
        for (; share && at > 0 && placed[at - 1]->offset > value->offset; at--)
            placed[at] = placed[at - 1];
        placed[at] = value;
    }
    free(order);
    return floats;
}

/* Places what lies in other values: parts, and inputs of rectifiers that were fused. */
static void
place_inner(DcnPlan *plan)
{
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        for (size_t k = 0; step->live && k < step->n_in; k++)
            if (dcn_plan_lies_in(plan, step->in[k], step->out[0])) {
                PlanValue *part = &plan->values[step->in[k]];
                part->offset = part->inside->offset + part->at;
            }
        if (step->live && step->in_place)
            plan->values[step->in[0]].offset = plan->values[step->out[0]].offset;
    }
}

static bool
place_all(DcnPlan *plan, bool share, size_t *floats, DcnError *error)
{
    find_lives(plan);
    join_lives(plan);
    *floats = dcn_place_values(plan->values, plan->n_values, share);
    if (*floats == SIZE_MAX)
        return dcn_fail_memory(error, "a plan", plan->n_values * sizeof(void *));
    place_inner(plan);
    return true;
}

/* A signal is in use from the step of the last user of its value back to the step that
 * makes the value. These are the steps between which a value that is not kept is in use.
 */
static bool
place_signals(DcnPlan *plan, bool share, DcnError *error)
{
    for (size_t i = 0; i < plan->n_values; i++)
        if (plan->values[i].handed) {
            plan->values[i].inside = plan->values[i].handed;
            plan->values[i].at = 0;
        }
    bool placed = place_all(plan, share, &plan->signal_floats, error);
    for (size_t i = 0; i < plan->n_values; i++) {
        plan->values[i].signal = plan->values[i].offset;
        if (plan->values[i].handed)
            plan->values[i].inside = NULL;
    }
    return placed;
}

/* Makes values parts of others, unless that takes more memory: a whole occupies its place
 * from its first part on. */
static bool
find_parts(DcnPlan *plan, bool share, DcnError *error)
{
    size_t apart, together;
    if (!place_all(plan, share, &apart, error) || !dcn_pass_parts(plan, error) ||
        !place_all(plan, share, &together, error))
        return false;
    for (size_t i = 0; together > apart && i < plan->n_values; i++)
        plan->values[i].inside = NULL;
    return true;
}

bool
dcn_plan_memory(DcnPlan *plan, bool share, bool parts, DcnError *error)
{
    bool both = share && !plan->backward; /* values may share memory, too */
    bool handed = parts && share && plan->backward && !plan->training;
    if ((parts && !find_parts(plan, both, error)) ||
        (handed && !dcn_pass_handed(plan, error)) ||
        (plan->backward && !place_signals(plan, share || plan->training, error)) ||
        !place_all(plan, both, &plan->value_floats, error))
        return false;
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        step->kept_offset = plan->kept_bytes;
        if (plan->backward)
            plan->kept_bytes += (step->kept + 63) / 64 * 64;
        plan->scratch = step->scratch > plan->scratch ? step->scratch : plan->scratch;
        plan->work = step->work > plan->work ? step->work : plan->work;
    }
    size_t limit = plan->memory_limit ? plan->memory_limit : DEFAULT_LIMIT;
    double needs = (double)dcn_plan_session_bytes(plan);
    if (needs > (double)limit)
        return dcn_fail(
            error, DCN_ERROR_MEMORY,
            "a run of this net at this size needs %.0f MB, more than the %.0f MB allowed",
            needs / 1e6, (double)limit / 1e6);
    return true;
}

size_t
dcn_plan_session_bytes(const DcnPlan *plan)
{
    double floats = (double)plan->value_floats * (double)plan->batch;
    if (plan->training)
        floats += (double)plan->signal_floats * (double)plan->batch;
    else if (plan->backward)
        floats += (double)plan->signal_floats; /* of one image */
    double bytes = floats * sizeof(float) +
                   (double)plan->kept_bytes * (double)plan->batch + (double)plan->work;
    return bytes < 0x1p62 ? (size_t)bytes : (size_t)1 << 62;
}

size_t
dcn_plan_weight_bytes(const DcnPlan *plan)
{
    return plan->weight_bytes;
}
