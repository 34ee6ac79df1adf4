/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast.h: operators of two inputs, element by element, with ONNX's multidirectional
 * broadcasting (NumPy's rules). */
#ifndef DCN_OPS_BROADCAST_H
#define DCN_OPS_BROADCAST_H

#include "ops/kit/common.h"

/* y[i] = f(a[i], b[i]). y may be a. */
typedef void (*DcnPairValues)(const float *a, const float *b, float *y, size_t n);

/* da[i] = dy[i] * df/da, db[i] = dy[i] * df/db: written, not added. y: the forward's
 * values. */
typedef void (*DcnPairSlopes)(const float *a,
                              const float *b,
                              const float *y,
                              const float *dy,
                              float *da,
                              float *db,
                              size_t n);

/* Output: the two inputs broadcast. */
bool dcn_setup_broadcast(DcnSetup *setup);

void dcn_pair_forward(const DcnCall *call, DcnPairValues values, const DcnClamp *clamp);

/* To inputs that belong to images, and to constants. A broadcast input gets the sum over
 * the places it was used in. */
void dcn_pair_back(const DcnCall *call, DcnPairSlopes slopes);
void dcn_pair_grad_weights(const DcnCall *call, DcnPairSlopes slopes);

/* Of any number of inputs, from left to right: y = f(f(in0, in1), in2) ... */
bool dcn_setup_broadcast_many(DcnSetup *setup);
void dcn_many_forward(const DcnCall *call, DcnPairValues values);

/* Of Sum: the signal goes to every input; constants: grad_weights. */
void dcn_many_back_sum(const DcnCall *call, bool constants);

#endif
