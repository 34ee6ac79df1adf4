/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h: indexes in the user's cache folder. */
#ifndef FEATURESCOPE_ACTIONS_TOP_STORE_H
#define FEATURESCOPE_ACTIONS_TOP_STORE_H

#include "actions/top/index.h"

/* Where a part's index is kept: named by what is asked for, not by the folder's content,
 * so that one takes the place of another when that changes. The name begins alike for all
 * folders. g_free(). */
char *top_store_path(const TopRequest *request, gsize part, gsize parts);

/* What an index must have been made from. NULL if the model cannot be read. g_free(). */
char *top_store_key(const TopRequest *request);

/* Writes it under another name, then renames; the oldest others go if all take too
 * much. */
gboolean top_store_save(const char *path,
                        const char *key,
                        const TopRequest *request,
                        const TopIndex *index,
                        GError **error);

/* The folders over which the same was asked for in one part, the one used last first,
 * whether the indexes still fit or not. The request needs no folder. Ended by NULL;
 * g_strfreev() */
char **top_store_folders(const TopRequest *request);

/* FALSE if there is none, or it was made from something else, or is damaged. count: files
 * of the part. */
gboolean top_store_load(const char *path,
                        const char *key,
                        const TopRequest *request,
                        gsize count,
                        TopIndex *index);

#endif
