/* SPDX-License-Identifier: GPL-3.0-or-later */
/* call-as-text.c: prints a projection's call as a dialog would copy it, for the scripts
 * beside: call-as-text gimp2|gimp3|python MODEL */
#include "base/script.h"
#include <stdio.h>
#include <string.h>

extern const Procedure procedure_project;

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    ScriptLanguage language = strcmp(argv[1], "gimp2") == 0   ? SCRIPT_SCHEME_2
                              : strcmp(argv[1], "gimp3") == 0 ? SCRIPT_SCHEME_3
                                                              : SCRIPT_PYTHON_3;
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    param_set_text(values, "model", argv[2]);
    param_set_text(values, "layer", "conv2");
    param_set_int(values, "map", 3);
    param_set_text(values, "unit", "point");
    param_set_point(values, "point", 20, 10);
    param_set_double(values, "percentile", 99);
    char *text = script_text(language, &procedure_project, values);
    fputs(text, stdout);
    g_free(text);
    param_values_free(values);
    return 0;
}
