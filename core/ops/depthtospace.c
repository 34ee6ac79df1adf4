/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DepthToSpace: squares of blocksize x blocksize places out of as many channels.
 * SpaceToDepth: the reverse.
 *
 * With blocksize b, place (i, j) of a square, k = i * b + j, and C channels after the
 * first or before the second operator, it comes from, or goes to, channel k * C + c; with
 * mode CRD of DepthToSpace from channel c * b^2 + k. So of 4 channels with one place
 * each, mode DCR and b = 2 make [0 1; 2 3].
 *
 * Back, all methods: the elements are only moved, so the signal goes where they came
 * from. */
#include "ops/kit/view.h"
#include <string.h>

typedef struct {
    DcnView view;          /* the output in the input */
    int64_t block;         /* b */
    int64_t channels;      /* C */
    bool channels_outside; /* mode CRD */
} Params;

static bool
read_block(DcnSetup *setup, int64_t *block)
{
    const DcnShape *x = setup->in[0];
    char text[128];
    *block = dcn_node_int(setup->node, "blocksize", 0);
    if (x->rank != 4)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s, not of four axes",
                              dcn_shape_print(x, text));
    if (*block < 1 || *block > 1 << 20)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "blocksize is %lld",
                              (long long)*block);
    return true;
}

static bool
depthtospace_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    const char *mode = dcn_node_string(setup->node, "mode", "DCR");
    if (!read_block(setup, &p->block))
        return false;
    p->channels_outside = strcmp(mode, "CRD") == 0;
    if (!p->channels_outside && strcmp(mode, "DCR") != 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "mode is \"%.40s\"", mode);
    int64_t b = p->block, plane = x->dim[2] * x->dim[3];
    if (x->dim[1] % (b * b) != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "%lld channels do not make squares of %lld x %lld",
                              (long long)x->dim[1], (long long)b, (long long)b);
    int64_t channels = p->channels = x->dim[1] / (b * b);
    int64_t of_k = p->channels_outside ? plane : channels * plane;
    int64_t of_c = p->channels_outside ? b * b * plane : plane;
    p->view.shape =
        dcn_shape(6, (int64_t[]){x->dim[0], channels, x->dim[2], b, x->dim[3], b});
    int64_t steps[] = {x->dim[1] * plane, of_c, x->dim[3], b * of_k, 1, of_k};
    memcpy(p->view.step, steps, sizeof steps);
    setup->out[0] =
        dcn_shape(4, (int64_t[]){x->dim[0], channels, x->dim[2] * b, x->dim[3] * b});
    return true;
}

static bool
spacetodepth_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (!read_block(setup, &p->block))
        return false;
    int64_t b = p->block, row = x->dim[3], plane = x->dim[2] * row;
    if (x->dim[2] % b != 0 || x->dim[3] % b != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "%s cannot be cut into squares of %lld x %lld",
                              dcn_shape_print(x, text), (long long)b, (long long)b);
    int64_t channels = p->channels = x->dim[1];
    p->view.shape =
        dcn_shape(6, (int64_t[]){x->dim[0], b, b, channels, x->dim[2] / b, row / b});
    int64_t steps[] = {channels * plane, row, 1, plane, b * row, b};
    memcpy(p->view.step, steps, sizeof steps);
    if (channels > DCN_MAX_COUNT / (b * b))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%lld channels times %lld squared",
                              (long long)channels, (long long)b);
    setup->out[0] =
        dcn_shape(4, (int64_t[]){x->dim[0], channels * b * b, x->dim[2] / b, row / b});
    return true;
}

static void
blocks_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_forward(call, &p->view);
}

static void
blocks_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_back(call, &p->view);
}

/* The first and the last of begin .. end - 1 divided by `by`, and of what remains: all
 * remainders, if the quotients differ. */
static void
divide(int64_t begin, int64_t end, int64_t by, int64_t quotient[2], int64_t rest[2])
{
    quotient[0] = begin / by;
    quotient[1] = (end - 1) / by;
    bool one = quotient[0] == quotient[1];
    rest[0] = one ? begin % by : 0;
    rest[1] = one ? (end - 1) % by : by - 1;
}

/* The box of squares of places that a box of channels makes. */
static DcnBox
in_space(const Params *p, const DcnBox *box)
{
    int64_t b = p->block, c[2], k[2], i[2], j[2];
    if (dcn_box_is_empty(box))
        return (DcnBox){{0}, {0}};
    if (p->channels_outside)
        divide(box->begin[0], box->end[0], b * b, c, k);
    else
        divide(box->begin[0], box->end[0], p->channels, k, c);
    divide(k[0], k[1] + 1, b, i, j);
    return (DcnBox){
        {c[0], box->begin[1] * b + i[0], box->begin[2] * b + j[0]},
        {c[1] + 1, (box->end[1] - 1) * b + i[1] + 1, (box->end[2] - 1) * b + j[1] + 1}};
}

/* The reverse. */
static DcnBox
in_depth(const Params *p, const DcnBox *box)
{
    int64_t b = p->block, y[2], x[2], i[2], j[2];
    if (dcn_box_is_empty(box))
        return (DcnBox){{0}, {0}};
    divide(box->begin[1], box->end[1], b, y, i);
    divide(box->begin[2], box->end[2], b, x, j);
    int64_t k[2] = {i[0] * b + j[0], i[1] * b + j[1]};
    int64_t c[2] = {box->begin[0], box->end[0] - 1}, channel[2];
    for (int e = 0; e < 2; e++)
        channel[e] =
            p->channels_outside ? c[e] * b * b + k[e] : k[e] * p->channels + c[e];
    return (DcnBox){{channel[0], y[0], x[0]}, {channel[1] + 1, y[1] + 1, x[1] + 1}};
}

static void
depthtospace_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)input, (void)output;
    *out = in_space(call->params, in);
}

static void
depthtospace_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)input, (void)output;
    *in = in_depth(call->params, out);
}

static void
spacetodepth_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)input, (void)output;
    *out = in_depth(call->params, in);
}

static void
spacetodepth_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)input, (void)output;
    *in = in_space(call->params, out);
}

const DcnOp dcn_op_depthtospace = {
    .name = "DepthToSpace",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = depthtospace_setup,
    .forward = blocks_forward,
    .back = DCN_BACK_ALL(blocks_back),
    .reach.ahead = depthtospace_reach_ahead,
    .reach.back = depthtospace_reach_back,
    .constants.moves = true,
};

const DcnOp dcn_op_spacetodepth = {
    .name = "SpaceToDepth",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = spacetodepth_setup,
    .forward = blocks_forward,
    .back = DCN_BACK_ALL(blocks_back),
    .reach.ahead = spacetodepth_reach_ahead,
    .reach.back = spacetodepth_reach_back,
    .constants.moves = true,
};
