/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixels.h: what hosts have in common in handling pixels, files and folders.
 *
 * For hosts only; procedures use host.h. */
#ifndef PIXELS_H
#define PIXELS_H

#include "host.h"

/* Decodes a file by one of GEGL's own loaders, chosen by the file's first bytes.
 *
 * unknown  TRUE if it is no format of GEGL's: another loader may try. Errors that no
 *          other loader could mend (no such file) leave it FALSE. */
GeglBuffer *pixels_decode(const char *path, gboolean *unknown, GError **error);

/* R'G'B'A floats for host_pixels_read() where GEGL knows the colours. */
gboolean pixels_read(GeglBuffer *buffer,
                     const GeglRectangle *rect,
                     float *rgba,
                     GError **error);

/* For host_pixels_are_bytes() and host_pixels_read_bytes(). */
gboolean pixels_are_bytes(GeglBuffer *buffer);
gboolean pixels_read_bytes(GeglBuffer *buffer,
                           const GeglRectangle *rect,
                           guint8 *rgb,
                           GError **error);

/* Whether a gray image can hold it: R = G = B wherever alpha is not 0. */
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

/* The data folder of a program: FEATURESCOPE_DATA, or the nearest of its own folder and
 * up to three above that holds models/default.onnx (installed: its own; in a build tree:
 * further up); else its own. g_free() */
char *pixels_data_folder(const char *program);

#endif
