/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c: comma-separated values, field by field. */

#include "base/csv.h"
#include <math.h>
#include <string.h>

static void
begin(GString *out)
{
    if (out->len && out->str[out->len - 1] != '\n')
        g_string_append_c(out, ',');
}

void
csv_text(GString *out, const char *text)
{
    gboolean quoted = !*text || strpbrk(text, ",\"\r\n") != NULL;
    begin(out);
    if (quoted)
        g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    if (quoted)
        g_string_append_c(out, '"');
}

void
csv_number(GString *out, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
    if (isfinite(value))
        g_ascii_formatd(number, sizeof number, "%.9g", value);
    begin(out);
    g_string_append(out, number);
}

void
csv_end(GString *out)
{
    g_string_append_c(out, '\n');
}
