/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faults.c: files that were cut off, damaged or made to harm are named and passed over. */
#define _POSIX_C_SOURCE 200809L /* mkfifo() */

#include "check.h"
#include "pixels/pixels.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/fixture.h"
#include "plugin/fixture/squares.h"
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void
check_cuts(const char *path)
{
    GByteArray *whole = file_contents(path);
    char *cut = g_strconcat(path, ".cut", NULL);
    for (guint parts = 1; parts < 8; parts++) {
        file_write(cut, whole->data, 60 + (whole->len - 60) / 8 * parts);
        file_check_refused(cut, "is damaged");
    }
    g_free(cut);
    g_byte_array_unref(whole);
}

static void
what_was_cut_off_is_no_picture(void)
{
    for (gsize i = 0; i < SQUARES_KINDS; i++) {
        char *path = squares_save(i);
        if (i == SQUARES_TIFF) { /* what GEGL saves ends with a profile */
            GByteArray *file = squares_tiff(1, FALSE);
            file_write(path, file->data, file->len);
            g_byte_array_unref(file);
        }
        check_cuts(path);
        g_free(path);
    }
    char *path = squares_bmp();
    check_cuts(path);
    g_free(path);
}

/* One bit of each chunk that is needed. */
static void
a_damaged_png_is_no_picture(void)
{
    char *path = squares_save(SQUARES_PNG), *damaged = fixture_path("damaged.png");
    GByteArray *whole = file_contents(path);
    for (guint at = 8; at < whole->len; at += 7) {
        guint8 *copy = g_memdup2(whole->data, whole->len);
        copy[at] ^= 0x20;
        file_write(damaged, copy, whole->len);
        gboolean unknown;
        GeglBuffer *buffer = pixels_decode(damaged, &unknown, NULL);
        /* A chunk that is not needed may be damaged: it is passed over. */
        if (buffer) {
            g_object_unref(buffer);
            squares_check(damaged, "012345", 3, 1.0 / 255);
        }
        g_free(copy);
    }
    g_byte_array_unref(whole);
    g_free(damaged);
    g_free(path);
}

/* --- made to harm */

static void
sizes_that_lie_cost_nothing(void)
{
    static const char radiance[] =
        "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n";
    char *path = fixture_path("lying.hdr");
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)radiance, sizeof radiance - 1);
    for (int i = 0; i < 600; i++)
        g_byte_array_append(file, (const guint8 *)"\2\2\47\17", 4);
    file_write(path, file->data, file->len);
    file_check_refused(path, "is damaged");
    g_free(path);

    path = fixture_path("lying.png");
    const guint8 header[13] = {0, 3, 13, 64, 0, 3, 13, 64, 8, 0}; /* 200,000 each */
    g_byte_array_set_size(file, 0);
    g_byte_array_append(file, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    colour_put_chunk(file, "IHDR", header, sizeof header);
    colour_put_chunk(file, "IDAT", (const guint8 *)"x\x9c\3\0\0\0\0\1", 8);
    colour_put_chunk(file, "IEND", NULL, 0);
    file_write(path, file->data, file->len);
    file_check_refused(path, "200000 × 200000 pixels would take more than");
    g_byte_array_unref(file);
    g_free(path);

    path = fixture_path("lying.ppm");
    file_write(path, "P6 99999999 99999999 255 abc", 28);
    file_check_refused(path, "is damaged");
    g_free(path);
}

static void
what_is_no_file_is_not_opened(void)
{
    char *fifo = fixture_path("fifo.png"), *link = fixture_path("link.png"),
         *socket_path = fixture_path("s.png"), *none = fixture_path("none.png"),
         *empty = fixture_path("empty.png");
    g_assert(mkfifo(fifo, 0600) == 0 && symlink("fifo.png", link) == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, socket_path, sizeof address.sun_path);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert(bind(made, (struct sockaddr *)&address, sizeof address) == 0);
    file_check_refused(fifo, "is not a regular file");
    file_check_refused(link, "is not a regular file");
    file_check_refused(socket_path, "is not a regular file");
    file_check_refused("/dev/zero", "is not a regular file");
    file_check_refused("/dev", "cannot be read");
    file_check_refused(none, "cannot be read");
    fixture_write("empty.png", "");
    file_check_refused(empty, "not an image of a known format");
    close(made);
    g_free(empty);
    g_free(none);
    g_free(socket_path);
    g_free(link);
    g_free(fifo);
}

static const CheckTest tests[] = {
    CHECK_TEST(what_was_cut_off_is_no_picture),
    CHECK_TEST(a_damaged_png_is_no_picture),
    CHECK_TEST(sizes_that_lie_cost_nothing),
    CHECK_TEST(what_is_no_file_is_not_opened),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return status;
}
