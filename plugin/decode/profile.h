/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.h: the colour profile that an image file carries.
 *
 * It is found here and taken out of the bytes that GEGL's loaders get, since babl, which
 * they give it to, does not hold many: 0.1.98 (Debian 12) writes behind its tables at
 * about the eleventh profile in a process for which it looks for a conversion, 0.1.126
 * does at the 33rd, and from the 99th on a profile counts as sRGB. */
#ifndef FEATURESCOPE_DECODE_PROFILE_H
#define FEATURESCOPE_DECODE_PROFILE_H

#include <glib.h>

typedef struct {
    GBytes *icc;      /* the profile; NULL: it is damaged */
    GByteArray *rest; /* the file without it */
    gboolean cut;     /* the file ends before it does, where only this tells (TIFF) */
} Profile;

/* Looks for a profile in a JPEG, PNG, WebP or TIFF file, and for PNG's chunks cICP, cHRM
 * and gAMA, from which one is made (stated.h). FALSE: there is none, the file is good as it is. */
gboolean profile_take(Profile *profile, const guint8 *bytes, gsize size);
void profile_clear(Profile *profile);

#endif
