/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.c: from encoded R'G'B' to the values of a net's input, and from its signals back
 * to R, G, B. */
#include "base/vector.h"
#include "dcn.h"
#include <math.h>

/* IEC 61966-2-1 */
float
dcn_light(float encoded)
{
    return encoded <= 0.04045f ? encoded / 12.92f
                               : powf((encoded + 0.055f) / 1.055f, 2.4f);
}

float
dcn_encoded(float light)
{
    return light <= 0.0031308f ? light * 12.92f : 1.055f * powf(light, 1 / 2.4f) - 0.055f;
}

/* Where channel c of pixel i stands in one image of the net's input. */
static size_t
place(const DcnInputLayout *layout, size_t channels, size_t area, size_t c, size_t i)
{
    return layout->nhwc ? i * channels + c : c * area + i;
}

/* to[i] = the net's value for from[3 * i], of a whole plane at once, so that compilers
 * use vectors. */
DCN_VECTOR static void
normalise(float *restrict to,
          const float *restrict from,
          size_t count,
          float range,
          float mean,
          float std)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (from[3 * i] * range - mean) / std;
}

void
dcn_input_from_rgb(const DcnPreprocessing *how,
                   const DcnInputLayout *layout,
                   size_t height,
                   size_t width,
                   const float *rgb,
                   float *input)
{
    size_t channels = layout->channels == 1 ? 1 : 3, area = height * width;
    if (channels == 3 && !layout->nhwc && !how->linear) {
        for (size_t c = 0; c < 3; c++)
            normalise(input + c * area, rgb + (how->bgr ? 2 - c : c), area, how->range,
                      how->mean[c], how->std[c]);
        return;
    }
    /* Rec. 601 luma of encoded values, as image libraries turn colour to gray; of light
     * the luminance */
    static const float luma[3] = {0.299f, 0.587f, 0.114f},
                       luminance[3] = {0.2126f, 0.7152f, 0.0722f};
    const float *share = how->linear ? luminance : luma;
    for (size_t i = 0; i < area; i++) {
        float pixel[3];
        for (size_t c = 0; c < 3; c++)
            pixel[c] = how->linear ? dcn_light(rgb[3 * i + c]) : rgb[3 * i + c];
        float gray = share[0] * pixel[0] + share[1] * pixel[1] + share[2] * pixel[2];
        for (size_t c = 0; c < channels; c++) {
            float value = channels == 1 ? gray : pixel[how->bgr ? 2 - c : c];
            input[place(layout, channels, area, c, i)] =
                (value * how->range - how->mean[c]) / how->std[c];
        }
    }
}

void
dcn_signal_to_rgb(const DcnPreprocessing *how,
                  const DcnInputLayout *layout,
                  size_t height,
                  size_t width,
                  const float *signal,
                  float *rgb)
{
    size_t channels = layout->channels == 1 ? 1 : 3, area = height * width;
    if (channels == 3 && !layout->nhwc) {
        const float *red = signal + (how->bgr ? 2 * area : 0), *green = signal + area,
                    *blue = signal + (how->bgr ? 0 : 2 * area);
        for (size_t i = 0; i < area; i++, rgb += 3) {
            rgb[0] = red[i];
            rgb[1] = green[i];
            rgb[2] = blue[i];
        }
        return;
    }
    for (size_t i = 0; i < area; i++)
        for (size_t c = 0; c < 3; c++) {
            size_t from = channels == 1 ? 0 : how->bgr ? 2 - c : c;
            rgb[3 * i + c] = signal[place(layout, channels, area, from, i)];
        }
}
