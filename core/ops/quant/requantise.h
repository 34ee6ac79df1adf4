/* SPDX-License-Identifier: GPL-3.0-or-later */
/* requantise.h: com.microsoft's operators that compute with numbers between levels: each
 * input becomes numbers, a float function is applied, the result becomes levels again.
 *
 * An input is three inputs of the node in a row: levels, scale, zero point; so is what
 * says the output's scale and zero point, without levels. Zero points may be left out. */
#ifndef DCN_OPS_QUANT_REQUANTISE_H
#define DCN_OPS_QUANT_REQUANTISE_H

#include "ops/quant/affine.h"

/* The first members of the params of such an operator. */
typedef struct {
    DcnLevels levels;
    DcnType type;
    bool constant; /* all scales and zero points */
} DcnRequantise;

/* Checks the scale and zero point at inputs `scale` and `scale + 1` of the output, whose
 * type is the zero point's. */
bool dcn_requantise_setup(DcnSetup *setup, size_t scale, DcnRequantise *p);

/* Those of input number `levels`, with the two behind it. */
bool dcn_requantise_input(DcnSetup *setup, size_t levels, DcnRequantise *p);

DcnType dcn_requantise_type(const void *params, size_t output);

/* Of operators that treat each element alone: one element from one place. */
DcnLocality dcn_requantise_local(const void *params, DcnLocalWindow *window);

/* --- one input (0), output's scale at 3 --- */

typedef float (*DcnFunction)(const void *params, float x);

/* slope: of the function at x, where its value is y */
typedef float (*DcnFunctionSlope)(const void *params, float x, float y);

bool dcn_requantise_one_setup(DcnSetup *setup);
void dcn_requantise_one_forward(const DcnCall *call, DcnFunction function);
void dcn_requantise_one_back(const DcnCall *call, DcnFunctionSlope slope);

/* --- two inputs (0 and 3), broadcast; output's scale at 6 --- */

typedef float (*DcnFunctionOfTwo)(float a, float b);

/* Slopes of the two. */
typedef void (*DcnSlopesOfTwo)(float a, float b, float slope[2]);

bool dcn_requantise_two_setup(DcnSetup *setup);
void dcn_requantise_two_forward(const DcnCall *call, DcnFunctionOfTwo function);
void dcn_requantise_two_back(const DcnCall *call, DcnSlopesOfTwo slopes);
void dcn_requantise_two_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_requantise_two_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
