/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weighted.h: each element of the output a weighted sum of elements of the input, weights
 * being products of one for each axis (place.h): Resize and Upsample.
 *
 * It is linear. Back, all methods: the transpose, each element of the input gets the
 * signal times the weight that it had. */
#ifndef DCN_OPS_RESIZE_WEIGHTED_H
#define DCN_OPS_RESIZE_WEIGHTED_H

#include "ops/kit/common.h"
#include "ops/resize/place.h"

/* The params of such an operator. */
typedef struct {
    DcnResizeRule rule;
    DcnResizeAxis axis[DCN_MAX_RANK];
    int first, rank;     /* axes first .. rank - 1 are those of a part; all before stay */
    size_t parts;        /* of one image */
    float extrapolation; /* what is outside of the region of interest becomes */
} DcnWeighted;

/* The axes and the rule are there: works out parts and scratch memory. */
bool dcn_weighted_setup(DcnSetup *setup);
void dcn_weighted_forward(const DcnCall *call);
void dcn_weighted_back(const DcnCall *call);
void dcn_weighted_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_weighted_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
