/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c: a code and a sentence in the caller's struct, so that out of memory can be
 * told too. */
#include "base/error.h"
#include <stdio.h>
#include <string.h>

/* Cuts text that was too long at a whole UTF-8 character. */
static void
trim_utf8(char *text)
{
    size_t length = strlen(text);
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wants = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < wants)
        text[start - 1] = '\0';
}

bool
dcn_fail_va(
    DcnError *error, DcnCode code, const char *prefix, const char *format, va_list args)
{
    if (!error)
        return false;
    error->code = code;
    int used = snprintf(error->text, sizeof error->text, "%s", prefix);
    if (used >= 0 && (size_t)used < sizeof error->text)
        vsnprintf(error->text + used, sizeof error->text - (size_t)used, format, args);
    trim_utf8(error->text);
    return false;
}

bool
dcn_fail(DcnError *error, DcnCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    dcn_fail_va(error, code, "", format, args);
    va_end(args);
    return false;
}

bool
dcn_fail_memory(DcnError *error, const char *what, size_t bytes)
{
    return dcn_fail(error, DCN_ERROR_MEMORY, "out of memory: %s needs %.1f MB", what,
                    (double)bytes / 1e6);
}
