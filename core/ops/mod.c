/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mod: the remainder of a / b, broadcast. With fmod = 1 it has the sign of a: y = a - b *
 * trunc(a / b), as C's fmod(); with fmod = 0, which is for integers, that of b: y = a - b
 * * floor(a / b). So -4 mod 3 is -1 and 2. All methods, where the quotient does not jump:
 * da += dy, db -= dy * the rounded quotient. */
#include "ops/kit/broadcast.h"
#include <math.h>

typedef struct {
    bool fmod;
} Params;

static bool
mod_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->fmod = dcn_node_int(setup->node, "fmod", 0) != 0;
    return dcn_setup_broadcast(setup);
}

/* fmodf() is exact. */
static float
sign_of_divisor(float a, float b)
{
    float y = fmodf(a, b);
    return y != 0 && (y < 0) != (b < 0) ? y + b : y;
}

DCN_PAIR_VALUES(fmod_values, fmodf(a, b))
DCN_PAIR_VALUES(mod_values, sign_of_divisor(a, b))
DCN_PAIR_SLOPES(mod_slopes, dy, -dy *rintf((a - y) / b))

static void
mod_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_pair_forward(call, p->fmod ? fmod_values : mod_values, NULL);
}

static void
mod_back(const DcnCall *call)
{
    dcn_pair_back(call, mod_slopes);
}

static void
mod_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, mod_slopes);
}

/* Integers are computed exactly, but for unsigned ones of more than 63 bits. */
static bool
mod_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnTensor *a = fold->in[0], *b = fold->in[1];
    const DcnShape *shape = &fold->shape[0];
    size_t count = dcn_shape_count(shape);
    void *data = dcn_fold_alloc(fold, count * dcn_type_size(a->type));
    if (!data)
        return false;
    bool whole = dcn_type_is_integer(a->type) && dcn_type_is_integer(b->type);
    for (size_t i = 0; i < count; i++) {
        size_t ia = dcn_broadcast_index(shape, &a->shape, i);
        size_t ib = dcn_broadcast_index(shape, &b->shape, i);
        if (!whole) {
            double u = dcn_tensor_number(a, ia), v = dcn_tensor_number(b, ib);
            double y = fmod(u, v);
            if (!p->fmod && y != 0 && (y < 0) != (v < 0))
                y += v;
            dcn_element_set_number(a->type, data, i, y);
            continue;
        }
        int64_t u = dcn_tensor_integer(a, ia), v = dcn_tensor_integer(b, ib);
        if (v == 0)
            return dcn_fail(fold->error, DCN_ERROR_FORMAT, "Mod divides by zero");
        int64_t y = v == -1 ? 0 : u % v;
        if (!p->fmod && y != 0 && (y < 0) != (v < 0))
            y += v;
        dcn_element_set_integer(a->type, data, i, y);
    }
    fold->out[0] = (DcnTensor){a->type, *shape, data};
    return true;
}

const DcnOp dcn_op_mod = {
    .name = "Mod",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = mod_setup,
    .forward = mod_forward,
    .back = DCN_BACK_ALL(mod_back),
    .grad_weights = mod_grad_weights,
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
    .constants.fold = mod_fold,
};
