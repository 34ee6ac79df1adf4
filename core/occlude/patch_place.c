/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_place.c: where each patch lies in the memory of a run. */
#include "base/error.h"
#include "occlude/patch_private.h"
#include <stdint.h>

static size_t
patch_count(const DcnPatchPlan *patches, size_t value)
{
    const PatchValue *v = &patches->values[value];
    return v->kind == PATCH_PART ? (size_t)(v->size[0] * v->size[1] * v->size[2])
                                 : patches->plan->values[value].count;
}

static void
count_and_begin(DcnPatchPlan *patches, int end)
{
    const DcnPlan *plan = patches->plan;
    for (size_t i = 0; i < plan->n_values; i++) {
        PlanValue *where = &patches->places[i];
        if (patches->values[i].kind == PATCH_BASE)
            continue;
        where->state = DCN_IN_RUN;
        where->live = true;
        where->count = patch_count(patches, i);
        where->first = plan->values[i].first;
        bool stays = plan->values[i].wanted || (int)i == end;
        where->last = stays ? (int)plan->n_steps : plan->values[i].first;
    }
}

static void
find_last_readers(DcnPatchPlan *patches)
{
    for (size_t i = 0; i < patches->plan->n_steps; i++) {
        const PatchStep *step = &patches->steps[i];
        if (!step->base || !step->runs)
            continue;
        for (size_t k = 0; k < step->base->n_in; k++) {
            int in = step->base->in[k];
            if (in >= 0 && patches->places[in].live && patches->places[in].last < (int)i)
                patches->places[in].last = (int)i;
        }
    }
}

/* True if patches of both cover the same places, whatever their channels. */
static bool
cover_alike(const DcnPatchPlan *patches, int a, int b)
{
    const PatchValue *x = &patches->values[a], *y = &patches->values[b];
    return x->kind == y->kind && x->size[1] == y->size[1] && x->size[2] == y->size[2];
}

/* What lies inside of a Concat's output in the base does so here, where the Concat takes
 * it as it is. A whole is there as long as any of its parts. */
static void
find_parts(DcnPatchPlan *patches)
{
    const DcnPlan *plan = patches->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PatchStep *step = &patches->steps[i];
        if (!step->base || !step->runs || !step->base->op->part)
            continue;
        int whole = step->base->out[0];
        size_t at = 0;
        for (size_t k = 0; k < step->base->n_in; k++) {
            int in = step->in[k];
            if (in < 0)
                continue;
            PlanValue *part = &patches->places[in];
            if (in == step->base->in[k] && cover_alike(patches, in, whole) &&
                dcn_plan_lies_in(plan, in, whole)) {
                PlanValue *place = &patches->places[whole];
                part->inside = place;
                part->at = at;
                place->first = part->first < place->first ? part->first : place->first;
                place->last = part->last > place->last ? part->last : place->last;
            }
            at += part->live ? part->count : plan->values[in].count;
        }
    }
}

/* Places parts of parts in the outermost whole. Makers come before users, so from the end
 * on a whole is known before its parts. */
static void
flatten_parts(DcnPatchPlan *patches)
{
    for (size_t i = patches->plan->n_steps; i-- > 0;) {
        const PatchStep *step = &patches->steps[i];
        if (!step->base || !step->runs || !step->base->op->part)
            continue;
        for (size_t k = 0; k < step->base->n_in; k++) {
            PlanValue *part = step->in[k] < 0 ? NULL : &patches->places[step->in[k]];
            if (!part || part->inside != &patches->places[step->base->out[0]] ||
                !part->inside->inside)
                continue;
            part->at += part->inside->at;
            part->inside = part->inside->inside;
        }
    }
}

bool
dcn_patch_place(DcnPatchPlan *patches, int end, DcnError *error)
{
    count_and_begin(patches, end);
    find_last_readers(patches);
    find_parts(patches);
    flatten_parts(patches);
    patches->floats = dcn_place_values(patches->places, patches->n_values, true);
    if (patches->floats == SIZE_MAX)
        return dcn_fail_memory(error, "a class of positions", patches->n_values * 8);
    return true;
}
