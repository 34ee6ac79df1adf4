/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factor.c: axes resized by factors. */
#include "ops/resize/factor.h"
#include <math.h>

void
dcn_factor_start(DcnSetup *setup)
{
    DcnWeighted *p = setup->params;
    const DcnShape *x = setup->in[0];
    for (int i = 0; i < x->rank; i++)
        p->axis[i] = (DcnResizeAxis){.same = true,
                                     .in = x->dim[i],
                                     .out = x->dim[i],
                                     .scale = 1,
                                     .width = (float)x->dim[i],
                                     .end = 1};
}

bool
dcn_factor_axis(DcnSetup *setup, int axis, float factor)
{
    DcnWeighted *p = setup->params;
    DcnResizeAxis *a = &p->axis[axis];
    if (!(factor > 0 && isfinite(factor)))
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "the factor of axis %d is %g",
                              axis, (double)factor);
    a->scale = factor;
    a->width = (float)a->in * factor;
    a->out = a->width < (float)DCN_MAX_COUNT ? (int64_t)a->width : DCN_MAX_COUNT;
    a->same = factor == 1;
    return true;
}

int
dcn_factor_floats(DcnSetup *setup, size_t input, float *values, int most)
{
    if (!dcn_has_input(setup, input))
        return 0;
    const DcnTensor *tensor = setup->value[input];
    if (!tensor) {
        dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                       "input %zu has to be a constant; it is computed in a run", input);
        return -1;
    }
    size_t count = dcn_shape_count(&tensor->shape);
    if (!dcn_type_is_float(tensor->type) || count > (size_t)most) {
        char text[128];
        dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                       "input %zu has to be at most %d floats; it is %s of %s", input,
                       most, dcn_shape_print(&tensor->shape, text),
                       dcn_type_name(tensor->type));
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = (float)dcn_tensor_number(tensor, i);
    return (int)count;
}
