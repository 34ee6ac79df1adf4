/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.h: operators along one axis: a tensor is outer x n x inner, and a line is n
 * elements that are `inner` apart. */
#ifndef DCN_OPS_KIT_AXIS_H
#define DCN_OPS_KIT_AXIS_H

#include "ops/kit/common.h"

typedef struct {
    int axis;
    size_t outer, n, inner;
} DcnAxis;

/* Of the first input. Negative axes count from the end. */
bool dcn_axis_setup(DcnSetup *setup, int64_t axis, DcnAxis *result);

/* The first element of a line of an image: line 0 .. outer * inner - 1. length: of the
 * axis in the tensor that is meant. */
static inline size_t
dcn_axis_line(const DcnAxis *axis, size_t line, size_t length)
{
    return line / axis->inner * length * axis->inner + line % axis->inner;
}

/* Reach of what each line makes of all its elements. dropped: the output lacks the
 * axis. */
void dcn_axis_ahead(const DcnCall *call,
                    const DcnAxis *axis,
                    bool dropped,
                    const DcnBox *in,
                    size_t output,
                    DcnBox *out);
void dcn_axis_seen(const DcnCall *call,
                   const DcnAxis *axis,
                   bool dropped,
                   const DcnBox *out,
                   DcnBox *in);

#endif
