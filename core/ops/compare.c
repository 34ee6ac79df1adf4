/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons and logic of two: Equal, Less, LessOrEqual, Greater, GreaterOrEqual, And,
 * Or, Xor, broadcast. True is 1 in a run, a bool in a constant. Exporters write them
 * around If and Where. Flat, so no signal comes back. */
#include "ops/kit/broadcast.h"

/* Integers are compared exactly, all else as double. */
static bool
fold_with(DcnFold *fold,
          bool (*numbers)(double a, double b),
          bool (*integers)(int64_t a, int64_t b))
{
    const DcnTensor *a = fold->in[0], *b = fold->in[1];
    const DcnShape *y = &fold->shape[0];
    size_t count = dcn_shape_count(y);
    uint8_t *data = dcn_fold_alloc(fold, count);
    if (!data)
        return false;
    bool whole = dcn_type_is_integer(a->type) && dcn_type_is_integer(b->type);
    for (size_t i = 0; i < count; i++) {
        size_t ia = dcn_broadcast_index(y, &a->shape, i);
        size_t ib = dcn_broadcast_index(y, &b->shape, i);
        data[i] = whole ? integers(dcn_tensor_integer(a, ia), dcn_tensor_integer(b, ib))
                        : numbers(dcn_tensor_number(a, ia), dcn_tensor_number(b, ib));
    }
    fold->out[0] = (DcnTensor){DCN_BOOL, *y, data};
    return true;
}

/* The operators differ in one expression each. */
#define COMPARISON(word, onnx, expression)                                               \
    DCN_PAIR_VALUES(word##_values, (expression) ? 1 : 0)                                 \
    static bool word##_numbers(double a, double b)                                       \
    {                                                                                    \
        return (expression);                                                             \
    }                                                                                    \
    static bool word##_integers(int64_t a, int64_t b)                                    \
    {                                                                                    \
        return (expression);                                                             \
    }                                                                                    \
    static bool word##_fold(DcnFold *fold)                                               \
    {                                                                                    \
        return fold_with(fold, word##_numbers, word##_integers);                         \
    }                                                                                    \
    const DcnOp dcn_op_##word = {                                                        \
        .name = onnx,                                                                    \
        .inputs = {2, 2},                                                                \
        .outputs = {1, 1},                                                               \
        .pair = {.values = word##_values},                                               \
        .constants.fold = word##_fold,                                                   \
    };

COMPARISON(equal, "Equal", a == b)
COMPARISON(less, "Less", a < b)
COMPARISON(lessorequal, "LessOrEqual", a <= b)
COMPARISON(greater, "Greater", a > b)
COMPARISON(greaterorequal, "GreaterOrEqual", a >= b)
COMPARISON(and, "And", a != 0 && b != 0)
COMPARISON(or, "Or", a != 0 || b != 0)
COMPARISON(xor, "Xor", (a != 0) != (b != 0))
