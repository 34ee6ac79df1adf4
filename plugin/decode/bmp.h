/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp.h: BMP files that gdk-pixbuf does not read, and those whose pixels are not where it
 * looks for them.
 *
 * A file says where they begin. gdk-pixbuf takes them from behind the header and a palette
 * that is as long as it can be, and shows something else where that is another place. */
#ifndef FEATURESCOPE_DECODE_BMP_H
#define FEATURESCOPE_DECODE_BMP_H

#include <glib.h>

/* The same picture with the pixels there, and with as many colours as a palette can have.
 * NULL: it is so, or it is no BMP. */
GByteArray *bmp_straight(const guint8 *bytes, gsize size);

/* FALSE: no way is known for it, as for a JPEG or PNG inside of it. TRUE for other kinds of
 * files, and for numbers that no file has. */
gboolean bmp_is_read(const guint8 *bytes, gsize size);

/* The bits of a pixel if it is not read because of them; else 0. */
guint32 bmp_odd_bits(const guint8 *bytes, gsize size);

#endif
