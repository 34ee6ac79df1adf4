/* conv_define.h: what a convolution is, for the tests of its quick ways.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef CONV_DEFINE_H
#define CONV_DEFINE_H

#include "ops/conv2d.h"
#include "random.h"

/* Values from -1 to 1; to be freed. */
float *random_floats(DcnRandom *random, size_t n);

/* One whole number of low .. high. */
int64_t random_between(DcnRandom *random, int64_t low, int64_t high);

/* The output sizes that follow from the rest of the window (ONNX, Conv). */
void conv_set_out(DcnWindow *window);

/* An output, in double. x: one image; w: all weights. */
double conv_define(
    const DcnConv2d *conv, const float *x, const float *w, size_t map, size_t place);

/* Channels of images become zero, of either sign, as behind a rectifier: two of three. */
void conv_close_channels(const DcnConv2d *conv, float *x, size_t images);

#endif
