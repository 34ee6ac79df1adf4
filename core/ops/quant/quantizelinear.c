/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QuantizeLinear: y = saturate(round(x / scale) + zero), for a tensor, by place of an
 * axis or by block (affine.h, blocks.h). The type of the zero point, or output_dtype,
 * says how many levels there are.
 *
 * Back, all methods: dx += dy / scale where the level was not cut. */
#include "ops/quant/blocks.h"

typedef struct {
    DcnBlocks blocks;
    DcnLevels levels;
    DcnType type;
} Params;

static bool
quantizelinear_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t stated = dcn_node_int(setup->node, "output_dtype", 0);
    DcnType fallback = stated > 0 && stated <= DCN_INT4 ? (DcnType)stated : DCN_UINT8;
    p->type = dcn_setup_type(setup, 2, fallback);
    return dcn_setup_levels_of(setup, p->type, &p->levels) &&
           dcn_blocks_setup(setup, &p->blocks);
}

static void
values(const void *params, const DcnBlockRow *row)
{
    const Params *p = params;
    for (size_t i = 0; i < row->n; i++)
        row->y[i] = dcn_quantise(row->x[i], row->affine, p->levels);
}

static void
slopes(const void *params, const DcnBlockRow *row)
{
    const Params *p = params;
    for (size_t i = 0; i < row->n; i++) {
        float level = dcn_whole(row->x[i] / row->affine.scale) + row->affine.zero;
        bool cut = level < p->levels.low || level > p->levels.high;
        row->dx[i] += cut ? 0 : row->dy[i] / row->affine.scale;
    }
}

static void
quantizelinear_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_blocks_forward(call, &p->blocks, values);
}

static void
quantizelinear_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_blocks_back(call, &p->blocks, slopes);
}

static DcnLocality
quantizelinear_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->blocks.locality;
}

static DcnType
quantizelinear_type(const void *params, size_t output)
{
    const Params *p = params;
    (void)output;
    return p->type;
}

#define ENTRY                                                                            \
    .name = "QuantizeLinear", .inputs = {2, 3}, .outputs = {1, 1},                       \
    .role = DCN_ROLE_HANDS_ON, .rule = DCN_RULE_STRAIGHT, .levels = DCN_LEVELS_MADE,     \
    .params_size = sizeof(Params), .setup = quantizelinear_setup,                        \
    .forward = quantizelinear_forward, .back = DCN_BACK_ALL(quantizelinear_back),        \
    .reach.ahead = dcn_reach_first, .reach.back = dcn_reach_back_first,                  \
    .reach.local = quantizelinear_local, .constants.type = quantizelinear_type

const DcnOp dcn_op_quantizelinear = {ENTRY};
const DcnOp dcn_op_quantizelinear_ms = {.domain = "com.microsoft", ENTRY};
