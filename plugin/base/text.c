/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c: numbers and sentences as people read them. */

#include "base/text.h"
#include <math.h>
#include <string.h>

/* Copies ASCII digits with "-" as U+2212. */
static const char *
with_minus(char text[static TEXT_NUMBER], const char *ascii)
{
    char *end = text;
    for (; *ascii && end < text + TEXT_NUMBER - 4; ascii++) {
        if (*ascii == '-')
            end = g_stpcpy(end, "−");
        else
            *end++ = *ascii;
    }
    *end = '\0';
    return text;
}

static const char *
decimals(char text[static TEXT_NUMBER], double value, int count)
{
    char format[8], ascii[40];
    g_snprintf(format, sizeof format, "%%.%df", count);
    g_ascii_formatd(ascii, sizeof ascii, format, value);
    return with_minus(text, ascii);
}

const char *
text_number(char text[static TEXT_NUMBER], double value)
{
    double size = fabs(value);
    if (isnan(value))
        return strcpy(text, "NaN");
    if (isinf(value))
        return strcpy(text, value < 0 ? "−∞" : "∞");
    if (size == 0)
        return strcpy(text, "0");
    if (size >= 1e7 || size < 1e-4) {
        char ascii[40];
        g_ascii_formatd(ascii, sizeof ascii, "%.2g", value);
        return with_minus(text, ascii);
    }
    return decimals(text, value, CLAMP(2 - (int)floor(log10(size)), 0, 6));
}

const char *
text_short_number(char text[static TEXT_NUMBER], double value)
{
    text_number(text, value);
    if (strchr(text, '.') && !strchr(text, 'e')) {
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    return text;
}

const char *
text_change(char text[static TEXT_NUMBER], double value)
{
    double size = fabs(value);
    char number[TEXT_NUMBER];
    if (!isfinite(value) || size == 0)
        return text_number(text, value);
    if (size >= 100 || size < 1e-3)
        text_number(number, size);
    else
        decimals(number, size, CLAMP(1 - (int)floor(log10(size)), 0, 4));
    g_snprintf(text, TEXT_NUMBER, "%s%s", value < 0 ? "−" : "+", number);
    return text;
}

const char *
text_probability(char text[static TEXT_NUMBER], double value)
{
    double rest = 1 - value;
    if (value > 0 && value < 0.1)
        return text_short_number(text, value);
    if (rest > 0 && rest < 0.005)
        return decimals(text, value,
                        rest < 1e-6 ? 6 : CLAMP((int)ceil(-log10(rest)), 3, 6));
    return decimals(text, value, 2);
}

const char *
text_percent(char text[static TEXT_NUMBER], double share)
{
    decimals(text, 100 * share, 1);
    g_strlcat(text, " %", TEXT_NUMBER);
    return text;
}

char *
text_of_label(const char *what, const char *label)
{
    gboolean bare = !(g_str_has_prefix(label, "(") && g_str_has_suffix(label, ")"));
    return g_strdup_printf(bare ? "%s(%s)" : "%s%s", what, label);
}

char *
text_end_once(char *text)
{
    static const char *const stops[] = {".", "。"}; /* the second in Chinese */
    gsize length = strlen(text);
    for (gsize i = 0; i < G_N_ELEMENTS(stops); i++) {
        gsize size = strlen(stops[i]);
        if (length > size && g_str_has_suffix(text, stops[i]) &&
            !g_str_has_suffix(text, "...") && strchr(".?!", text[length - size - 1])) {
            text[length - size] = '\0';
            break;
        }
    }
    return text;
}

char *
text_valid(char *text)
{
    if (!text || g_utf8_validate(text, -1, NULL))
        return text;
    char *valid = g_utf8_make_valid(text, -1);
    g_free(text);
    return valid;
}

char *
text_shorten(char *text)
{
    static const char gap[] = "…";
    gsize length = text ? strlen(text) : 0, half = (TEXT_MOST - sizeof gap) / 2;
    if (length <= TEXT_MOST)
        return text;
    /* Of a character in UTF-8 all bytes but the first are 10xxxxxx. */
    char *left = text + half, *right = text + length - half;
    while (left > text && (*left & 0xc0) == 0x80)
        left--;
    while ((*right & 0xc0) == 0x80)
        right++;
    memcpy(left, gap, sizeof gap - 1);
    memmove(left + sizeof gap - 1, right, strlen(right) + 1);
    return text;
}
