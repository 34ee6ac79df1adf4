/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c: looks for the data folder and the helper around the folder of the program. */

#include "pixels/place.h"
#include <glib.h>

char *
pixels_data_folder(const char *program)
{
    const char *told = g_getenv("FEATURESCOPE_DATA");
    if (told && *told)
        return g_strdup(told);

    char *own = g_path_get_dirname(program);
    char *folder = g_strdup(own);
    for (int up = 0; up < 4; up++) {
        char *model = g_build_filename(folder, "models", "default.onnx", NULL);
        gboolean found = g_file_test(model, G_FILE_TEST_EXISTS);
        g_free(model);
        if (found) {
            g_free(own);
            return folder;
        }
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        folder = parent;
    }
    g_free(folder);
    return own;
}

char *
pixels_helper(void)
{
    static const char name[] = "featurescope-decode";
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = g_path_get_dirname(program ? program : ".");
    char *own = g_build_filename(folder, name, NULL), *path = g_strdup(own);
    for (int up = 0; up < 4 && !g_file_test(path, G_FILE_TEST_EXISTS); up++) {
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        g_free(path);
        folder = parent;
        path = g_build_filename(folder, "plugin", "decode", name, NULL);
    }
    gboolean found = g_file_test(path, G_FILE_TEST_EXISTS);
    g_free(found ? own : path);
    g_free(folder);
    g_free(program);
    return found ? path : own;
}
