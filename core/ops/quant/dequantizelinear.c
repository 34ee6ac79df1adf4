/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DequantizeLinear: y = (x - zero) * scale, for a tensor, by place of an axis or by block
 * (blocks.h).
 *
 * Back, all methods: linear, dx += dy * scale. */
#include "ops/quant/blocks.h"

typedef struct {
    DcnBlocks blocks;
    DcnType type;
} Params;

static bool
dequantizelinear_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnTensor *scale = setup->value[1];
    int64_t stated = dcn_node_int(setup->node, "output_dtype", 0);
    p->type = scale && dcn_type_is_float(scale->type) ? scale->type : DCN_FLOAT;
    if (stated != 0)
        p->type = stated > 0 && stated <= DCN_INT4 ? (DcnType)stated : DCN_UNDEFINED;
    if (!dcn_type_is_float(p->type))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "to type %lld",
                              (long long)stated);
    return dcn_blocks_setup(setup, &p->blocks);
}

static void
values(const void *params, const DcnBlockRow *row)
{
    (void)params;
    for (size_t i = 0; i < row->n; i++)
        row->y[i] = dcn_number(row->x[i], row->affine);
}

static void
slopes(const void *params, const DcnBlockRow *row)
{
    (void)params;
    for (size_t i = 0; i < row->n; i++)
        row->dx[i] += row->dy[i] * row->affine.scale;
}

static void
dequantizelinear_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_blocks_forward(call, &p->blocks, values);
}

static void
dequantizelinear_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_blocks_back(call, &p->blocks, slopes);
}

static DcnLocality
dequantizelinear_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->blocks.locality;
}

static DcnType
dequantizelinear_type(const void *params, size_t output)
{
    const Params *p = params;
    (void)output;
    return p->type;
}

#define ENTRY                                                                            \
    .name = "DequantizeLinear", .inputs = {2, 3}, .outputs = {1, 1},                     \
    .role = DCN_ROLE_HANDS_ON, .rule = DCN_RULE_STRAIGHT, .levels = DCN_LEVELS_READ,     \
    .params_size = sizeof(Params), .setup = dequantizelinear_setup,                      \
    .forward = dequantizelinear_forward, .back = DCN_BACK_ALL(dequantizelinear_back),    \
    .reach.ahead = dcn_reach_first, .reach.back = dcn_reach_back_first,                  \
    .reach.local = dequantizelinear_local, .constants.type = dequantizelinear_type

const DcnOp dcn_op_dequantizelinear = {ENTRY};
const DcnOp dcn_op_dequantizelinear_ms = {.domain = "com.microsoft", ENTRY};
