/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/defaults.c: writes the defaults of all procedures as a definition of Scheme.
 *
 * The build runs it for featurescope-folder.scm: a script of GIMP 2.10 has to pass all
 * arguments of a procedure, and so has to know those that its user leaves out. */
#include "gimp2/scheme.h"
#include <stdio.h>

int
main(void)
{
    GString *text = g_string_new("; The arguments of all procedures with their defaults, "
                                 "in their order.\n(define featurescope-defaults\n '(");
    for (gsize i = 0; procedures[i]; i++) {
        g_string_append_printf(text, "%s(\"%s\"", i ? "\n  " : "", procedures[i]->name);
        scheme_defaults(text, procedures[i]);
        g_string_append_c(text, ')');
    }
    g_string_append(text, "))\n\n");
    int written = fputs(text->str, stdout);
    g_string_free(text, TRUE);
    return written < 0 || fflush(stdout) != 0;
}
