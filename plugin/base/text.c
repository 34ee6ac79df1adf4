/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c: numbers and names as people read them. */

#include "base/text.h"
#include <math.h>
#include <string.h>

/* Names longer than this are compared by their beginnings. */
#define LONGEST 64

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

/* Letters to insert, delete, exchange or swap with the next (optimal string alignment),
 * over folded Unicode characters. */
static int
distance(const gunichar *a, int a_length, const gunichar *b, int b_length)
{
    int rows[3][LONGEST + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    for (int j = 0; j <= b_length; j++)
        last[j] = j;
    for (int i = 1; i <= a_length; i++) {
        row[0] = i;
        for (int j = 1; j <= b_length; j++) {
            row[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = MIN(row[j], MIN(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
        int *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b_length];
}

static gunichar *
folded(const char *name, int *length, char **text)
{
    *text = g_utf8_casefold(name, -1);
    glong n;
    gunichar *characters = g_utf8_to_ucs4_fast(*text, -1, &n);
    *length = (int)MIN(n, LONGEST);
    return characters;
}

char *
text_nearest(const char *wanted, char *const *names, gsize n_names)
{
    int wanted_length;
    char *wanted_text;
    gunichar *wanted_letters = folded(wanted, &wanted_length, &wanted_text);
    gsize best[3] = {0};
    int cost[3] = {G_MAXINT, G_MAXINT, G_MAXINT};
    for (gsize n = 0; n < n_names; n++) {
        int length, value;
        char *text;
        gunichar *letters = folded(names[n], &length, &text);
        value = distance(wanted_letters, wanted_length, letters, length);
        /* A name that holds the wanted one is what was meant, however long it is. */
        if (wanted_length > 1 && strstr(text, wanted_text))
            value = MIN(value, 1);
        else if (value > MAX(2, wanted_length / 2))
            value = G_MAXINT;
        for (int i = 0; i < 3; i++)
            if (value < cost[i]) {
                for (int j = 2; j > i; j--) {
                    cost[j] = cost[j - 1];
                    best[j] = best[j - 1];
                }
                cost[i] = value;
                best[i] = n;
                break;
            }
        g_free(letters);
        g_free(text);
    }
    g_free(wanted_letters);
    g_free(wanted_text);
    GString *list = g_string_new(NULL);
    for (int i = 0; i < 3 && cost[i] < G_MAXINT; i++)
        g_string_append_printf(list, "%s“%s”", i ? ", " : "", names[best[i]]);
    return g_string_free(list, cost[0] == G_MAXINT);
}
