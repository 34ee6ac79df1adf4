/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/scheme.h: a procedure's arguments and their defaults as data of Scheme.
 *
 * For programs of the build and of the tests; the plug-in does not need it. */
#ifndef FEATURESCOPE_GIMP2_SCHEME_H
#define FEATURESCOPE_GIMP2_SCHEME_H

#include "base/procedure.h"

/* Appends, each on a line of its own, pairs of name and default in the PDB's order:
 * ("model" . "") ("map" . -1). A point is two of them:
 * ("point-x" . 0) ("point-y" . 0). */
void scheme_defaults(GString *out, const Procedure *procedure);

#endif
