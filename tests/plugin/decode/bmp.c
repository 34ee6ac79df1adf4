/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp.c: pixels of BMP files: where they are, and which bits are which colour. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/squares.h"

/* --- where they are */

/* Two pixels above two, of a palette of 8 bits or of 16 bits by masks: red, green above
 * blue, red. */
static void
pixels_are_where_the_file_says(void)
{
    static const struct {
        int header, bits, colours,
            said; /* colours that are there, that the file claims */
        int gap;  /* before the pixels; negative: the place is wrong */
    } files[] = {{40, 8, 256, 0, 0},        {40, 8, 256, 0, 100},   {40, 8, 3, 3, 0},
                 {40, 8, 3, 3, 6},          {40, 8, 3, 0, 0},       {12, 8, 256, 0, 0},
                 {12, 8, 3, 0, 0},          {40, 16, 0, 0, 0},      {40, 16, 10, 10, 0},
                 {40, 16, 0, 0, 200},       {40, 24, 0, 0, 0},      {40, 24, 0, 0, 32},
                 {40, 8, 256, 0, -1024},    {40, 8, 256, 300, 176}, {40, 8, 256, 300, 0},
                 {40, 8, 252, 305402420, 0}};
    static const guint8 colours[9] = {0, 0, 255, 0, 255, 0, 255, 0, 0};
    static const int seen[4] = {0, 1, 2, 0}, stored[4] = {2, 0, 0, 1};
    char *path = fixture_path("where.bmp"), *why;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        int header = files[i].header, bits = files[i].bits, width = 0, height = 0;
        GByteArray *file = g_byte_array_new();
        int masks = bits == 16 ? 12 : 0, entry = header == 12 ? 3 : 4;
        int place = 14 + header + masks + files[i].colours * entry + files[i].gap;
        int row = bits == 24 ? 8 : 4;
        g_byte_array_append(file, (const guint8 *)"BM", 2);
        file_put_little(file, (guint32)(place + 2 * row), 4);
        file_put_little(file, 0, 4);
        file_put_little(file, (guint32)place, 4);
        file_put_little(file, (guint32)header, 4);
        file_put_little(file, 2, header == 12 ? 2 : 4);
        file_put_little(file, 2, header == 12 ? 2 : 4);
        file_put_little(file, 1 | (guint32)bits << 16, 4);
        if (header == 40) {
            file_put_little(file, masks ? 3 : 0, 4);
            file_put_little(file, (guint32)(2 * row), 4);
            file_put_little(file, 0, 4);
            file_put_little(file, 0, 4);
            file_put_little(file, (guint32)files[i].said, 4);
            file_put_little(file, 0, 4);
        }
        for (int c = 0; masks && c < 3; c++)
            file_put_little(file, c == 0 ? 0xf800 : c == 1 ? 0x7e0 : 0x1f, 4);
        for (int c = 0; c < files[i].colours; c++) {
            const guint8 bgr[4] = {colours[c % 3 * 3], colours[c % 3 * 3 + 1],
                                   colours[c % 3 * 3 + 2]};
            g_byte_array_append(file, bgr, (guint)entry);
        }
        for (int g = 0; g < files[i].gap; g++)
            file_put_little(file, 0x55, 1);
        for (int p = 0; p < 4; p++) {
            guint32 colour = (guint32)stored[p];
            if (bits == 24)
                g_byte_array_append(file, colours + 3 * colour, 3);
            else
                file_put_little(file,
                                bits == 8     ? colour
                                : colour == 0 ? 0xf800
                                : colour == 1 ? 0x7e0
                                              : 0x1f,
                                (guint)bits / 8);
            if (p % 2 == 1 && bits != 16) /* to four bytes a row */
                file_put_little(file, 0, 2);
        }
        file_write(path, file->data, file->len);
        float *rgba = file_decode(path, &width, &height, &why);
        check_int(width * height, 4, why ? why : "its size");
        for (int p = 0; rgba && width * height == 4 && p < 4; p++)
            for (int c = 0; c < 3; c++)
                if (rgba[4 * p + c] != (float)(c == seen[p]))
                    check_fail("file %d: pixel %d has %g", (int)i, p,
                               (double)rgba[4 * p + c]);
        g_byte_array_unref(file);
        g_free(rgba);
        g_free(why);
    }
    g_free(path);
}

/* --- kinds that nobody here reads */

static void
other_kinds_are_not_damaged(void)
{
    static const struct {
        guint header, bits, packing;
        int height;
        const char *why;
    } files[] = {
        {40, 2, 0, 4, "is of a kind that is not read here: BMP with 2 bits a value"},
        {108, 64, 0, 4, "is of a kind that is not read here: BMP with 64 bits a value"},
        {124, 0, 4, 4, "is of a kind that is not read here: BMP"}, /* JPEG inside */
        {124, 0, 5, 4, "is of a kind that is not read here: BMP"}, /* PNG */
        {64, 24, 4, 4, "is of a kind that is not read here: BMP"}, /* runs of 24 bits */
        {64, 1, 3, 4, "is of a kind that is not read here: BMP"},  /* fax */
        {16, 24, 0, 4, "is of a kind that is not read here: BMP"},
        {40, 8, 1, -4, "is of a kind that is not read here: BMP"}, /* runs going down */
        {40, 30000, 0, 4, "is damaged"},
        {40, 24, 99, 4, "is damaged"},
        {13, 24, 0, 4, "is damaged"},
    };
    char *path = fixture_path("kind.bmp");
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        GByteArray *file = g_byte_array_new();
        g_byte_array_append(file, (const guint8 *)"BM", 2);
        file_put_little(file, 0, 4);
        file_put_little(file, 0, 4);
        file_put_little(file, 14 + files[i].header, 4);
        file_put_little(file, files[i].header, 4);
        file_put_little(file, 4, 4);
        file_put_little(file, (guint32)files[i].height, 4);
        file_put_little(file, 1 | files[i].bits << 16, 4);
        file_put_little(file, files[i].packing, 4);
        for (int rest = 0; rest < 100; rest++)
            file_put_little(file, 0, 4);
        file_write(path, file->data, file->len);
        file_check_refused(path, files[i].why);
        g_byte_array_unref(file);
    }
    g_free(path);
}

/* --- masks */

typedef struct {
    int header, bits, packing;
    guint32 mask[4]; /* red, green, blue, alpha */
} Masks;

static guint32
masked(guint32 mask, guint value)
{
    return mask ? value * (mask & (~mask + 1)) : 0;
}

static guint
most_of(guint32 mask)
{
    return mask / (mask & (~mask + 1));
}

/* The value of a channel of pixel i, of n: both ends, and between. */
static guint
value_of(guint32 mask, int c, int i, int n)
{
    guint64 most = most_of(mask);
    return (guint)(most * (guint64)((i + c) % n) / (guint64)(n - 1));
}

/* A row of pixels above another one, which is the same from the right. */
static void
write_masks(const char *path, const Masks *masks, int width, gboolean down)
{
    GByteArray *file = g_byte_array_new();
    int beside = masks->header > 40 ? 0 : masks->packing == 6 ? 16 : 12;
    int row = (width * masks->bits / 8 + 3) / 4 * 4;
    g_byte_array_append(file, (const guint8 *)"BM", 2);
    file_put_little(file, (guint32)(14 + masks->header + beside + 2 * row), 4);
    file_put_little(file, 0, 4);
    file_put_little(file, (guint32)(14 + masks->header + beside), 4);
    file_put_little(file, (guint32)masks->header, 4);
    file_put_little(file, (guint32)width, 4);
    file_put_little(file, down ? (guint32)-2 : 2, 4);
    file_put_little(file, 1 | (guint32)masks->bits << 16, 4);
    file_put_little(file, (guint32)masks->packing, 4);
    for (int i = 0; i < 5; i++)
        file_put_little(file, 0, 4);
    for (int c = 0; c < (masks->header + beside - 40) / 4; c++)
        file_put_little(file, c < 4 ? masks->mask[c] : 0, 4);
    for (int y = 0; y < 2; y++) {
        for (int x = 0; x < width; x++) {
            int i = y == down ? width - 1 - x : x;
            guint32 pixel = 0;
            for (int c = 0; c < 4; c++)
                if (masks->mask[c])
                    pixel |=
                        masked(masks->mask[c], value_of(masks->mask[c], c, i, width));
            file_put_little(file, pixel, (guint)masks->bits / 8);
        }
        file_put_little(file, 0, (guint)(row - width * masks->bits / 8));
    }
    file_write(path, file->data, file->len);
    g_byte_array_unref(file);
}

/* y = 0 above has the second row of a file that goes up. */
static void
check_masks(const char *path, const Masks *masks, int width)
{
    int w = 0, h = 0;
    char *why;
    float *rgba = file_decode(path, &w, &h, &why);
    check_int(w, width, why ? why : "width");
    check_int(h, 2, "height");
    for (int i = 0; rgba && w == width && h == 2 && i < 2 * width; i++)
        for (int c = 0; c < 4; c++) {
            guint32 mask = masks->mask[c];
            int x = i % width, at = i < width ? x : width - 1 - x;
            double wanted =
                mask ? value_of(mask, c, at, width) / (double)most_of(mask) : c == 3;
            if (!(ABS((double)rgba[4 * i + c] - wanted) <= 0.5 / 255 + 1e-6))
                check_fail("%d bits, header %d, mask %x: pixel %d has %g, not %g",
                           masks->bits, masks->header, mask, i, (double)rgba[4 * i + c],
                           wanted);
        }
    g_free(rgba);
    g_free(why);
}

static void
masks_of_any_width_are_read(void)
{
    static const Masks all[] = {
        {40, 16, 3, {0x7c00, 0x03e0, 0x001f, 0}},
        {40, 16, 3, {0xe000, 0x1c00, 0x0380, 0}},      /* three bits each */
        {40, 16, 3, {0x0003, 0x000c, 0x0030, 0}},      /* two */
        {40, 16, 3, {0x8000, 0x0001, 0x0100, 0}},      /* one */
        {40, 16, 3, {0x0001, 0x7ffe, 0x8000, 0}},      /* fourteen */
        {40, 16, 6, {0x0f00, 0x00f0, 0x000f, 0xf000}}, /* with alpha */
        {56, 16, 3, {0x7c00, 0x03e0, 0x001f, 0x8000}},
        {52, 32, 3, {0xff000000, 0x00ff0000, 0x0000ff00, 0}},
        {40, 32, 3, {0x3ff00000, 0x000ffc00, 0x000003ff, 0}}, /* ten bits */
        {108, 32, 3, {0x00ff0000, 0x0000ff00, 0x000000ff, 0xff000000}},
        {124, 32, 3, {0x000000ff, 0x0000ff00, 0x00ff0000, 0xf0000000}},
        {124, 32, 3, {0x000000ff, 0, 0x00ff0000, 0}}, /* no green */
        {40, 32, 3, {0xffffffff, 0, 0, 0}},
    };
    char *path = fixture_path("masks.bmp");
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        for (int down = 0; down < 2; down++) {
            write_masks(path, &all[i], 5, down); /* rows end with gaps */
            check_masks(path, &all[i], 5);
        }
    GByteArray *file = file_contents(path);
    file_write(path, file->data, file->len - 1);
    file_check_refused(path, "is damaged");
    g_byte_array_unref(file);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(pixels_are_where_the_file_says),
             CHECK_TEST(other_kinds_are_not_damaged),
             CHECK_TEST(masks_of_any_width_are_read))
