/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jpeg.c: files that were cut off are told from whole ones. */

#include "decode/jpeg.h"
#include "pixels/pixels.h"
#include "plugin/fixture/check_main.h"
#include <glib/gstdio.h>

#define WHOLE                                                                            \
    "\xff\xd8\xff\xe0\x00\x04"                                                           \
    "ab\xff\xda\x00\x03"                                                                 \
    "c123\xff\x00"                                                                       \
    "45\xff\xd0"                                                                         \
    "67\xff\xd9"

static void
a_whole_one_ends_with_its_last_marker(void)
{
    const guint8 *bytes = (const guint8 *)WHOLE;
    gsize size = sizeof WHOLE - 1;
    check(jpeg_is_whole(bytes, size), "whole");
    for (gsize cut = 0; cut < size; cut++)
        if (jpeg_is_whole(bytes, cut))
            check_fail("whole at %zu of %zu bytes", cut, size);
    check(jpeg_is_whole((const guint8 *)WHOLE "behind", size + 6), "more behind the end");
}

static void
an_end_inside_of_a_segment_is_none(void)
{
    static const guint8 bytes[] = {0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 1, 2, 3};
    check(!jpeg_is_whole(bytes, sizeof bytes), "the end of a small picture inside");
    static const guint8 wrong[] = {0xff, 0xd8, 0xff, 0xe1, 0, 1, 0xff, 0xd9};
    check(!jpeg_is_whole(wrong, sizeof wrong), "a length below 2");
}

static void
cut_photos_are_refused_at_every_length(void)
{
    char *bytes, *path = g_build_filename(SOURCE_ROOT, "docs", "images", "top.jpg", NULL);
    gsize size;
    g_assert(g_file_get_contents(path, &bytes, &size, NULL));
    GError *error = NULL;
    gboolean unknown;
    fixture_ignore_leaks(TRUE); /* of GEGL's loader */
    GeglBuffer *buffer = pixels_decode(path, &unknown, &error);
    fixture_ignore_leaks(FALSE);
    check(buffer != NULL, "the whole photo");
    g_clear_object(&buffer);
    g_free(path);

    char *folder = g_dir_make_tmp("featurescope-XXXXXX", NULL);
    path = g_build_filename(folder, "cut.jpg", NULL);
    for (gsize cut = 4; cut < size; cut += 1 + size / 13) {
        g_assert(g_file_set_contents(path, bytes, (gssize)cut, NULL));
        buffer = pixels_decode(path, &unknown, &error);
        check(!buffer && !unknown && error, "cut off");
        check_text(error ? error->message : "", "cut.jpg\" is damaged");
        g_clear_error(&error);
        g_clear_object(&buffer);
    }
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
    g_free(path);
    g_free(bytes);
}

FIXTURE_MAIN(CHECK_TEST(a_whole_one_ends_with_its_last_marker),
             CHECK_TEST(an_end_inside_of_a_segment_is_none),
             CHECK_TEST(cut_photos_are_refused_at_every_length))
