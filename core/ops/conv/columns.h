/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h: the windows of a convolution laid out as columns of a matrix, and back. */
#ifndef DCN_OPS_CONV_COLUMNS_H
#define DCN_OPS_CONV_COLUMNS_H

#include "ops/kit/window.h"

/* Row (c, kz, ky, kx) of columns holds what this element of the window sees of channel c,
 * at the places begin .. end - 1 of the output (counted row by row); rows are `ld` floats
 * apart. x: channels x depth x height x width. Padding is 0. */
void dcn_columns_from_image(const DcnWindow *window,
                            size_t channels,
                            const float *x,
                            size_t begin,
                            size_t end,
                            float *columns,
                            size_t ld);

/* The transpose: adds each element to the place that it was copied from. */
void dcn_columns_to_image(const DcnWindow *window,
                          size_t channels,
                          float *x,
                          size_t begin,
                          size_t end,
                          const float *columns,
                          size_t ld);

#endif
