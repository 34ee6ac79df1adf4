/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faults.c: files that were cut off, damaged or made to harm are named and passed over. */
#define _POSIX_C_SOURCE 200809L /* mkfifo() */

#include "pixels/pixels.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/jpeg_file.h"
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
        check_cuts(path);
        g_free(path);
    }
    char *path = squares_bmp();
    check_cuts(path);
    g_free(path);

    path = fixture_path("no-profile.tif");
    GByteArray *file = squares_tiff(1, FALSE);
    file_write(path, file->data, file->len);
    check_cuts(path);
    g_byte_array_unref(file);
    g_free(path);
}

/* Its pixels are all there, but it is not known what colours they are. */
static void
a_tiff_that_ends_in_its_profile_is_no_picture(void)
{
    guint8 rgb[3 * COLOUR_WIDTH * COLOUR_HEIGHT] = {0};
    char *path = fixture_path("profile.tif");
    GBytes *icc = colour_matrix(5);
    colour_tiff(path, rgb, icc);
    GByteArray *file = file_contents(path);
    gsize length = g_bytes_get_size(icc);
    const gsize gone[] = {1, length / 2, length};
    for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
        file_write(path, file->data, file->len - gone[i]);
        file_check_refused(path, "is damaged");
    }
    g_byte_array_unref(file);
    g_bytes_unref(icc);
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

/* --- damage inside of a JPEG */

static const guint8 blocks[12] = {10, 200, 90, 40, 250, 128, 0, 77, 180, 30, 220, 140};

static void
check_blocks(const GByteArray *file)
{
    int width = 0, height = 0;
    char *path = fixture_path("blocks.jpg"), *why;
    file_write(path, file->data, file->len);
    float *rgba = file_decode(path, &width, &height, &why);
    check_int(width, 8 * (int)sizeof blocks, why ? why : "width");
    for (gsize i = 0; rgba && width == 8 * (int)sizeof blocks && i < sizeof blocks; i++)
        check_near((double)rgba[4 * 8 * i] * 255, blocks[i], 0.5, "a block");
    g_free(rgba);
    g_free(why);
    g_free(path);
}

static void
check_blocks_refused(const GByteArray *file)
{
    char *path = fixture_path("blocks.jpg");
    file_write(path, file->data, file->len);
    file_check_refused(path, "is damaged");
    g_free(path);
}

/* A copy whose bytes at .. at + gone are others. */
static GByteArray *
with(const GByteArray *file, gsize at, gsize gone, const char *bytes, guint size)
{
    GByteArray *made = g_byte_array_new();
    g_byte_array_append(made, file->data, (guint)at);
    g_byte_array_append(made, (const guint8 *)bytes, size);
    g_byte_array_append(made, file->data + at + gone, file->len - (guint)(at + gone));
    return made;
}

static gsize
place_of(const GByteArray *file, guint8 mark)
{
    gsize at = 0;
    while (file->data[at] != 0xff || file->data[at + 1] != mark)
        at++;
    return at;
}

/* Data that end before the picture does, restarts that are lost, of another number, or
 * doubled, and codes that do not exist. */
static void
what_is_damaged_inside_is_no_picture(void)
{
    GByteArray *plain = jpeg_blocks(blocks, 1, sizeof blocks, FALSE);
    GByteArray *restarts = jpeg_blocks(blocks, 1, sizeof blocks, TRUE);
    check_blocks(plain);
    check_blocks(restarts);
    gsize third = place_of(restarts, 0xd2), scan = place_of(plain, 0xda) + 10;
    GByteArray *damaged[] = {
        with(plain, plain->len - 8, 6, "", 0),
        with(plain, scan, 4, "\xfe\xfe\xfe\xfe", 4),
        with(restarts, third, 2, "", 0),
        with(restarts, third, 2, "\xff\xd6", 2),
        with(restarts, third, 0, "\xff\xd2", 2),
        with(restarts, third - 1, 1, "\xfe", 1),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(damaged); i++) {
        check_blocks_refused(damaged[i]);
        g_byte_array_unref(damaged[i]);
    }
    g_byte_array_unref(restarts);
    g_byte_array_unref(plain);
}

/* Nobody needs bytes between segments, behind a block, or behind the end. */
static void
bytes_left_over_in_a_jpeg_are_no_damage(void)
{
    GByteArray *plain = jpeg_blocks(blocks, 1, sizeof blocks, FALSE);
    GByteArray *restarts = jpeg_blocks(blocks, 1, sizeof blocks, TRUE);
    GByteArray *good[] = {
        with(restarts, place_of(restarts, 0xd2), 0, "abc", 3),
        with(plain, place_of(plain, 0xc0), 0, "abc", 3),
        with(plain, place_of(plain, 0xd9), 0, "abcdefghijklmnopqrstuvwxyz", 26),
        with(plain, plain->len, 0, "abc", 3),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        check_blocks(good[i]);
        g_byte_array_unref(good[i]);
    }
    g_byte_array_unref(restarts);
    g_byte_array_unref(plain);
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

FIXTURE_MAIN(CHECK_TEST(what_was_cut_off_is_no_picture),
             CHECK_TEST(a_tiff_that_ends_in_its_profile_is_no_picture),
             CHECK_TEST(a_damaged_png_is_no_picture),
             CHECK_TEST(what_is_damaged_inside_is_no_picture),
             CHECK_TEST(bytes_left_over_in_a_jpeg_are_no_damage),
             CHECK_TEST(sizes_that_lie_cost_nothing),
             CHECK_TEST(what_is_no_file_is_not_opened))
