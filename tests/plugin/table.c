/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c: prints the procedures' tables for the scripts of tests/gimp: names, defaults
 * and results. */
#include "base/procedure.h"
#include "plugin/scheme.h"
#include <stdio.h>

int
main(void)
{
    static const char *const kinds[] = {
        [RESULT_INT] = "int",         [RESULT_DOUBLE] = "double",
        [RESULT_STRING] = "string",   [RESULT_STRINGS] = "strings",
        [RESULT_DOUBLES] = "doubles", [RESULT_ITEMS] = "items",
        [RESULT_IMAGE] = "image",
    };
    GString *text = g_string_new(NULL);
    /* One addition a procedure, so that the tables of two programs can be loaded. */
    for (gsize i = 0; procedures[i]; i++) {
        g_string_append_printf(text, "(set! tables (cons '(\"%s\"\n  (",
                               procedures[i]->name);
        scheme_defaults(text, procedures[i]);
        g_string_append(text, ")\n  (");
        for (gsize k = 0; k < procedures[i]->n_results; k++) {
            const Result *result = &procedures[i]->results[k];
            g_string_append_printf(text, "\n   (\"%s\" . %s)", result->name,
                                   kinds[result->type]);
        }
        g_string_append(text, ")) tables))\n");
    }
    int written = fputs(text->str, stdout);
    g_string_free(text, TRUE);
    return written < 0 || fflush(stdout) != 0;
}
