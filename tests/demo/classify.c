/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.c: what a model takes image files for, with the plug-in's own preprocessing.
 *
 *     classify MODEL IMAGE...        MODEL "" is the built-in one
 *
 * Prints FILE<tab>LABEL<tab>PROBABILITY a line, for the best label of each. What the user
 * would be told, as of how pictures are fed, comes on stderr, each remark once, as "remark:
 * ...". Files that cannot be answered for are named there too, and the exit status is then
 * 1. */
#include "actions/classify/answer.h"
#include "host/host_memory.h"
#include <stdio.h>

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

static void
print_remarks(void)
{
    GPtrArray *messages = memory_host()->messages;
    for (guint i = 0; i < messages->len; i++) {
        gboolean again = FALSE;
        for (guint k = 0; k < i && !again; k++)
            again = g_str_equal(messages->pdata[i], messages->pdata[k]);
        if (!again)
            fprintf(stderr, "remark: %s\n", (char *)messages->pdata[i]); /* in UTF-8 */
    }
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
    if (net)
        net_tell(net);
    for (int i = 2; net && i < argc; i++)
        if (!classify(net, argv[i], &error)) {
            g_printerr("%s: %s\n", argv[i], error->message);
            g_clear_error(&error);
            status = 1;
        }
    print_remarks();
    net_forget();
    memory_host_reset();
    gegl_exit();
    return status;
}
