/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.c: tasks of some planes. */
#include "ops/pool/planes.h"

typedef struct {
    const DcnCall *call;
    const DcnWindow *w;
    DcnPlanesTask *task;
    const void *user;
    size_t planes;           /* of an image */
    size_t together, groups; /* planes of a task; tasks of an image */
} Job;

static void
take_group(void *user, size_t index, size_t worker)
{
    const Job *job = user;
    const DcnWindow *w = job->w;
    size_t image = index / job->groups, plane = index % job->groups * job->together,
           rest = job->planes - plane, n = rest < job->together ? rest : job->together,
           in = (size_t)(w->in[1] * w->in[2]), out = (size_t)(w->out[1] * w->out[2]);
    job->task(job->user, n, dcn_image(&job->call->in[0], image) + plane * in,
              dcn_image(&job->call->out[0], image) + plane * out,
              dcn_scratch(job->call->context, worker));
}

void
dcn_planes_forward(const DcnCall *call,
                   const DcnWindow *w,
                   size_t planes,
                   DcnPlanesTask *task,
                   const void *user)
{
    DcnPlane p = dcn_plane_of(w);
    Job job = {call, w, task, user, planes, dcn_planes_together(&p), 0};
    size_t threads = (size_t)dcn_context_threads(call->context),
           tasks = threads > 1 ? 2 * threads : 1, even = call->batch * planes / tasks + 1;
    job.together = job.together < even ? job.together : even;
    job.groups = (planes + job.together - 1) / job.together;
    dcn_parallel(call->context, call->batch * job.groups, take_group, &job);
}
