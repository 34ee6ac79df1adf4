/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colormap.c: numbers and classes as colours.
 *
 * Maps are paths through OKLCh (Björn Ottosson, "A perceptual color space for image
 * processing", 2020): lightness runs evenly, so equal steps of a number look equal, also
 * in print and to people who do not tell red from green. Where the path leaves what sRGB
 * can show, chroma gives way and lightness and hue stay. */

#include "draw/colormap.h"
#include <math.h>

static double
encode(double linear) /* the transfer function of sRGB, IEC 61966-2-1 */
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static void
oklch_to_linear(double lightness, double chroma, double hue_degrees, double rgb[3])
{
    double a = chroma * cos(hue_degrees * G_PI / 180);
    double b = chroma * sin(hue_degrees * G_PI / 180);
    double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
    double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
    double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static gboolean
shown(const double rgb[3])
{
    for (int c = 0; c < 3; c++)
        if (rgb[c] < -1e-6 || rgb[c] > 1 + 1e-6)
            return FALSE;
    return TRUE;
}

static void
oklch(double lightness, double chroma, double hue_degrees, float rgb[3])
{
    double linear[3], low = 0, high = chroma;
    oklch_to_linear(lightness, chroma, hue_degrees, linear);
    if (!shown(linear)) {
        for (int i = 0; i < 20; i++) { /* 2^-20 of the chroma is far below 1/255 */
            double middle = (low + high) / 2;
            oklch_to_linear(lightness, middle, hue_degrees, linear);
            *(shown(linear) ? &low : &high) = middle;
        }
        oklch_to_linear(lightness, low, hue_degrees, linear);
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = (float)encode(CLAMP(linear[c], 0, 1));
}

void
colormap_at(Colormap map, double t, float rgb[3])
{
    t = t > 0 ? fmin(t, 1) : 0; /* a NaN becomes 0 */
    double side = 2 * t - 1;
    switch (map) {
    case COLORMAP_VIVID:
        oklch(0.25 + 0.69 * t, 0.11 + 0.07 * t, 305 - 200 * t, rgb);
        break;
    case COLORMAP_HEAT:
        oklch(0.97 * t, 0.30 * sin(G_PI * t), 20 + 85 * t, rgb);
        break;
    case COLORMAP_GRAY:
        rgb[0] = rgb[1] = rgb[2] = (float)t;
        break;
    case COLORMAP_DIVERGING:
        oklch(0.97 - 0.5 * fabs(side), 0.23 * fabs(side), side < 0 ? 257 : 27, rgb);
        break;
    }
}

void
colormap_class(gsize n, float rgb[3])
{
    /* Hues in an order that puts neighbours in the list far apart on the circle. */
    static const double hue[12] = {30, 255, 145, 95, 325, 200, 60, 285, 120, 0, 230, 170};
    static const double lightness[3] = {0.66, 0.82, 0.48};
    gsize turn = n / G_N_ELEMENTS(hue);
    double l = lightness[(n % G_N_ELEMENTS(hue) / 4 + turn) % 3];
    oklch(l, turn % 2 ? 0.09 : 0.17, hue[n % G_N_ELEMENTS(hue)] + 15 * (double)(turn / 3),
          rgb);
}
