/* SPDX-License-Identifier: GPL-3.0-or-later */
/* many-profiles.c: small pictures that each have another colour profile, for the tests of
 * GIMP.
 *
 *     many-profiles FOLDER COUNT
 *
 * PNG files of colours, with alpha, and of 16 bits: by turns, as are profiles of a matrix
 * and of a table. None is gray or has a palette: results in colours stand in a new image
 * then, for which GIMP 2.10 converts the picture, and its babl does not hold more than some
 * ten conversions. */
#include "plugin/fixture/colour_files.h"
#include <glib/gstdio.h>
#include <stdlib.h>

static void
make_picture(const char *folder, int i, GRand *random)
{
    static const struct {
        ColourKind kind;
        int bits;
    } kinds[] = {{COLOUR_RGB, 8}, {COLOUR_RGB_ALPHA, 8}, {COLOUR_RGB, 16}};
    double rgb[3 * COLOUR_WIDTH * COLOUR_HEIGHT], alpha[COLOUR_WIDTH * COLOUR_HEIGHT];
    GBytes *icc = i % 4 == 3 ? colour_table(i) : colour_matrix(i);
    char *name = g_strdup_printf("%03d.png", i),
         *path = g_build_filename(folder, name, NULL);
    colour_some_png(path, kinds[i % 3].kind, kinds[i % 3].bits, icc, random, rgb, alpha);
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
