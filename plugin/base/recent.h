/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recent.h: files that a person chose, for all actions: the model of one is the model of
 * the next, also after a new start.
 *
 * They stand in $XDG_CONFIG_HOME/featurescope/recent.ini, a group for each parameter's
 * name. Where that cannot be written nothing is remembered, and nothing is said. Scripts
 * neither read nor change it. */
#ifndef FEATURESCOPE_BASE_RECENT_H
#define FEATURESCOPE_BASE_RECENT_H

#include "base/param.h"

/* Files that are still there, the last one first, at most 8. Ended by NULL;
 * g_strfreev() */
char **recent_files(const char *name);

/* Sets the parameters of a table that are shared to the files chosen last, in whatever
 * action; where that is another file than before, parameters that depend on it go back to
 * their defaults. Nothing was ever chosen, or the file is gone: the value stays. */
void recent_load(ParamValues *values);

/* Remembers the files of shared parameters, the empty text too. */
void recent_save(const ParamValues *values);

#endif
