/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixbuf.h: GIF, BMP, HEIF and AVIF files, by gdk-pixbuf, which GIMP brings; loaders of the
 * last two are packages of their own. */
#ifndef FEATURESCOPE_DECODE_PIXBUF_H
#define FEATURESCOPE_DECODE_PIXBUF_H

#include "decode/block.h"
#include "pixels/wire.h"

/* Of an animation, the first picture; HEIF's and AVIF's turns are done by their loaders.
 * *icc gets the file's profile, to be freed by the caller, where the loader tells it.
 * WIRE_UNKNOWN if gdk-pixbuf has no loader for the file. */
WireKind pixbuf_load(const char *path, WireAnswer *answer, Block *block, GBytes **icc);

/* A JPEG file whose pixels are too many to be held, at a half, a quarter or an eighth of
 * its size: libjpeg decodes it so. */
WireKind jpeg_small(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);

#endif
