/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c: walks the groups of an axis. */
#include "ops/kit/groups.h"

bool
dcn_groups_setup(DcnSetup *setup)
{
    DcnGroups *g = setup->params;
    const DcnShape *x = setup->in[0];
    bool old = setup->opset < 13;
    int64_t axis = dcn_node_int(setup->node, "axis", old ? 1 : -1);
    if (!dcn_setup_axis(setup, axis, x->rank, old, &g->first))
        return false;
    g->last = old ? x->rank : g->first + 1;
    g->outer = dcn_shape_product(x, 0, g->first);
    g->n = dcn_shape_product(x, g->first, g->last);
    g->inner = dcn_shape_product(x, g->last, x->rank);
    return dcn_setup_same(setup);
}

typedef struct {
    const DcnCall *call;
    DcnGroupValues values;
    DcnGroupSlopes slopes;
} Walk;

static void
range(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    const DcnOperand *x = &walk->call->in[0], *y = &walk->call->out[0];
    const DcnGroups *g = walk->call->params;
    DcnGroup group = {g->n, g->inner};
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        size_t image = i / (g->outer * g->inner), rest = i % (g->outer * g->inner);
        size_t start = rest / g->inner * g->n * g->inner + rest % g->inner;
        if (walk->values)
            walk->values(&group, dcn_image(x, image) + start,
                         dcn_image(y, image) + start);
        else
            walk->slopes(&group, dcn_image(y, image) + start,
                         dcn_image_grad(y, image) + start,
                         dcn_image_grad(x, image) + start);
    }
}

static void
run(Walk *walk)
{
    const DcnGroups *g = walk->call->params;
    if (g->n > 0)
        dcn_parallel_range(walk->call->context, walk->call->batch * g->outer * g->inner,
                           DCN_GRAIN / 8 / g->n + 1, range, walk);
}

void
dcn_groups_forward(const DcnCall *call, DcnGroupValues values)
{
    run(&(Walk){.call = call, .values = values});
}

void
dcn_groups_back(const DcnCall *call, DcnGroupSlopes slopes)
{
    if (dcn_wants_back(call, 0))
        run(&(Walk){.call = call, .slopes = slopes});
}

/* The box is whole along the group's axes and the same along all others. */
static void
widen(const DcnCall *call, const DcnBox *from, DcnBox *to)
{
    const DcnGroups *g = call->params;
    int axes[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++)
        axes[i] = i >= g->first && i < g->last ? -1 : i;
    dcn_reach_axes(&call->in[0].shape, axes, from, to);
}

void
dcn_groups_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)input, (void)output;
    widen(call, in, out);
}

void
dcn_groups_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)input, (void)output;
    widen(call, out, in);
}
