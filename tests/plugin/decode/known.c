/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c: a file that is a picture of a kind that is not read is called by its kind. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/jpeg_file.h"
#include "plugin/fixture/squares.h"
#include <string.h>

/* Their first bytes, then zeros. */
static void
kinds_are_named(void)
{
    static const struct {
        const char *bytes;
        gsize length; /* 0: of a string */
        const char *name;
    } files[] = {
        {"8BPS\0\1", 6, "Photoshop"},
        {"gimp xcf v011", 13, "XCF"},
        {"qoif\0\0\0\1", 8, "QOI"},
        {"DDS |", 5, "DDS"},
        {"\0\0\1\0\1", 5, "ICO"},
        {"\n\5\1\10", 4, "PCX"},
        {"SIMPLE  =                    T", 0, "FITS"},
        {"\1\xda\1\1", 4, "SGI"},
        {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 0, "SVG"},
        {"<?xml version=\"1.0\"?>\n<svg/>", 0, "SVG"},
        {"%PDF-1.7", 0, "PDF"},
        {"\xff\x4f\xff\x51", 4, "JPEG 2000"},
        {"\0\0\0\30ftypisom", 12, "MPEG-4"},
        {"/* XPM */", 0, "XPM"},
        {"SDPX", 0, "DPX"},
    };
    char *path = fixture_path("some.file");
    guint8 bytes[256];
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        char *sentence =
            g_strdup_printf("is of a kind that is not read here: %s", files[i].name);
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, files[i].bytes,
               files[i].length ? files[i].length : strlen(files[i].bytes));
        file_write(path, bytes, sizeof bytes);
        file_check_refused(path, sentence);
        g_free(sentence);
    }
    static const guint8 headers[][18] = {
        {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 61, 0, 43, 0, 24, 0x20},
        {0, 1, 1, 0, 0, 0, 1, 24, 0, 0, 0, 0, 61, 0, 43, 0, 8, 0},
        {4, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 61, 0, 43, 0, 8, 0},
        {0, 0, 2, 0, 1, 0, 32, 32, 0, 0, 0, 0, 0, 0, 0x30, 1, 0, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, headers[i], sizeof headers[i]);
        file_write(path, bytes, sizeof bytes);
        file_check_refused(path, i < 3 ? "not read here: TGA" : "not read here: CUR");
    }
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes + sizeof bytes - 18, "TRUEVISION-XFILE.", 18);
    file_write(path, bytes, sizeof bytes);
    file_check_refused(path, "is of a kind that is not read here: TGA");
    g_free(path);
}

static void
what_is_no_picture_has_no_name(void)
{
    static const char *const texts[] = {
        "", "a", "some words", "<?xml version=\"1.0\"?><html/>", "\n\5", "GIF"};
    char *path = fixture_path("some.text");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        file_write(path, texts[i], strlen(texts[i]));
        file_check_refused(path, "is not an image of a known format");
    }
    g_free(path);
}

/* The frame's header of a JPEG, FF C0 and its length, begins with the bits of a value. */
static void
a_jpeg_of_another_kind_is_not_damaged(void)
{
    static const guint8 values[1] = {100};
    char *path = fixture_path("frame.jpg");
    GByteArray *file = jpeg_blocks(values, 1, 1, FALSE);
    guint at = 0;
    while (file->data[at] != 0xff || file->data[at + 1] != 0xc0)
        at++;
    file->data[at + 1] = 0xc1;
    file->data[at + 4] = 12;
    file_write(path, file->data, file->len);
    file_check_refused(path,
                       "is of a kind that is not read here: JPEG with 12 bits a value");
    file->data[at + 1] = 0xc3; /* lossless */
    file->data[at + 4] = 8;
    file_write(path, file->data, file->len);
    file_check_refused(path, "is of a kind that is not read here: lossless JPEG");
    file->data[at + 1] = 0xf7;
    file_write(path, file->data, file->len);
    file_check_refused(path, "is of a kind that is not read here: JPEG-LS");
    file->data[at + 1] = 0xc0;
    file->data[at + 5] = file->data[at + 6] = 0; /* rows, told behind them */
    file_write(path, file->data, file->len);
    file_check_refused(path, "is of a kind that is not read here: JPEG");
    g_byte_array_unref(file);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(kinds_are_named),
             CHECK_TEST(what_is_no_picture_has_no_name),
             CHECK_TEST(a_jpeg_of_another_kind_is_not_damaged))
