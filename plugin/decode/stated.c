/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stated.c: profiles made of gamma and primaries, or of the numbers of ITU-T H.273. */

#include "decode/stated.h"
#include <lcms2.h>
#include <math.h>

/* An x and a y of white, red, green and blue. */
typedef struct {
    double at[8];
} Primaries;

static GBytes *
saved(cmsHPROFILE made)
{
    cmsUInt32Number size = 0;
    GBytes *icc = NULL;
    if (made && cmsSaveProfileToMem(made, NULL, &size)) {
        guint8 *bytes = g_malloc(size);
        if (cmsSaveProfileToMem(made, bytes, &size))
            icc = g_bytes_new_take(bytes, size);
        else
            g_free(bytes);
    }
    if (made)
        cmsCloseProfile(made);
    return icc;
}

/* Frees the curve, from a value to light; NULL: without memory. */
static GBytes *
profile_of(const Primaries *primaries, cmsToneCurve *curve, gboolean gray)
{
    const double *at = primaries->at;
    const cmsCIExyY white = {at[0], at[1], 1};
    const cmsCIExyYTRIPLE colours = {
        {at[2], at[3], 1}, {at[4], at[5], 1}, {at[6], at[7], 1}};
    if (!curve)
        return NULL;
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE made = gray ? cmsCreateGrayProfile(cmsD50_xyY(), curve)
                            : cmsCreateRGBProfile(&white, &colours, curves);
    cmsFreeToneCurve(curve);
    return saved(made);
}

/* --- gamma */

static guint32
big_32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 |
           bytes[3];
}

static cmsToneCurve *
srgb_curve(void)
{
    static const double srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(NULL, 4, srgb);
}

GBytes *
stated_by_gamma(guint32 gamma, const guint8 *chroma, gboolean gray)
{
    Primaries primaries = {{0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}};
    double *at = primaries.at;
    for (int i = 0; chroma && i < 8; i++)
        at[i] = big_32(chroma + 4 * i) / 100000.0;
    if ((gamma > 0 && gamma < 1000) || gamma > 10000000 || at[1] <= 0 || at[3] <= 0 ||
        at[5] <= 0 || at[7] <= 0)
        return NULL;
    cmsToneCurve *curve =
        gamma > 0 ? cmsBuildGamma(NULL, 100000.0 / gamma) : srgb_curve();
    return profile_of(&primaries, curve, gray);
}

/* --- numbers (ITU-T H.273, tables 2 and 3) */

static const Primaries *
primaries_of(guint8 number)
{
    static const struct {
        guint8 number;
        Primaries primaries;
    } known[] = {
        {1, {{0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060}}},  /* BT.709 */
        {4, {{0.3100, 0.3160, 0.670, 0.330, 0.210, 0.710, 0.140, 0.080}}},  /* 470 M */
        {5, {{0.3127, 0.3290, 0.640, 0.330, 0.290, 0.600, 0.150, 0.060}}},  /* 470 B, G */
        {6, {{0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070}}},  /* 601 */
        {7, {{0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070}}},  /* 240M */
        {9, {{0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}}},  /* BT.2020 */
        {11, {{0.3140, 0.3510, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}}}, /* P3, DCI */
        {12, {{0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}}}, /* P3, D65 */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i].number == number)
            return &known[i].primaries;
    return NULL;
}

/* Light of a value, 1 being white. */
static double
light_of_pq(double value)
{
    const double n = 2610.0 / 16384, m = 2523.0 / 32, a = 3424.0 / 4096, b = 2413.0 / 128,
                 c = 2392.0 / 128, power = pow(value, 1 / m);
    return 10000 / 203.0 * pow(fmax(power - a, 0) / (b - c * power), 1 / n);
}

/* On a screen of 1000 cd/m², whose own gamma is 1.2 then. */
static double
light_of_hlg(double value)
{
    const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    double scene = value <= 0.5 ? value * value / 3 : (exp((value - c) / a) + b) / 12;
    return 1000 / 203.0 * pow(scene, 1.2);
}

static cmsToneCurve *
table_of(double (*light)(double value))
{
    enum { STEPS = 4096 };
    guint16 table[STEPS];
    for (int i = 0; i < STEPS; i++) {
        double most = fmin(light(i / (STEPS - 1.0)), 1);
        table[i] = (guint16)(most * 65535 + 0.5);
    }
    return cmsBuildTabulatedToneCurve16(NULL, STEPS, table);
}

/* NULL: it is not known. */
static cmsToneCurve *
curve_of(guint8 number)
{
    static const double video[5] = {1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081};
    switch (number) {
    case 1:
    case 6:
    case 14:
    case 15:
        return cmsBuildParametricToneCurve(NULL, 4, video);
    case 4:
        return cmsBuildGamma(NULL, 2.2);
    case 5:
        return cmsBuildGamma(NULL, 2.8);
    case 8:
        return cmsBuildGamma(NULL, 1);
    case 13:
        return srgb_curve();
    case 16:
        return table_of(light_of_pq);
    case 18:
        return table_of(light_of_hlg);
    default:
        return NULL;
    }
}

GBytes *
stated_by_numbers(const guint8 numbers[static 4], gboolean gray)
{
    const Primaries *primaries = primaries_of(numbers[0]);
    gboolean full_rgb = numbers[2] == 0 && numbers[3] == 1;
    return primaries && full_rgb ? profile_of(primaries, curve_of(numbers[1]), gray)
                                 : NULL;
}
