/* SPDX-License-Identifier: GPL-3.0-or-later */
/* softmax_row.h: the softmax of numbers that lie one behind the other. */
#ifndef DCN_OPS_KIT_SOFTMAX_ROW_H
#define DCN_OPS_KIT_SOFTMAX_ROW_H

#include <stddef.h>

/* Each of n numbers becomes e^x / sum e^x. The largest is taken off first, so that nothing
 * overflows; where all are -infinity all become NaN. */
void dcn_softmax_row(float *row, size_t n);

#endif
