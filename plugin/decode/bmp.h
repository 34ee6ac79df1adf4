/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp.h: BMP files whose pixels are not where gdk-pixbuf looks for them.
 *
 * A file says where they begin. gdk-pixbuf takes them from behind the header and a palette
 * that is as long as it can be, and shows something else where that is another place. */
#ifndef FEATURESCOPE_DECODE_BMP_H
#define FEATURESCOPE_DECODE_BMP_H

#include <glib.h>

/* The same picture with the pixels there. NULL: they are, or it is no BMP. */
GByteArray *bmp_straight(const guint8 *bytes, gsize size);

#endif
