/* SPDX-License-Identifier: GPL-3.0-or-later */
/* many-profiles.c: small pictures that each have another colour profile, for the tests of
 * GIMP.
 *
 *     many-profiles FOLDER COUNT
 *
 * PNG files of colours, with alpha, of 16 bits, of a palette, of gray, and of gray with
 * alpha: by turns, as are profiles of a matrix and of a table. FOLDER.scm defines
 * `wanted`, what lcms2 makes of the first pixel of each: a list of three numbers of 0 ..
 * 255 in sRGB. */
#include "plugin/fixture/colour_files.h"
#include <glib/gstdio.h>
#include <stdlib.h>

static void
make_picture(const char *folder, int i, GRand *random, GString *wanted)
{
    static const struct {
        ColourKind kind;
        int bits;
    } kinds[] = {{COLOUR_RGB, 8},   {COLOUR_PALETTE, 8},   {COLOUR_GRAY, 8},
                 {COLOUR_RGB, 16},  {COLOUR_RGB_ALPHA, 8}, {COLOUR_PALETTE, 8},
                 {COLOUR_GRAY, 16}, {COLOUR_GRAY_ALPHA, 8}};
    double rgb[3 * COLOUR_WIDTH * COLOUR_HEIGHT], alpha[COLOUR_WIDTH * COLOUR_HEIGHT];
    ColourKind kind = kinds[i % G_N_ELEMENTS(kinds)].kind;
    GBytes *icc = colour_is_gray(kind) ? colour_gray(i)
                  : i % 3 == 0         ? colour_table(i)
                                       : colour_matrix(i);
    char *name = g_strdup_printf("%03d.png", i),
         *path = g_build_filename(folder, name, NULL);
    colour_some_png(path, kind, kinds[i % G_N_ELEMENTS(kinds)].bits, icc, random, rgb,
                    alpha);
    double srgb[3];
    colour_wanted(icc, colour_is_gray(kind), rgb, 1, srgb);
    g_string_append(wanted, "(");
    for (int c = 0; c < 3; c++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append(wanted,
                        g_ascii_formatd(number, sizeof number, "%.4f ", 255 * srgb[c]));
    }
    g_string_append(wanted, ")\n");
    g_free(path);
    g_free(name);
    g_bytes_unref(icc);
}

int
main(int argc, char **argv)
{
    if (argc != 3 || g_mkdir_with_parents(argv[1], 0777) != 0) {
        g_printerr("usage: many-profiles FOLDER COUNT\n");
        return 2;
    }
    GRand *random = g_rand_new_with_seed(18);
    GString *wanted = g_string_new("(define wanted '(");
    char *file = g_strconcat(argv[1], ".scm", NULL);
    for (int i = 0; i < atoi(argv[2]); i++)
        make_picture(argv[1], i, random, wanted);
    g_string_append(wanted, "))\n");
    gboolean ok = g_file_set_contents(file, wanted->str, -1, NULL);
    g_string_free(wanted, TRUE);
    g_free(file);
    g_rand_free(random);
    return ok ? 0 : 1;
}
