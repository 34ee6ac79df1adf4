/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_needs.c: which tensors of the run without a square the patches of a class read:
 * those that no square changes, those around a part, and those of which a sum is changed.
 * The others need not be kept, so that their memory can be shared. */
#include "occlude/patch_private.h"

static void
need(const DcnPatchPlan *patches, int value, bool *needed)
{
    if (value >= 0 && patches->values[value].kind != PATCH_WHOLE &&
        patches->plan->values[value].state == DCN_IN_RUN)
        needed[value] = true;
}

void
dcn_patch_needs(const DcnPatchPlan *patches, bool *needed)
{
    const DcnPlan *plan = patches->plan;
    needed[plan->inputs[0]] = true;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PatchStep *step = &patches->steps[i];
        if (!step->base || !step->runs)
            continue;
        for (size_t k = 0; k < step->base->n_in; k++) {
            int in = step->in[k];
            if (in < 0)
                continue;
            const PatchValue *value = &patches->values[in];
            if (value->kind == PATCH_GATHERED)
                need(patches, value->source, needed);
            else if (value->kind == PATCH_BASE || step->changes || step->moves)
                need(patches, in, needed);
        }
        if (step->changes)
            needed[step->base->out[0]] = true;
    }
}
