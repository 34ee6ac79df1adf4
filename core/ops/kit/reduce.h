/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduce.h: sums and means over axes. */
#ifndef DCN_OPS_KIT_REDUCE_H
#define DCN_OPS_KIT_REDUCE_H

#include "ops/kit/view.h"

/* The params of such an operator. */
typedef struct {
    DcnView view;  /* the input's elements in the output: step 0 along reduced axes */
    size_t number; /* of elements that make one */
    bool keeps;    /* reduced axes stay, with one place */
    int ahead[DCN_MAX_RANK], back[DCN_MAX_RANK]; /* axes kept; see dcn_reach_axes() */
} DcnReduce;

bool dcn_reduce_setup(DcnSetup *setup);
void dcn_reduce_forward(const DcnCall *call, bool mean);
void dcn_reduce_back(const DcnCall *call, bool mean);
/* See DcnOp.reach.change. */
void dcn_reduce_change(const DcnCall *call, const DcnChange *change, bool mean, float *y);

void dcn_reduce_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reduce_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);
DcnLocality dcn_reduce_local(const void *params, DcnLocalWindow *window);

#endif
