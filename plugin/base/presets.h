/* SPDX-License-Identifier: GPL-3.0-or-later */
/* presets.h: values that a person gave a name, of each procedure.
 *
 * They stand in $XDG_CONFIG_HOME/featurescope/presets/PROCEDURE.ini, a group for each
 * name. A file that is damaged counts as far as it can be read: values that a table
 * forbids keep their defaults, and the next save writes what was read. */
#ifndef FEATURESCOPE_BASE_PRESETS_H
#define FEATURESCOPE_BASE_PRESETS_H

#include "base/param.h"

/* In order. Ended by NULL; g_strfreev() */
char **presets_names(const char *procedure);

/* Sets all values: those that the preset does not have, to their defaults. FALSE: there is
 * none of this name. */
gboolean presets_load(const char *procedure, const char *name, ParamValues *values);

/* Keeps the values under the name, in the place of others that had it. */
gboolean presets_save(const char *procedure,
                      const char *name,
                      const ParamValues *values,
                      GError **error);

gboolean presets_delete(const char *procedure, const char *name, GError **error);

#endif
