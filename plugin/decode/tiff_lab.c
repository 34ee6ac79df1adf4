/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_lab.c: CIE L*a*b* (TIFF 6.0, section 23, and Adobe's tech note 4: ICCLab) by lcms2. */

#include "decode/tiff_lab.h"
#include "decode/tiff_tags.h"
#include <lcms2.h>

enum { RGB = 2, LAB = 8, ICC_LAB = 9 };

gboolean
tiff_is_lab(const guint8 *bytes, gsize size)
{
    Tiff tiff;
    if (!tiff_of(&tiff, bytes, size))
        return FALSE;
    guint32 colours = tiff_value(&tiff, TIFF_COLOURS, 1),
            bits = tiff_value(&tiff, TIFF_BITS, 1),
            samples = tiff_value(&tiff, TIFF_SAMPLES, 1);
    return (colours == LAB || colours == ICC_LAB) && (bits == 8 || bits == 16) &&
           (samples == 3 || samples == 4);
}

gboolean
tiff_lab_hide(GByteArray *file, gboolean *offset)
{
    Tiff tiff;
    if (!tiff_is_lab(file->data, file->len) || !tiff_of(&tiff, file->data, file->len))
        return FALSE;
    *offset = tiff_value(&tiff, TIFF_COLOURS, 1) == ICC_LAB;
    return tiff_overwrite(file, TIFF_COLOURS, RGB);
}

/* v: the stored value, from 0 to 1. */
static double
colour_of(double v, int bytes, gboolean offset)
{
    double steps = bytes == 1 ? 255 : 65535, unit = bytes == 1 ? 1 : 256;
    double stored = v * steps;
    if (offset)
        return stored / unit - 128;
    return (stored >= (steps + 1) / 2 ? stored - steps - 1 : stored) / unit;
}

/* A pixel is L*, a*, b* and, if there is one, alpha: as R'G'B'A floats are read of it. */
static void
take_row(const float *rgba, int width, int bytes, gboolean offset, double *lab)
{
    for (int x = 0; x < width; x++, rgba += 4, lab += 3) {
        lab[0] = (double)rgba[0] * 100;
        lab[1] = colour_of((double)rgba[1], bytes, offset);
        lab[2] = colour_of((double)rgba[2], bytes, offset);
    }
}

static cmsHTRANSFORM
transform_new(void)
{
    cmsHPROFILE from = cmsCreateLab4Profile(NULL), to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform =
        from && to ? cmsCreateTransform(from, TYPE_Lab_DBL, to, TYPE_RGB_DBL,
                                        INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE)
                   : NULL;
    if (from)
        cmsCloseProfile(from);
    if (to)
        cmsCloseProfile(to);
    return transform;
}

gboolean
tiff_lab_apply(Block *block, gboolean offset)
{
    const Babl *format = block->format;
    int components = babl_format_get_n_components(format);
    int bytes = babl_format_get_bytes_per_pixel(format) / components;
    cmsHTRANSFORM transform = transform_new();
    gboolean ok = transform && block_convert(block, babl_format("R'G'B'A float"));
    gsize values = 3 * (gsize)block->width;
    double *lab = g_new(double, values), *rgb = g_new(double, values);
    for (int y = 0; ok && y < block->height; y++) {
        float *row = (float *)(void *)block_row(block, y);
        take_row(row, block->width, bytes, offset, lab);
        cmsDoTransform(transform, lab, rgb, (cmsUInt32Number)block->width);
        for (gsize i = 0; i < values; i++)
            row[i / 3 * 4 + i % 3] = (float)CLAMP(rgb[i], 0, 1);
    }
    g_free(rgb);
    g_free(lab);
    if (transform)
        cmsDeleteTransform(transform);
    return ok;
}
