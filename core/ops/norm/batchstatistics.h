/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchstatistics.h: BatchNormalization in a trainer's plan. Inside core/ops/ only. */
#ifndef DCN_OPS_NORM_BATCHSTATISTICS_H
#define DCN_OPS_NORM_BATCHSTATISTICS_H

#include "ops/kit/common.h"

/* Floats a channel in call->kept: mean and biased variance. */
#define DCN_BATCH_KEPT 2

void dcn_batch_forward(const DcnCall *call, float epsilon, DcnClamp clamp);

/* Through the clamp to the input, and in the same pass to scale and bias. */
void dcn_batch_back(const DcnCall *call, float epsilon, DcnClamp clamp);

/* Running mean and (unbiased) variance: old * momentum + own * (1 - momentum). */
void dcn_batch_update(const DcnCall *call, float momentum);

#endif
