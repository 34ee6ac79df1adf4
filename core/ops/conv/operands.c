/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operands.c: see operands.h. */
#include "ops/conv/operands.h"

DcnImages
dcn_conv_images(const DcnOperand *operand, float *data)
{
    size_t inner = (size_t)operand->shape.dim[0];
    return (DcnImages){data, operand->stride, inner, inner ? operand->count / inner : 0};
}

static DcnOperand
part_of(const DcnOperand *operand, size_t image)
{
    DcnOperand part = *operand;
    if (part.data)
        part.data = dcn_image(operand, image);
    if (part.grad)
        part.grad = dcn_image_grad(operand, image);
    return part;
}

void
dcn_conv_each(const DcnCall *call, void (*run)(const DcnCall *call))
{
    const DcnOperand *bias = dcn_input(call, 2);
    if (call->batch <= 1 || (call->in[1].stride == 0 && (!bias || bias->stride == 0))) {
        run(call);
        return;
    }
    for (size_t n = 0; n < call->batch; n++) {
        DcnOperand in[3], out[1] = {part_of(&call->out[0], n)};
        for (size_t i = 0; i < call->n_in; i++)
            in[i] = part_of(&call->in[i], n);
        DcnCall one = *call;
        one.batch = 1;
        one.in = in;
        one.out = out;
        run(&one);
    }
}
