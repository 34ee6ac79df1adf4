/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.c: the names of a network's classes. */

#include "net/labels.h"
#include "base/fail.h"
#include "base/load.h"
#include "base/nearest.h"
#include <string.h>

/* A list of names takes some kilobytes; a larger file is something else. */
#define MOST_BYTES ((gsize)16 << 20)

void
labels_clear(Labels *labels)
{
    g_strfreev(labels->names);
    *labels = (Labels){0};
}

gboolean
labels_parse(Labels *labels, const char *text, const char *source, GError **error)
{
    if (!g_utf8_validate(text, -1, NULL))
        return fail_input(error, _("The list of names “%s” is not UTF-8 text."), source);
    if (g_str_has_prefix(text, "\xEF\xBB\xBF")) /* a byte order mark */
        text += 3;
    char **lines = g_strsplit(text, "\n", -1);
    gsize count = g_strv_length(lines);
    for (gsize i = 0; i < count; i++)
        g_strstrip(lines[i]);
    while (count > 0 && !*lines[count - 1])
        g_clear_pointer(&lines[--count], g_free);
    *labels = (Labels){lines, count};
    return TRUE;
}

gboolean
labels_read(Labels *labels, const char *path, GError **error)
{
    char *text = NULL;
    gsize size;
    gboolean ok = load_bytes(path, MOST_BYTES, &text, &size, error) &&
                  labels_parse(labels, text, path, error);
    g_free(text);
    return ok;
}

char *
labels_name(const Labels *labels, gsize class_index)
{
    if (class_index < labels->count && *labels->names[class_index])
        return g_strdup(labels->names[class_index]);
    return g_strdup_printf(_("class %zu"), class_index);
}

/* "Egyptian cat" of "Egyptian cat, Felis catus". */
static gsize
first_part(const char *name)
{
    return strcspn(name, ",");
}

static gboolean
fits(const char *name, const char *wanted, int how)
{
    if (how == 0)
        return strcmp(name, wanted) == 0;
    char *a = g_utf8_casefold(name, how == 1 ? -1 : (gssize)first_part(name));
    char *b = g_utf8_casefold(wanted, -1);
    gboolean same = strcmp(a, b) == 0;
    g_free(a);
    g_free(b);
    return same;
}

static gboolean
by_name(const Labels *labels, gsize classes, const char *wanted, gsize *class_index)
{
    for (int how = 0; how < 3; how++)
        for (gsize i = 0; i < MIN(labels->count, classes); i++)
            if (fits(labels->names[i], wanted, how)) {
                *class_index = i;
                return TRUE;
            }
    return FALSE;
}

char *
labels_key(const Labels *labels, gsize class_index)
{
    gsize found;
    if (class_index < labels->count && *labels->names[class_index] &&
        !strchr(labels->names[class_index], ';') &&
        by_name(labels, labels->count, labels->names[class_index], &found) &&
        found == class_index)
        return g_strdup(labels->names[class_index]);
    return g_strdup_printf("%zu", class_index);
}

gboolean
labels_find(const Labels *labels,
            gsize classes,
            const char *wanted,
            gsize *class_index,
            GError **error)
{
    guint64 number;
    if (by_name(labels, classes, wanted, class_index))
        return TRUE;
    if (g_ascii_string_to_unsigned(wanted, 10, 0, G_MAXUINT32, &number, NULL)) {
        *class_index = number;
        return number < classes ||
               fail_input(
                   error,
                   _("There is no class %s: the model has %zu classes, numbered from 0."),
                   wanted, classes);
    }
    char *near = nearest_names(wanted, labels->names, MIN(labels->count, classes));
    if (near)
        fail_input(error, _("The model has no label “%s”. Near: %s."), wanted, near);
    else if (labels->count)
        fail_input(
            error,
            _("The model has no label “%s”. A label is a name or a number from 0 to %zu."),
            wanted, classes - 1);
    else
        fail_input(
            error,
            _("There is no label “%s”: the model comes without names. Give a number from 0 to %zu."),
            wanted, classes - 1);
    g_free(near);
    return FALSE;
}
