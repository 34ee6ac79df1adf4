/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.h: operators over one axis at a time: Softmax and LogSoftmax.
 *
 * Before opset 13 the axis and all behind it count as one (default axis 1); since, it is
 * one axis (default: the last). */
#ifndef DCN_OPS_KIT_GROUPS_H
#define DCN_OPS_KIT_GROUPS_H

#include "ops/kit/common.h"

/* The params of such an operator. */
typedef struct {
    int first, last; /* axes of a group: first .. last - 1 */
    size_t outer, n, inner;
} DcnGroups;

/* One group: n elements, `step` apart. */
typedef struct {
    size_t n, step;
} DcnGroup;

typedef void (*DcnGroupValues)(const DcnGroup *group, const float *x, float *y);

/* dx += what comes back of dy */
typedef void (*DcnGroupSlopes)(const DcnGroup *group,
                               const float *y,
                               const float *dy,
                               float *dx);

bool dcn_groups_setup(DcnSetup *setup);
void dcn_groups_forward(const DcnCall *call, DcnGroupValues values);
void dcn_groups_back(const DcnCall *call, DcnGroupSlopes slopes);
void dcn_groups_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_groups_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
