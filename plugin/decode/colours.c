/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.c: makes and keeps lcms2's transforms and applies them to rows of pixels. */

#include "decode/colours.h"
#include <lcms2.h>
#include <string.h>

#define KEPT 16 /* transforms; of a matrix they take 0.1 MB, of a table 0.5 MB */

/* --- kinds of pixels */

/* A format of GEGL's loaders and what lcms2 calls it. */
typedef struct {
    const char *encoding;
    cmsUInt32Number type;
} Kind;

#define ALPHA EXTRA_SH(1)

/* babl's cmyk is inverted: 0 is all of the ink. */
static const Kind kinds[] = {
    {"R'G'B' u8", TYPE_RGB_8},
    {"R'G'B'A u8", TYPE_RGBA_8},
    {"R'G'B' u16", TYPE_RGB_16},
    {"R'G'B'A u16", TYPE_RGBA_16},
    {"R'G'B' float", TYPE_RGB_FLT},
    {"R'G'B'A float", TYPE_RGBA_FLT},
    {"Y' u8", TYPE_GRAY_8},
    {"Y'A u8", TYPE_GRAY_8 | ALPHA},
    {"Y' u16", TYPE_GRAY_16},
    {"Y'A u16", TYPE_GRAY_16 | ALPHA},
    {"Y' float", TYPE_GRAY_FLT},
    {"Y'A float", TYPE_GRAY_FLT | ALPHA},
    {"cmyk u8", TYPE_CMYK_8_REV},
    {"CMYK u8", TYPE_CMYK_8},
    {"CMYKA u8", TYPE_CMYK_8 | ALPHA},
};

/* NULL: it is not listed. */
static const Kind *
kind_of(const Babl *format)
{
    const char *encoding = babl_format_get_encoding(format);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(encoding, kinds[i].encoding) == 0)
            return &kinds[i];
    return NULL;
}

/* sRGB of as many bytes a value, with the same alpha. */
static cmsUInt32Number
srgb_type(cmsUInt32Number type)
{
    cmsUInt32Number bytes = T_BYTES(type);
    return (bytes == 1   ? TYPE_RGB_8
            : bytes == 2 ? TYPE_RGB_16
                         : TYPE_RGB_FLT) |
           EXTRA_SH(T_EXTRA(type));
}

static cmsColorSpaceSignature
space_of(cmsUInt32Number type)
{
    return T_COLORSPACE(type) == PT_GRAY   ? cmsSigGrayData
           : T_COLORSPACE(type) == PT_CMYK ? cmsSigCmykData
                                           : cmsSigRgbData;
}

/* --- one transform */

typedef struct {
    char *sum; /* of the profile's bytes */
    const Kind *kind;
    cmsHTRANSFORM transform;
    float
        *table; /* of gray in 8 or 16 bits, instead of a transform: sRGB for each value */
} Colours;      /* neither: the pixels are sRGB's as they are */

static void
colours_free(Colours *colours)
{
    if (colours->transform)
        cmsDeleteTransform(colours->transform);
    g_free(colours->table);
    g_free(colours->sum);
    g_free(colours);
}

/* lcms2's quick ways for 16 bits, gray and tables interpolate between 33 steps, and are
 * off by up to 10/255 in dark colours. That for bytes by a matrix, which most photos
 * have, is good to 1/255, and 20 times as quick as the way by the definition, with its 2
 * million pixels a second. */
static cmsUInt32Number
way_of(cmsHPROFILE from, cmsUInt32Number type)
{
    gboolean matrix = T_COLORSPACE(type) == PT_RGB && T_BYTES(type) == 1 &&
                      cmsIsMatrixShaper(from) &&
                      !cmsIsCLUT(from, INTENT_PERCEPTUAL, LCMS_USED_AS_INPUT);
    return matrix ? 0 : cmsFLAGS_NOOPTIMIZE;
}

static cmsHTRANSFORM
make_transform(cmsHPROFILE from,
               cmsUInt32Number in,
               cmsUInt32Number out,
               cmsUInt32Number way)
{
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform =
        to ? cmsCreateTransform(from, in, to, out, INTENT_PERCEPTUAL,
                                way | cmsFLAGS_NOCACHE | cmsFLAGS_COPY_ALPHA)
           : NULL;
    if (to)
        cmsCloseProfile(to);
    return transform;
}

/* sRGB's own profile, of which there are many: of a grid of colours none is moved by more
 * than 0.8/255, so that those between stay within 1/255. */
static gboolean
is_srgb(cmsHPROFILE from)
{
    enum { STEPS = 16, STEP = 17 * 257, MOST = 200 };
    gboolean gray = cmsGetColorSpace(from) == cmsSigGrayData;
    gsize channels = gray ? 1 : 3;
    if (cmsGetColorSpace(from) == cmsSigCmykData)
        return FALSE;
    cmsHTRANSFORM transform = make_transform(from, gray ? TYPE_GRAY_16 : TYPE_RGB_16,
                                             TYPE_RGB_16, cmsFLAGS_NOOPTIMIZE);
    gboolean same = transform != NULL;
    for (int i = 0; same && i < STEPS * STEPS * STEPS; i++) {
        guint16 in[3] = {(guint16)(i % STEPS * STEP), (guint16)(i / STEPS % STEPS * STEP),
                         (guint16)(i / STEPS / STEPS * STEP)},
                out[3];
        cmsDoTransform(transform, in, out, 1);
        for (gsize c = 0; c < 3; c++)
            same = same && ABS(out[c] - in[c % channels]) <= MOST;
    }
    if (transform)
        cmsDeleteTransform(transform);
    return same;
}

static float *
make_table(cmsHPROFILE from, cmsUInt32Number type)
{
    cmsHTRANSFORM transform =
        make_transform(from, TYPE_GRAY_16, TYPE_RGB_16, cmsFLAGS_NOOPTIMIZE);
    gsize values = T_BYTES(type) == 1 ? 256 : 65536;
    float *table = transform ? g_new(float, values) : NULL;
    for (gsize i = 0; table && i < values; i++) {
        guint16 rgb[3], gray = (guint16)(values == 256 ? i * 257 : i);
        cmsDoTransform(transform, &gray, rgb, 1);
        table[i] = rgb[0] / 65535.0F;
    }
    if (transform)
        cmsDeleteTransform(transform);
    return table;
}

/* Nothing is made if the profile is sRGB's, damaged, or of another kind. */
static void
make(Colours *colours, GBytes *icc)
{
    gsize size;
    const void *bytes = g_bytes_get_data(icc, &size);
    cmsHPROFILE from = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)size);
    cmsUInt32Number type = colours->kind->type;
    if (from && cmsGetColorSpace(from) == space_of(type) && !is_srgb(from)) {
        if (T_COLORSPACE(type) == PT_GRAY && !T_FLOAT(type))
            colours->table = make_table(from, type);
        else
            colours->transform =
                make_transform(from, type, srgb_type(type), way_of(from, type));
    }
    if (from)
        cmsCloseProfile(from);
}

/* --- those kept */

static Colours *kept[KEPT]; /* the one used last comes first */

/* The one at i comes first, or the last one goes for another. */
static const Colours *
move_up(int i, Colours *colours)
{
    if (i == KEPT && kept[--i])
        colours_free(kept[i]);
    memmove(kept + 1, kept, (gsize)i * sizeof *kept);
    kept[0] = colours;
    return colours;
}

static const Colours *
find(GBytes *icc, const Kind *kind)
{
    char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, icc);
    for (int i = 0; i < KEPT && kept[i]; i++)
        if (kept[i]->kind == kind && strcmp(kept[i]->sum, sum) == 0) {
            g_free(sum);
            return move_up(i, kept[i]);
        }
    Colours *colours = g_new0(Colours, 1);
    *colours = (Colours){.sum = sum, .kind = kind};
    make(colours, icc);
    return move_up(KEPT, colours);
}

/* --- converting */

/* Value `at` of a row, from 0 to 1; as an index of a table, if `table` is there. */
static inline float
value_at(const void *row, gsize bytes, gsize at, const float *table)
{
    if (bytes == 1) {
        guint8 value = ((const guint8 *)row)[at];
        return table ? table[value] : value / 255.0F;
    }
    if (bytes == 2) {
        guint16 value = ((const guint16 *)row)[at];
        return table ? table[value] : value / 65535.0F;
    }
    return ((const float *)row)[at];
}

/* A row of sRGB pixels, or of gray ones with their table, as floats with an alpha. */
static void
widen(const void *row, cmsUInt32Number type, const float *table, gsize width, float *rgba)
{
    gsize bytes = T_BYTES(type), colours = T_CHANNELS(type);
    gsize step = colours + T_EXTRA(type);
    for (gsize i = 0; i < width; i++, rgba += 4) {
        for (gsize c = 0; c < 3; c++)
            rgba[c] = value_at(row, bytes, i * step + c % colours, table);
        rgba[3] = T_EXTRA(type) ? value_at(row, bytes, i * step + colours, NULL) : 1.0F;
    }
}

static void
narrow(const float *rgba, gsize count, guint16 *row)
{
    for (gsize i = 0; i < count; i++)
        row[i] = (guint16)(CLAMP(rgba[i], 0, 1) * 65535 + 0.5F);
}

/* Rows of bytes to R'G'B' bytes. */
static gboolean
convert_bytes(const Colours *colours, Block *block)
{
    Block made;
    if (!block_new(&made, block->width, block->height, babl_format("R'G'B' u8")))
        return FALSE;
    for (int y = 0; y < block->height; y++)
        cmsDoTransform(colours->transform, block_row(block, y), block_row(&made, y),
                       (cmsUInt32Number)block->width);
    block_replace(block, &made);
    return TRUE;
}

/* All others: to 16 bits, or to floats if they are floats, with an alpha. */
static gboolean
convert_wide(const Colours *colours, Block *block)
{
    cmsUInt32Number in = colours->kind->type, out = srgb_type(in);
    gsize width = (gsize)block->width;
    const char *format = T_FLOAT(in) ? "R'G'B'A float" : "R'G'B'A u16";
    Block made;
    if (!block_new(&made, block->width, block->height, babl_format(format)))
        return FALSE;
    float *srgb = g_new(float, 4 * width), *rgba = g_new(float, 4 * width);
    for (int y = 0; y < block->height; y++) {
        void *to = block_row(&made, y);
        float *wide = T_FLOAT(in) ? to : rgba;
        if (colours->table) {
            widen(block_row(block, y), in, colours->table, width, wide);
        } else {
            cmsDoTransform(colours->transform, block_row(block, y), srgb,
                           (cmsUInt32Number)width);
            widen(srgb, out, NULL, width, wide);
        }
        if (wide == rgba)
            narrow(rgba, 4 * width, to);
    }
    g_free(srgb);
    g_free(rgba);
    block_replace(block, &made);
    return TRUE;
}

/* Without a profile: what is left of white behind colour and black, as GIMP has it. */
static gboolean
convert_ink(const Kind *kind, Block *block)
{
    guint8 turn = T_FLAVOR(kind->type) ? 0 : 255; /* 0: 0 is all of the ink */
    int alpha = T_EXTRA(kind->type);
    Block made;
    if (!block_new(&made, block->width, block->height,
                   babl_format(alpha ? "R'G'B'A u8" : "R'G'B' u8")))
        return FALSE;
    for (int y = 0; y < block->height; y++) {
        const guint8 *ink = block_row(block, y);
        guint8 *rgb = block_row(&made, y);
        for (int x = 0; x < block->width; x++, ink += 4 + alpha, rgb += 3 + alpha) {
            for (int c = 0; c < 3; c++)
                rgb[c] = (guint8)(((ink[c] ^ turn) * (ink[3] ^ turn) + 127) / 255);
            if (alpha)
                rgb[3] = ink[4];
        }
    }
    block_replace(block, &made);
    return TRUE;
}

/* A value of 0 .. 1. type: babl's name of it. */
static double
any_value(const guint8 *at, const char *type)
{
    union {
        guint8 bytes[8];
        guint16 u16;
        guint32 u32;
        float f;
        double d;
    } value;
    memcpy(value.bytes, at, sizeof value);
    return strcmp(type, "u8") == 0      ? value.bytes[0] / 255.0
           : strcmp(type, "u16") == 0   ? value.u16 / 65535.0
           : strcmp(type, "u32") == 0   ? value.u32 / 4294967295.0
           : strcmp(type, "float") == 0 ? (double)value.f
                                        : value.d;
}

/* Inks of other types than bytes, which babl converts by way of R'G'B', and those that
 * were multiplied with their alpha. FALSE without memory. */
static gboolean
narrow_ink(Block *block)
{
    int values = babl_format_get_n_components(block->format);
    gboolean multiplied = g_str_has_prefix(babl_format_get_encoding(block->format), "Ca");
    const char *type = babl_get_name(babl_format_get_type(block->format, 0));
    gsize step = (gsize)(babl_format_get_bytes_per_pixel(block->format) / values);
    Block made;
    if (!block_new(&made, block->width, block->height,
                   babl_format(values == 5 ? "CMYKA u8" : "CMYK u8")))
        return FALSE;
    for (gsize i = 0; i < made.size; i += (gsize)values) {
        double inks[5];
        for (int c = 0; c < values; c++) {
            guint8 room[8] = {0};
            memcpy(room, block->at + (i + (gsize)c) * step, step);
            inks[c] = any_value(room, type);
        }
        for (int c = 0; c < values; c++) {
            double ink = c < 4 && multiplied && inks[4] > 0 ? inks[c] / inks[4] : inks[c];
            made.at[i + (gsize)c] = (guint8)(CLAMP(ink, 0, 1) * 255 + 0.5);
        }
    }
    block_replace(block, &made);
    return TRUE;
}

gboolean
colours_convert(Block *block, GBytes *icc)
{
    const Kind *kind = kind_of(block->format);
    if (!kind && g_ascii_toupper(*babl_format_get_encoding(block->format)) == 'C') {
        if (!narrow_ink(block))
            return FALSE;
        kind = kind_of(block->format);
    }
    if (icc && !kind) {
        gboolean gray = g_str_has_prefix(babl_format_get_encoding(block->format), "Y");
        if (!block_convert(block, babl_format(gray ? "Y'A float" : "R'G'B'A float")))
            return FALSE;
        kind = kind_of(block->format);
    }
    const Colours *colours = icc ? find(icc, kind) : NULL;
    if (colours && colours->transform && srgb_type(colours->kind->type) == TYPE_RGB_8)
        return convert_bytes(colours, block);
    if (colours && (colours->transform || colours->table))
        return convert_wide(colours, block);
    if (kind && T_COLORSPACE(kind->type) == PT_CMYK)
        return convert_ink(kind, block);
    return TRUE;
}
