/* SPDX-License-Identifier: GPL-3.0-or-later */
/* augment.c: cuts a random part out of a picture, mirrors it and changes its colours. */

#include "pictures/augment.h"
#include <math.h>

#define TRIES 10

static double
between(DcnRandom *random, double least, double most)
{
    return least + (most - least) * dcn_random_unit(random);
}

/* A box of a random share of the area and a random proportion that lies inside of the
 * picture; if several tries fail, the whole of what the net would see (Szegedy et al.
 * 2015, "Going deeper with convolutions"). */
static Cut
random_cut(const Recipe *recipe, const Picture *picture, DcnRandom *random)
{
    double area = (double)picture->width * picture->height;
    double own = recipe->fit == FIT_WHOLE ? (double)picture->width / picture->height : 1;
    double low = log(recipe->ratio[0]), high = log(recipe->ratio[1]);
    for (int i = 0; i < TRIES; i++) {
        double share = between(random, recipe->crop[0], recipe->crop[1]);
        double ratio = exp(between(random, low, high)) * own;
        double width = sqrt(area * share * ratio), height = sqrt(area * share / ratio);
        double left = dcn_random_unit(random), top = dcn_random_unit(random);
        if (width <= picture->width && height <= picture->height)
            return (Cut){left * (picture->width - width),
                         top * (picture->height - height), width, height};
    }
    return recipe->fit == FIT_WHOLE ? picture_whole(picture) : picture_centre(picture);
}

static float
luma(const float *p)
{
    return 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
}

/* Colour towards gray, distance from the mean, then all values: each by a factor of its
 * own. */
static void
change_colours(const Recipe *recipe, DcnRandom *random, gsize n_pixels, float *rgb)
{
    float saturation =
        (float)between(random, 1 - recipe->saturation, 1 + recipe->saturation);
    float contrast = (float)between(random, 1 - recipe->contrast, 1 + recipe->contrast);
    float brightness =
        (float)between(random, 1 - recipe->brightness, 1 + recipe->brightness);
    if (dcn_random_unit(random) < recipe->gray)
        saturation = 0;
    if (saturation == 1 && contrast == 1 && brightness == 1)
        return;

    double sum = 0;
    for (gsize i = 0; i < n_pixels; i++)
        sum += (double)luma(rgb + 3 * i);
    float mean = (float)(sum / (double)n_pixels);
    for (gsize i = 0; i < n_pixels; i++) {
        float *p = rgb + 3 * i, gray = luma(p);
        for (int c = 0; c < 3; c++) {
            float v = gray + saturation * (p[c] - gray);
            v = brightness * (mean + contrast * (v - mean));
            p[c] = v < 0 ? 0 : v > 1 ? 1 : v;
        }
    }
}

void
augment_picture(const Recipe *recipe,
                const Picture *picture,
                DcnRandom *random,
                int side,
                float *rgb,
                Scratch *scratch)
{
    Cut cut = random_cut(recipe, picture, random);
    gboolean flip = dcn_random_unit(random) < recipe->flip;
    picture_cut(picture, &cut, flip, side, rgb, scratch);
    change_colours(recipe, random, (gsize)side * (gsize)side, rgb);
}

double
augment_share(double parameter, DcnRandom *random)
{
    /* Jöhnk 1964: two powers of uniform numbers, if their sum is at most 1. */
    for (;;) {
        double x = pow(1 - dcn_random_unit(random), 1 / parameter);
        double y = pow(1 - dcn_random_unit(random), 1 / parameter);
        if (x + y <= 1 && x + y > 0)
            return x / (x + y);
    }
}
