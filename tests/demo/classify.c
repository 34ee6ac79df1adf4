/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.c: what a model takes image files for, with the plug-in's own preprocessing.
 *
 *     classify MODEL IMAGE...        MODEL "" is the built-in one
 *
 * Prints FILE<tab>LABEL<tab>PROBABILITY a line, for the best label of each. Files that
 * cannot be answered for are named on stderr, and the exit status is then 1. */
#include "actions/classify/answer.h"
#include "host.h"

static gboolean
classify(Net *net, const char *path, GError **error)
{
    GeglRectangle whole = {0};
    Seen seen;
    HostPixels *pixels = host_file_open(path, error);
    if (!pixels)
        return FALSE;
    host_pixels_size(pixels, &whole.width, &whole.height);
    GArray *answers = NULL;
    if (seen_take(&seen, pixels, &whole, NULL, net, FIT_CROP, error)) {
        answers = answer(net, &seen, 1, 0, error);
        seen_clear(&seen);
    }
    host_pixels_close(pixels);
    if (!answers)
        return FALSE;
    const Answer *best = &g_array_index(answers, Answer, 0);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.4f", best->probability);
    g_print("%s\t%s\t%s\n", path, best->label, number);
    g_array_unref(answers);
    return TRUE;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        g_printerr("usage: %s MODEL IMAGE...\n", argv[0]);
        return 2;
    }
    gegl_init(NULL, NULL);
    GError *error = NULL;
    Net *net = net_open(argv[1], &error);
    int status = net ? 0 : 1;
    if (!net) {
        g_printerr("%s\n", error->message);
        g_clear_error(&error);
    }
    for (int i = 2; net && i < argc; i++)
        if (!classify(net, argv[i], &error)) {
            g_printerr("%s: %s\n", argv[i], error->message);
            g_clear_error(&error);
            status = 1;
        }
    net_forget();
    gegl_exit();
    return status;
}
