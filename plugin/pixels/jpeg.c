/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jpeg.c: see jpeg.h. */

#include "pixels/jpeg.h"

enum { MARK = 0xFF, STUFFED = 0x00, TEM = 0x01, RST0 = 0xD0, SOI = 0xD8, EOI = 0xD9 };

/* Where the next marker's second byte is: behind any other bytes, fill bytes, stuffed
 * bytes and restarts. size: there is none. */
static gsize
next_marker(const guint8 *bytes, gsize at, gsize size)
{
    for (; at + 1 < size; at++) {
        guint8 code = bytes[at + 1];
        if (bytes[at] == MARK && code != MARK && code != STUFFED &&
            (code < RST0 || code >= SOI))
            return at + 1;
    }
    return size;
}

gboolean
jpeg_is_whole(const guint8 *bytes, gsize size)
{
    if (size < 2 || bytes[0] != MARK || bytes[1] != SOI)
        return FALSE;
    for (gsize at = next_marker(bytes, 2, size); at < size;
         at = next_marker(bytes, at, size)) {
        guint8 code = bytes[at++];
        if (code == EOI)
            return TRUE;
        if (code == TEM || code == SOI)
            continue;
        if (at + 2 > size)
            return FALSE;
        gsize length = (gsize)bytes[at] << 8 | bytes[at + 1]; /* with these two bytes */
        if (length < 2 || length > size - at)
            return FALSE;
        at += length;
    }
    return FALSE;
}
