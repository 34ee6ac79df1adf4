/* SPDX-License-Identifier: GPL-3.0-or-later */
/* not_yet.c: reads not-yet.txt, notes the checks of each entry, and reports entries that
 * have to be removed. */
#include "cases/not_yet.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    char *name, *task, *why; /* task is NULL if the entry excuses the whole case */
    int failed, ran;         /* checks */
} Entry;

struct NotYet {
    GArray *entries;
};

static void
clear_entry(gpointer pointer)
{
    Entry *entry = pointer;
    g_free(entry->name);
    g_free(entry->task);
    g_free(entry->why);
}

NotYet *
not_yet_read(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "not-yet.txt", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    NotYet *list = g_new(NotYet, 1);
    list->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_array_set_clear_func(list->entries, clear_entry);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line == '#' || *g_strstrip(*line) == '\0')
            continue;
        gsize length = strcspn(*line, " \t");
        g_autofree char *key = g_strndup(*line, length);
        g_auto(GStrv) parts = g_strsplit(key, "/", 2);
        Entry entry = {.name = g_strdup(parts[0]),
                       .task = g_strdup(parts[1]),
                       .why = g_strdup(g_strstrip(*line + length))};
        g_array_append_val(list->entries, entry);
    }
    return list;
}

void
not_yet_free(NotYet *list)
{
    if (!list)
        return;
    g_array_unref(list->entries);
    g_free(list);
}

static gboolean
is_of_task(const char *check, const char *task)
{
    gsize length = task ? strlen(task) : 0;
    return !task || (strncmp(check, task, length) == 0 &&
                     (check[length] == ' ' || check[length] == '\0'));
}

gboolean
not_yet_excuses(NotYet *list, const char *name, const char *check, gboolean failed)
{
    gboolean listed = FALSE;
    for (guint i = 0; list && i < list->entries->len; i++) {
        Entry *entry = &g_array_index(list->entries, Entry, i);
        if (strcmp(entry->name, name) != 0 || !is_of_task(check, entry->task))
            continue;
        entry->ran++;
        entry->failed += failed;
        listed = TRUE;
    }
    return listed && failed;
}

int
not_yet_close(const NotYet *list, gboolean all)
{
    int must_go = 0;
    for (guint i = 0; list && i < list->entries->len; i++) {
        const Entry *entry = &g_array_index(list->entries, Entry, i);
        g_autofree char *name =
            g_strconcat(entry->name, entry->task ? "/" : NULL, entry->task, NULL);
        if (entry->failed > 0) {
            printf("skipped: not yet: %s: %s (%d of %d checks fail)\n", name, entry->why,
                   entry->failed, entry->ran);
        } else if (entry->ran > 0 || all) {
            printf("FAILED  not-yet.txt %s  %s: take the line out\n", name,
                   entry->ran > 0 ? "holds now" : "there is no such case or task");
            must_go++;
        }
    }
    return must_go;
}
