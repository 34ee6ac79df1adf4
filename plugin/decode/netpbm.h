/* SPDX-License-Identifier: GPL-3.0-or-later */
/* netpbm.h: PBM, PGM, PPM, PAM and PFM files.
 *
 * GEGL's loader knows some of them, wants each part of the header in a line of its own, 255
 * or 65535 as the largest value, and does not notice that values are missing. */
#ifndef FEATURESCOPE_DECODE_NETPBM_H
#define FEATURESCOPE_DECODE_NETPBM_H

#include "decode/block.h"
#include "pixels/wire.h"

/* bytes begin with P and one of 1 to 7, f, F. WIRE_UNKNOWN: it is none of them. */
WireKind netpbm_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);

#endif
