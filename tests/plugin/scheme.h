/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scheme.h: a procedure's arguments and their defaults as data of Scheme. */
#ifndef TEST_PLUGIN_SCHEME_H
#define TEST_PLUGIN_SCHEME_H

#include "base/procedure.h"

/* Appends, each on a line of its own, pairs of name and default in the PDB's order:
 * ("model" . "") ("map" . -1). A point is two of them:
 * ("point-x" . 0) ("point-y" . 0). */
void scheme_defaults(GString *out, const Procedure *procedure);

#endif
