/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recent.c: files that a person chose, for all actions. */
#include "base/recent.h"
#include "base/load.h"
#include "base/save.h"

#define MOST_FILES 8

static char *
store_path(void)
{
    return g_build_filename(g_get_user_config_dir(), "featurescope", "recent.ini", NULL);
}

static GKeyFile *
store_read(void)
{
    GKeyFile *store = g_key_file_new();
    char *path = store_path();
    load_keys(store, path, G_KEY_FILE_NONE, NULL);
    g_free(path);
    return store;
}

static void
store_write(GKeyFile *store)
{
    char *path = store_path(), *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0700) == 0)
        save_keys(path, store, NULL);
    g_free(folder);
    g_free(path);
}

/* The list as it is kept. */
static char **
kept_files(GKeyFile *store, const char *name)
{
    char **files = g_key_file_get_string_list(store, name, "files", NULL, NULL);
    return files ? files : g_new0(char *, 1);
}

char **
recent_files(const char *name)
{
    GKeyFile *store = store_read();
    char **files = kept_files(store, name);
    GPtrArray *there = g_ptr_array_new();
    for (char **file = files; *file && there->len < MOST_FILES; file++)
        if (g_file_test(*file, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(there, g_strdup(*file));
    g_ptr_array_add(there, NULL);
    g_strfreev(files);
    g_key_file_unref(store);
    return (char **)g_ptr_array_free(there, FALSE);
}

static void
reset_dependents(ParamValues *values, const char *name)
{
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    for (gsize i = 0; i < n_params; i++) {
        char **on = g_strsplit(params[i].depends ? params[i].depends : "", ";", -1);
        if (g_strv_contains((const char *const *)on, name))
            param_set_text(values, params[i].name, params[i].text);
        g_strfreev(on);
    }
}

void
recent_load(ParamValues *values)
{
    GKeyFile *store = store_read();
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    for (gsize i = 0; i < n_params; i++) {
        const char *name = params[i].name;
        char *last =
            params[i].shared ? g_key_file_get_string(store, name, "last", NULL) : NULL;
        if (last && (!*last || g_file_test(last, G_FILE_TEST_IS_REGULAR)) &&
            !g_str_equal(last, param_text(values, name))) {
            param_set_text(values, name, last);
            reset_dependents(values, name);
        }
        g_free(last);
    }
    g_key_file_unref(store);
}

/* Puts a file first. One name that is not UTF-8 would make the whole list unreadable. */
static void
remember(GKeyFile *store, const char *name, const char *file)
{
    char **before = kept_files(store, name);
    GPtrArray *files = g_ptr_array_new();
    g_ptr_array_add(files, (gpointer)file);
    for (char **old = before; *old && files->len < MOST_FILES; old++)
        if (!g_str_equal(*old, file))
            g_ptr_array_add(files, *old);
    g_key_file_set_string_list(store, name, "files", (const char *const *)files->pdata,
                               files->len);
    g_ptr_array_unref(files);
    g_strfreev(before);
}

void
recent_save(const ParamValues *values)
{
    GKeyFile *store = store_read();
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    gboolean any = FALSE;
    for (gsize i = 0; i < n_params; i++) {
        const char *file = params[i].shared ? param_text(values, params[i].name) : NULL;
        if (!file || !g_utf8_validate(file, -1, NULL))
            continue;
        g_key_file_set_string(store, params[i].name, "last", file);
        if (*file)
            remember(store, params[i].name, file);
        any = TRUE;
    }
    if (any)
        store_write(store);
    g_key_file_unref(store);
}
