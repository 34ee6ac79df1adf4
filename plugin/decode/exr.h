/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exr.h: OpenEXR files that end the process of GEGL's loader. */
#ifndef FEATURESCOPE_DECODE_EXR_H
#define FEATURESCOPE_DECODE_EXR_H

#include <glib.h>

/* FALSE: a channel has fewer values than pixels (luminance with chroma), or pixels have
 * many values each (deep data). TRUE for other kinds of files. */
gboolean exr_is_read(const guint8 *bytes, gsize size);

#endif
