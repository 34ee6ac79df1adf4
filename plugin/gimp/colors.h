/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/colors.h: colours of an image whose profile GEGL does not know: GIMP 2.10's buffers
 * have no colour space, and in GIMP 3 those of a profile of tables count as sRGB, as babl
 * makes no space of it. */
#ifndef FEATURESCOPE_GIMP_COLORS_H
#define FEATURESCOPE_GIMP_COLORS_H

#include <libgimp/gimp.h>

/* From numbers of the profile to floats of sRGB, and back. By lcms2 and for perception, as
 * of files (decode/colours.c). NULL: they are the same. g_object_unref() */
GimpColorTransform *colors_to_srgb(GimpColorProfile *profile, const Babl *raw);
GimpColorTransform *colors_from_srgb(GimpColorProfile *profile, const Babl *raw);

/* R'G'B' float, with alpha if these numbers have it, as lcms2 wants both or none. */
const Babl *colors_srgb(const Babl *raw);

/* A format's numbers, of whatever space, as those of a transform. */
const Babl *colors_plain(const Babl *format);

#endif
