/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.c: im2col and col2im over a range of places. */
#include "ops/conv/columns.h"
#include "ops/kit/common.h"
#include <string.h>

/* A piece of one output row and what one kernel element sees there: `skip` places of
 * padding, then n places of the image from `from`, `step` apart. */
typedef struct {
    size_t length, skip, n;
    int64_t from;
} Piece;

/* Elements of a kernel, in the order of its weights. */
static size_t
kernel_size(const DcnWindow *window)
{
    return (size_t)(window->kernel[0] * window->kernel[1] * window->kernel[2]);
}

/* An element of the kernel: its place in it, and the columns of the output in which it
 * lies inside the image. */
typedef struct {
    int64_t k[3], valid[2];
} Element;

static Element
element_at(const DcnWindow *window, size_t index)
{
    int64_t i = (int64_t)index, width = window->kernel[2], height = window->kernel[1];
    Element e = {.k = {i / width / height, i / width % height, i % width}};
    dcn_window_places(window, 2, e.k[2], &e.valid[0], &e.valid[1]);
    return e;
}

/* The piece that begins at place `place`. */
static Piece
piece_at(const DcnWindow *window, size_t place, size_t end, const Element *e)
{
    int64_t out_w = window->out[2], row = (int64_t)place / out_w, at[2];
    int64_t ox = (int64_t)place % out_w,
            o[2] = {row / window->out[1], row % window->out[1]};
    int64_t last = dcn_min_i64(out_w, ox + (int64_t)(end - place));
    Piece piece = {.length = (size_t)(last - ox)};
    int64_t a = dcn_max_i64(ox, e->valid[0]), b = dcn_min_i64(last, e->valid[1]);
    bool inside = a < b;
    for (int i = 0; i < 2; i++) {
        at[i] =
            o[i] * window->stride[i] - window->begin[i] + e->k[i] * window->dilation[i];
        inside = inside && at[i] >= 0 && at[i] < window->in[i];
    }
    if (!inside) {
        piece.skip = piece.length;
        return piece;
    }
    piece.skip = (size_t)(a - ox);
    piece.n = (size_t)(b - a);
    piece.from = (at[0] * window->in[1] + at[1]) * window->in[2] + a * window->stride[2] -
                 window->begin[2] + e->k[2] * window->dilation[2];
    return piece;
}

static size_t
image_size(const DcnWindow *window)
{
    return (size_t)(window->in[0] * window->in[1] * window->in[2]);
}

void
dcn_columns_from_image(const DcnWindow *window,
                       size_t channels,
                       const float *x,
                       size_t begin,
                       size_t end,
                       float *columns,
                       size_t ld)
{
    size_t size = image_size(window), kernel = kernel_size(window);
    size_t step = (size_t)window->stride[2];
    for (size_t c = 0; c < channels; c++, x += size) {
        for (size_t k = 0; k < kernel; k++, columns += ld) {
            Element e = element_at(window, k);
            float *to = columns;
            for (size_t place = begin; place < end;) {
                Piece piece = piece_at(window, place, end, &e);
                memset(to, 0, piece.skip * sizeof *to);
                const float *from = x + piece.from;
                float *inside = to + piece.skip;
                if (step == 1)
                    memcpy(inside, from, piece.n * sizeof *to);
                else
                    for (size_t i = 0; i < piece.n; i++)
                        inside[i] = from[i * step];
                memset(inside + piece.n, 0,
                       (piece.length - piece.skip - piece.n) * sizeof *to);
                to += piece.length;
                place += piece.length;
            }
        }
    }
}

void
dcn_columns_to_image(const DcnWindow *window,
                     size_t channels,
                     float *x,
                     size_t begin,
                     size_t end,
                     const float *columns,
                     size_t ld)
{
    size_t size = image_size(window), kernel = kernel_size(window);
    size_t step = (size_t)window->stride[2];
    for (size_t c = 0; c < channels; c++, x += size) {
        for (size_t k = 0; k < kernel; k++, columns += ld) {
            Element e = element_at(window, k);
            const float *from = columns;
            for (size_t place = begin; place < end;) {
                Piece piece = piece_at(window, place, end, &e);
                float *restrict to = x + piece.from;
                const float *restrict inside = from + piece.skip;
                if (step == 1)
                    for (size_t i = 0; i < piece.n; i++)
                        to[i] += inside[i];
                else
                    for (size_t i = 0; i < piece.n; i++)
                        to[i * step] += inside[i];
                from += piece.length;
                place += piece.length;
            }
        }
    }
}
