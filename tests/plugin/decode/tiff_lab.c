/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_lab.c: TIFF files in CIE L*a*b* are of the colours that they say. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/squares.h"
#include <math.h>

enum { LAB = 8, ICC_LAB = 9 };

/* sRGB's own colours in L*a*b* of D50, as CSS Color 4 converts them. */
static const struct {
    double lab[3], rgb[3];
} colours[] = {
    {{100, 0, 0}, {255, 255, 255}},           {{0, 0, 0}, {0, 0, 0}},
    {{53.585, 0, 0}, {128, 128, 128}},        {{54.291, 80.805, 69.891}, {255, 0, 0}},
    {{87.819, -79.271, 80.995}, {0, 255, 0}}, {{29.568, 68.287, -112.030}, {0, 0, 255}},
};
#define COUNT ((int)G_N_ELEMENTS(colours))

static guint
stored(double value, int channel, int bits, int kind)
{
    if (channel == 0)
        return (guint)(value / 100 * ((1 << bits) - 1) + 0.5);
    double unit = bits == 8 ? 1 : 256;
    int number = (int)floor((kind == ICC_LAB ? value + 128 : value) * unit + 0.5);
    return (guint)number & ((1U << bits) - 1);
}

static void
put_entry(GByteArray *file, guint tag, guint type, guint count, guint value)
{
    file_put_little(file, tag, 2);
    file_put_little(file, type, 2);
    file_put_little(file, count, 4);
    file_put_little(file, value, 4);
}

/* A row of the colours. */
static void
write_file(const char *path, int bits, int kind)
{
    enum { SHORT = 3, LONG = 4, ENTRIES = 9, HEADER = 8 };
    GByteArray *file = g_byte_array_new();
    guint size = (guint)(COUNT * 3 * bits / 8), list = HEADER + 2 + ENTRIES * 12 + 4;
    g_byte_array_append(file, (const guint8 *)"II*\0\10\0\0\0", HEADER);
    file_put_little(file, ENTRIES, 2);
    put_entry(file, 256, SHORT, 1, COUNT);
    put_entry(file, 257, SHORT, 1, 1);
    put_entry(file, 258, SHORT, 3, list);
    put_entry(file, 259, SHORT, 1, 1);
    put_entry(file, 262, SHORT, 1, (guint)kind);
    put_entry(file, 273, LONG, 1, list + 6);
    put_entry(file, 277, SHORT, 1, 3);
    put_entry(file, 278, SHORT, 1, 1);
    put_entry(file, 279, LONG, 1, size);
    file_put_little(file, 0, 4);
    for (int c = 0; c < 3; c++)
        file_put_little(file, (guint)bits, 2);
    for (int i = 0; i < COUNT; i++)
        for (int c = 0; c < 3; c++)
            file_put_little(file, stored(colours[i].lab[c], c, bits, kind), bits / 8);
    file_write(path, file->data, file->len);
    g_byte_array_unref(file);
}

/* A step of 8 bits in L*a*b* is up to ten near sRGB's edges, where its curve is steep. */
static void
each_way_is_read(void)
{
    char *path = fixture_path("lab.tif");
    for (int bits = 8; bits <= 16; bits += 8)
        for (int kind = LAB; kind <= ICC_LAB; kind++) {
            int width = 0, height = 0;
            char *why;
            write_file(path, bits, kind);
            float *rgba = file_decode(path, &width, &height, &why);
            check_int(width, COUNT, why ? why : "width");
            for (int i = 0; rgba && width == COUNT && i < COUNT; i++)
                for (int c = 0; c < 3; c++)
                    check_near((double)rgba[4 * i + c] * 255, colours[i].rgb[c],
                               bits == 8 ? 10 : 1.5, "a colour");
            g_free(rgba);
            g_free(why);
        }
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(each_way_is_read))
