/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.c: a tensor as lines along an axis. */
#include "ops/kit/axis.h"

bool
dcn_axis_setup(DcnSetup *setup, int64_t axis, DcnAxis *result)
{
    const DcnShape *x = setup->in[0];
    if (!dcn_setup_axis(setup, axis, x->rank, false, &result->axis))
        return false;
    result->outer = dcn_shape_product(x, 0, result->axis);
    result->n = (size_t)x->dim[result->axis];
    result->inner = dcn_shape_product(x, result->axis + 1, x->rank);
    return true;
}

/* from[] of dcn_reach_axes(): the axis of the one for each of the other. */
static void
axes_of(const DcnAxis *axis, bool dropped, bool back, int from[DCN_MAX_RANK])
{
    for (int i = 0; i < DCN_MAX_RANK; i++) {
        from[i] = i;
        if (dropped && i >= axis->axis)
            from[i] = back ? i - 1 : i + 1;
    }
    if (back || !dropped)
        from[axis->axis] = -1;
}

void
dcn_axis_ahead(const DcnCall *call,
               const DcnAxis *axis,
               bool dropped,
               const DcnBox *in,
               size_t output,
               DcnBox *out)
{
    int from[DCN_MAX_RANK];
    axes_of(axis, dropped, false, from);
    dcn_reach_axes(&call->out[output].shape, from, in, out);
}

void
dcn_axis_seen(
    const DcnCall *call, const DcnAxis *axis, bool dropped, const DcnBox *out, DcnBox *in)
{
    int from[DCN_MAX_RANK];
    axes_of(axis, dropped, true, from);
    dcn_reach_axes(&call->in[0].shape, from, out, in);
}
