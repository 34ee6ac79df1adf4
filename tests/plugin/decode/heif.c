/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heif.c: files of HEIF and AVIF, where gdk-pixbuf has loaders for them. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/squares.h"
#include <gdk-pixbuf/gdk-pixbuf.h>

static char *
picture(const char *name)
{
    return g_build_filename(SOURCE_ROOT, "tests", "plugin", "pictures", name, NULL);
}

/* FALSE, and it is said, if no loader is here. */
static gboolean
is_known(const char *path)
{
    gboolean known = gdk_pixbuf_get_file_info(path, NULL, NULL) != NULL;
    if (!known)
        check_skip("gdk-pixbuf has no loader for it here");
    return known;
}

/* The file turns its picture by a quarter against the clock's hands three times. */
static void
the_turn_of_a_heic_is_done_once(void)
{
    char *path = picture("turned.heic");
    if (is_known(path))
        squares_check(path, "304152", 2, 2.0 / 255);
    g_free(path);
}

static void
an_avif_is_read(void)
{
    char *path = picture("squares.avif");
    if (is_known(path))
        squares_check(path, "012345", 3, 4.0 / 255);
    g_free(path);
}

static void
the_profile_of_a_heic_is_applied(void)
{
    char *path = picture("wide.heic"), *profile = picture("wide.icc"), *why, *bytes;
    gsize size;
    if (is_known(path)) {
        g_assert(g_file_get_contents(profile, &bytes, &size, NULL));
        GBytes *icc = g_bytes_new_take(bytes, size);
        int width = 0, height = 0;
        float *rgba = file_decode(path, &width, &height, &why);
        if (!rgba)
            check_fail("%s", why);
        for (int i = 0; rgba && i < 6; i++) {
            float stored[3];
            double from[3], wanted[3];
            squares_colour(i, stored);
            for (int c = 0; c < 3; c++)
                from[c] = (double)stored[c];
            check(colour_wanted(icc, FALSE, from, 1, wanted),
                  "the profile makes colours");
            int x = i % 3 * SQUARE + SQUARE / 2, y = i / 3 * SQUARE + SQUARE / 2;
            for (int c = 0; c < 3; c++)
                check_near((double)rgba[4 * (y * width + x) + c], CLAMP(wanted[c], 0, 1),
                           4.0 / 255, path);
        }
        g_free(rgba);
        g_free(why);
        g_bytes_unref(icc);
    }
    g_free(profile);
    g_free(path);
}

static void
one_that_is_cut_is_damaged(void)
{
    char *path = picture("turned.heic"), *cut = fixture_path("cut.heic");
    if (is_known(path)) {
        GByteArray *file = file_contents(path);
        file_write(cut, file->data, file->len - 200);
        g_byte_array_unref(file);
        file_check_refused(cut, "damaged");
    }
    g_free(cut);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(the_turn_of_a_heic_is_done_once),
             CHECK_TEST(an_avif_is_read),
             CHECK_TEST(the_profile_of_a_heic_is_applied),
             CHECK_TEST(one_that_is_cut_is_damaged))
