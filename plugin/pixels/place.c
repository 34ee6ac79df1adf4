/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c: looks for the data folder around the folder of the program. */

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
