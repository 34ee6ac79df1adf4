/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nearest.h: the names that a misspelt one may have meant. */
#ifndef FEATURESCOPE_BASE_NEAREST_H
#define FEATURESCOPE_BASE_NEAREST_H

#include <glib.h>

/* Up to three of the names that are nearest to `wanted`, as "“a”, “b”"; NULL if none is
 * near. Case does not count; a name that holds the wanted one is near. g_free(). */
char *nearest_names(const char *wanted, char *const *names, gsize n_names);

#endif
