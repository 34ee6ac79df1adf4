/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stamp.h: what shows that a file was changed, without reading it. */
#ifndef FEATURESCOPE_BASE_STAMP_H
#define FEATURESCOPE_BASE_STAMP_H

#include <glib.h>

typedef struct {
    gint64 mtime, ctime; /* nanoseconds; the second cannot be set back by anybody */
    gint64 size;         /* -1: there is no file */
    guint64 inode;
} Stamp;

Stamp stamp_of(const char *path);

/* TRUE: the same file with the same contents, as far as can be told. A file system that
 * keeps seconds only does not tell of a change within one. */
gboolean stamp_is_same(const Stamp *was, const Stamp *now);

/* TRUE: written anew in place. FALSE as well if another file took its place, or if only
 * its rights or links are others. */
gboolean stamp_is_rewritten(const Stamp *was, const Stamp *now);

#endif
