/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.c: bias, sum and clamp of whole planes, before and after a way back adds to
 * them, and the gradient of a bias. */
#include "ops/conv/planes.h"
#include "base/vector.h"
#include <string.h>

/* --- the image side --- */

static float *
plane_of(const DcnConvRun *run, size_t image, size_t channel, size_t *size)
{
    *size = dcn_conv_sizes(run->conv).in;
    return dcn_images_at(run->x, image) + channel * *size;
}

DCN_VECTOR static void
set_number(float *x, size_t n, float value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

DCN_VECTOR static void
add_number(float *x, size_t n, float value)
{
    for (size_t i = 0; i < n; i++)
        x[i] += value;
}

DCN_VECTOR static void
clamp_numbers(float *x, size_t n, DcnClamp clamp)
{
    for (size_t i = 0; i < n; i++)
        x[i] = dcn_clamp(clamp, x[i]);
}

void
dcn_planes_start(const DcnConvRun *run, size_t image, size_t first, size_t channels)
{
    size_t size;
    float *x = plane_of(run, image, first, &size);
    if (!run->add && !run->bias)
        memset(x, 0, channels * size * sizeof *x);
    for (size_t c = 0; run->bias && c < channels; c++, x += size)
        if (run->add)
            add_number(x, size, run->bias[first + c]);
        else
            set_number(x, size, run->bias[first + c]);
}

void
dcn_planes_finish(const DcnConvRun *run, size_t image, size_t first, size_t channels)
{
    size_t size;
    float *x = plane_of(run, image, first, &size);
    if (!dcn_clamp_is_open(run->clamp))
        clamp_numbers(x, channels * size, run->clamp);
}

/* --- the gradient of a bias --- */

typedef struct {
    size_t images, size;
    const DcnImages *dy;
    float *db;
} Planes;

static void
planes_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Planes *p = user;
    (void)worker;
    for (size_t m = begin; m < end; m++) {
        double sum = 0;
        for (size_t i = 0; i < p->images; i++)
            sum += (double)dcn_sum(dcn_images_at(p->dy, i) + m * p->size, p->size);
        p->db[m] += (float)sum;
    }
}

void
dcn_planes_sum(DcnContext *context,
               size_t images,
               size_t planes,
               size_t plane_size,
               const DcnImages *dy,
               float *db)
{
    Planes p = {images, plane_size, dy, db};
    size_t work = images * plane_size;
    dcn_parallel_range(context, planes, DCN_GRAIN / (work ? work : 1) + 1, planes_range,
                       &p);
}
