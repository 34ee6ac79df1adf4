/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.h: the sliding window of convolutions and pools, written once.
 *
 * Window o of an axis covers the input places o * stride - begin + k * dilation, k = 0 ..
 * kernel - 1. One to three axes; inside they are always three (depth, height, width), the
 * leading ones of size 1 where the tensor has fewer. So an axis of the window is an axis
 * of the tensor minus 2 plus (3 - axes). */
#ifndef DCN_OPS_KIT_WINDOW_H
#define DCN_OPS_KIT_WINDOW_H

#include "ops/op.h"

typedef struct {
    int axes; /* spatial axes of the tensor: 1, 2 or 3 */
    int64_t kernel[3], stride[3], dilation[3];
    int64_t begin[3], end[3]; /* padding */
    int64_t in[3], out[3];    /* sizes of the axes */
} DcnWindow;

/* Reads strides, dilations, pads, auto_pad and ceil_mode and works out the output sizes.
 * kernel: sizes by axis, from the weights; NULL: from kernel_shape, which has to be
 * there. The input has 3 to 5 axes. */
bool dcn_window_setup(DcnSetup *setup, const int64_t *kernel, DcnWindow *window);

/* The same for a pool. Pads as wide as the kernel are refused, as they are by ONNX Runtime
 * and PyTorch: kernel 2 with pads of 2 would have a window over padding alone. */
bool dcn_window_pool_setup(DcnSetup *setup, DcnWindow *window);

/* As dcn_window_setup() without the output sizes and with pads and auto_pad left to the caller, for
 * ConvTranspose, whose window slides over its output. */
bool dcn_window_read(DcnSetup *setup, const int64_t *kernel, DcnWindow *window);

/* Elements of the kernel; false and an error past `most`. */
bool dcn_window_volume(DcnSetup *setup,
                       const DcnWindow *window,
                       size_t most,
                       size_t *volume);

/* Input with the last axes replaced by the window's output sizes. */
DcnShape dcn_window_shape(const DcnWindow *window, int64_t n, int64_t channels);

/* Which k of window `place` lie inside the input: first .. last - 1. */
static inline void
dcn_window_inside(
    const DcnWindow *window, int axis, int64_t place, int64_t *first, int64_t *last)
{
    int64_t start = place * window->stride[axis] - window->begin[axis];
    int64_t step = window->dilation[axis], room = window->in[axis] - start;
    int64_t a = start < 0 ? (-start + step - 1) / step : 0;
    int64_t b = room <= 0 ? 0 : (room + step - 1) / step;
    *first = a;
    *last = b < window->kernel[axis] ? b : window->kernel[axis];
}

/* Which places of the output meet the input with their element k: first .. last - 1. */
static inline void
dcn_window_places(
    const DcnWindow *window, int axis, int64_t k, int64_t *first, int64_t *last)
{
    int64_t shift = k * window->dilation[axis] - window->begin[axis];
    int64_t step = window->stride[axis], room = window->in[axis] - shift;
    int64_t a = shift < 0 ? (-shift + step - 1) / step : 0;
    int64_t b = room <= 0 ? 0 : (room + step - 1) / step;
    *last = b < window->out[axis] ? b : window->out[axis];
    *first = a < *last ? a : *last;
}

/* The output places of an axis whose windows meet the input places begin .. end - 1, and
 * the input places that the windows begin .. end - 1 see: first and past the last, exact,
 * cut to the axis. */
void dcn_window_ahead(
    const DcnWindow *window, int axis, int64_t begin, int64_t end, int64_t result[2]);
void dcn_window_back(
    const DcnWindow *window, int axis, int64_t begin, int64_t end, int64_t result[2]);

/* Both for a box: the spatial axes; channels are left as they are. */
void dcn_window_box_ahead(const DcnWindow *window, const DcnBox *in, DcnBox *out);
void dcn_window_box_back(const DcnWindow *window, const DcnBox *out, DcnBox *in);

/* The box with all channels on the other side of the groups that it touches: a group has
 * `from` channels on its own side and `to` on the other. An empty one stays as it is. */
DcnBox dcn_window_groups(const DcnBox *box, size_t from, size_t to);

/* For the entry's `local`: windows over two axes. fill: what the padding is. */
DcnLocality dcn_window_local(const DcnWindow *window, float fill, DcnLocalWindow *local);

#endif
