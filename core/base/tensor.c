/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor.c: constants of every ONNX type, element by element.
 *
 * Data may lie anywhere in a mapped file, so elements are copied out and never
 * dereferenced in place. float16 and bfloat16 are IEEE 754 binary16 and the upper half of
 * binary32. To float16 numbers are rounded to nearest even, to bfloat16 cut off, as
 * ONNX's own test data have it. */
#include "base/tensor.h"
#include "base/shape.h"
#include <math.h>
#include <string.h>

static const struct {
    DcnType type;
    size_t size;
    const char *name;
    bool is_float;
} types[] = {
    {DCN_FLOAT, 4, "float", true},       {DCN_UINT8, 1, "uint8", false},
    {DCN_INT8, 1, "int8", false},        {DCN_UINT16, 2, "uint16", false},
    {DCN_INT16, 2, "int16", false},      {DCN_INT32, 4, "int32", false},
    {DCN_INT64, 8, "int64", false},      {DCN_BOOL, 1, "bool", false},
    {DCN_FLOAT16, 2, "float16", true},   {DCN_DOUBLE, 8, "double", true},
    {DCN_UINT32, 4, "uint32", false},    {DCN_UINT64, 8, "uint64", false},
    {DCN_BFLOAT16, 2, "bfloat16", true}, {DCN_UINT4, 1, "uint4", false},
    {DCN_INT4, 1, "int4", false},
};
#define N_TYPES (sizeof types / sizeof *types)

size_t
dcn_type_size(DcnType type)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (types[i].type == type)
            return types[i].size;
    return 0;
}

const char *
dcn_type_name(DcnType type)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (types[i].type == type)
            return types[i].name;
    return type == DCN_STRING ? "string" : "of an unknown type";
}

bool
dcn_type_is_float(DcnType type)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (types[i].type == type)
            return types[i].is_float;
    return false;
}

bool
dcn_type_is_integer(DcnType type)
{
    return dcn_type_size(type) > 0 && !dcn_type_is_float(type);
}

bool
dcn_type_is_half_byte(DcnType type)
{
    return type == DCN_UINT4 || type == DCN_INT4;
}

size_t
dcn_type_file_bytes(DcnType type, size_t count)
{
    return dcn_type_is_half_byte(type) ? count / 2 + count % 2
                                       : count * dcn_type_size(type);
}

void
dcn_halves_unpack(DcnType type, const uint8_t *packed, size_t count, void *data)
{
    for (size_t i = 0; i < count; i++)
        dcn_element_set_integer(type, data, i, packed[i / 2] >> (i % 2 ? 4 : 0));
}

void
dcn_halves_pack(const void *data, size_t count, uint8_t *packed)
{
    const uint8_t *from = data;
    for (size_t i = 0; i < count; i++) {
        unsigned half = from[i] & 15;
        packed[i / 2] = (uint8_t)(i % 2 ? packed[i / 2] | half << 4 : half);
    }
}

static float
from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float
half_to_float(uint16_t half)
{
    uint32_t sign = (uint32_t)(half >> 15) << 31;
    uint32_t exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent == 31)
        return from_bits(sign | 0x7F800000u | fraction << 13);
    if (exponent > 0)
        return from_bits(sign | (exponent + 112) << 23 | fraction << 13);
    float value = (float)fraction * 0x1p-24f; /* zero or subnormal */
    return sign ? -value : value;
}

/* value rounded to a multiple of 2^exponent, ties to even */
static double
round_to(double value, int exponent)
{
    double scaled = ldexp(value, -exponent);
    double down = floor(scaled), rest = scaled - down;
    if (rest > 0.5 || (rest == 0.5 && fmod(down, 2) != 0))
        down += 1;
    return ldexp(down, exponent);
}

static uint16_t
half_from_double(double value)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    if (isnan(value))
        return 0x7E00;
    value = fabs(value);
    if (value >= 65520) /* half of the last step above 65504 rounds up to infinity */
        return (uint16_t)(sign | 0x7C00);
    if (value < 0x1p-14)
        return (uint16_t)(sign | (uint16_t)ldexp(round_to(value, -24), 24));
    int exponent = ilogb(value);
    value = round_to(value, exponent - 10);
    exponent = ilogb(value);
    uint16_t fraction = (uint16_t)(ldexp(value, 10 - exponent) - 1024);
    return (uint16_t)(sign | (exponent + 15) << 10 | fraction);
}

static uint16_t
bfloat_from_double(double value)
{
    float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    if (isnan(narrow))
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)(bits >> 16);
}

#define LOAD(type_name, variable)                                                        \
    type_name variable;                                                                  \
    memcpy(&variable, (const char *)tensor->data + index * sizeof variable,              \
           sizeof variable)
#define STORE(type_name, value)                                                          \
    do {                                                                                 \
        type_name stored = (type_name)(value);                                           \
        memcpy((char *)data + index * sizeof stored, &stored, sizeof stored);            \
    } while (0)

double
dcn_tensor_number(const DcnTensor *tensor, size_t index)
{
    switch (tensor->type) {
    case DCN_FLOAT: {
        LOAD(float, value);
        return (double)value;
    }
    case DCN_DOUBLE: {
        LOAD(double, value);
        return value;
    }
    case DCN_FLOAT16: {
        LOAD(uint16_t, value);
        return (double)half_to_float(value);
    }
    case DCN_BFLOAT16: {
        LOAD(uint16_t, value);
        return (double)from_bits((uint32_t)value << 16);
    }
    case DCN_UINT64: {
        LOAD(uint64_t, value);
        return (double)value;
    }
    default:
        return (double)dcn_tensor_integer(tensor, index);
    }
}

/* Cut off towards zero; what no int64_t can hold becomes its nearest end, NaN becomes 0.
 */
static int64_t
integer_from_double(double value)
{
    if (isnan(value))
        return 0;
    if (value >= 0x1p63)
        return INT64_MAX;
    if (value < -0x1p63)
        return INT64_MIN;
    return (int64_t)value;
}

int64_t
dcn_tensor_integer(const DcnTensor *tensor, size_t index)
{
    switch (tensor->type) {
    case DCN_UINT8:
    case DCN_UINT4:
    case DCN_BOOL: {
        LOAD(uint8_t, value);
        return value;
    }
    case DCN_INT8:
    case DCN_INT4: {
        LOAD(int8_t, value);
        return value;
    }
    case DCN_UINT16: {
        LOAD(uint16_t, value);
        return value;
    }
    case DCN_INT16: {
        LOAD(int16_t, value);
        return value;
    }
    case DCN_INT32: {
        LOAD(int32_t, value);
        return value;
    }
    case DCN_UINT32: {
        LOAD(uint32_t, value);
        return value;
    }
    case DCN_INT64:
    case DCN_UINT64: {
        LOAD(int64_t, value);
        return value;
    }
    case DCN_FLOAT:
    case DCN_DOUBLE:
    case DCN_FLOAT16:
    case DCN_BFLOAT16:
        return integer_from_double(dcn_tensor_number(tensor, index));
    default:
        return 0;
    }
}

void
dcn_element_set_number(DcnType type, void *data, size_t index, double value)
{
    switch (type) {
    case DCN_FLOAT:
        STORE(float, value);
        break;
    case DCN_DOUBLE:
        STORE(double, value);
        break;
    case DCN_FLOAT16:
        STORE(uint16_t, half_from_double(value));
        break;
    case DCN_BFLOAT16:
        STORE(uint16_t, bfloat_from_double(value));
        break;
    case DCN_BOOL:
        STORE(uint8_t, value != 0);
        break;
    default:
        dcn_element_set_integer(type, data, index, integer_from_double(value));
    }
}

static uint8_t
one_byte(DcnType type, int64_t value)
{
    unsigned low = (unsigned)value & 15;
    switch (type) {
    case DCN_BOOL:
        return value != 0;
    case DCN_UINT4:
        return (uint8_t)low;
    case DCN_INT4: /* the sign fills the byte */
        return (uint8_t)(low & 8 ? low | 0xF0 : low);
    default:
        return (uint8_t)value;
    }
}

void
dcn_element_set_integer(DcnType type, void *data, size_t index, int64_t value)
{
    switch (dcn_type_is_float(type) ? 0 : dcn_type_size(type)) {
    case 1:
        STORE(uint8_t, one_byte(type, value));
        break;
    case 2:
        STORE(uint16_t, (uint16_t)value);
        break;
    case 4:
        STORE(uint32_t, (uint32_t)value);
        break;
    case 8:
        STORE(int64_t, value);
        break;
    default:
        dcn_element_set_number(type, data, index, (double)value);
    }
}

void
dcn_tensor_to_floats(const DcnTensor *tensor, float *out)
{
    size_t count = dcn_shape_count(&tensor->shape);
    if (count == 0)
        return;
    if (tensor->type == DCN_FLOAT) {
        memcpy(out, tensor->data, count * sizeof *out);
        return;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = (float)dcn_tensor_number(tensor, i);
}
