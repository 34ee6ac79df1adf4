/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fill.c: what the sliding square of an occlusion shows. */

#include "photo/fill.h"
#include "base/param.h"
#include <math.h>

static void
one_color(const float color[3], gsize pixels, float *out)
{
    for (gsize i = 0; i < pixels; i++)
        for (gsize c = 0; c < 3; c++)
            out[3 * i + c] = color[c];
}

void
fill_color(const char *text, gsize pixels, float *out)
{
    float color[3] = {0};
    param_color(text, color);
    one_color(color, pixels, out);
}

void
fill_mean(const float *rgb, gsize pixels, float *out)
{
    float color[3];
    for (gsize c = 0; c < 3; c++) {
        double sum = 0;
        for (gsize i = 0; i < pixels; i++)
            sum += (double)rgb[3 * i + c];
        color[c] = (float)(sum / (double)pixels);
    }
    one_color(color, pixels, out);
}

/* One line of `count` pixels, `stride` floats apart. line: room for 3 * count floats. */
static void
blur_line(
    float *pixels, int count, gsize stride, const float *kernel, int radius, float *line)
{
    for (int i = 0; i < count; i++)
        for (gsize c = 0; c < 3; c++) {
            float sum = 0;
            for (int k = -radius; k <= radius; k++) {
                gsize from = (gsize)CLAMP(i + k, 0, count - 1);
                sum += kernel[k + radius] * pixels[from * stride + c];
            }
            line[(gsize)i * 3 + c] = sum;
        }
    for (int i = 0; i < count; i++)
        for (gsize c = 0; c < 3; c++)
            pixels[(gsize)i * stride + c] = line[(gsize)i * 3 + c];
}

gboolean
fill_blur(const float *rgb, int height, int width, double sigma, float *out)
{
    int radius = (int)ceil(3 * sigma); /* 99.7 % of the bell */
    float *kernel = g_try_new(float, 2 * (gsize)radius + 1);
    float *line = g_try_new(float, (gsize)MAX(height, width) * 3);
    gboolean ok = kernel && line;
    double sum = 0;
    for (int k = -radius; ok && k <= radius; k++) {
        double value = exp(-0.5 * k * k / (sigma * sigma));
        kernel[k + radius] = (float)value;
        sum += value;
    }
    for (int k = 0; ok && k <= 2 * radius; k++)
        kernel[k] /= (float)sum;
    for (gsize i = 0; ok && i < (gsize)height * (gsize)width * 3; i++)
        out[i] = rgb[i];
    for (int y = 0; ok && y < height; y++)
        blur_line(out + (gsize)y * (gsize)width * 3, width, 3, kernel, radius, line);
    for (int x = 0; ok && x < width; x++)
        blur_line(out + (gsize)x * 3, height, (gsize)width * 3, kernel, radius, line);
    g_free(kernel);
    g_free(line);
    return ok;
}
