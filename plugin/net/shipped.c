/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shipped.c: the models that ship. */
#include "net/shipped.h"
#include "host.h"
#include <glib/gstdio.h>

#define BUILT_IN "default.onnx"

char *
shipped_folder(void)
{
    char *data = host_data_folder();
    char *folder = g_build_filename(data, "models", NULL);
    g_free(data);
    return folder;
}

char *
shipped_path(const char *model)
{
    if (*model)
        return g_strdup(model);
    char *folder = shipped_folder();
    char *path = g_build_filename(folder, BUILT_IN, NULL);
    g_free(folder);
    return path;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

char **
shipped_others(void)
{
    GPtrArray *files = g_ptr_array_new();
    char *folder = shipped_folder();
    GDir *open = g_dir_open(folder, 0, NULL);
    const char *name;
    while (open && (name = g_dir_read_name(open)))
        if (g_str_has_suffix(name, ".onnx") && !g_str_equal(name, BUILT_IN))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    if (open)
        g_dir_close(open);
    g_free(folder);
    g_ptr_array_sort(files, by_name);
    g_ptr_array_add(files, NULL);
    return (char **)g_ptr_array_free(files, FALSE);
}

static gboolean
is_same_file(const char *a, const char *b)
{
    GStatBuf first, second;
    return g_str_equal(a, b) ||
           (g_stat(a, &first) == 0 && g_stat(b, &second) == 0 && first.st_ino != 0 &&
            first.st_ino == second.st_ino && first.st_dev == second.st_dev);
}

gboolean
shipped_has(const char *path)
{
    char *built_in = shipped_path(""), **others = shipped_others();
    gboolean has = is_same_file(path, built_in);
    for (char **other = others; *other && !has; other++)
        has = is_same_file(path, *other);
    g_strfreev(others);
    g_free(built_in);
    return has;
}
