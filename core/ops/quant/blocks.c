/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocks.c: which scale belongs to which element. */
#include "ops/quant/blocks.h"

enum { SCALE = 1, ZERO = 2 };

static bool
does_not_fit(DcnSetup *setup, const DcnShape *scale)
{
    char text[2][128];
    return dcn_setup_fail(
        setup, DCN_ERROR_SHAPE, "scales of %s do not fit an input of %s",
        dcn_shape_print(scale, text[0]), dcn_shape_print(setup->in[0], text[1]));
}

/* Scales have the input's axes, and along one of them there are fewer. */
static bool
blocked_setup(DcnSetup *setup, DcnBlocks *blocks, int axis, int64_t size)
{
    const DcnShape *x = setup->in[0], *scale = setup->in[SCALE];
    if (size <= 0 || scale->rank != x->rank)
        return does_not_fit(setup, scale);
    for (int i = 0; i < x->rank; i++) {
        int64_t wanted = i == axis ? dcn_ceil_div(x->dim[i], size) : x->dim[i];
        if (scale->dim[i] != wanted)
            return does_not_fit(setup, scale);
    }
    blocks->block = (size_t)size;
    return true;
}

bool
dcn_blocks_setup(DcnSetup *setup, DcnBlocks *blocks)
{
    const DcnShape *x = setup->in[0], *scale = setup->in[SCALE];
    size_t scales = dcn_shape_count(scale);
    if (dcn_has_input(setup, ZERO) && dcn_shape_count(setup->in[ZERO]) != scales) {
        char text[2][128];
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "scales are %s, zero points %s",
                              dcn_shape_print(scale, text[0]),
                              dcn_shape_print(setup->in[ZERO], text[1]));
    }
    bool constant = dcn_setup_constant(setup, SCALE, ZERO + 1);
    setup->out[0] = *x;
    blocks->locality = constant ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
    if (scales == 1) {
        blocks->one = true;
        blocks->outer = blocks->dim = 1;
        blocks->inner = dcn_shape_count(x);
        return true;
    }
    int axis;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 1), x->rank, false,
                        &axis))
        return false;
    int64_t size = dcn_node_int(setup->node, "block_size", 0);
    bool each = scale->rank <= 1 && scales == (size_t)x->dim[axis];
    if (size == 0 && !each)
        return does_not_fit(setup, scale);
    if (size != 0 && !blocked_setup(setup, blocks, axis, size))
        return false;
    blocks->locality =
        constant && size == 0 && axis == 1 ? DCN_LOCAL_CHANNELS : DCN_LOCAL_NO;
    blocks->outer = dcn_shape_product(x, 0, axis);
    blocks->dim = (size_t)x->dim[axis];
    blocks->inner = dcn_shape_product(x, axis + 1, x->rank);
    return true;
}

typedef struct {
    const DcnCall *call;
    const DcnBlocks *blocks;
    DcnBlockWork work;
    bool back;
} Walk;

/* Elements of an image from `first` on, with scale and zero point number `at`. */
static void
treat(const Walk *walk, size_t image, size_t first, size_t n, size_t at)
{
    const DcnCall *call = walk->call;
    const DcnOperand *zero = dcn_input(call, ZERO);
    DcnBlockRow row = {
        .affine = {dcn_image(&call->in[SCALE], image)[at],
                   zero ? dcn_image(zero, image)[at] : 0},
        .n = n,
        .x = dcn_image(&call->in[0], image) + first,
    };
    if (walk->back) {
        row.dy = dcn_image_grad(&call->out[0], image) + first;
        row.dx = dcn_image_grad(&call->in[0], image) + first;
    } else {
        row.y = dcn_image(&call->out[0], image) + first;
    }
    walk->work(call->params, &row);
}

/* Row `index` of an image. */
static void
treat_row(const Walk *walk, size_t image, size_t index)
{
    const DcnBlocks *b = walk->blocks;
    size_t first = index * b->inner, d = index % b->dim, o = index / b->dim;
    if (b->block == 0) {
        treat(walk, image, first, b->inner, d);
        return;
    }
    size_t blocks = (b->dim + b->block - 1) / b->block;
    size_t at = (o * blocks + d / b->block) * b->inner;
    for (size_t i = 0; i < b->inner; i++)
        treat(walk, image, first + i, 1, at + i);
}

static void
treat_rows(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    size_t rows = walk->blocks->outer * walk->blocks->dim;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        treat_row(walk, i / rows, i % rows);
}

/* With one scale for all, the elements of an image are cut anywhere. */
static void
treat_pieces(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    size_t count = walk->blocks->inner;
    (void)worker;
    while (begin < end) {
        size_t image = begin / count, first = begin % count;
        size_t n = end - begin < count - first ? end - begin : count - first;
        treat(walk, image, first, n, 0);
        begin += n;
    }
}

static void
walk_all(const Walk *walk)
{
    const DcnBlocks *b = walk->blocks;
    size_t batch = walk->call->batch, rows = b->outer * b->dim;
    if (walk->call->in[0].count == 0)
        return;
    if (b->one)
        dcn_parallel_range(walk->call->context, batch * b->inner, DCN_GRAIN, treat_pieces,
                           (void *)(uintptr_t)walk);
    else
        dcn_parallel_range(walk->call->context, batch * rows, DCN_GRAIN / b->inner + 1,
                           treat_rows, (void *)(uintptr_t)walk);
}

void
dcn_blocks_forward(const DcnCall *call, const DcnBlocks *blocks, DcnBlockWork work)
{
    walk_all(&(Walk){call, blocks, work, false});
}

void
dcn_blocks_back(const DcnCall *call, const DcnBlocks *blocks, DcnBlockWork work)
{
    if (dcn_wants_back(call, 0))
        walk_all(&(Walk){call, blocks, work, true});
}
