/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal.h: y = h * scale + bias with h = (x - mean) / deviation, where mean and
 * deviation are those of the row (rows.h) that x is in: LayerNormalization,
 * InstanceNormalization, GroupNormalization, RMSNormalization, MeanVarianceNormalization.
 *
 * Back, all methods, the plain gradient, which goes through mean and deviation too. With
 * g = dy * scale, and means over the row:
 *
 *     dx += (g - mean of g - h * mean of (g * h)) / deviation
 *
 * and without "- mean of g" where no mean is taken off. Where epsilon is added to the
 * deviation and not to the variance, the last term is over the deviation without it.
 * scale and bias get the sums of dy * h and of dy, be they constants or computed in a
 * run.
 *
 * Outputs 1 and 2 are mean and 1 / deviation of each row. */
#ifndef DCN_OPS_NORM_NORMAL_H
#define DCN_OPS_NORM_NORMAL_H

#include "ops/kit/rows.h"

typedef struct {
    DcnRows x, scale, bias;
    bool has_scale, has_bias; /* inputs 1 and 2 */
    bool centred;             /* the mean is taken off */
    bool epsilon_outside;     /* deviation = sqrt(variance) + epsilon; else
                                 sqrt(variance + epsilon) */
    float epsilon;
    int axes[DCN_MAX_RANK]; /* of the input that rows do not run along, for reach; else -1
                             */
} DcnNormal;

/* Fills the rows and axes of setup->params, and says what scratch memory is needed.
 * shape: the input, seen with as many axes as it takes to name those of a row. scale,
 * bias: the shapes of inputs 1 and 2, seen so that they can be broadcast to it; NULL:
 * there are none. Output 0 gets the input's shape. False and an error: the input has no
 * elements. */
bool dcn_normal_setup(DcnSetup *setup,
                      const DcnShape *shape,
                      const bool named[DCN_MAX_RANK],
                      const DcnShape *scale,
                      const DcnShape *bias);

/* The same for rows along all axes from `axis` on (an attribute), scale and bias being
 * broadcast as they are. */
bool dcn_normal_setup_last_axes(DcnSetup *setup);

void dcn_normal_forward(const DcnCall *call);
void dcn_normal_back(const DcnCall *call);
void dcn_normal_grad_weights(const DcnCall *call);

void dcn_normal_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_normal_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

/* For entries whose rows run along the last axes. */
DcnLocality dcn_normal_local(const void *params, DcnLocalWindow *window);

#endif
