/* depthwise.c: one kernel a plane. A row of the output is a weighted sum of shifted rows
 * of the input; each shift is one loop without conditions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "depthwise.h"
#include <string.h>

/* Past this many maps a channel the matrix product is quicker. */
#define MOST_MAPS 4

bool
dcn_depthwise_fits(const DcnConv2d *conv)
{
    return conv->groups > 1 && conv->channels == conv->groups &&
           conv->maps / conv->groups <= MOST_MAPS;
}

typedef struct {
    const DcnConv2d *conv;
    const DcnImages *x, *y;
    const float *w, *bias;
    float *dw;
    DcnClamp clamp;
    bool add;
    size_t images;
} Job;

/* y[i] += w * x[i * step] */
static void
add_row(float *restrict y, const float *restrict x, size_t n, size_t step, float w)
{
    if (step == 1)
        for (size_t i = 0; i < n; i++)
            y[i] += w * x[i];
    else if (step == 2)
        for (size_t i = 0; i < n; i++)
            y[i] += w * x[2 * i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] += w * x[i * step];
}

/* x[i * step] += w * y[i] */
static void
scatter_row(float *restrict x, const float *restrict y, size_t n, size_t step, float w)
{
    if (step == 1)
        for (size_t i = 0; i < n; i++)
            x[i] += w * y[i];
    else
        for (size_t i = 0; i < n; i++)
            x[i * step] += w * y[i];
}

static float
dot_row(const float *y, const float *x, size_t n, size_t step)
{
    if (step == 1)
        return dcn_dot(y, x, n);
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += y[i] * x[i * step];
    return sum;
}

typedef enum { FORWARD, BACK, WEIGHTS } Way;

/* All pairs of a row of y, a row of x and an element of the kernel. */
static void
rows(const Job *job, Way way, float *y, float *x, const float *w, float *dw)
{
    const DcnWindow *window = &job->conv->window;
    int64_t in_w = window->in[2], out_w = window->out[2], k_w = window->kernel[2];
    size_t step = (size_t)window->stride[2];
    for (int64_t oy = 0; oy < window->out[1]; oy++) {
        int64_t first, last;
        dcn_window_inside(window, 1, oy, &first, &last);
        float *y_row = y + oy * out_w;
        for (int64_t ky = first; ky < last; ky++) {
            int64_t iy =
                oy * window->stride[1] - window->begin[1] + ky * window->dilation[1];
            for (int64_t kx = 0; kx < k_w; kx++) {
                int64_t begin, end;
                dcn_window_places(window, 2, kx, &begin, &end);
                if (begin >= end)
                    continue;
                size_t n = (size_t)(end - begin);
                float *from = x + (iy * in_w + begin * window->stride[2] -
                                   window->begin[2] + kx * window->dilation[2]);
                if (way == FORWARD)
                    add_row(y_row + begin, from, n, step, w[ky * k_w + kx]);
                else if (way == BACK)
                    scatter_row(from, y_row + begin, n, step, w[ky * k_w + kx]);
                else
                    dw[ky * k_w + kx] += dot_row(y_row + begin, from, n, step);
            }
        }
    }
}

static size_t
plane(const int64_t size[3])
{
    return (size_t)(size[1] * size[2]);
}

static void
forward_map(void *user, size_t index, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->conv;
    (void)worker;
    size_t image = index / conv->maps, m = index % conv->maps;
    size_t c = m / (conv->maps / conv->groups);
    size_t out = plane(conv->window.out), kernel = plane(conv->window.kernel);
    float *y = dcn_images_at(job->y, image) + m * out;
    if (!job->add) {
        float start = job->bias ? job->bias[m] : 0;
        for (size_t i = 0; i < out; i++)
            y[i] = start;
    }
    rows(job, FORWARD, y, dcn_images_at(job->x, image) + c * plane(conv->window.in),
         job->w + m * kernel, NULL);
    if (!dcn_clamp_is_open(job->clamp))
        for (size_t i = 0; i < out; i++)
            y[i] = dcn_clamp(job->clamp, y[i]);
}

void
dcn_depthwise_forward(const DcnConv2d *conv,
                      DcnContext *context,
                      size_t images,
                      const DcnImages *y,
                      const DcnImages *x,
                      const float *w,
                      const float *bias,
                      DcnClamp clamp,
                      bool add)
{
    Job job = {
        .conv = conv, .x = x, .y = y, .w = w, .bias = bias, .clamp = clamp, .add = add};
    dcn_parallel(context, images * conv->maps, forward_map, &job);
}

static void
back_channel(void *user, size_t index, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->conv;
    (void)worker;
    size_t image = index / conv->channels, c = index % conv->channels;
    size_t maps = conv->maps / conv->groups, kernel = plane(conv->window.kernel);
    for (size_t m = c * maps; m < (c + 1) * maps; m++)
        rows(job, BACK, dcn_images_at(job->y, image) + m * plane(conv->window.out),
             dcn_images_at(job->x, image) + c * plane(conv->window.in),
             job->w + m * kernel, NULL);
}

void
dcn_depthwise_back(const DcnConv2d *conv,
                   DcnContext *context,
                   size_t images,
                   const DcnImages *dx,
                   const DcnImages *dy,
                   const float *w)
{
    Job job = {.conv = conv, .x = dx, .y = dy, .w = w};
    dcn_parallel(context, images * conv->channels, back_channel, &job);
}

static void
weights_map(void *user, size_t m, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->conv;
    (void)worker;
    size_t c = m / (conv->maps / conv->groups);
    for (size_t image = 0; image < job->images; image++)
        rows(job, WEIGHTS, dcn_images_at(job->y, image) + m * plane(conv->window.out),
             dcn_images_at(job->x, image) + c * plane(conv->window.in), NULL,
             job->dw + m * plane(conv->window.kernel));
}

void
dcn_depthwise_grad_weights(const DcnConv2d *conv,
                           DcnContext *context,
                           size_t images,
                           float *dw,
                           const DcnImages *dy,
                           const DcnImages *x)
{
    Job job = {.conv = conv, .x = x, .y = dy, .dw = dw, .images = images};
    dcn_parallel(context, conv->maps, weights_map, &job);
}
