/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.h: reads files whole, if they are regular files.
 *
 * Files that lie beside models and in caches come from elsewhere. To open a FIFO may take
 * for ever, a device has no end, and a mapped file that is cut off meanwhile ends the
 * process. Errors are the reason alone: who asked names the file. */
#ifndef FEATURESCOPE_BASE_LOAD_H
#define FEATURESCOPE_BASE_LOAD_H

#include <glib.h>

/* More than any text should have. */
#define LOAD_MOST_TEXT ((gsize)64 << 20)

/* Open for reading; -1 with an error. close() */
int load_open(const char *path, GError **error);

/* All bytes, with a zero behind them; fails if there are more than `most`. g_free() */
gboolean load_bytes(
    const char *path, gsize most, char **bytes, gsize *size, GError **error);

/* The same as a key file. */
gboolean load_keys(GKeyFile *keys, const char *path, GKeyFileFlags flags, GError **error);

#endif
