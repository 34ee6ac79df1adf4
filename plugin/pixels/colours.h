/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.h: pixels of a buffer with a colour profile, converted to sRGB by lcms2.
 *
 * The intent is perceptual, bytes become bytes and 16 bits become 16 bits. babl takes no
 * part in it: see profile.h. Several threads may read at a time. */
#ifndef FEATURESCOPE_PIXELS_COLOURS_H
#define FEATURESCOPE_PIXELS_COLOURS_H

#include <gegl.h>
#include <glib.h>

typedef struct Colours Colours;

/* From now on the buffer's pixels, which babl takes for sRGB's, have the colours of an
 * ICC profile. Nothing is done if it is sRGB's own, if it is damaged, or if it is of
 * another kind than the pixels (gray, R'G'B', CMYK): such pixels are taken as they are.
 * Transforms of the last 16 profiles are kept. */
void colours_set(GeglBuffer *buffer, GBytes *icc);

/* NULL: the buffer's colours are babl's to know. */
const Colours *colours_of(GeglBuffer *buffer);

/* TRUE if a pixel is three bytes: then colours_convert_bytes() may be used. */
gboolean colours_are_bytes(const Colours *colours);

/* Encoded sRGB with straight alpha, four floats a pixel. FALSE without memory. */
gboolean colours_read(const Colours *colours,
                      GeglBuffer *buffer,
                      const GeglRectangle *rect,
                      float *rgba);

/* The buffer's own bytes to sRGB's, in place. */
void colours_convert_bytes(const Colours *colours, guint8 *rgb, gsize pixels);

#endif
