/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv2d.h: what a convolution is, by its sizes. Nearly all are two-dimensional; only the
 * definition by columns looks at a depth (way.h).
 *
 * The image side (x: channels x in_h x in_w) and the map side (y: maps x out_h x out_w)
 * are as in a Conv; the weights w are maps x channels/groups x kernel_h x kernel_w. The
 * linear map from x to y, its transpose and the gradient of the weights are in way.h:
 * Conv and ConvTranspose are these three with the sides exchanged. */
#ifndef DCN_OPS_CONV_CONV2D_H
#define DCN_OPS_CONV_CONV2D_H

#include "ops/kit/common.h"
#include "ops/kit/window.h"

typedef struct {
    DcnWindow window; /* from the image side to the map side */
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

typedef struct {
    size_t channels, maps; /* of a group */
    size_t kernel;         /* elements */
    size_t rows;           /* channels x kernel: what a window holds */
    size_t in, out;        /* places of a plane */
    size_t weights;        /* floats, of all groups */
    bool pointwise;        /* a place of the output sees the same place of the input */
} DcnConvSizes;

static inline DcnConvSizes
dcn_conv_sizes(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    DcnConvSizes s = {
        .channels = conv->channels / conv->groups,
        .maps = conv->maps / conv->groups,
        .kernel = (size_t)(w->kernel[0] * w->kernel[1] * w->kernel[2]),
        .in = (size_t)(w->in[0] * w->in[1] * w->in[2]),
        .out = (size_t)(w->out[0] * w->out[1] * w->out[2]),
    };
    s.rows = s.channels * s.kernel;
    s.weights = conv->maps * s.rows;
    s.pointwise = s.kernel == 1;
    for (int i = 0; i < 3; i++)
        s.pointwise =
            s.pointwise && w->stride[i] == 1 && w->begin[i] == 0 && w->end[i] == 0;
    return s;
}

#endif
