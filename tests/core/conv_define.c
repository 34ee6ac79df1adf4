/* conv_define.c: what a convolution is. SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv_define.h"
#include <stdlib.h>

float *
random_floats(DcnRandom *random, size_t n)
{
    float *values = malloc((n ? n : 1) * sizeof *values);
    for (size_t i = 0; i < n; i++)
        values[i] = (float)(dcn_random_unit(random) * 2 - 1);
    return values;
}

int64_t
random_between(DcnRandom *random, int64_t low, int64_t high)
{
    return low + (int64_t)dcn_random_below(random, (uint64_t)(high - low + 1));
}

void
conv_set_out(DcnWindow *w)
{
    for (int axis = 1; axis < 3; axis++)
        w->out[axis] = (w->in[axis] + w->begin[axis] + w->end[axis] -
                        (w->kernel[axis] - 1) * w->dilation[axis] - 1) /
                           w->stride[axis] +
                       1;
}

double
conv_define(
    const DcnConv2d *conv, const float *x, const float *w, size_t map, size_t place)
{
    const DcnWindow *v = &conv->window;
    int64_t oy = (int64_t)place / v->out[2], ox = (int64_t)place % v->out[2];
    size_t channels = conv->channels / conv->groups,
           group = map / (conv->maps / conv->groups);
    double sum = 0;
    x += group * channels * (size_t)(v->in[1] * v->in[2]);
    w += map * channels * (size_t)(v->kernel[1] * v->kernel[2]);
    for (size_t c = 0; c < channels; c++, x += v->in[1] * v->in[2])
        for (int64_t ky = 0; ky < v->kernel[1]; ky++)
            for (int64_t kx = 0; kx < v->kernel[2]; kx++, w++) {
                int64_t y = oy * v->stride[1] - v->begin[1] + ky * v->dilation[1],
                        i = ox * v->stride[2] - v->begin[2] + kx * v->dilation[2];
                if (y >= 0 && y < v->in[1] && i >= 0 && i < v->in[2])
                    sum += (double)x[y * v->in[2] + i] * (double)*w;
            }
    return sum;
}

void
conv_close_channels(const DcnConv2d *conv, float *x, size_t images)
{
    size_t area = (size_t)(conv->window.in[1] * conv->window.in[2]);
    for (size_t i = 0; i < images * conv->channels * area; i++)
        if (i / area % 3 != 1)
            x[i] = i % 2 ? 0 : -0.f;
}
