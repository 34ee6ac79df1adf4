/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.h: the parts of a convolution that are not products: bias and clamp, plane by
 * plane. */
#ifndef DCN_OPS_CONV_PLANES_H
#define DCN_OPS_CONV_PLANES_H

#include "ops/conv/way.h"

/* For ways back that add to planes of the image side, the channels first .. first +
 * channels - 1 of one image: what the planes hold before, and what is done to them at the
 * end. */
void dcn_planes_start(const DcnConvRun *run, size_t image, size_t first, size_t channels);
void dcn_planes_finish(const DcnConvRun *run,
                       size_t image,
                       size_t first,
                       size_t channels);

/* The gradient of a bias: db[m] += sum over images and places of dy[m]. */
void dcn_planes_sum(DcnContext *context,
                    size_t images,
                    size_t planes,
                    size_t plane_size,
                    const DcnImages *dy,
                    float *db);

#endif
