/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nearest.c: the names that a misspelt one may have meant. */

#include "base/nearest.h"
#include <string.h>

/* Names longer than this are compared by their beginnings. */
#define LONGEST 64

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
nearest_names(const char *wanted, char *const *names, gsize n_names)
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
