/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BitShift, BitwiseAnd, BitwiseOr, BitwiseXor, BitwiseNot: of integers, which are
 * constants in the nets that are read here; a run has floats only. Exact, and cut to the
 * type: an uint8 of 129 shifted left by 1 is 2. */
#include "ops/kit/broadcast.h"
#include <string.h>

typedef struct {
    bool left;
} Params;

typedef uint64_t (*Bits)(const Params *params, uint64_t a, uint64_t b);

static bool
bits_setup(DcnSetup *setup)
{
    for (size_t i = 0; i < setup->n_in; i++) {
        if (!setup->value[i])
            return dcn_setup_fail(
                setup, DCN_ERROR_UNSUPPORTED,
                "input %zu has to be a constant; it is computed in a run", i);
        if (!dcn_type_is_integer(setup->value[i]->type))
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                  "input %zu has to be integers, not %s", i,
                                  dcn_type_name(setup->value[i]->type));
    }
    return setup->n_in > 1 ? dcn_setup_broadcast(setup) : dcn_setup_same(setup);
}

static bool
bitshift_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const char *direction = dcn_node_string(setup->node, "direction", "");
    p->left = strcmp(direction, "LEFT") == 0;
    if (!p->left && strcmp(direction, "RIGHT") != 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "direction is \"%.40s\"",
                              direction);
    return bits_setup(setup);
}

static bool
fold_with(DcnFold *fold, Bits bits)
{
    const DcnTensor *a = fold->in[0], *b = fold->n_in > 1 ? fold->in[1] : a;
    const DcnShape *y = &fold->shape[0];
    size_t count = dcn_shape_count(y);
    void *data = dcn_fold_alloc(fold, count * dcn_type_size(a->type));
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t u = dcn_tensor_integer(a, dcn_broadcast_index(y, &a->shape, i));
        int64_t v = dcn_tensor_integer(b, dcn_broadcast_index(y, &b->shape, i));
        dcn_element_set_integer(a->type, data, i,
                                (int64_t)bits(fold->params, (uint64_t)u, (uint64_t)v));
    }
    fold->out[0] = (DcnTensor){a->type, *y, data};
    return true;
}

static uint64_t
shifted(const Params *p, uint64_t a, uint64_t b)
{
    if (b > 63)
        return 0;
    return p->left ? a << b : a >> b;
}

static bool
bitshift_fold(DcnFold *fold)
{
    return fold_with(fold, shifted);
}

const DcnOp dcn_op_bitshift = {
    .name = "BitShift",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = bitshift_setup,
    .constants.fold = bitshift_fold,
};

/* The operators differ in one expression each. */
#define BITWISE(word, onnx, number, expression)                                          \
    static uint64_t word##_of(const Params *p, uint64_t a, uint64_t b)                   \
    {                                                                                    \
        (void)p, (void)b;                                                                \
        return (expression);                                                             \
    }                                                                                    \
    static bool word##_fold(DcnFold *fold)                                               \
    {                                                                                    \
        return fold_with(fold, word##_of);                                               \
    }                                                                                    \
    const DcnOp dcn_op_##word = {                                                        \
        .name = onnx,                                                                    \
        .inputs = {number, number},                                                      \
        .outputs = {1, 1},                                                               \
        .setup = bits_setup,                                                             \
        .constants.fold = word##_fold,                                                   \
    };

BITWISE(bitwiseand, "BitwiseAnd", 2, a &b)
BITWISE(bitwiseor, "BitwiseOr", 2, a | b)
BITWISE(bitwisexor, "BitwiseXor", 2, a ^ b)
BITWISE(bitwisenot, "BitwiseNot", 1, ~a)
