/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv2d.h: the linear map of a two-dimensional convolution, its transpose, and the
 * gradient of its weights. Conv and ConvTranspose are these three with roles exchanged.
 *
 * The image side (x: channels x in_h x in_w) and the map side (y: maps x out_h x out_w)
 * are as in a Conv; the weights w are maps x channels/groups x kernel_h x kernel_w. Any
 * number of images at once. */
#ifndef DCN_OPS_CONV2D_H
#define DCN_OPS_CONV2D_H

#include "ops/kit/common.h"
#include "ops/kit/window.h"

typedef struct {
    DcnWindow window; /* from the image side to the map side; depth is 1 */
    size_t groups, channels, maps;
} DcnConv2d;

/* Where the images of one side are: image i is at data + i / inner * stride + i % inner *
 * size. */
typedef struct {
    float *data;
    size_t stride; /* from one image of the batch to the next */
    size_t inner;  /* images that one of the batch holds: axis 0 of its shape */
    size_t size;   /* floats of one */
} DcnImages;

static inline float *
dcn_images_at(const DcnImages *images, size_t i)
{
    return images->data + i / images->inner * images->stride +
           i % images->inner * images->size;
}

/* Scratch bytes that any of the three take of each thread. */
size_t dcn_conv2d_scratch(const DcnConv2d *conv);

/* y = clamp(w * x + bias), or y += w * x with add. bias: maps floats, or NULL. */
void dcn_conv2d_forward(const DcnConv2d *conv,
                        DcnContext *context,
                        size_t images,
                        const DcnImages *y,
                        const DcnImages *x,
                        const float *w,
                        const float *bias,
                        DcnClamp clamp,
                        bool add);

/* dx += w' * dy. box: the maps and the rows (all of each) of dy that are to be looked at;
 * NULL: all. */
void dcn_conv2d_back(const DcnConv2d *conv,
                     DcnContext *context,
                     size_t images,
                     const DcnImages *dx,
                     const DcnImages *dy,
                     const float *w,
                     const DcnBox *box);

/* A signal that starts at one unit is zero nearly everywhere: narrows ranges of maps and
 * of places to those that hold all of it; false if it is zero there. Dense signals end
 * each scan at once. */
bool dcn_signal_range(const float *dy,
                      size_t places,
                      size_t map_range[2],
                      size_t place_range[2]);

/* dw += sum over images of dy * x' */
void dcn_conv2d_grad_weights(const DcnConv2d *conv,
                             DcnContext *context,
                             size_t images,
                             float *dw,
                             const DcnImages *dy,
                             const DcnImages *x);

/* db[m] += sum over images and places of dy[m] */
void dcn_planes_sum(DcnContext *context,
                    size_t images,
                    size_t planes,
                    size_t plane_size,
                    const DcnImages *dy,
                    float *db);

#endif
