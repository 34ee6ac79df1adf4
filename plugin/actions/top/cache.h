/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.h: the user's cache folder for indexes, kept below a size. */
#ifndef FEATURESCOPE_ACTIONS_TOP_CACHE_H
#define FEATURESCOPE_ACTIONS_TOP_CACHE_H

#include <glib.h>

/* How the names of its files end. */
#define TOP_CACHE_SUFFIX ".top"

/* The folder's path; it need not exist yet. g_free(). */
char *top_cache_folder(void);

/* Removes the oldest files of a cache folder until the rest takes no more than so many
 * bytes; not `keep`. */
void top_cache_prune(const char *folder, guint64 limit, const char *keep);

#endif
