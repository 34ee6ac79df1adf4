/* SPDX-License-Identifier: GPL-3.0-or-later */
/* netpbm.c: PBM, PGM, PPM, PAM and PFM files, whose parts may be written in many ways. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/squares.h"
#include <string.h>

/* A file without its end is damaged. */
static void
check_last_pixel(
    const char *bytes, gsize size, int width, int height, const float *wanted)
{
    char *path = fixture_path("odd.pnm"), *why;
    int w = 0, h = 0;
    file_write(path, bytes, size);
    float *rgba = file_decode(path, &w, &h, &why);
    check_int(w, width, why ? why : "width");
    check_int(h, height, "height");
    if (rgba && w == width && h == height)
        check_floats(rgba + 4 * (width * height - 1), wanted, 4, 1e-6);
    g_free(rgba);
    g_free(why);
    file_write(path, bytes, size - 1);
    file_check_refused(path, "is damaged");
    g_free(path);
}

#define GRAY(v)                                                                          \
    {                                                                                    \
        v, v, v, 1                                                                       \
    }

static void
headers_may_be_written_in_any_way(void)
{
    static const struct {
        const char *bytes;
        gsize size;
        float wanted[4]; /* the second of two pixels */
    } files[] = {
        {"P5\n2 1\n255\n\1\2", 13, GRAY(2 / 255.0F)},
        {"P5 2 1 10 \1\2", 12, GRAY(51 / 255.0F)},
        {"P5#c\n2#d\n 1 65535\n\0\1\2\3", 22, GRAY(515 / 65535.0F)},
        {"P6\t2\r1\n7\n\1\2\3\4\5\6", 15, {146 / 255.0F, 182 / 255.0F, 219 / 255.0F, 1}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        check_last_pixel(files[i].bytes, files[i].size, 2, 1, files[i].wanted);
}

static void
values_may_be_words_or_bits(void)
{
    static const struct {
        const char *bytes;
        gsize size;
        int width, height;
        float wanted[4]; /* the last pixel */
    } files[] = {
        {"P2 2 1 10 1 7", 13, 2, 1, GRAY(179 / 255.0F)},
        {"P2\n2 2 #c\n65535 1 2#d\n3\n515", 27, 2, 2, GRAY(515 / 65535.0F)},
        {"P3 1 2 255 1 2 3\n51 102 204", 27, 1, 2, {0.2F, 0.4F, 0.8F, 1}},
        {"P1\n3 2\n101\n010", 14, 3, 2, GRAY(1)}, /* nothing between, 0 is white */
        {"P1 3 2 1 0 1 0 0 1", 18, 3, 2, GRAY(0)},
        {"P4 9 2\n\0\0\0\x80", 11, 9, 2, GRAY(0)}, /* rows of bytes */
        {"P4\n#c\n9 1\n\xff\x7f", 12, 9, 1, GRAY(1)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        char *path = fixture_path("words.pnm"), *why;
        int w = 0, h = 0;
        file_write(path, files[i].bytes, files[i].size);
        float *rgba = file_decode(path, &w, &h, &why);
        check_int(w, files[i].width, why ? why : "width");
        check_int(h, files[i].height, "height");
        if (rgba && w == files[i].width && h == files[i].height)
            check_floats(rgba + 4 * (w * h - 1), files[i].wanted, 4, 1e-6);
        g_free(rgba);
        g_free(why);
        char *end = strrchr(files[i].bytes + 3, ' ');
        gsize words = end ? (gsize)(end - files[i].bytes) : 0;
        /* Without the last word, digit, or byte. */
        file_write(path, files[i].bytes,
                   files[i].bytes[1] != '1' && files[i].bytes[1] != '4' && words > 8
                       ? words
                       : files[i].size - 1);
        file_check_refused(path, "is damaged");
        g_free(path);
    }
}

static void
pam_has_lines_of_words(void)
{
    static const char alpha[] = "P7\nWIDTH 1\nHEIGHT 2\n# a remark\nDEPTH 4\nMAXVAL 255\n"
                                "TUPLTYPE RGB_ALPHA\nENDHDR\n"
                                "\0\0\0\0\x33\x66\xcc\x99";
    static const char gray[] = "P7\nTUPLTYPE GRAYSCALE_ALPHA\nMAXVAL 65535\nDEPTH 2\n"
                               "HEIGHT 1\nWIDTH 2\nENDHDR\n"
                               "\0\0\0\0\2\3\xff\xff";
    static const char bits[] = "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\n"
                               "TUPLTYPE BLACKANDWHITE\nENDHDR\n\0\1";
    static const char many[] =
        "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n12345";
    const float of_alpha[4] = {0.2F, 0.4F, 0.8F, 0.6F}, of_gray[4] = GRAY(515 / 65535.0F),
                of_bits[4] = GRAY(1);
    check_last_pixel(alpha, sizeof alpha - 1, 1, 2, of_alpha);
    check_last_pixel(gray, sizeof gray - 1, 2, 1, of_gray);
    check_last_pixel(bits, sizeof bits - 1, 2, 1,
                     of_bits); /* 1 is white, not as in PBM */
    char *path = fixture_path("many.pam");
    file_write(path, many, sizeof many - 1);
    file_check_refused(path, "is of a kind that is not read here: PAM");
    g_free(path);
}

/* Linear light, from below; 0.21404114 is sRGB's 0.5. */
static void
pfm_has_floats(void)
{
    static const char little[] = "PF\n1 2\n-1.0\n"
                                 "\x9a\x2d\x5b\x3e\0\0\x80\x3f\0\0\0\0"
                                 "\0\0\0\0\0\0\0\0\0\0\0\0";
    static const char big[] = "Pf 1 1 2\n\x3d\xdb\x2d\x9a"; /* times two */
    char *path = fixture_path("light.pfm"), *why;
    int width = 0, height = 0;
    file_write(path, little, sizeof little - 1);
    float *rgba = file_decode(path, &width, &height, &why);
    check_int(width * height, 2, why ? why : "size");
    if (rgba && height == 2) {
        const float black[4] = GRAY(0), wanted[4] = {0.5F, 1, 0, 1};
        check_floats(rgba, black, 4, 1e-5);
        check_floats(rgba + 4, wanted, 4, 1e-5);
    }
    g_free(rgba);
    g_free(why);
    file_write(path, little, sizeof little - 2);
    file_check_refused(path, "is damaged");
    const float gray[4] = GRAY(0.5F);
    file_write(path, big, sizeof big - 1);
    rgba = file_decode(path, &width, &height, &why);
    if (rgba)
        check_floats(rgba, gray, 4, 1e-5);
    else
        check_fail("%s", why);
    g_free(rgba);
    g_free(why);
    g_free(path);
}

static void
what_is_none_is_not_damaged(void)
{
    static const char *const texts[] = {"P6", "P1000 pieces", "PFister", "P7 332\nthumb"};
    char *path = fixture_path("text");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        file_write(path, texts[i], strlen(texts[i]));
        file_check_refused(path, "is not an image of a known format");
    }
    static const char *const wrong[] = {"P5 0 1 255 a",
                                        "P5 1 1 0 a",
                                        "P5 1 1 65536 ab",
                                        "PF 1 1 0 aaaabbbbcccc",
                                        "P2 1 1 255 x",
                                        "P1 1 1 2",
                                        "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 0\nENDHDR\na"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        file_write(path, wrong[i], strlen(wrong[i]));
        file_check_refused(path, "is damaged");
    }
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(headers_may_be_written_in_any_way),
             CHECK_TEST(values_may_be_words_or_bits),
             CHECK_TEST(pam_has_lines_of_words),
             CHECK_TEST(pfm_has_floats),
             CHECK_TEST(what_is_none_is_not_damaged))
