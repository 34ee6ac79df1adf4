/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signal.h: where a signal that comes back is not zero.
 *
 * A signal that starts at one unit is zero nearly everywhere, and most of the work on it
 * would be for nothing. */
#ifndef DCN_OPS_CONV_SIGNAL_H
#define DCN_OPS_CONV_SIGNAL_H

#include "ops/conv/conv2d.h"

/* Narrows ranges of maps and of places to those that hold all of a signal; false if it is
 * zero there. The scan of a dense signal ends at once. */
bool dcn_signal_range(const float *dy,
                      size_t places,
                      size_t map_range[2],
                      size_t place_range[2]);

/* True if the signal of some image fills more than a third of maps and places, so that
 * narrowing the range would not save much. */
bool dcn_signal_is_wide(const DcnConv2d *conv, const DcnImages *dy, size_t images);

#endif
