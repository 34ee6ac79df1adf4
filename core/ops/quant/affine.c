/* SPDX-License-Identifier: GPL-3.0-or-later */
/* affine.c: scales and zero points, checked and read. */
#include "ops/quant/affine.h"

bool
dcn_setup_levels_of(DcnSetup *setup, DcnType type, DcnLevels *levels)
{
    switch (type) {
    case DCN_UINT8:
        *levels = (DcnLevels){0, 255};
        return true;
    case DCN_INT8:
        *levels = (DcnLevels){-128, 127};
        return true;
    case DCN_UINT16:
        *levels = (DcnLevels){0, 65535};
        return true;
    case DCN_INT16:
        *levels = (DcnLevels){-32768, 32767};
        return true;
    case DCN_UINT4:
        *levels = (DcnLevels){0, 15};
        return true;
    case DCN_INT4:
        *levels = (DcnLevels){-8, 7};
        return true;
    default:
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "levels of type %s (%d): 4, 8 and 16 bits are supported",
                              dcn_type_name(type), (int)type);
    }
}

/* The type of a constant input of integers, else fallback: a constant zero point of
 * floats was made by another operator, and its type is not known. */
DcnType
dcn_setup_type(const DcnSetup *setup, size_t input, DcnType fallback)
{
    const DcnTensor *value = input < setup->n_in ? setup->value[input] : NULL;
    return value && dcn_type_is_integer(value->type) ? value->type : fallback;
}

static bool
has_count(DcnSetup *setup, size_t input, size_t many)
{
    char text[128];
    size_t count = dcn_shape_count(setup->in[input]);
    if (count == 1 || (many > 0 && count == many))
        return true;
    dcn_shape_print(setup->in[input], text);
    if (many > 1)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "input %zu is %s, where 1 or %zu numbers are needed", input,
                              text, many);
    return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                          "input %zu is %s, where one number is needed", input, text);
}

bool
dcn_setup_affine(DcnSetup *setup, size_t scale, size_t zero, size_t many)
{
    return (!dcn_has_input(setup, scale) || has_count(setup, scale, many)) &&
           (!dcn_has_input(setup, zero) || has_count(setup, zero, many));
}

float
dcn_of_channel(
    const DcnCall *call, size_t image, size_t input, size_t index, float fallback)
{
    const DcnOperand *operand = dcn_input(call, input);
    if (!operand)
        return fallback;
    return dcn_image(operand, image)[operand->count > 1 ? index : 0];
}

DcnAffine
dcn_affine(const DcnCall *call, size_t image, size_t scale, size_t zero)
{
    return (DcnAffine){dcn_of_channel(call, image, scale, 0, 1),
                       dcn_of_channel(call, image, zero, 0, 0)};
}

bool
dcn_setup_constant(const DcnSetup *setup, size_t begin, size_t end)
{
    for (size_t i = begin; i < end && i < setup->n_in; i++)
        if (setup->in[i] && !setup->value[i])
            return false;
    return true;
}
