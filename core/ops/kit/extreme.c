/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extreme.c: the place of the largest or least element of each line. */
#include "ops/kit/extreme.h"

bool
dcn_extreme_setup(DcnSetup *setup)
{
    DcnExtreme *p = setup->params;
    if (!dcn_axis_setup(setup, dcn_node_int(setup->node, "axis", 0), &p->axis))
        return false;
    if (p->axis.n == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the axis is empty");
    p->dropped = dcn_node_int(setup->node, "keepdims", 1) == 0;
    p->last = dcn_node_int(setup->node, "select_last_index", 0) != 0;
    DcnShape y = *setup->in[0];
    y.dim[p->axis.axis] = 1;
    if (p->dropped) {
        for (int i = p->axis.axis; i + 1 < y.rank; i++)
            y.dim[i] = y.dim[i + 1];
        y.rank--;
    }
    setup->out[0] = y;
    return true;
}

static size_t
place_of(const DcnExtreme *p, const float *x, bool largest)
{
    size_t best = 0;
    for (size_t i = 1; i < p->axis.n; i++) {
        float value = x[i * p->axis.inner], most = x[best * p->axis.inner];
        bool better = largest ? value > most : value < most;
        if (better || (p->last && value == most))
            best = i;
    }
    return best;
}

void
dcn_extreme_forward(const DcnCall *call, bool largest)
{
    const DcnExtreme *p = call->params;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t line = 0; line < p->axis.outer * p->axis.inner; line++) {
            const float *x = dcn_image(&call->in[0], n);
            size_t first = dcn_axis_line(&p->axis, line, p->axis.n);
            dcn_image(&call->out[0], n)[line] = (float)place_of(p, x + first, largest);
        }
}

void
dcn_extreme_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnExtreme *p = call->params;
    (void)input;
    dcn_axis_ahead(call, &p->axis, p->dropped, in, output, out);
}

void
dcn_extreme_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnExtreme *p = call->params;
    (void)output, (void)input;
    dcn_axis_seen(call, &p->axis, p->dropped, out, in);
}

DcnType
dcn_extreme_type(const void *params, size_t output)
{
    (void)params, (void)output;
    return DCN_INT64;
}
