/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.h: the SHA-256 of a model file, remembered. */
#ifndef FEATURESCOPE_NET_HASH_H
#define FEATURESCOPE_NET_HASH_H

#include <glib.h>

/* In hexadecimal; g_free(). Half a gigabyte takes seconds, so sums are kept in the
 * user's cache folder with the file's path, size and times. NULL if the file cannot be
 * read. */
char *hash_file(const char *path);

#endif
