/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transform.c: small changes of a picture, by steps. */

#include "photo/transform.h"
#include "photo/fill.h"
#include <math.h>
#include <string.h>

double
transform_none(TransformKind kind)
{
    return kind == TRANSFORM_SCALE ? 1 : 0;
}

/* --- places --- */

/* Quarters of a turn are exact, so that pixels fall on pixels. */
static void
turn_of(double degrees, double *cosine, double *sine)
{
    double quarters = degrees / 90;
    if (quarters == floor(quarters)) {
        static const double round[4] = {1, 0, -1, 0};
        int quarter = (int)(quarters - 4 * floor(quarters / 4));
        *cosine = round[quarter];
        *sine = round[(quarter + 3) % 4];
        return;
    }
    *cosine = cos(degrees * G_PI / 180);
    *sine = sin(degrees * G_PI / 180);
}

static AroundMap
map_of(TransformKind kind, double amount)
{
    AroundMap map = {.xx = 1, .yy = 1};
    double cosine, sine;
    switch (kind) {
    case TRANSFORM_DOWN:
        map.y0 = -amount;
        break;
    case TRANSFORM_RIGHT:
        map.x0 = -amount;
        break;
    case TRANSFORM_SCALE:
        map.xx = map.yy = 1 / amount;
        break;
    case TRANSFORM_TURN:
        turn_of(amount, &cosine, &sine);
        map.xx = map.yy = cosine;
        map.xy = sine;
        map.yx = -sine;
        break;
    case TRANSFORM_MIRROR:
        map.xx = (int)amount & 1 ? -1 : 1;
        map.yy = (int)amount & 2 ? -1 : 1;
        break;
    default: /* nothing moves */
        break;
    }
    return map;
}

AroundMargin
transform_margin(TransformKind kind, double amount, int width, int height)
{
    AroundMap map = map_of(kind, amount);
    double right = fabs(map.xx) * width / 2 + fabs(map.xy) * height / 2;
    double bottom = fabs(map.yx) * width / 2 + fabs(map.yy) * height / 2;
    double x = right - width / 2.0, y = bottom - height / 2.0;
    return (AroundMargin){fmax(0, x - map.x0), fmax(0, y - map.y0), fmax(0, x + map.x0),
                          fmax(0, y + map.y0)};
}

AroundMargin
transform_larger(AroundMargin a, AroundMargin b)
{
    return (AroundMargin){fmax(a.left, b.left), fmax(a.top, b.top),
                          fmax(a.right, b.right), fmax(a.bottom, b.bottom)};
}

/* --- values --- */

static void
expose(double stops, float *rgb, gsize count)
{
    const Babl *to_linear = babl_fish("R'G'B' float", "RGB float");
    const Babl *to_encoded = babl_fish("RGB float", "R'G'B' float");
    float factor = (float)exp2(stops);
    babl_process(to_linear, rgb, rgb, (glong)count / 3);
    for (gsize i = 0; i < count; i++)
        rgb[i] = MIN(rgb[i] * factor, 1);
    babl_process(to_encoded, rgb, rgb, (glong)count / 3);
    for (gsize i = 0; i < count; i++)
        rgb[i] = CLAMP(rgb[i], 0, 1);
}

static gboolean
blur(const Around *around, double deviation, float *rgb)
{
    gsize bytes = (gsize)around->width * (gsize)around->height * 3 * sizeof *rgb;
    float *sharp = g_try_malloc(bytes);
    if (!sharp)
        return FALSE;
    memcpy(sharp, rgb, bytes);
    gboolean ok = fill_blur(sharp, around->height, around->width, deviation, rgb);
    g_free(sharp);
    return ok;
}

gboolean
transform_show(const Around *around,
               TransformKind kind,
               double amount,
               const float *noise,
               float *rgb)
{
    AroundMap map = map_of(kind, amount);
    gsize count = (gsize)around->width * (gsize)around->height * 3;
    if (!around_show(around, &map, rgb))
        return FALSE;
    if (amount == 0)
        return TRUE;
    if (kind == TRANSFORM_EXPOSURE)
        expose(amount, rgb, count);
    else if (kind == TRANSFORM_BLUR)
        return blur(around, amount, rgb);
    else if (kind == TRANSFORM_NOISE)
        for (gsize i = 0; i < count; i++)
            rgb[i] = CLAMP(rgb[i] + (float)amount * noise[i], 0, 1);
    return TRUE;
}

void
transform_noise(guint32 seed, float *noise, gsize count)
{
    GRand *random = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < count; i++) { /* Box and Muller 1958 */
        double length = sqrt(-2 * log(1 - g_rand_double(random)));
        noise[i] = (float)(length * cos(2 * G_PI * g_rand_double(random)));
    }
    g_rand_free(random);
}
