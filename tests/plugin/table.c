/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c: prints the procedures' tables, for scripts.
 *
 *     table scheme      names, defaults and results, for the scripts of tests/gimp
 *     table defaults    one line an argument: PROCEDURE NAME DEFAULT */
#include "base/procedure.h"
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* --- arguments with their defaults */

typedef void (*PrintArgument)(const Procedure *procedure,
                              const char *name,
                              gboolean text,
                              const char *value);

static void
each_argument(const Procedure *procedure, PrintArgument print)
{
    for (gsize i = 0; i < procedure->n_params; i++) {
        const Param *param = &procedure->params[i];
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(number, sizeof number, "%.10g", param->value);
        if (param->type == PARAM_POINT) {
            char *x = g_strconcat(param->name, "-x", NULL);
            char *y = g_strconcat(param->name, "-y", NULL);
            print(procedure, x, FALSE, number);
            print(procedure, y, FALSE, number);
            g_free(x);
            g_free(y);
        } else if (param->type == PARAM_BOOL || param->type == PARAM_INT ||
                   param->type == PARAM_DOUBLE) {
            print(procedure, param->name, FALSE, number);
        } else {
            print(procedure, param->name, TRUE, param->text ? param->text : "");
        }
    }
}

static void
print_default(const Procedure *procedure,
              const char *name,
              gboolean text,
              const char *value)
{
    (void)text;
    printf("%s %s %s\n", procedure->name, name, value);
}

/* --- Scheme */

static void
print_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void
print_pair(const Procedure *procedure, const char *name, gboolean text, const char *value)
{
    (void)procedure;
    printf("\n   (\"%s\" . ", name);
    if (text)
        print_string(value);
    else
        fputs(value, stdout);
    putchar(')');
}

static void
print_scheme(void)
{
    static const char *const kinds[] = {
        [RESULT_INT] = "int",         [RESULT_DOUBLE] = "double",
        [RESULT_STRING] = "string",   [RESULT_STRINGS] = "strings",
        [RESULT_DOUBLES] = "doubles", [RESULT_ITEMS] = "items",
        [RESULT_IMAGE] = "image",
    };
    /* One definition a program, so that two of them can be loaded. */
    for (gsize i = 0; procedures[i]; i++) {
        printf("(set! tables (cons '(\"%s\"\n  (", procedures[i]->name);
        each_argument(procedures[i], print_pair);
        printf(")\n  (");
        for (gsize k = 0; k < procedures[i]->n_results; k++) {
            const Result *result = &procedures[i]->results[k];
            printf("\n   (\"%s\" . %s)", result->name, kinds[result->type]);
        }
        printf(")) tables))\n");
    }
}

int
main(int argc, char **argv)
{
    /* Not the user's language: what is printed here is compared. */
    setlocale(LC_ALL, "C");
    if (argc == 2 && strcmp(argv[1], "scheme") == 0)
        print_scheme();
    else if (argc == 2 && strcmp(argv[1], "defaults") == 0)
        for (gsize i = 0; procedures[i]; i++)
            each_argument(procedures[i], print_default);
    else
        return fputs("usage: table scheme|defaults\n", stderr), 2;
    return 0;
}
