/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conventions.c: the ways in which pictures are commonly prepared for networks. */

#include "net/conventions.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* clang-format off */
#define ONE {1, 1, 1}
#define MEAN_OF_BYTES_BGR {103.939f, 116.779f, 123.68f}

const Convention conventions[] = {
    /* Mean and deviation of ImageNet's training pictures, as torchvision has them. */
    {"imagenet", N_("ImageNet's (PyTorch)"), 3, FALSE,
     {.range = 1, .mean = {0.485f, 0.456f, 0.406f}, .std = {0.229f, 0.224f, 0.225f}}},
    /* The mean colour that Caffe's own nets subtract, in the order of its channels. */
    {"caffe", N_("Caffe's"), 3, FALSE,
     {.bgr = true, .range = 255, .mean = {104, 117, 123}, .std = ONE}},
    {"signed", N_("−1…1 (TensorFlow)"), 3, FALSE,
     {.range = 2, .mean = {1, 1, 1}, .std = ONE}},
    {"unit", N_("0…1 (Ultralytics)"), 3, FALSE, {.range = 1, .std = ONE}},
    {"bytes", N_("0…255 (EfficientNet of Keras)"), 3, TRUE, {.range = 255, .std = ONE}},
    {"caffe-scaled", N_("Caffe's, scaled"), 3, FALSE,
     {.bgr = true, .range = 255, .mean = MEAN_OF_BYTES_BGR, .std = {58.8f, 58.8f, 58.8f}}},
    {"bytes-mean", N_("0…255 less a mean"), 3, FALSE,
     {.range = 255, .mean = {123.68f, 116.779f, 103.939f}, .std = ONE}},
    {"bytes-bgr", N_("0…255, B G R (Custom Vision)"), 3, TRUE, {.bgr = true, .range = 255, .std = ONE}},
    {"unit-bgr", N_("0…1, B G R (MobileViT)"), 3, FALSE, {.bgr = true, .range = 1, .std = ONE}},

    {"unit", N_("0…1"), 1, FALSE, {.range = 1, .std = ONE}},
    /* Ink is white in the pictures of MNIST, and black on most photos of digits. */
    {"negative", N_("1…0 (negative)"), 1, FALSE,
     {.range = -1, .mean = {-1, -1, -1}, .std = ONE}},
    {"signed", N_("−1…1"), 1, FALSE, {.range = 2, .mean = {1, 1, 1}, .std = ONE}},
    {"bytes", N_("0…255"), 1, TRUE, {.range = 255, .std = ONE}},
    {"mnist", N_("MNIST's (PyTorch)"), 1, FALSE,
     {.range = 1, .mean = {0.1307f, 0.1307f, 0.1307f},
      .std = {0.3081f, 0.3081f, 0.3081f}}},
    {NULL, NULL, 0, FALSE, {.range = 1, .std = ONE}},
};
/* clang-format on */

const Convention *
convention_find(const char *nick, int channels)
{
    for (const Convention *one = conventions; one->nick; one++)
        if (one->channels == channels && g_str_equal(one->nick, nick))
            return one;
    return NULL;
}

/* What a value 0 ... 1 of channel c is fed as. */
static double
fed(const DcnPreprocessing *how, int c, double value)
{
    return (value * (double)how->range - (double)how->mean[c]) / (double)how->std[c];
}

gboolean
convention_same(const DcnPreprocessing *a, const DcnPreprocessing *b, int channels)
{
    gboolean same = a->linear == b->linear && (channels == 1 || a->bgr == b->bgr);
    for (int c = 0; same && c < channels; c++) {
        double level = fabs((double)a->range / (double)a->std[c]) / 255;
        for (int white = 0; white < 2; white++)
            same = same && fabs(fed(a, c, white) - fed(b, c, white)) <= 0.5 * level;
    }
    return same;
}

DcnPreprocessing
convention_between(float low, float high)
{
    return (DcnPreprocessing){
        .range = high - low, .mean = {-low, -low, -low}, .std = {1, 1, 1}};
}
