/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.c: files with colour profiles are read as lcms2's own transform has them, and
 * no number of different profiles is too many. */

#include "check.h"
#include "pixels/pixels.h"
#include "pixels/profile.h"
#include "plugin/fixture/fixture.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <lcms2.h>
#include <math.h>
#include <string.h>

#define WIDTH 23
#define HEIGHT 17
#define PIXELS (WIDTH * HEIGHT)

/* --- profiles that nobody else has */

static GBytes *
saved(cmsHPROFILE profile)
{
    cmsUInt32Number size = 0;
    g_assert(cmsSaveProfileToMem(profile, NULL, &size));
    char *bytes = g_malloc(size);
    g_assert(cmsSaveProfileToMem(profile, bytes, &size));
    cmsCloseProfile(profile);
    return g_bytes_new_take(bytes, size);
}

static GBytes *
matrix_profile(int i)
{
    const cmsCIExyY white = {0.3127 + 0.0003 * (i % 7), 0.329, 1};
    const cmsCIExyYTRIPLE primaries = {{0.60 + 0.001 * i, 0.33 - 0.0005 * i, 1},
                                       {0.30 - 0.001 * i, 0.60 + 0.001 * i, 1},
                                       {0.15, 0.06 + 0.0005 * i, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 1.5 + 0.013 * i);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsSetProfileVersion(profile, i % 2 ? 4.3 : 2.1);
    cmsFreeToneCurve(curve);
    return saved(profile);
}

static GBytes *
gray_profile(int i)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, 1.1 + 0.017 * i);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsFreeToneCurve(curve);
    return saved(profile);
}

/* Lab by a table: lightness from the mean of the channels by a gamma, and little of the
 * colours. */
static cmsInt32Number
table_entry(const cmsUInt16Number in[], cmsUInt16Number out[], void *user)
{
    double gamma = *(double *)user, sum = 0;
    for (int c = 0; c < 3; c++)
        sum += in[c] / 65535.0;
    cmsCIELab lab = {100 * pow(sum / 3, gamma), 60 * ((in[0] - in[1]) / 65535.0),
                     60 * ((in[1] - in[2]) / 65535.0)};
    cmsFloat2LabEncoded(out, &lab);
    return TRUE;
}

static GBytes *
table_profile(int i)
{
    double gamma = 0.7 + 0.02 * i;
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, 3, 3);
    cmsStage *table = cmsStageAllocCLut16bit(NULL, 9, 3, 3, NULL);
    cmsStageSampleCLut16bit(table, table_entry, &gamma, 0);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
    cmsPipelineInsertStage(pipeline, cmsAT_END, table);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
    cmsSetProfileVersion(profile, 4.3);
    cmsSetDeviceClass(profile, cmsSigInputClass);
    cmsSetColorSpace(profile, cmsSigRgbData);
    cmsSetPCS(profile, cmsSigLabData);
    cmsWriteTag(profile, cmsSigMediaWhitePointTag, cmsD50_XYZ());
    cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
    cmsPipelineFree(pipeline);
    return saved(profile);
}

/* --- files */

typedef enum { GRAY = 0, RGB = 2, PALETTE = 3, GRAY_ALPHA = 4, RGB_ALPHA = 6 } Kind;

static void
put_32(GByteArray *file, guint32 value)
{
    guint32 big = GUINT32_TO_BE(value);
    g_byte_array_append(file, (guint8 *)&big, 4);
}

static void
put_chunk(GByteArray *file, const char *type, const guint8 *bytes, gsize size)
{
    put_32(file, (guint32)size);
    guint from = file->len;
    g_byte_array_append(file, (const guint8 *)type, 4);
    g_byte_array_append(file, bytes, (guint)size);
    guint32 crc = 0xffffffff;
    for (guint i = from; i < file->len; i++) {
        crc ^= file->data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    put_32(file, ~crc);
}

static GBytes *
packed(const guint8 *bytes, gsize size)
{
    GConverter *by = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
    gsize room = size + size / 2 + 100, read, written;
    guint8 *to = g_malloc(room);
    GConverterResult result = g_converter_convert(
        by, bytes, size, to, room, G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
    g_assert(result == G_CONVERTER_FINISHED);
    g_object_unref(by);
    return g_bytes_new_take(to, written);
}

static int
channels_of(Kind kind)
{
    return kind == RGB ? 3 : kind == RGB_ALPHA ? 4 : kind == GRAY_ALPHA ? 2 : 1;
}

/* WIDTH x HEIGHT pixels, of 8 or 16 bits (in the machine's order). extra: chunks before
 * the pixels; NULL: none. */
static void
write_png(const char *path,
          Kind kind,
          int bits,
          const void *pixels,
          GBytes *icc,
          const GByteArray *extra)
{
    GByteArray *file = g_byte_array_new(), *rows = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    const guint8 header[13] = {0, 0, 0,      WIDTH,        0,
                               0, 0, HEIGHT, (guint8)bits, (guint8)kind};
    put_chunk(file, "IHDR", header, sizeof header);
    if (icc) {
        GByteArray *chunk = g_byte_array_new();
        GBytes *small = packed(g_bytes_get_data(icc, NULL), g_bytes_get_size(icc));
        g_byte_array_append(chunk, (const guint8 *)"made up\0", 9);
        g_byte_array_append(chunk, g_bytes_get_data(small, NULL),
                            (guint)g_bytes_get_size(small));
        put_chunk(file, "iCCP", chunk->data, chunk->len);
        g_bytes_unref(small);
        g_byte_array_unref(chunk);
    }
    if (extra)
        g_byte_array_append(file, extra->data, extra->len);
    if (kind == PALETTE) {
        guint8 colours[256 * 3];
        for (int i = 0; i < 256; i++)
            for (int c = 0; c < 3; c++)
                colours[3 * i + c] = (guint8)(i * (37 + 50 * c));
        put_chunk(file, "PLTE", colours, sizeof colours);
    }
    gsize row = (gsize)WIDTH * (gsize)channels_of(kind);
    for (gsize y = 0; y < HEIGHT; y++) {
        g_byte_array_append(rows, (const guint8 *)"", 1);
        for (gsize i = y * row; i < (y + 1) * row; i++) {
            const guint8 *bytes = pixels;
            guint16 wide = GUINT16_TO_BE(((const guint16 *)pixels)[bits == 16 ? i : 0]);
            g_byte_array_append(rows, bits == 16 ? (guint8 *)&wide : bytes + i,
                                (guint)bits / 8);
        }
    }
    GBytes *data = packed(rows->data, rows->len);
    put_chunk(file, "IDAT", g_bytes_get_data(data, NULL), g_bytes_get_size(data));
    put_chunk(file, "IEND", NULL, 0);
    g_assert(g_file_set_contents(path, (char *)file->data, file->len, NULL));
    g_bytes_unref(data);
    g_byte_array_unref(rows);
    g_byte_array_unref(file);
}

/* A photo without a profile of its own. */
static char *
plain_jpeg(void)
{
    return g_build_filename(SOURCE_ROOT, "docs", "images", "browse.jpg", NULL);
}

/* The same with a profile, in two segments. */
static void
write_jpeg(const char *path, GBytes *icc)
{
    char *bytes, *from = plain_jpeg();
    gsize size, length, done = 0;
    const guint8 *profile = g_bytes_get_data(icc, &length);
    g_assert(g_file_get_contents(from, &bytes, &size, NULL));
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (guint8 *)bytes, 20); /* the first mark, and JFIF's */
    for (guint8 part = 1; part <= 2; part++) {
        gsize now = part == 1 ? length / 3 : length - done;
        const guint8 head[] = {0xff, 0xe2, (guint8)((now + 16) >> 8), (guint8)(now + 16)};
        const guint8 number[] = {part, 2};
        g_byte_array_append(file, head, sizeof head);
        g_byte_array_append(file, (const guint8 *)"ICC_PROFILE", 12);
        g_byte_array_append(file, number, sizeof number);
        g_byte_array_append(file, profile + done, (guint)now);
        done += now;
    }
    g_byte_array_append(file, (guint8 *)bytes + 20, (guint)size - 20);
    g_assert(g_file_set_contents(path, (char *)file->data, file->len, NULL));
    g_byte_array_unref(file);
    g_free(bytes);
    g_free(from);
}

/* --- what lcms2 says */

/* R'G'B' of 0..1 to sRGB, in floats and by the profile's own curves and tables. */
static void
wanted(GBytes *icc, const double *rgb, gsize count, double *srgb)
{
    cmsHPROFILE from = cmsOpenProfileFromMem(g_bytes_get_data(icc, NULL),
                                             (cmsUInt32Number)g_bytes_get_size(icc));
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    gboolean gray = cmsGetColorSpace(from) == cmsSigGrayData;
    cmsHTRANSFORM transform =
        cmsCreateTransform(from, gray ? TYPE_GRAY_DBL : TYPE_RGB_DBL, to, TYPE_RGB_DBL,
                           INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
    g_assert(transform);
    for (gsize i = 0; i < count; i++)
        cmsDoTransform(transform, rgb + 3 * i, srgb + 3 * i, 1);
    for (gsize i = 0; i < 3 * count; i++)
        srgb[i] = CLAMP(srgb[i], 0, 1);
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
}

static float *
decoded(const char *path, GeglRectangle *rect)
{
    gboolean unknown;
    GError *error = NULL;
    GeglBuffer *buffer = pixels_decode(path, &unknown, &error);
    if (!buffer) {
        check_fail("%s", error->message);
        return NULL;
    }
    *rect = *gegl_buffer_get_extent(buffer);
    gsize count = (gsize)rect->width * (gsize)rect->height;
    float *rgba = g_new(float, 4 * count);
    check(pixels_read(buffer, rect, rgba, &error), "pixels are read");
    if (pixels_are_bytes(buffer)) {
        guint8 *rgb = g_new(guint8, 3 * count);
        gsize wrong = 0;
        check(pixels_read_bytes(buffer, rect, rgb, &error), "bytes are read");
        for (gsize i = 0; i < 3 * count; i++)
            wrong += fabsf(rgba[i / 3 * 4 + i % 3] * 255 - rgb[i]) > 0.01F;
        check_int((int)wrong, 0, "bytes and floats are the same colours");
        g_free(rgb);
    }
    g_object_unref(buffer);
    return rgba;
}

/* Within 1/255 of lcms2's, and the alpha as in the file. rgb: of the file, 0..1. */
static void
check_pixels(
    const char *path, GBytes *icc, const double *rgb, const double *alpha, gsize count)
{
    GeglRectangle rect = {0};
    float *got = decoded(path, &rect);
    if (!got)
        return;
    check_int(rect.width * rect.height, (int)count, "its size");
    double *want = g_new(double, 3 * count), worst = 0, worst_alpha = 0;
    wanted(icc, rgb, count, want);
    for (gsize i = 0; i < count; i++) {
        for (gsize c = 0; c < 3; c++)
            worst = fmax(worst, fabs((double)got[4 * i + c] - want[3 * i + c]));
        worst_alpha =
            fmax(worst_alpha, fabs((double)got[4 * i + 3] - (alpha ? alpha[i] : 1)));
    }
    if (!(worst <= 1.0 / 255 + 1e-6) || !(worst_alpha < 1e-6))
        check_fail("%s: colours are off by %g, alpha by %g", path, worst * 255,
                   worst_alpha);
    g_free(want);
    g_free(got);
}

static void
check_png(const char *path, Kind kind, int bits, GBytes *icc, GRand *random)
{
    int channels = channels_of(kind);
    gboolean colours = channels >= 3, alpha = channels % 2 == 0;
    guint16 wide[4 * PIXELS];
    guint8 narrow[4 * PIXELS];
    double rgb[3 * PIXELS], opacity[PIXELS];
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < channels; c++) {
            int at = channels * i + c;
            wide[at] = (guint16)g_rand_int_range(random, 0, 65536);
            narrow[at] = (guint8)(wide[at] >> 8);
            double value = bits == 16 ? wide[at] / 65535.0 : narrow[at] / 255.0;
            if (alpha && c == channels - 1)
                opacity[i] = value;
            for (int k = 0; k < 3; k++)
                if (colours ? k == c : c == 0)
                    rgb[3 * i + k] = value;
        }
    for (int i = 0; kind == PALETTE && i < PIXELS; i++)
        for (int c = 0; c < 3; c++)
            rgb[3 * i + c] = (guint8)(narrow[i] * (37 + 50 * c)) / 255.0;
    write_png(path, kind, bits, bits == 16 ? (void *)wide : narrow, icc, NULL);
    check_pixels(path, icc, rgb, alpha ? opacity : NULL, PIXELS);
}

/* --- tests */

static void
a_hundred_profiles_are_not_too_many(void)
{
    static const struct {
        Kind kind;
        int bits;
    } files[] = {{RGB, 8},        {GRAY, 8},       {RGB_ALPHA, 8}, {GRAY_ALPHA, 8},
                 {RGB, 16},       {GRAY, 16},      {PALETTE, 8},   {GRAY, 8},
                 {RGB_ALPHA, 16}, {GRAY_ALPHA, 16}};
    char *path = fixture_path("made-up.png");
    GRand *random = g_rand_new_with_seed(16);
    for (int i = 0; i < 100; i++) {
        Kind kind = files[i % 10].kind;
        gboolean gray = kind == GRAY || kind == GRAY_ALPHA;
        GBytes *icc = gray          ? gray_profile(i)
                      : i % 20 < 10 ? matrix_profile(i)
                                    : table_profile(i);
        check_png(path, kind, files[i % 10].bits, icc, random);
        g_bytes_unref(icc);
    }
    g_rand_free(random);
    g_free(path);
}

static void
jpegs_have_them_too(void)
{
    char *path = fixture_path("made-up.jpg"), *plain = plain_jpeg();
    GeglRectangle rect;
    float *rgba = decoded(plain, &rect);
    gsize count = (gsize)rect.width * (gsize)rect.height;
    double *rgb = g_new(double, 3 * count);
    for (gsize i = 0; i < 3 * count; i++)
        rgb[i] = (double)rgba[i / 3 * 4 + i % 3];
    for (int i = 0; i < 6; i++) {
        GBytes *icc = i % 3 ? matrix_profile(200 + i) : table_profile(i);
        write_jpeg(path, icc);
        check_pixels(path, icc, rgb, NULL, count);
        g_bytes_unref(icc);
    }
    g_free(rgb);
    g_free(rgba);
    g_free(plain);
    g_free(path);
}

/* The file reads as the pixels are, to the last bit. */
static void
check_plain(const char *path, const guint8 *rgb)
{
    GeglRectangle rect;
    float *got = decoded(path, &rect);
    for (int i = 0; got && i < 3 * PIXELS; i++)
        if (got[i / 3 * 4 + i % 3] != rgb[i] / 255.0F) {
            check_fail("value %d is %g, not %d", i, (double)got[i / 3 * 4 + i % 3] * 255,
                       rgb[i]);
            break;
        }
    g_free(got);
}

static void
some_pixels(guint8 rgb[3 * PIXELS])
{
    GRand *random = g_rand_new_with_seed(5);
    for (int i = 0; i < 3 * PIXELS; i++)
        rgb[i] = (guint8)g_rand_int_range(random, 0, 256);
    g_rand_free(random);
}

static void
srgb_stays_as_it_is(void)
{
    guint8 rgb[3 * PIXELS];
    char *path = fixture_path("srgb.png");
    some_pixels(rgb);
    GBytes *icc = saved(cmsCreate_sRGBProfile());
    write_png(path, RGB, 8, rgb, icc, NULL);
    check_plain(path, rgb);
    write_png(path, RGB, 8, rgb, NULL, NULL);
    check_plain(path, rgb);
    g_bytes_unref(icc);
    g_free(path);
}

static void
damaged_and_foreign_profiles_are_passed_over(void)
{
    guint8 rgb[3 * PIXELS];
    char *path = fixture_path("damaged.png");
    some_pixels(rgb);
    GBytes *icc = matrix_profile(7), *gray = gray_profile(3);
    gsize size = g_bytes_get_size(icc);
    for (gsize length = 1; length < size; length += 1 + size / 9) {
        GBytes *part = g_bytes_new_from_bytes(icc, 0, length);
        write_png(path, RGB, 8, rgb, part, NULL);
        check_plain(path, rgb);
        g_bytes_unref(part);
    }
    write_png(path, RGB, 8, rgb, gray, NULL);
    check_plain(path, rgb);
    g_bytes_unref(gray);
    g_bytes_unref(icc);
    g_free(path);
}

/* gAMA of 1/1.8 and Adobe's primaries, but not beside sRGB. */
static void
png_says_it_in_chunks_too(void)
{
    static const guint32 chroma[8] = {31270, 32900, 64000, 33000,
                                      21000, 71000, 15000, 6000};
    guint8 rgb[3 * PIXELS];
    double values[3 * PIXELS];
    char *path = fixture_path("chunks.png");
    some_pixels(rgb);
    for (int i = 0; i < 3 * PIXELS; i++)
        values[i] = rgb[i] / 255.0;
    GByteArray *chunks = g_byte_array_new(), *at = g_byte_array_new();
    for (int i = 0; i < 8; i++)
        put_32(at, chroma[i]);
    put_chunk(chunks, "cHRM", at->data, at->len);
    g_byte_array_set_size(at, 0);
    put_32(at, 55556);
    put_chunk(chunks, "gAMA", at->data, at->len);
    write_png(path, RGB, 8, rgb, NULL, chunks);

    const cmsCIExyY white = {0.3127, 0.329, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 1 / 0.55556),
                 *curves[3] = {curve, curve, curve};
    GBytes *icc = saved(cmsCreateRGBProfile(&white, &primaries, curves));
    check_pixels(path, icc, values, NULL, PIXELS);
    put_chunk(chunks, "sRGB", (const guint8 *)"", 1);
    write_png(path, RGB, 8, rgb, NULL, chunks);
    check_plain(path, rgb);
    cmsFreeToneCurve(curve);
    g_bytes_unref(icc);
    g_byte_array_unref(chunks);
    g_byte_array_unref(at);
    g_free(path);
}

static void
put_entry(GByteArray *file, guint16 tag, guint16 type, guint32 count, guint32 value)
{
    const guint16 both[2] = {GUINT16_TO_LE(tag), GUINT16_TO_LE(type)};
    const guint32 rest[2] = {GUINT32_TO_LE(count), GUINT32_TO_LE(value)};
    g_byte_array_append(file, (const guint8 *)both, 4);
    g_byte_array_append(file, (const guint8 *)rest, 8);
}

static void
tiff_has_them_too(void)
{
    enum { SHORT = 3, LONG = 4, UNDEFINED = 7, ENTRIES = 11, FIRST = 8 };
    const guint32 at = FIRST + 2 + 12 * ENTRIES + 4, bits = at, pixels = at + 6;
    const guint16 eight[3] = {GUINT16_TO_LE(8), GUINT16_TO_LE(8), GUINT16_TO_LE(8)};
    guint8 rgb[3 * PIXELS];
    double values[3 * PIXELS];
    char *path = fixture_path("made-up.tif");
    some_pixels(rgb);
    for (int i = 0; i < 3 * PIXELS; i++)
        values[i] = rgb[i] / 255.0;
    GBytes *icc = matrix_profile(9);
    guint32 icc_size = (guint32)g_bytes_get_size(icc);
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)"II*\0\10\0\0\0\13\0", FIRST + 2);
    put_entry(file, 256, SHORT, 1, WIDTH);
    put_entry(file, 257, SHORT, 1, HEIGHT);
    put_entry(file, 258, SHORT, 3, bits);
    put_entry(file, 259, SHORT, 1, 1); /* not compressed */
    put_entry(file, 262, SHORT, 1, 2); /* RGB */
    put_entry(file, 273, LONG, 1, pixels);
    put_entry(file, 277, SHORT, 1, 3);
    put_entry(file, 278, SHORT, 1, HEIGHT);
    put_entry(file, 279, LONG, 1, sizeof rgb);
    put_entry(file, 284, SHORT, 1, 1);
    put_entry(file, 34675, UNDEFINED, icc_size, pixels + sizeof rgb);
    g_byte_array_append(file, (const guint8 *)"\0\0\0", 4); /* no other directory */
    g_byte_array_append(file, (const guint8 *)eight, sizeof eight);
    g_byte_array_append(file, rgb, sizeof rgb);
    g_byte_array_append(file, g_bytes_get_data(icc, NULL), icc_size);
    g_assert(g_file_set_contents(path, (char *)file->data, file->len, NULL));
    check_pixels(path, icc, values, NULL, PIXELS);
    g_byte_array_unref(file);
    g_bytes_unref(icc);
    g_free(path);
}

/* 12 bytes of RIFF, VP8X with its flag for a profile, ICCP of 4 bytes, EXIF of 2. */
static void
webp_is_cleared_of_its_chunk(void)
{
    const guint8 file[] = "RIFF\46\0\0\0WEBPVP8X\12\0\0\0\50\0\0\0\0\0\0\0\0\0"
                          "ICCP\4\0\0\0abcdEXIF\2\0\0\0ef";
    Profile profile;
    check(profile_take(&profile, file, sizeof file - 1), "there is one");
    check(profile.icc && g_bytes_get_size(profile.icc) == 4 &&
              memcmp(g_bytes_get_data(profile.icc, NULL), "abcd", 4) == 0,
          "its bytes");
    check_int((int)profile.rest->len, sizeof file - 1, "the rest is as long");
    check(profile.rest->data[20] == 8 && memcmp(profile.rest->data + 30, "none", 4) == 0,
          "nobody finds it");
    profile_clear(&profile);
    for (gsize size = 0; size < 42; size++) /* ICCP ends at 42 */
        check(!profile_take(&profile, file, size), "cut off");
}

static const CheckTest tests[] = {
    CHECK_TEST(a_hundred_profiles_are_not_too_many),
    CHECK_TEST(jpegs_have_them_too),
    CHECK_TEST(srgb_stays_as_it_is),
    CHECK_TEST(damaged_and_foreign_profiles_are_passed_over),
    CHECK_TEST(png_says_it_in_chunks_too),
    CHECK_TEST(tiff_has_them_too),
    CHECK_TEST(webp_is_cleared_of_its_chunk),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return status;
}
