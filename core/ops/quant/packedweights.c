/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packedweights.c: the matrix of com.microsoft's MatMulNBits and MatMulBnb4, out of the few
 * bits that the file has of each weight, when a plan is made: K x N floats.
 *
 * MatMulNBits: N columns of K weights, in blocks of block_size along K, the last one
 * filled up; each block begins a byte, its first weight is in the lowest bits. A weight is
 * (level - zero) * scale of its block, or of the block that g_idx says; zero is in the
 * middle of the levels if there is none. Zero points are levels, packed by the column as
 * weights are, or floats.
 *
 * MatMulBnb4: all weights in one row, k of column n at n K + k, two a byte, the first in
 * the high half. A weight is the number that its level stands for, times the largest of
 * its block of block_size in that row. */
#include "ops/kit/common.h"

typedef struct {
    size_t k, n, block;
    int bits;
    bool normal; /* MatMulBnb4: NF4, else FP4 */
} Params;

/* The levels of bitsandbytes: FP4's sign, two bits of exponent and one of fraction, scaled
 * to 1; NF4's quantiles of the normal distribution (Dettmers et al. 2023, "QLoRA",
 * appendix E). */
static const float fp4[16] = {
    0, 0.0052083333F,  2.F / 3,  1,  1.F / 3,  0.5F,  1.F / 6,  0.25F,
    0, -0.0052083333F, -2.F / 3, -1, -1.F / 3, -0.5F, -1.F / 6, -0.25F};
static const float nf4[16] = {-1,           -0.69619280F, -0.52507305F, -0.39491749F,
                              -0.28444138F, -0.18477343F, -0.09105004F, 0,
                              0.07958030F,  0.16093020F,  0.24611230F,  0.33791524F,
                              0.44070983F,  0.56261700F,  0.72295684F,  1};

/* Dividing, rounding up. */
static size_t
over(size_t a, size_t b)
{
    return a / b + (a % b > 0);
}

static size_t
blocks_of(const Params *p)
{
    return over(p->k, p->block);
}

/* A block's bytes. */
static size_t
block_bytes(const Params *p)
{
    return over(p->block * (size_t)p->bits, 8);
}

/* A constant of so many elements. */
static bool
is_there(DcnSetup *setup, size_t input, const char *what, bool floats, size_t count)
{
    const DcnTensor *value = setup->value[input];
    if (!value)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its %s have to be constants; they are computed in a run",
                              what);
    bool good = floats ? dcn_type_is_float(value->type) : value->type == DCN_UINT8;
    if (!good)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "its %s are of type %s", what,
                              dcn_type_name(value->type));
    size_t have = dcn_shape_count(&value->shape);
    return have == count ||
           dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                          "its %s are %zu, and there should be %zu", what, have, count);
}

static bool
read_sizes(DcnSetup *setup, Params *p, int64_t least_block)
{
    static const int64_t most = 1 << 24;
    int64_t k = dcn_node_int(setup->node, "K", 0), n = dcn_node_int(setup->node, "N", 0);
    int64_t block = dcn_node_int(setup->node, "block_size", 0);
    if (k < 1 || n < 1 || k > most || n > most)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "a matrix of %lld x %lld",
                              (long long)k, (long long)n);
    if (block < least_block || block > most)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "blocks of %lld",
                              (long long)block);
    p->k = (size_t)k;
    p->n = (size_t)n;
    p->block = (size_t)block;
    setup->out[0] = (DcnShape){.rank = 2, .dim = {k, n}};
    return true;
}

/* --- MatMulNBits --- */

enum { LEVELS, SCALES, ZEROS, GROUPS };

static bool
check_groups(DcnSetup *setup, const Params *p)
{
    const DcnTensor *groups = setup->value[GROUPS];
    if (!groups || !dcn_type_is_integer(groups->type) ||
        dcn_shape_count(&groups->shape) < p->k)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "g_idx is no constant of %zu whole numbers", p->k);
    for (size_t i = 0; i < p->k; i++) {
        int64_t group = dcn_tensor_integer(groups, i);
        if (group < 0 || (size_t)group >= blocks_of(p))
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "g_idx says block %lld of %zu",
                                  (long long)group, blocks_of(p));
    }
    return true;
}

static bool
bits_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t bits = dcn_node_int(setup->node, "bits", 4);
    if (bits != 2 && bits != 4 && bits != 8)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "weights of %lld bits",
                              (long long)bits);
    p->bits = (int)bits;
    if (!read_sizes(setup, p, 8 / bits))
        return false;
    size_t scales = p->n * blocks_of(p);
    const DcnTensor *zeros = dcn_has_input(setup, ZEROS) ? setup->value[ZEROS] : NULL;
    bool floats = zeros && dcn_type_is_float(zeros->type);
    return is_there(setup, LEVELS, "weights", false, scales * block_bytes(p)) &&
           is_there(setup, SCALES, "scales", true, scales) &&
           (!dcn_has_input(setup, ZEROS) ||
            is_there(setup, ZEROS, "zero points", floats,
                     floats ? scales : p->n * over(blocks_of(p) * (size_t)bits, 8))) &&
           (!dcn_has_input(setup, GROUPS) || check_groups(setup, p));
}

/* Number `at` of a row of packed levels. */
static int
level_of(const uint8_t *row, int bits, size_t at)
{
    size_t a_byte = 8 / (size_t)bits;
    return row[at / a_byte] >> at % a_byte * (size_t)bits & ((1 << bits) - 1);
}

static float
zero_of(const Params *p, const DcnTensor *zeros, size_t column, size_t block)
{
    if (!zeros)
        return (float)(1 << (p->bits - 1));
    if (dcn_type_is_float(zeros->type))
        return (float)dcn_tensor_number(zeros, column * blocks_of(p) + block);
    const uint8_t *rows = zeros->data;
    return (float)level_of(rows + column * over(blocks_of(p) * (size_t)p->bits, 8),
                           p->bits, block);
}

static bool
bits_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnTensor *zeros = fold->n_in > ZEROS ? fold->in[ZEROS] : NULL,
                    *groups = fold->n_in > GROUPS ? fold->in[GROUPS] : NULL;
    const uint8_t *levels = fold->in[LEVELS]->data;
    size_t blocks = blocks_of(p);
    float *w = dcn_fold_alloc(fold, p->k * p->n * sizeof *w);
    if (!w)
        return false;
    for (size_t column = 0; column < p->n; column++)
        for (size_t block = 0; block < blocks; block++) {
            size_t first = block * p->block;
            const uint8_t *row = levels + (column * blocks + block) * block_bytes(p);
            float scale = 0, zero = 0;
            for (size_t i = 0; i < p->block && first + i < p->k; i++) {
                size_t of =
                    groups ? (size_t)dcn_tensor_integer(groups, first + i) : block;
                if (i == 0 || groups) {
                    scale =
                        (float)dcn_tensor_number(fold->in[SCALES], column * blocks + of);
                    zero = zero_of(p, zeros, column, of);
                }
                w[(first + i) * p->n + column] =
                    ((float)level_of(row, p->bits, i) - zero) * scale;
            }
        }
    fold->out[0] = (DcnTensor){DCN_FLOAT, fold->shape[0], w};
    return true;
}

const DcnOp dcn_op_matmulnbits_weights = {
    .name = "MatMulNBitsWeights",
    .domain = "featurescope",
    .inputs = {2, 4},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = bits_setup,
    .constants.fold = bits_fold,
};

/* --- MatMulBnb4 --- */

static bool
bnb4_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t type = dcn_node_int(setup->node, "quant_type", -1);
    if (type != 0 && type != 1)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "quant_type %lld",
                              (long long)type);
    p->normal = type == 1;
    p->bits = 4;
    if (!read_sizes(setup, p, 2))
        return false;
    size_t count = p->k * p->n;
    return is_there(setup, LEVELS, "weights", false, over(count, 2)) &&
           is_there(setup, SCALES, "scales", true, over(count, p->block));
}

static bool
bnb4_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const uint8_t *levels = fold->in[LEVELS]->data;
    const float *numbers = p->normal ? nf4 : fp4;
    float *w = dcn_fold_alloc(fold, p->k * p->n * sizeof *w), scale = 0;
    if (!w)
        return false;
    for (size_t i = 0; i < p->k * p->n; i++) {
        int level = i % 2 ? levels[i / 2] & 15 : levels[i / 2] >> 4;
        if (i % p->block == 0)
            scale = (float)dcn_tensor_number(fold->in[SCALES], i / p->block);
        w[i % p->k * p->n + i / p->k] = numbers[level] * scale;
    }
    fold->out[0] = (DcnTensor){DCN_FLOAT, fold->shape[0], w};
    return true;
}

const DcnOp dcn_op_matmulbnb4_weights = {
    .name = "MatMulBnb4Weights",
    .domain = "featurescope",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = bnb4_setup,
    .constants.fold = bnb4_fold,
};
