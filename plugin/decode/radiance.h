/* SPDX-License-Identifier: GPL-3.0-or-later */
/* radiance.h: Radiance's pictures (RGBE).
 *
 * GEGL's loader refuses packed rows of whole files ("Buffer overflow detected"), and reads on
 * behind the end of others. */
#ifndef FEATURESCOPE_DECODE_RADIANCE_H
#define FEATURESCOPE_DECODE_RADIANCE_H

#include "decode/block.h"
#include "pixels/wire.h"

/* There is a scanline for each row. */
gboolean radiance_is_whole(const guint8 *bytes, gsize size);

/* Linear light, as it is stored: an exposure that the header tells is in it. */
WireKind radiance_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);

#endif
