/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nearest.c: the names most like one that was not found, for the message about it. */
#include "plan/plan_private.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 64

/* Edits (insert, delete, replace) between names of n and m letters, at most `most`. Case
 * does not count. */
static size_t
edits(const char *a, size_t n, const char *b, size_t m, size_t most)
{
    if (n > LONGEST || m > LONGEST || n > m + most || m > n + most)
        return most;
    size_t row[LONGEST + 1]; /* Levenshtein's table, one row at a time */
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            bool same =
                tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t replace = diagonal + !same, insert = row[j - 1] + 1,
                   remove = row[j] + 1;
            diagonal = row[j];
            row[j] = replace < insert ? replace : insert;
            row[j] = row[j] < remove ? row[j] : remove;
        }
    }
    return row[m] < most ? row[m] : most;
}

/* Edits to the candidate, or to its beginning of as many parts: "fire99" is one from
 * "fire9/concat", as it is from "fire9". */
static size_t
unlike(const char *name, const char *candidate, size_t most)
{
    size_t length = strlen(name), parts = 1;
    for (size_t i = 0; i < length; i++)
        parts += name[i] == '/';
    const char *end = candidate;
    while (*end && (parts -= *end == '/') > 0)
        end++;
    size_t whole = edits(name, length, candidate, strlen(candidate), most);
    size_t beginning = edits(name, length, candidate, (size_t)(end - candidate), most);
    return beginning < whole ? beginning : whole;
}

void
dcn_plan_nearest(const DcnPlan *plan, const char *name, char *text, size_t size)
{
    enum { MOST = 3 };
    const char *best[MOST] = {NULL};
    size_t distance[MOST], limit = strlen(name) / 2 + 1;
    for (int i = 0; i < MOST; i++)
        distance[i] = limit + 1;
    for (size_t i = 0; i < 2 * plan->n_layers; i++) {
        const DcnLayer *layer = &plan->layers[i / 2];
        const char *candidate = i % 2 ? layer->short_name : layer->name;
        if (i % 2 && strcmp(layer->name, layer->short_name) == 0)
            continue;
        size_t d = unlike(name, candidate, limit + 1);
        for (int k = 0; k < MOST; k++) {
            if (d >= distance[k])
                continue;
            memmove(&best[k + 1], &best[k], sizeof *best * (size_t)(MOST - 1 - k));
            memmove(&distance[k + 1], &distance[k],
                    sizeof *distance * (size_t)(MOST - 1 - k));
            best[k] = candidate;
            distance[k] = d;
            break;
        }
    }
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < MOST && best[i] && used < size; i++) {
        int n = snprintf(text + used, size - used, "%s%.60s",
                         i ? ", " : "; did you mean ", best[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    if (best[0] && used < size)
        snprintf(text + used, size - used, "?");
}
