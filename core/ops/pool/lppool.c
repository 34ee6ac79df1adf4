/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LpPool: the p-norm of each window (lp.h), plane by plane; the padding is 0. Back, all
 * methods: dx += dy * the norm's slope, summed over the windows that x is in. */
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include "ops/pool/lp.h"

typedef struct {
    DcnWindow window;
    size_t planes;
    float p;
} Params;

static bool
lppool_setup(DcnSetup *setup)
{
    Params *params = setup->params;
    const DcnShape *x = setup->in[0];
    size_t volume;
    if (!dcn_window_pool_setup(setup, &params->window) ||
        !dcn_window_volume(setup, &params->window, (size_t)1 << 24, &volume) ||
        !dcn_lp_order(setup, &params->p))
        return false;
    params->planes = dcn_shape_product(x, 0, 2);
    setup->out[0] = dcn_window_shape(&params->window, x->dim[0], x->dim[1]);
    return true;
}

/* A window: its place in the output, and which of its elements lie inside. */
typedef struct {
    int64_t place[3], first[3], last[3];
} Window;

/* The element of a plane that element k of the window's axis stands for, of all axes. */
static int64_t
element(const DcnWindow *w, const Window *at, const int64_t k[3])
{
    int64_t i = 0;
    for (int a = 0; a < 3; a++)
        i = i * w->in[a] + at->place[a] * w->stride[a] - w->begin[a] +
            k[a] * w->dilation[a];
    return i;
}

/* The sum of a window's terms; or adds dy times the slopes to dx, if that is there. */
static double
window_pass(
    const Params *params, const Window *at, const float *x, float y, float dy, float *dx)
{
    const DcnWindow *w = &params->window;
    double sum = 0;
    int64_t k[3];
    for (k[0] = at->first[0]; k[0] < at->last[0]; k[0]++)
        for (k[1] = at->first[1]; k[1] < at->last[1]; k[1]++)
            for (k[2] = at->first[2]; k[2] < at->last[2]; k[2]++) {
                int64_t i = element(w, at, k);
                if (dx)
                    dx[i] += dy * dcn_lp_slope(params->p, x[i], y);
                else
                    sum += dcn_lp_term(params->p, x[i]);
            }
    return sum;
}

static void
plane_pass(const Params *params, const float *x, float *y, const float *dy, float *dx)
{
    const DcnWindow *w = &params->window;
    int64_t out = w->out[0] * w->out[1] * w->out[2];
    for (int64_t o = 0; o < out; o++) {
        Window at = {.place = {o / w->out[2] / w->out[1], o / w->out[2] % w->out[1],
                               o % w->out[2]}};
        for (int a = 0; a < 3; a++)
            dcn_window_inside(w, a, at.place[a], &at.first[a], &at.last[a]);
        if (dx)
            window_pass(params, &at, x, y[o], dy[o], dx);
        else
            y[o] = dcn_lp_norm(params->p, window_pass(params, &at, x, 0, 0, NULL));
    }
}

static void
work_plane(const DcnCall *call, size_t index, bool back)
{
    const Params *params = call->params;
    const DcnWindow *w = &params->window;
    size_t image = index / params->planes, plane = index % params->planes;
    size_t in = plane * (size_t)(w->in[0] * w->in[1] * w->in[2]);
    size_t out = plane * (size_t)(w->out[0] * w->out[1] * w->out[2]);
    const float *x = dcn_image(&call->in[0], image) + in;
    float *y = dcn_image(&call->out[0], image) + out;
    if (back)
        plane_pass(params, x, y, dcn_image_grad(&call->out[0], image) + out,
                   dcn_image_grad(&call->in[0], image) + in);
    else
        plane_pass(params, x, y, NULL, NULL);
}

static void
forward_plane(void *user, size_t index, size_t worker)
{
    (void)worker;
    work_plane(user, index, false);
}

static void
back_plane(void *user, size_t index, size_t worker)
{
    (void)worker;
    work_plane(user, index, true);
}

static void
lppool_forward(const DcnCall *call)
{
    const Params *params = call->params;
    dcn_parallel(call->context, call->batch * params->planes, forward_plane,
                 (void *)call);
}

static void
lppool_back(const DcnCall *call)
{
    const Params *params = call->params;
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch * params->planes, back_plane,
                     (void *)call);
}

static void
lppool_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *params = call->params;
    (void)input, (void)output;
    dcn_window_box_ahead(&params->window, in, out);
}

static void
lppool_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *params = call->params;
    (void)input, (void)output;
    dcn_window_box_back(&params->window, out, in);
}

static DcnLocality
lppool_local(const void *params, DcnLocalWindow *window)
{
    const DcnWindow *w = &((const Params *)params)->window;
    return w->axes == 2 ? dcn_window_local(w, 0, window) : DCN_LOCAL_NO;
}

const DcnOp dcn_op_lppool = {
    .name = "LpPool",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = lppool_setup,
    .forward = lppool_forward,
    .back = DCN_BACK_ALL(lppool_back),
    .reach.ahead = lppool_reach_ahead,
    .reach.back = lppool_reach_back,
    .reach.local = lppool_local,
    .layer = "pool",
};
