/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_lab.h: TIFF files in CIE L*a*b*, as Photoshop and scanners write them.
 *
 * libtiff converts their 8 bits by a white and a screen of its own, and is off by up to 40
 * of 255. So GEGL's loader is told that they are R'G'B', and what it reads is converted here. */
#ifndef FEATURESCOPE_DECODE_TIFF_LAB_H
#define FEATURESCOPE_DECODE_TIFF_LAB_H

#include "decode/block.h"

/* Makes a copy of such a file one of R'G'B'. FALSE, and nothing is changed, for all others.
 * offset: a* and b* are stored plus 128 (ICC's way), else with a sign. */
gboolean tiff_lab_hide(GByteArray *file, gboolean *offset);
gboolean tiff_is_lab(const guint8 *bytes, gsize size);

/* Its pixels become sRGB. FALSE without memory. */
gboolean tiff_lab_apply(Block *block, gboolean offset);

#endif
