/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixels.h: what hosts have in common in handling pixels.
 *
 * For hosts only; procedures use host.h. */
#ifndef FEATURESCOPE_PIXELS_PIXELS_H
#define FEATURESCOPE_PIXELS_PIXELS_H

#include "host.h"
#include "pixels/decode.h"
#include "pixels/place.h"
#include "pixels/read.h"

/* TRUE if a gray image can hold the layer: R = G = B wherever alpha is not 0. */
gboolean pixels_are_gray(const HostLayer *layer);

/* Scales a layer's pixels to its rectangle and writes them into a buffer.
 *
 * x, y     where the buffer's corner lies, in image coordinates; what of the layer falls
 *          outside the buffer is left out
 * convert  called for each row before it is written, n_pixels of them, in place to the
 *          format; NULL: GEGL converts from encoded sRGB (or "Y float" for channels)
 * format   of what convert leaves; not used without
 */
gboolean pixels_write(
    const HostLayer *layer,
    GeglBuffer *buffer,
    int x,
    int y,
    gboolean (*convert)(void *user, const float *in, void *out, int n_pixels),
    void *user,
    const Babl *format,
    GError **error);

/* Checks a list of layers before anything is done with it: sizes, opacities. */
gboolean pixels_check_layers(HostLayer **layers, gsize n_layers, GError **error);

#endif
