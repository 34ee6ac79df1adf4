/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.h: an image file to pixels in sRGB, upright. */
#ifndef FEATURESCOPE_DECODE_LOAD_H
#define FEATURESCOPE_DECODE_LOAD_H

#include "decode/block.h"
#include "pixels/wire.h"

/* An open file. The block is {0} unless the answer is WIRE_PICTURE. This takes what GLib
 * and GEGL log for themselves: a loader that warns has not read all of the picture. */
void load_file(int file, WireAnswer *answer, Block *block);

/* TRUE if no more files should be loaded in this process: those so far have made colour
 * spaces of their own (EXR's primaries), of which babl does not hold many: see profile.h.
 * Of all other files the profile is taken out. */
gboolean load_is_worn(void);

#endif
