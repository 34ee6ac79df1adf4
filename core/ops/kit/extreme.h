/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extreme.h: where along an axis the largest or the least element stands: ArgMax and
 * ArgMin. Of equal ones the first, or with select_last_index the last. */
#ifndef DCN_OPS_KIT_EXTREME_H
#define DCN_OPS_KIT_EXTREME_H

#include "ops/kit/axis.h"

/* The params of such an operator. */
typedef struct {
    DcnAxis axis;
    bool dropped, last;
} DcnExtreme;

bool dcn_extreme_setup(DcnSetup *setup);
void dcn_extreme_forward(const DcnCall *call, bool largest);
void dcn_extreme_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_extreme_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);
DcnType dcn_extreme_type(const void *params, size_t output);

#endif
