/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stated.h: profiles made of what a file states of its colours in a few numbers. */
#ifndef FEATURESCOPE_DECODE_STATED_H
#define FEATURESCOPE_DECODE_STATED_H

#include <glib.h>

/* Of PNG's gAMA and cHRM. gamma: times 100,000, of the encoding: 45455 for 1/2.2; 0 for
 * sRGB's curve. chroma: NULL for sRGB's, or white, red, green and blue, an x and a y each, times 100,000, as the
 * chunk has them. NULL: no profile can be made of it. */
GBytes *stated_by_gamma(guint32 gamma, const guint8 *chroma, gboolean gray);

/* Of PNG's cICP: primaries, transfer, matrix and range as ITU-T H.273 numbers them. NULL:
 * it is of numbers that no R'G'B' picture has, or of some that are not known here.
 *
 * Of PQ and HLG, whose white may be far brighter than paper's, the white that ITU-R
 * BT.2408 gives to graphics (203 cd/m²; 75 % of HLG) becomes sRGB's, and what is brighter
 * as white. */
GBytes *stated_by_numbers(const guint8 numbers[static 4], gboolean gray);

#endif
