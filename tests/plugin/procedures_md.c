/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procedures_md.c: writes docs/procedures.md from the tables, or checks that it is up to
 * date.
 *
 *     procedures_md > docs/procedures.md
 *     procedures_md --check docs/procedures.md     prints TAP */
#include "base/procedure.h"
#include <stdio.h>

static char *
document(void)
{
    GString *text =
        g_string_new("# Procedures\n\n"
                     "Written by `build/tests/plugin/procedures_md > docs/procedures.md` "
                     "from the tables in `plugin/`; a test holds it to\n"
                     "them. In GIMP 3 arguments are named (`#:model \"net.onnx\"`) and "
                     "may be left out; GIMP 2.10 wants all of them in this\n"
                     "order. `run-mode`, `image` and `drawable` (GIMP 2.10) or "
                     "`drawables` (GIMP 3, a vector) come first; of those\n"
                     "that need no image, `run-mode` alone.\n");
    for (const Procedure *const *p = procedures; *p; p++) {
        char *help = procedure_help(*p);
        g_string_append_printf(text, "\n## %s\n\n%s%s", (*p)->name,
                               (*p)->anywhere ? "Needs no image. " : "", help);
        g_free(help);
    }
    return g_string_free(text, FALSE);
}

int
main(int argc, char **argv)
{
    char *wanted = document(), *found = NULL;
    if (argc != 3) {
        fputs(wanted, stdout);
        g_free(wanted);
        return 0;
    }
    gboolean same =
        g_file_get_contents(argv[2], &found, NULL, NULL) && g_str_equal(wanted, found);
    printf("1..1\n%s 1 - docs/procedures.md is what the tables say\n",
           same ? "ok" : "not ok");
    g_free(wanted);
    g_free(found);
    return !same;
}
