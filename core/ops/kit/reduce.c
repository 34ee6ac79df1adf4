/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduce.c: sums and means over axes. */
#include "ops/kit/reduce.h"
#include "ops/kit/change.h"
#include <string.h>

bool
dcn_reduce_setup(DcnSetup *setup)
{
    DcnReduce *p = setup->params;
    const DcnShape *x = setup->in[0];
    bool named[DCN_MAX_RANK] = {false};
    int n = dcn_setup_axes(setup, 1, x->rank, false, named);
    if (n < 0)
        return false;
    bool all = n == 0 && dcn_node_int(setup->node, "noop_with_empty_axes", 0) == 0;
    bool keep = dcn_node_int(setup->node, "keepdims", 1) != 0;
    DcnShape y = {.rank = 0};
    int of_input[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++)
        p->ahead[i] = p->back[i] = -1;
    p->number = 1;
    p->keeps = keep;
    for (int i = 0; i < x->rank; i++) {
        bool reduced = all || named[i];
        of_input[i] = -1;
        if (reduced) {
            p->number *= (size_t)x->dim[i];
            if (keep)
                y.dim[y.rank++] = 1;
            continue;
        }
        p->ahead[y.rank] = i;
        p->back[i] = of_input[i] = y.rank;
        y.dim[y.rank++] = x->dim[i];
    }
    if (p->number == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the axes are empty");
    DcnView whole = dcn_view_whole(&y);
    p->view.shape = *x;
    for (int i = 0; i < x->rank; i++)
        p->view.step[i] = of_input[i] < 0 ? 0 : whole.step[of_input[i]];
    setup->out[0] = y;
    return true;
}

typedef struct {
    const DcnCall *call;
    float scale;
} Reduce;

static void
forward_image(void *user, size_t image, size_t worker)
{
    const Reduce *reduce = user;
    const DcnCall *call = reduce->call;
    const DcnReduce *p = call->params;
    float *y = dcn_image(&call->out[0], image);
    (void)worker;
    memset(y, 0, call->out[0].count * sizeof *y);
    dcn_view_scatter_add(&p->view, dcn_image(&call->in[0], image), y);
    for (size_t i = 0; i < call->out[0].count; i++)
        y[i] *= reduce->scale;
}

static void
back_image(void *user, size_t image, size_t worker)
{
    const Reduce *reduce = user;
    const DcnCall *call = reduce->call;
    const DcnReduce *p = call->params;
    (void)worker;
    dcn_view_gather_add(&p->view, dcn_image_grad(&call->out[0], image), reduce->scale,
                        dcn_image_grad(&call->in[0], image));
}

static float
scale_of(const DcnCall *call, bool mean)
{
    const DcnReduce *p = call->params;
    return mean ? 1 / (float)p->number : 1;
}

void
dcn_reduce_forward(const DcnCall *call, bool mean)
{
    Reduce reduce = {call, scale_of(call, mean)};
    dcn_parallel(call->context, call->batch, forward_image, &reduce);
}

void
dcn_reduce_back(const DcnCall *call, bool mean)
{
    Reduce reduce = {call, scale_of(call, mean)};
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch, back_image, &reduce);
}

void
dcn_reduce_change(const DcnCall *call, const DcnChange *change, bool mean, float *y)
{
    const DcnReduce *p = call->params;
    dcn_change_sums(call, change, &p->view.step[1], scale_of(call, mean), y);
}

void
dcn_reduce_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnReduce *p = call->params;
    (void)input;
    dcn_reach_axes(&call->out[output].shape, p->ahead, in, out);
}

void
dcn_reduce_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnReduce *p = call->params;
    (void)output;
    dcn_reach_axes(&call->in[input].shape, p->back, out, in);
}

/* A box has all places of the axes that are reduced. */
DcnLocality
dcn_reduce_local(const void *params, DcnLocalWindow *window)
{
    const DcnReduce *p = params;
    (void)window;
    return p->keeps && p->view.shape.rank == 4 ? DCN_LOCAL_CHANNELS : DCN_LOCAL_NO;
}
