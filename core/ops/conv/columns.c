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

/* The piece that begins at place `place`, for kernel element (ky, kx). valid: the range
 * of columns of the output in which kx lies inside the image. */
static Piece
piece_at(const DcnWindow *window,
         size_t place,
         size_t end,
         int64_t ky,
         int64_t kx,
         const int64_t valid[2])
{
    int64_t out_w = window->out[2];
    int64_t oy = (int64_t)place / out_w, ox = (int64_t)place % out_w;
    int64_t last = dcn_min_i64(out_w, ox + (int64_t)(end - place));
    int64_t iy = oy * window->stride[1] - window->begin[1] + ky * window->dilation[1];
    Piece piece = {.length = (size_t)(last - ox)};
    int64_t a = dcn_max_i64(ox, valid[0]), b = dcn_min_i64(last, valid[1]);
    if (iy < 0 || iy >= window->in[1] || a >= b) {
        piece.skip = piece.length;
        return piece;
    }
    piece.skip = (size_t)(a - ox);
    piece.n = (size_t)(b - a);
    piece.from = iy * window->in[2] + a * window->stride[2] - window->begin[2] +
                 kx * window->dilation[2];
    return piece;
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
    size_t size = (size_t)(window->in[1] * window->in[2]);
    size_t step = (size_t)window->stride[2];
    for (size_t c = 0; c < channels; c++, x += size) {
        for (int64_t ky = 0; ky < window->kernel[1]; ky++) {
            for (int64_t kx = 0; kx < window->kernel[2]; kx++, columns += ld) {
                int64_t valid[2];
                dcn_window_places(window, 2, kx, &valid[0], &valid[1]);
                float *to = columns;
                for (size_t place = begin; place < end;) {
                    Piece piece = piece_at(window, place, end, ky, kx, valid);
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
    size_t size = (size_t)(window->in[1] * window->in[2]);
    size_t step = (size_t)window->stride[2];
    for (size_t c = 0; c < channels; c++, x += size) {
        for (int64_t ky = 0; ky < window->kernel[1]; ky++) {
            for (int64_t kx = 0; kx < window->kernel[2]; kx++, columns += ld) {
                int64_t valid[2];
                dcn_window_places(window, 2, kx, &valid[0], &valid[1]);
                const float *from = columns;
                for (size_t place = begin; place < end;) {
                    Piece piece = piece_at(window, place, end, ky, kx, valid);
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
}
