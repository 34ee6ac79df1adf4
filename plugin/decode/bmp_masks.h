/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp_masks.h: BMP files that say which bits of a pixel are which colour.
 *
 * gdk-pixbuf takes values of less than four bits for darker ones. */
#ifndef FEATURESCOPE_DECODE_BMP_MASKS_H
#define FEATURESCOPE_DECODE_BMP_MASKS_H

#include "decode/block.h"
#include "pixels/wire.h"

/* WIRE_UNKNOWN: it is of another kind. */
WireKind bmp_masks_load(const guint8 *bytes,
                        gsize size,
                        WireAnswer *answer,
                        Block *block);

#endif
