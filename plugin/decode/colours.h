/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.h: pixels with a colour profile, converted to sRGB by lcms2.
 *
 * The intent is perceptual, bytes become bytes and all others 16 bits or floats. babl
 * takes no part in it: see profile.h. */
#ifndef FEATURESCOPE_DECODE_COLOURS_H
#define FEATURESCOPE_DECODE_COLOURS_H

#include "decode/block.h"

/* The pixels, which babl takes for sRGB's, have the colours of an ICC profile (NULL: they
 * have none). They stay as they are if it is sRGB's own, if it is damaged, or if it is of
 * another kind than they are (gray, R'G'B', CMYK); but CMYK becomes R'G'B' in any case.
 * Transforms of the last 16 profiles are kept. FALSE without memory. */
gboolean colours_convert(Block *block, GBytes *icc);

#endif
