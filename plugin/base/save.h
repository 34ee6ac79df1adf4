/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.h: writes files whole or not at all.
 *
 * What is written lies beside the file under a name of its own until all of it is on the
 * disk; then it takes the file's place. So on a full disk, and when the process is ended,
 * what was there before stays. All that the plug-in and the trainer write goes this way,
 * but for models, which the core writes in the same manner. */
#ifndef FEATURESCOPE_BASE_SAVE_H
#define FEATURESCOPE_BASE_SAVE_H

#include <glib.h>

/* The sentence of an error names the file and the reason. */
gboolean save_bytes(const char *path, const void *bytes, gsize size, GError **error);
gboolean save_text(const char *path, const char *text, GError **error);
gboolean save_keys(const char *path, GKeyFile *keys, GError **error);

/* The same in pieces. Once one fails the rest is ignored, and save_end() tells. */
typedef struct Save Save;
Save *save_begin(const char *path);

/* The same under a name that the caller knows until then, in the same folder: what a run
 * that was ended has left there is overwritten. */
Save *save_begin_as(const char *path, const char *part);
void save_put(Save *save, const void *bytes, gsize size);
gboolean save_end(Save *save, GError **error);

/* In its place: what was there before stays. */
void save_drop(Save *save);

#endif
