/* SPDX-License-Identifier: GPL-3.0-or-later */
/* KeptLevels, of ours: rounds numbers to levels and keeps them numbers, as quantisers of
 * QONNX and OpenVINO do (onnx/fused_trained.c):
 *
 *     level = whole(min(max((x - base) / scale + zero, low), high))
 *     y     = (level - zero) * scale + base
 *
 * Inputs: x, scale, zero, base, low, high. The last five are constants, and scale, zero
 * and base hold one number, or one for each place of an axis. rounding_mode: QONNX's
 * words for `whole`, of old and of today.
 *
 * Back, all methods: straight through, as at QuantizeLinear (affine.h): dx += dy where
 * nothing was cut. */
#include "base/threads.h"
#include "ops/kit/common.h"
#include <math.h>
#include <strings.h>

enum { X, SCALE, ZERO, BASE, LOW, HIGH };

typedef struct {
    size_t outer, dim, inner; /* one place of the axis is a row of `inner` elements */
    int axis;                 /* -1: one number for all */
    DcnClamp bounds;
    float (*whole)(float x);
} Params;

static float
half_up(float x)
{
    return floorf(x + 0.5F);
}

static float
half_down(float x)
{
    return ceilf(x - 0.5F);
}

static float
away_from_zero(float x)
{
    return x < 0 ? floorf(x) : ceilf(x);
}

static const struct {
    const char *mode;
    float (*whole)(float x);
} ways[] = {
    {"ROUND", rintf},          {"HALF_EVEN", rintf},   {"CEIL", ceilf},
    {"FLOOR", floorf},         {"UP", away_from_zero}, {"DOWN", truncf},
    {"ROUND_TO_ZERO", truncf}, {"HALF_UP", half_up},   {"HALF_DOWN", half_down},
};

static bool
find_whole(DcnSetup *setup, Params *p)
{
    const char *mode = dcn_node_string(setup->node, "rounding_mode", "ROUND");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcasecmp(mode, ways[i].mode) == 0)
            p->whole = ways[i].whole;
    return p->whole ||
           dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "rounding_mode \"%.50s\"", mode);
}

/* The axis along which an input holds different numbers. */
static bool
find_axis(DcnSetup *setup, size_t input, int *axis)
{
    const DcnShape *x = setup->in[X], *some = setup->in[input];
    char text[2][128];
    for (int i = 0; i < some->rank; i++) {
        int at = x->rank - some->rank + i;
        if (some->dim[i] == 1)
            continue;
        if (at < 0 || some->dim[i] != x->dim[at] || (*axis >= 0 && *axis != at))
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE, "scales of %s do not fit an input of %s",
                dcn_shape_print(some, text[0]), dcn_shape_print(x, text[1]));
        *axis = at;
    }
    return true;
}

static bool
keptlevels_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    double low = 0, high = 0;
    p->axis = -1;
    for (size_t i = SCALE; i <= HIGH; i++)
        if (!setup->value[i])
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "its scale or its bounds are known in a run only");
    for (size_t i = SCALE; i <= BASE; i++)
        if (!find_axis(setup, i, &p->axis))
            return false;
    if (!dcn_setup_number(setup, LOW, low, &low) ||
        !dcn_setup_number(setup, HIGH, high, &high) || !find_whole(setup, p))
        return false;
    const DcnShape *x = setup->in[X];
    p->bounds = (DcnClamp){(float)low, (float)high};
    p->outer = p->axis < 0 ? 1 : dcn_shape_product(x, 0, p->axis);
    p->dim = p->axis < 0 ? 1 : (size_t)x->dim[p->axis];
    p->inner =
        p->axis < 0 ? dcn_shape_count(x) : dcn_shape_product(x, p->axis + 1, x->rank);
    return dcn_setup_same(setup);
}

/* The number of an input for place d of the axis. */
static float
number_of(const DcnCall *call, size_t input, size_t d)
{
    return call->in[input].data[call->in[input].count > 1 ? d : 0];
}

static void
treat_rows(const DcnCall *call, size_t begin, size_t end, bool back)
{
    const Params *p = call->params;
    size_t rows = p->outer * p->dim;
    for (size_t row = begin; row < end; row++) {
        size_t image = row / rows, first = row % rows * p->inner, d = row % p->dim;
        float scale = number_of(call, SCALE, d), zero = number_of(call, ZERO, d);
        float base = number_of(call, BASE, d);
        const float *x = dcn_image(&call->in[X], image) + first;
        const float *dy = back ? dcn_image_grad(&call->out[0], image) + first : NULL;
        float *to = (back ? dcn_image_grad(&call->in[X], image)
                          : dcn_image(&call->out[0], image)) +
                    first;
        for (size_t i = 0; i < p->inner; i++) {
            float level = (x[i] - base) / scale + zero;
            if (back)
                to[i] += level < p->bounds.low || level > p->bounds.high ? 0 : dy[i];
            else
                to[i] = (p->whole(dcn_clamp(p->bounds, level)) - zero) * scale + base;
        }
    }
}

static void
rows_forward(void *user, size_t begin, size_t end, size_t worker)
{
    (void)worker;
    treat_rows(user, begin, end, false);
}

static void
rows_back(void *user, size_t begin, size_t end, size_t worker)
{
    (void)worker;
    treat_rows(user, begin, end, true);
}

static void
all_rows(const DcnCall *call, void (*work)(void *, size_t, size_t, size_t))
{
    const Params *p = call->params;
    dcn_parallel_range(call->context, call->batch * p->outer * p->dim,
                       DCN_GRAIN / (p->inner + 1) + 1, work, (void *)(uintptr_t)call);
}

static void
keptlevels_forward(const DcnCall *call)
{
    all_rows(call, rows_forward);
}

static void
keptlevels_back(const DcnCall *call)
{
    if (dcn_wants_back(call, X))
        all_rows(call, rows_back);
}

static DcnLocality
keptlevels_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->axis < 0    ? DCN_LOCAL_PLACES
           : p->axis == 1 ? DCN_LOCAL_CHANNELS
                          : DCN_LOCAL_NO;
}

const DcnOp dcn_op_keptlevels = {
    .name = "KeptLevels",
    .domain = "featurescope",
    .inputs = {6, 6},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .rule = DCN_RULE_STRAIGHT,
    .params_size = sizeof(Params),
    .setup = keptlevels_setup,
    .forward = keptlevels_forward,
    .back = DCN_BACK_ALL(keptlevels_back),
    .reach.ahead = dcn_reach_first,
    .reach.back = dcn_reach_back_first,
    .reach.local = keptlevels_local,
};
