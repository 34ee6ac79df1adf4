/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.c: parallel loops over planes. */
#include "ops/kit/planes.h"

typedef struct {
    const DcnCall *call;
    DcnPlaneWork work;
    size_t planes;
} Planes;

static void
range(void *user, size_t begin, size_t end, size_t worker)
{
    const Planes *p = user;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        p->work(p->call, i / p->planes, i % p->planes);
}

void
dcn_each_plane(const DcnCall *call, size_t plane_size, DcnPlaneWork work)
{
    Planes p = {call, work, dcn_shape_product(&call->in[0].shape, 0, 2)};
    dcn_parallel_range(call->context, call->batch * p.planes,
                       DCN_GRAIN / (plane_size ? plane_size : 1) + 1, range, &p);
}

static const int only_channels[DCN_MAX_RANK] = {-1, 1, -1, -1, -1, -1, -1, -1};

void
dcn_reach_planes(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)input;
    dcn_reach_axes(&call->out[output].shape, only_channels, in, out);
}

void
dcn_reach_back_planes(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)output;
    dcn_reach_axes(&call->in[input].shape, only_channels, out, in);
}
