/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operands.h: the operands of a call to Conv or ConvTranspose as convolutions see them. */
#ifndef DCN_OPS_OPERANDS_H
#define DCN_OPS_OPERANDS_H

#include "ops/conv/conv2d.h"

/* The images of an operand. data: its data or its grad. */
DcnImages dcn_conv_images(const DcnOperand *operand, float *data);

/* Calls run(call). Weights or a bias that differ between images, as they do where a net
 * computes them from the picture, make each image a call of its own. */
void dcn_conv_each(const DcnCall *call, void (*run)(const DcnCall *call));

#endif
