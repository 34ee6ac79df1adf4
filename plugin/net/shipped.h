/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shipped.h: the models that ship: the built-in one and those beside it. */
#ifndef FEATURESCOPE_NET_SHIPPED_H
#define FEATURESCOPE_NET_SHIPPED_H

#include <glib.h>

/* The folder of models and lists of names. g_free() */
char *shipped_folder(void);

/* The model's file, as it was said; empty: the built-in one's. g_free() */
char *shipped_path(const char *model);

/* Those beside the built-in one, whole paths, by name. Ended by NULL; g_strfreev() */
char **shipped_others(void);

/* Whether a file is one of ours, by whatever path. */
gboolean shipped_has(const char *path);

#endif
