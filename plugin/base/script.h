/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.h: a call of a procedure as text, in the languages of the hosts.
 *
 * The text runs as it is in the host's console: it takes the first open image, and what is
 * selected there. It needs no libgimp. */
#ifndef FEATURESCOPE_BASE_SCRIPT_H
#define FEATURESCOPE_BASE_SCRIPT_H

#include "base/procedure.h"

typedef enum {
    SCRIPT_SCHEME_2, /* Script-Fu of GIMP 2.10, which wants all arguments in their order */
    SCRIPT_SCHEME_3, /* Script-Fu of GIMP 3: those that are not as by default, by name */
    SCRIPT_PYTHON_3, /* Python of GIMP 3: the same */
} ScriptLanguage;

/* g_free() */
char *script_text(ScriptLanguage language,
                  const Procedure *procedure,
                  const ParamValues *values);

/* A number as both languages write it, and a text between double quotes, with escapes that
 * both have. */
void script_append_number(GString *out, double value);
void script_append_text(GString *out, const char *text);

#endif
