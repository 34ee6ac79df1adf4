/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regular.h: opens files to read, if they are regular ones: to open a FIFO may take for
 * ever, to read a device too, and to open one may do something. Errors are sentences that
 * name the file. */
#ifndef FEATURESCOPE_BASE_REGULAR_H
#define FEATURESCOPE_BASE_REGULAR_H

#include <glib.h>

/* A file descriptor; -1 with an error. */
int regular_open(const char *path, GError **error);

/* NULL with an error. The contents of an empty file are NULL. */
GMappedFile *regular_map(const char *path, GError **error);

/* Its bytes and a zero, g_free(); NULL with an error. */
char *regular_text(const char *path, GError **error);

gboolean regular_keys(GKeyFile *keys,
                      const char *path,
                      GKeyFileFlags flags,
                      GError **error);

#endif
