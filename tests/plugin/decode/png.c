/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png.c: PNG files of every kind: colours, bits, interlaced or not, with a transparent
 * colour or not. */

#include "decode/pixbuf.h"
#include "decode/png_small.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/jpeg_file.h"
#include "plugin/fixture/squares.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#define WIDTH 21
#define HEIGHT 14
#define CLEAR 3 /* this value of gray or of the palette, or three of them, is clear */

typedef struct {
    ColourKind kind;
    int bits;
    gboolean interlaced, clear;
} Layout;

static guint
sample(const Layout *layout, int x, int y, int c)
{
    guint number = (guint)(x * 7 + y * 13 + c * 59);
    if ((x + y) % 5 == 0 && layout->clear)
        return CLEAR;
    return layout->bits == 16 ? number * 257 & 0xffff
                              : number & ((1U << layout->bits) - 1);
}

static guint8
palette(guint entry, int c)
{
    return (guint8)(entry * (guint)(37 + 50 * c));
}

/* Rows of the pixels x0, x0 + across, ... of the rows y0, y0 + down, ... */
static void
put_rows(GByteArray *rows, const Layout *layout, int x0, int y0, int across, int down)
{
    int channels = colour_channels(layout->kind);
    for (int y = y0; y < HEIGHT && x0 < WIDTH; y += down) {
        guint left = 0;
        g_byte_array_append(rows, (const guint8 *)"", 1); /* not filtered */
        for (int x = x0; x < WIDTH; x += across)
            for (int c = 0; c < channels; c++) {
                guint number = sample(layout, x, y, c);
                if (layout->bits == 16) {
                    const guint8 both[2] = {(guint8)(number >> 8), (guint8)number};
                    g_byte_array_append(rows, both, 2);
                    continue;
                }
                if (left == 0) {
                    g_byte_array_append(rows, (const guint8 *)"", 1);
                    left = 8;
                }
                left -= (guint)layout->bits;
                rows->data[rows->len - 1] |= (guint8)(number << left);
            }
    }
}

static void
put_clear(GByteArray *file, const Layout *layout)
{
    guint8 entries[256];
    memset(entries, 255, sizeof entries);
    entries[CLEAR] = 0;
    if (layout->kind == COLOUR_PALETTE)
        colour_put_chunk(file, "tRNS", entries, MIN(1U << layout->bits, 200U));
    else
        colour_put_chunk(file, "tRNS", (const guint8 *)"\0\3\0\3\0\3",
                         layout->kind == COLOUR_RGB ? 6 : 2);
}

static void
write_file(const char *path, const Layout *layout)
{
    static const int passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8},
                                     {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2},
                                     {0, 1, 1, 2}};
    GByteArray *file = g_byte_array_new(), *rows = g_byte_array_new();
    const guint8 header[13] = {0,
                               0,
                               0,
                               WIDTH,
                               0,
                               0,
                               0,
                               HEIGHT,
                               (guint8)layout->bits,
                               (guint8)layout->kind,
                               0,
                               0,
                               (guint8)layout->interlaced};
    g_byte_array_append(file, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    colour_put_chunk(file, "IHDR", header, sizeof header);
    if (layout->kind == COLOUR_PALETTE) {
        guint8 colours[3 * 256];
        for (int i = 0; i < 3 * 256; i++)
            colours[i] = palette((guint)i / 3, i % 3);
        colour_put_chunk(file, "PLTE", colours, (gsize)3 << layout->bits);
    }
    if (layout->clear)
        put_clear(file, layout);
    for (int p = 0; layout->interlaced && p < 7; p++)
        put_rows(rows, layout, passes[p][0], passes[p][1], passes[p][2], passes[p][3]);
    if (!layout->interlaced)
        put_rows(rows, layout, 0, 0, 1, 1);
    GBytes *data = colour_packed(rows->data, rows->len);
    colour_put_chunk(file, "IDAT", g_bytes_get_data(data, NULL), g_bytes_get_size(data));
    colour_put_chunk(file, "IEND", NULL, 0);
    file_write(path, file->data, file->len);
    g_bytes_unref(data);
    g_byte_array_unref(rows);
    g_byte_array_unref(file);
}

static void
wanted(const Layout *layout, int x, int y, double rgba[4])
{
    int channels = colour_channels(layout->kind);
    double most = (1 << layout->bits) - 1;
    gboolean clear = layout->clear;
    for (int c = 0; c < 3; c++) {
        guint number = sample(layout, x, y, channels >= 3 ? c : 0);
        rgba[c] =
            layout->kind == COLOUR_PALETTE ? palette(number, c) / 255.0 : number / most;
        clear = clear && number == CLEAR;
    }
    rgba[3] = channels % 2 == 0 ? sample(layout, x, y, channels - 1) / most : !clear;
}

static void
check_layout(const Layout *layout)
{
    char *path = fixture_path("layout.png"), *why;
    int width = 0, height = 0;
    double worst = 0;
    write_file(path, layout);
    float *rgba = file_decode(path, &width, &height, &why);
    gboolean good = rgba && width == WIDTH && height == HEIGHT;
    for (int i = 0; good && i < WIDTH * HEIGHT; i++) {
        double want[4];
        wanted(layout, i % WIDTH, i / WIDTH, want);
        for (int c = 0; c < 4; c++)
            worst = fmax(worst, fabs((double)rgba[4 * i + c] - want[c]));
    }
    if (!good || !(worst <= 1e-6))
        check_fail("kind %d, %d bits%s%s: %s, off by %g", (int)layout->kind, layout->bits,
                   layout->interlaced ? ", interlaced" : "",
                   layout->clear ? ", clear" : "", why ? why : "read", worst * 255);
    g_free(rgba);
    g_free(why);
    g_free(path);
}

static void
each_kind_is_exact(void)
{
    static const ColourKind kinds[] = {COLOUR_GRAY, COLOUR_RGB, COLOUR_PALETTE,
                                       COLOUR_GRAY_ALPHA, COLOUR_RGB_ALPHA};
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
        for (int bits = 1; bits <= 16; bits *= 2) {
            gboolean gray = kinds[k] == COLOUR_GRAY, few = kinds[k] == COLOUR_PALETTE;
            if ((bits < 8 && !gray && !few) || (bits == 16 && few))
                continue;
            for (int i = 0; i < 4; i++) {
                Layout layout = {kinds[k], bits, i % 2, i / 2};
                gboolean has_alpha = colour_channels(kinds[k]) % 2 == 0;
                if (layout.clear && (has_alpha || bits == 1))
                    continue;
                check_layout(&layout);
            }
        }
}

/* --- at a smaller scale */

/* The mean of 2 x 2 pixels, colours weighted by alpha, as a byte. */
static int
mean(const Layout *layout, int x, int y, int c)
{
    int channels = colour_channels(layout->kind), shift = layout->bits - 8;
    double sum = 0, all = 0;
    for (int i = 0; i < 4; i++) {
        int u = 2 * x + i % 2, v = 2 * y + i / 2;
        double alpha = channels % 2 ? 255 : sample(layout, u, v, channels - 1) >> shift;
        gboolean of_alpha = channels % 2 == 0 && c == channels - 1;
        sum += of_alpha ? alpha : alpha * (sample(layout, u, v, c) >> shift);
        all += of_alpha ? 1 : alpha;
    }
    return all > 0 ? (int)(sum / all + 0.5) : 0;
}

static void
squares_of_pixels_are_averaged(void)
{
    static const ColourKind kinds[] = {COLOUR_GRAY, COLOUR_RGB, COLOUR_GRAY_ALPHA,
                                       COLOUR_RGB_ALPHA};
    char *path = fixture_path("small.png");
    for (int k = 0; k < 8; k++) {
        Layout layout = {kinds[k / 2], k % 2 ? 16 : 8, FALSE, FALSE};
        int channels = colour_channels(layout.kind), wrong = 0;
        WireAnswer answer = {0};
        Block block = {0};
        write_file(path, &layout);
        GByteArray *file = file_contents(path);
        check_int(png_small(file->data, file->len, &answer, &block), WIRE_PICTURE,
                  "read");
        check_int(block.width, WIDTH / 2, "width");
        check_int(block.height, HEIGHT / 2, "height");
        for (int i = 0; block.at && i < WIDTH / 2 * (HEIGHT / 2) * channels; i++) {
            int pixel = i / channels;
            int want =
                mean(&layout, pixel % (WIDTH / 2), pixel / (WIDTH / 2), i % channels);
            wrong += block.at[i] != want;
        }
        check_int(wrong, 0, "values that are others");
        block_clear(&block);
        check_int(png_small(file->data, file->len - 40, &answer, &block), WIRE_DAMAGED,
                  "cut off");
        block_clear(&block);
        g_byte_array_unref(file);
    }
    Layout layout = {COLOUR_RGB, 8, TRUE, FALSE};
    WireAnswer answer;
    Block block = {0};
    write_file(path, &layout);
    GByteArray *file = file_contents(path);
    check_int(png_small(file->data, file->len, &answer, &block), WIRE_LARGE,
              "interlaced");
    check_int(answer.width, WIDTH, "its width");
    g_byte_array_unref(file);
    g_free(path);
}

/* libpng chooses among the filters row by row. */
static void
filters_are_undone(void)
{
    enum { SIZE = 64 };
    static guint8 rgb[3 * SIZE * SIZE];
    for (int i = 0; i < 3 * SIZE * SIZE; i++) {
        int x = i / 3 % SIZE, y = i / 3 / SIZE, c = i % 3;
        rgb[i] = (guint8)(y < 16   ? x * 4
                          : y < 32 ? y * 7 + c
                          : y < 48 ? (x + y) * 3 + (x * y * (c + 3)) % 7
                                   : (x * 53 + y * 101 + c * 31) % 251);
    }
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_data(rgb, GDK_COLORSPACE_RGB, FALSE, 8, SIZE,
                                                 SIZE, 3 * SIZE, NULL, NULL);
    char *bytes;
    gsize size;
    WireAnswer answer;
    Block block = {0};
    g_assert(gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &size, "png", NULL, NULL));
    check_int(png_small((guint8 *)bytes, size, &answer, &block), WIRE_PICTURE,
              "it is read");
    int wrong = 0;
    for (int i = 0; block.at && i < 3 * SIZE * SIZE / 4; i++) {
        int at = i / 3 / (SIZE / 2) * 2 * SIZE * 3 + i / 3 % (SIZE / 2) * 6 + i % 3;
        int sum = rgb[at] + rgb[at + 3] + rgb[at + 3 * SIZE] + rgb[at + 3 * SIZE + 3];
        wrong += block.at[i] != (sum + 2) / 4;
    }
    check_int(wrong, 0, "values that are others");
    block_clear(&block);
    g_object_unref(pixbuf);
    g_free(bytes);
}

static void
a_jpeg_is_decoded_at_a_smaller_scale(void)
{
    GByteArray *file =
        jpeg_blocks((const guint8[]){10, 200, 90, 40, 250, 128}, 1, 6, FALSE);
    static const int values[6] = {10, 200, 90, 40, 250, 128};
    WireAnswer answer;
    Block block = {0};
    check_int(jpeg_small(file->data, file->len, &answer, &block), WIRE_PICTURE,
              "it is read");
    check_int(block.width, 24, "half as wide");
    check_int(block.height, 4, "half as high");
    for (int x = 0; block.at && x < 24; x++)
        check_near(block.at[3 * x], values[x / 4], 1, "a value");
    block_clear(&block);
    g_byte_array_unref(file);
}

FIXTURE_MAIN(CHECK_TEST(each_kind_is_exact),
             CHECK_TEST(squares_of_pixels_are_averaged),
             CHECK_TEST(filters_are_undone),
             CHECK_TEST(a_jpeg_is_decoded_at_a_smaller_scale))
