/* SPDX-License-Identifier: GPL-3.0-or-later */
/* presets.c: values that a person gave a name, of each procedure.
 *
 * A group's name cannot hold every letter, so it is escaped as in addresses. */
#include "base/presets.h"
#include "base/fail.h"
#include "base/load.h"
#include "base/save.h"
#include <errno.h>
#include <string.h>

#define VALUES "values" /* the group of param_values_save() */

static char *
store_path(const char *procedure)
{
    char *file = g_strconcat(procedure, ".ini", NULL);
    char *path =
        g_build_filename(g_get_user_config_dir(), "featurescope", "presets", file, NULL);
    g_free(file);
    return path;
}

/* Line by line, since GLib gives up a file at its first bad line. */
static void
read_tolerantly(GKeyFile *store, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    GString *good = g_string_new(NULL);
    gboolean in_group = FALSE;
    for (char **line = lines; *line; line++) {
        gsize length = strlen(*line);
        gboolean opens = **line == '[' && length > 2 && (*line)[length - 1] == ']';
        gboolean sound =
            g_utf8_validate(*line, -1, NULL) &&
            (opens || (in_group && strchr(*line, '=') && **line != '[' && **line != '='));
        in_group |= opens && sound;
        if (sound)
            g_string_append_printf(good, "%s\n", *line);
    }
    g_key_file_load_from_data(store, good->str, good->len, G_KEY_FILE_NONE, NULL);
    g_string_free(good, TRUE);
    g_strfreev(lines);
}

static GKeyFile *
store_read(const char *procedure)
{
    GKeyFile *store = g_key_file_new();
    char *path = store_path(procedure), *text;
    gsize size;
    if (load_bytes(path, LOAD_MOST_TEXT, &text, &size, NULL)) {
        if (!g_key_file_load_from_data(store, text, size, G_KEY_FILE_NONE, NULL))
            read_tolerantly(store, text);
        g_free(text);
    }
    g_free(path);
    return store;
}

static gboolean
store_write(const char *procedure, GKeyFile *store, GError **error)
{
    char *path = store_path(procedure), *folder = g_path_get_dirname(path);
    gboolean ok = g_mkdir_with_parents(folder, 0700) == 0;
    if (!ok)
        fail_run(error, _("“%s” cannot be written: %s"), folder, g_strerror(errno));
    else
        ok = save_keys(path, store, error);
    g_free(folder);
    g_free(path);
    return ok;
}

static char *
group_of(const char *name)
{
    return g_uri_escape_string(name, " ", TRUE);
}

static int
by_name(const void *a, const void *b)
{
    return g_utf8_collate(*(char *const *)a, *(char *const *)b);
}

char **
presets_names(const char *procedure)
{
    GKeyFile *store = store_read(procedure);
    gsize count;
    char **groups = g_key_file_get_groups(store, &count);
    GPtrArray *names = g_ptr_array_new();
    for (gsize i = 0; i < count; i++) {
        char *name = g_uri_unescape_string(groups[i], NULL);
        if (name && *name && g_utf8_validate(name, -1, NULL))
            g_ptr_array_add(names, name);
        else
            g_free(name);
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    g_strfreev(groups);
    g_key_file_unref(store);
    return (char **)g_ptr_array_free(names, FALSE);
}

static void
copy_group(GKeyFile *from, const char *group, GKeyFile *to, const char *as)
{
    char **keys = g_key_file_get_keys(from, group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
        char *value = g_key_file_get_value(from, group, *key, NULL);
        if (value)
            g_key_file_set_value(to, as, *key, value);
        g_free(value);
    }
    g_strfreev(keys);
}

gboolean
presets_load(const char *procedure, const char *name, ParamValues *values)
{
    GKeyFile *store = store_read(procedure), *one = g_key_file_new();
    char *group = group_of(name);
    gboolean there = g_key_file_has_group(store, group);
    if (there) {
        copy_group(store, group, one, VALUES);
        char *text = g_key_file_to_data(one, NULL, NULL);
        param_values_reset(values);
        param_values_load(values, text);
        g_free(text);
    }
    g_free(group);
    g_key_file_unref(one);
    g_key_file_unref(store);
    return there;
}

gboolean
presets_save(const char *procedure,
             const char *name,
             const ParamValues *values,
             GError **error)
{
    GKeyFile *store = store_read(procedure), *one = g_key_file_new();
    char *group = group_of(name), *text = param_values_save(values);
    g_key_file_load_from_data(one, text, strlen(text), G_KEY_FILE_NONE, NULL);
    g_key_file_remove_group(store, group, NULL);
    copy_group(one, VALUES, store, group);
    gboolean ok = store_write(procedure, store, error);
    g_free(text);
    g_free(group);
    g_key_file_unref(one);
    g_key_file_unref(store);
    return ok;
}

gboolean
presets_delete(const char *procedure, const char *name, GError **error)
{
    GKeyFile *store = store_read(procedure);
    char *group = group_of(name);
    gboolean ok = !g_key_file_remove_group(store, group, NULL) ||
                  store_write(procedure, store, error);
    g_free(group);
    g_key_file_unref(store);
    return ok;
}
