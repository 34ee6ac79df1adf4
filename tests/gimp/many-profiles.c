/* SPDX-License-Identifier: GPL-3.0-or-later */
/* many-profiles.c: small pictures that each have another colour profile, for the tests of
 * GIMP.
 *
 *     many-profiles FOLDER COUNT
 *
 * PNG files of colours, with alpha, of 16 bits, of a palette, of gray, and of gray with
 * alpha: by turns, as are profiles of a matrix and of a table. */
#include "plugin/fixture/colour_files.h"
#include <glib/gstdio.h>
#include <stdlib.h>

static void
make_picture(const char *folder, int i, GRand *random)
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
    for (int i = 0; i < atoi(argv[2]); i++)
        make_picture(argv[1], i, random);
    g_rand_free(random);
    return 0;
}
