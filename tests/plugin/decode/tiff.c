/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.c: TIFF files of all layouts: kinds of values, of colours, planes, tiles, byte
 * order, packing. */

#include "check.h"
#include "plugin/fixture/fixture.h"
#include "plugin/fixture/squares.h"
#include <math.h>
#include <string.h>

#define WIDTH 19
#define HEIGHT 13
#define TILE 16

enum { WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, INK = 5 };
enum { UNSIGNED = 1, SIGNED = 2, FLOAT = 3 };
enum { PLAIN = 1, PACKBITS = 32773 };

typedef struct {
    int colours, samples, bits, format;
    gboolean planes, tiles, big;
    int packing;
} Layout;

/* A sample's value from 0 to 1, of so many steps that 8 bits have it exactly. */
static double
value(const Layout *layout, int x, int y, int sample)
{
    int steps = layout->bits < 8 ? (1 << layout->bits) - 1 : 255;
    return (x * 7 + y * 11 + sample * 67) % (steps + 1) / (double)steps;
}

static void
put(GByteArray *file, const Layout *layout, guint64 number, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        guint8 byte = (guint8)(number >> 8 * (layout->big ? bytes - 1 - i : i));
        g_byte_array_append(file, &byte, 1);
    }
}

static guint64
stored(const Layout *layout, double v)
{
    guint64 number = 0;
    if (layout->format == FLOAT && layout->bits == 64) {
        memcpy(&number, &v, 8);
    } else if (layout->format == FLOAT) {
        float narrow = (float)v;
        memcpy(&number, &narrow, 4);
    } else {
        number =
            (guint64)(v * (double)((G_GUINT64_CONSTANT(1) << layout->bits) - 1) + 0.5);
    }
    return number;
}

/* Runs of one byte, or of two: 1 a b. */
static void
pack(GByteArray *file, const GByteArray *row)
{
    for (guint i = 0; i < row->len; i += 2) {
        guint8 left = (guint8)(row->len - i > 1);
        g_byte_array_append(file, &left, 1);
        g_byte_array_append(file, row->data + i, left + 1U);
    }
}

/* The samples first .. last of a box, rows begin at bytes. */
static void
put_box(GByteArray *file,
        const Layout *layout,
        int x,
        int y,
        int width,
        int height,
        int first,
        int last)
{
    for (int v = y; v < y + height; v++) {
        GByteArray *row = g_byte_array_new();
        guint bits = 0, byte = 0;
        for (int u = x; u < x + width; u++)
            for (int c = first; c <= last; c++) {
                guint64 number = stored(layout, value(layout, u, v, c));
                if (layout->bits >= 8) {
                    put(row, layout, number, layout->bits / 8);
                    continue;
                }
                byte = byte << layout->bits | (guint)number;
                bits += (guint)layout->bits;
                if (bits == 8) {
                    put(row, layout, byte & 255, 1);
                    bits = 0;
                }
            }
        if (bits > 0)
            put(row, layout, byte << (8 - bits) & 255, 1);
        if (layout->packing == PACKBITS)
            pack(file, row);
        else
            g_byte_array_append(file, row->data, row->len);
        g_byte_array_unref(row);
    }
}

/* Two shorts fit in the place of the number, and one is to the left. */
static void
entry(
    GByteArray *file, const Layout *layout, int tag, int type, guint count, guint number)
{
    put(file, layout, (guint64)tag, 2);
    put(file, layout, (guint64)type, 2);
    put(file, layout, count, 4);
    if (type == 3 && count <= 2) {
        put(file, layout, number, 2);
        put(file, layout, count == 2 ? number : 0, 2);
    } else {
        put(file, layout, number, 4);
    }
}

static void
write_file(const char *path, const Layout *layout)
{
    enum { SHORT = 3, LONG = 4, MOST = 64 };
    GByteArray *data = g_byte_array_new(), *file = g_byte_array_new();
    guint at[MOST], length[MOST], parts = 0;
    int sets = layout->planes ? layout->samples : 1;
    for (int s = 0; s < sets; s++) {
        int first = layout->planes ? s : 0;
        int last = layout->planes ? s : layout->samples - 1;
        int across = layout->tiles ? TILE : WIDTH, down = layout->tiles ? TILE : 5;
        for (int y = 0; y < HEIGHT; y += down)
            for (int x = 0; x < WIDTH; x += across) {
                at[parts] = data->len + 8;
                int height = layout->tiles ? TILE : MIN(down, HEIGHT - y);
                put_box(data, layout, x, y, across, height, first, last);
                length[parts] = data->len + 8 - at[parts];
                parts++;
            }
    }
    /* Lists behind the pixels: bits, formats, places, lengths, colours. */
    guint bits = 8 + data->len, formats = bits + 2U * (guint)layout->samples,
          places = formats + 2U * (guint)layout->samples, lengths = places + 4 * parts,
          colours = lengths + 4 * parts;
    guint entries = 0, samples = (guint)layout->samples;
    for (int i = 0; i < layout->samples; i++)
        put(data, layout, (guint64)layout->bits, 2);
    for (int i = 0; i < layout->samples; i++)
        put(data, layout, (guint64)layout->format, 2);
    for (guint i = 0; i < parts; i++)
        put(data, layout, at[i], 4);
    for (guint i = 0; i < parts; i++)
        put(data, layout, length[i], 4);
    for (int i = 0; layout->colours == PALETTE && i < 3 << layout->bits; i++)
        put(data, layout, (guint64)(i * 40503) & 0xffff, 2);
    g_byte_array_append(file, (const guint8 *)(layout->big ? "MM" : "II"), 2);
    put(file, layout, 42, 2);
    put(file, layout, 8 + data->len, 4);
    g_byte_array_append(file, data->data, data->len);
    guint count_at = file->len;
    put(file, layout, 0, 2);
#define ENTRY(tag, type, count, number)                                                  \
    entry(file, layout, tag, type, count, number), entries++
    ENTRY(256, SHORT, 1, WIDTH);
    ENTRY(257, SHORT, 1, HEIGHT);
    ENTRY(258, SHORT, samples, samples <= 2 ? (guint)layout->bits : bits);
    ENTRY(259, SHORT, 1, (guint)layout->packing);
    ENTRY(262, SHORT, 1, (guint)layout->colours);
    if (!layout->tiles)
        ENTRY(273, LONG, parts, parts == 1 ? at[0] : places);
    ENTRY(277, SHORT, 1, samples);
    if (!layout->tiles) {
        ENTRY(278, SHORT, 1, 5);
        ENTRY(279, LONG, parts, parts == 1 ? length[0] : lengths);
    }
    ENTRY(284, SHORT, 1, layout->planes ? 2 : 1);
    if (layout->colours == PALETTE)
        ENTRY(320, SHORT, 3U << layout->bits, colours);
    if (layout->tiles) {
        ENTRY(322, SHORT, 1, TILE);
        ENTRY(323, SHORT, 1, TILE);
        ENTRY(324, LONG, parts, parts == 1 ? at[0] : places);
        ENTRY(325, LONG, parts, parts == 1 ? length[0] : lengths);
    }
    int own = layout->colours == RGB ? 3 : layout->colours == INK ? 4 : 1;
    if (layout->samples == own + 1)
        ENTRY(338, SHORT, 1, 2); /* alpha, not multiplied in */
    ENTRY(339, SHORT, samples, samples <= 2 ? (guint)layout->format : formats);
#undef ENTRY
    put(file, layout, 0, 4);
    file->data[count_at + (layout->big ? 1 : 0)] = (guint8)entries;
    file_write(path, file->data, file->len);
    g_byte_array_unref(file);
    g_byte_array_unref(data);
}

static void
wanted(const Layout *layout, int x, int y, double rgba[4])
{
    int own = layout->colours == RGB ? 3 : layout->colours == INK ? 4 : 1;
    for (int c = 0; c < 3; c++) {
        double v = value(layout, x, y, own == 3 ? c : 0);
        if (layout->colours == WHITE_IS_ZERO)
            v = 1 - v;
        else if (layout->colours == PALETTE)
            v = (((int)(v * ((1 << layout->bits) - 1) + 0.5) + (c << layout->bits)) *
                     40503 &
                 0xffff) /
                65535.0;
        else if (layout->colours == INK)
            v = (1 - value(layout, x, y, c)) * (1 - value(layout, x, y, 3));
        rgba[c] = v;
    }
    rgba[3] = layout->samples > own ? value(layout, x, y, own) : 1;
}

/* libtiff 4.5 reads no tiles of palettes and of few bits that are not packed. */
static gboolean
may_be_refused(const Layout *layout)
{
    return layout->tiles && layout->packing == PLAIN &&
           (layout->bits < 8 || layout->colours == PALETTE);
}

static void
check_layout(const Layout *layout)
{
    char *path = fixture_path("layout.tif"), *why;
    int width = 0, height = 0;
    double worst = 0, most = layout->colours == PALETTE ? 1.0 / 255 : 0.5 / 255 + 1e-6;
    write_file(path, layout);
    float *rgba = file_decode(path, &width, &height, &why);
    gboolean good = width == WIDTH && height == HEIGHT;
    for (int i = 0; rgba && good && i < WIDTH * HEIGHT; i++) {
        double want[4];
        wanted(layout, i % WIDTH, i / WIDTH, want);
        for (int c = 0; c < 4; c++)
            worst = fmax(worst, fabs((double)rgba[4 * i + c] - want[c]));
    }
    if (rgba ? !good || !(worst <= most) : !may_be_refused(layout))
        check_fail(
            "colours %d, %d samples of %d bits, format %d%s%s%s, packing %d: %s, off "
            "by %g",
            layout->colours, layout->samples, layout->bits, layout->format,
            layout->planes ? ", planes" : "", layout->tiles ? ", tiles" : "",
            layout->big ? ", big" : "", layout->packing, why ? why : "read", worst * 255);
    g_free(rgba);
    g_free(why);
    g_free(path);
}

static void
each_layout_is_read(void)
{
    static const struct {
        int colours, samples;
    } colours[] = {{WHITE_IS_ZERO, 1}, {BLACK_IS_ZERO, 1},
                   {BLACK_IS_ZERO, 2}, {WHITE_IS_ZERO, 2},
                   {RGB, 3},           {RGB, 4},
                   {PALETTE, 1},       {PALETTE, 2},
                   {INK, 4},           {INK, 5}};
    static const struct {
        int bits, format;
    } values[] = {{1, UNSIGNED},  {4, UNSIGNED}, {8, UNSIGNED}, {16, UNSIGNED},
                  {32, UNSIGNED}, {32, FLOAT},   {64, FLOAT}};
    for (gsize c = 0; c < G_N_ELEMENTS(colours); c++)
        for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
            gboolean small = values[v].bits < 8;
            if ((small && colours[c].samples > 1) ||
                (colours[c].colours == PALETTE && values[v].bits > 8))
                continue;
            for (int i = 0; i < 16; i++) {
                Layout layout = {.colours = colours[c].colours,
                                 .samples = colours[c].samples,
                                 .bits = values[v].bits,
                                 .format = values[v].format,
                                 .planes = i % 2,
                                 .tiles = i / 2 % 2,
                                 .big = i / 4 % 2,
                                 .packing = i / 8 ? PACKBITS : PLAIN};
                if (layout.planes && layout.samples == 1)
                    continue;
                check_layout(&layout);
            }
        }
}

/* More samples than a loader here has use for, and signed ones. */
static void
what_would_be_misread_is_not_known(void)
{
    static const Layout layouts[] = {
        {RGB, 5, 8, UNSIGNED, FALSE, FALSE, FALSE, PLAIN},
        {RGB, 6, 16, UNSIGNED, FALSE, TRUE, TRUE, PLAIN},
        {BLACK_IS_ZERO, 3, 8, UNSIGNED, FALSE, FALSE, FALSE, PACKBITS},
        {INK, 6, 8, UNSIGNED, FALSE, FALSE, TRUE, PLAIN},
        {BLACK_IS_ZERO, 1, 16, SIGNED, FALSE, FALSE, FALSE, PLAIN},
    };
    char *path = fixture_path("more.tif");
    for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++) {
        write_file(path, &layouts[i]);
        file_check_refused(path, "is of a kind that is not read here: TIFF");
    }
    static const Layout odd[] = {
        {RGB, 3, 12, UNSIGNED, FALSE, FALSE, FALSE, PLAIN},
        {BLACK_IS_ZERO, 1, 12, UNSIGNED, FALSE, TRUE, TRUE, PACKBITS},
        {RGB, 3, 4, UNSIGNED, FALSE, FALSE, FALSE, PLAIN},
        {PALETTE, 2, 4, UNSIGNED, FALSE, FALSE, TRUE, PLAIN},
        {BLACK_IS_ZERO, 1, 24, FLOAT, FALSE, FALSE, FALSE, PLAIN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        char *why = g_strdup_printf(
            "is of a kind that is not read here: TIFF with %d bits a value", odd[i].bits);
        write_file(path, &odd[i]);
        file_check_refused(path, why);
        g_free(why);
    }
    g_free(path);
    const Layout planes = {RGB, 5, 8, UNSIGNED, TRUE, FALSE, FALSE, PLAIN};
    check_layout(&planes); /* each sample is read by itself */
}

static const CheckTest tests[] = {
    CHECK_TEST(each_layout_is_read),
    CHECK_TEST(what_would_be_misread_is_not_known),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return status;
}
