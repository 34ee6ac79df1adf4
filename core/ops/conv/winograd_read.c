/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_read.c: from planes to transformed tiles, B'dB.
 *
 * A panel is DCN_COLUMNS tiles of one piece, of however many strips and images: element
 * (y, x) of all its tiles lie one behind the other, so that both axes of a transform are
 * whole vectors, however small the planes are. */
#include "base/least.h"
#include "ops/conv/winograd_tiles.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <string.h>

#define SIDE DCN_POINTS
#define ELEMENTS DCN_TILE_ELEMENTS
#define N DCN_COLUMNS
#define READ 8 /* floats that are read of a tile's row */

/* Where each tile begins, and the input rows of one channel, which are no more than those
 * of tiles that share none. */
size_t
dcn_tiles_read_floats(size_t columns)
{
    return columns * (1 + ELEMENTS) + READ;
}

/* Strips of one image that follow one another: they share rows. */
typedef struct {
    const float *plane; /* of channel 0 */
    size_t row;         /* of the first output */
    size_t rows;        /* of inputs */
    float *lines;       /* where they go */
} Run;

static Run
run_at(const DcnSection *section, const DcnImages *x, size_t strip, float *lines)
{
    const DcnTileAxis *axis = &section->piece.y;
    size_t y = strip % axis->tiles,
           strips = dcn_least(section->first + section->strips - strip, axis->tiles - y);
    return (Run){dcn_images_at(x, strip / axis->tiles), axis->first + axis->outputs * y,
                 axis->outputs * strips + axis->points - axis->outputs, lines};
}

static size_t
strips_of(const DcnTileAxis *axis, const Run *run)
{
    return (run->rows - (axis->points - axis->outputs)) / axis->outputs;
}

/* Inputs that places first .. first + n - 1 of a phase are: those that lie inside begin
 * at place `skipped` and at input `at`, and are `count`. */
typedef struct {
    size_t skipped, at, count;
} Inside;

static Inside
inside(const DcnWindow *w, int axis, size_t phase, size_t first, size_t n)
{
    int64_t step = w->stride[axis],
            at = (int64_t)first * step + (int64_t)phase - w->begin[axis];
    int64_t skipped = at < 0 ? (-at + step - 1) / step : 0;
    at += skipped * step;
    int64_t count = at < w->in[axis] ? (w->in[axis] - 1 - at) / step + 1 : 0,
            room = (int64_t)n - skipped;
    count = count < room ? count : room;
    return (Inside){(size_t)skipped, (size_t)at, count > 0 ? (size_t)count : 0};
}

/* The rows of a run of one channel. What is padding is zero already. */
static void
copy_lines(const DcnWindow *w,
           const Run *run,
           const float *plane,
           const Inside *y,
           const Inside *x,
           size_t length)
{
    float *to = run->lines + y->skipped * length + x->skipped;
    size_t width = (size_t)w->in[2];
    const float *from = plane + y->at * width + x->at;
    if (x->count == 0 || y->count == 0)
        return;
    if (w->stride[2] == 1)
        dcn_copy_rows(to, length, from, width, y->count, x->count);
    else
        for (size_t i = 0; i < y->count; i++)
            dcn_copy_second(to + i * length, from + i * 2 * width, x->count);
}

#define PUT(x, value) DCN_PUT_EIGHT(to + (x)*N, value)

/* The same row of READ tiles: element x of all of them at to + x * N. */
__attribute__((always_inline)) static inline void
take_rows(const float *lines, const uint32_t at[READ], float *to)
{
#ifdef DCN_SHUFFLES
    DcnEight t0 = DCN_EIGHT_AT(lines + at[0]), t1 = DCN_EIGHT_AT(lines + at[1]);
    DcnEight t2 = DCN_EIGHT_AT(lines + at[2]), t3 = DCN_EIGHT_AT(lines + at[3]);
    DcnEight t4 = DCN_EIGHT_AT(lines + at[4]), t5 = DCN_EIGHT_AT(lines + at[5]);
    DcnEight t6 = DCN_EIGHT_AT(lines + at[6]), t7 = DCN_EIGHT_AT(lines + at[7]);
    DcnEight a = DCN_LOW(t0, t1), b = DCN_LOW(t2, t3), c = DCN_LOW(t4, t5),
             d = DCN_LOW(t6, t7);
    DcnEight e = DCN_LOW_PAIRS(a, b), f = DCN_LOW_PAIRS(c, d); /* 0 and 4 of four tiles */
    DcnEight g = DCN_HIGH_PAIRS(a, b), h = DCN_HIGH_PAIRS(c, d);
    PUT(0, DCN_FIRST(e, f));
    PUT(1, DCN_FIRST(g, h));
    PUT(4, DCN_SECOND(e, f));
    PUT(5, DCN_SECOND(g, h));
    a = DCN_HIGH(t0, t1), b = DCN_HIGH(t2, t3), c = DCN_HIGH(t4, t5),
    d = DCN_HIGH(t6, t7);
    PUT(2, DCN_FIRST(DCN_LOW_PAIRS(a, b), DCN_LOW_PAIRS(c, d)));
    PUT(3, DCN_FIRST(DCN_HIGH_PAIRS(a, b), DCN_HIGH_PAIRS(c, d)));
#else
    for (size_t t = 0; t < READ; t++)
        for (size_t x = 0; x < SIDE; x++)
            to[x * N + t] = lines[at[t] + x];
#endif
}

__attribute__((always_inline)) static inline void
input_axis(size_t points, const float *d, size_t step, size_t n, float *out, size_t each)
{
    if (points == 6)
        dcn_winograd_input_axis(d, step, n, out, each);
    else if (points == 5)
        dcn_winograd_input_axis5(d, step, n, out, each);
    else
        dcn_winograd_input_axis4(d, step, n, out, each);
}

/* True if one of the floats is not zero. This ends early: most tiles that are not all
 * zero have other values in their first few rows. */
__attribute__((always_inline)) static inline bool
some_nonzero(const float *taps, size_t n)
{
    for (size_t i = 0; i < n; i += 2 * N) {
        uint32_t all = 0;
        for (size_t j = i; j < i + 2 * N; j++) {
            uint32_t bits;
            memcpy(&bits, &taps[j], sizeof bits);
            all |= bits << 1; /* -0 is zero, too */
        }
        if (all != 0)
            return true;
    }
    return false;
}

/* One channel of a panel: element k of the result is `each` floats behind the one before.
 * at: where each tile begins in `lines`. False, and no result: all is zero. */
DCN_VECTOR static bool
transform_panel(const float *lines,
                size_t length,
                const uint32_t *at,
                size_t points_y,
                size_t points_x,
                float *to,
                size_t each)
{
    float taps[ELEMENTS * N], half[ELEMENTS * N];
    for (size_t t = 0; t < N; t += READ)
        for (size_t y = 0; y < points_y; y++)
            take_rows(lines + y * length, at + t, taps + y * SIDE * N + t);
    if (!some_nonzero(taps, points_y * SIDE * N))
        return false;
    input_axis(points_y, taps, SIDE * N, SIDE * N, half, SIDE * N);
    for (size_t y = 0; y < SIDE; y++)
        if (dcn_winograd_has(points_y, y))
            input_axis(points_x, half + y * SIDE * N, N, N, to + y * SIDE * each, each);
    return true;
}

/* One phase of all channels. at: where each tile begins in `lines`. */
static void
read_phase(const DcnConv2d *conv,
           const DcnSection *section,
           const DcnImages *x,
           size_t phase,
           const uint32_t *at,
           float *lines,
           float *to,
           uint32_t *nonzero,
           size_t each)
{
    const DcnWindow *w = &conv->window;
    const DcnTileAxis *axis_y = &section->piece.y, *axis_x = &section->piece.x;
    size_t length = axis_x->outputs * axis_x->tiles + axis_x->points - axis_x->outputs;
    size_t phases = (size_t)w->stride[1], area = (size_t)(w->in[1] * w->in[2]);
    size_t rows = dcn_winograd_phases(conv).rows, end = section->first + section->strips;
    Inside columns = inside(w, 2, phase % phases, axis_x->first, length);
    for (size_t c = 0; c < conv->channels; c++) {
        float *line = lines;
        for (size_t strip = section->first; strip < end;) {
            Run run = run_at(section, x, strip, line);
            Inside inside_y = inside(w, 1, phase / phases, run.row, run.rows);
            copy_lines(w, &run, run.plane + c * area, &inside_y, &columns, length);
            line += run.rows * length;
            strip += strips_of(axis_y, &run);
        }
        size_t row = phase * conv->channels + c;
        for (size_t p = 0; p < section->tiles; p += N) {
            uint32_t *list = dcn_tiles_nonzero(nonzero, p / N, rows);
            if (transform_panel(lines, length, at + p, axis_y->points, axis_x->points,
                                to + p * rows + row * N, each))
                list[++list[0]] = (uint32_t)row;
        }
    }
}

static void
read_section(const DcnConv2d *conv,
             const DcnSection *section,
             const DcnImages *x,
             float *to,
             uint32_t *nonzero,
             size_t each,
             float *work)
{
    const DcnTileAxis *axis_y = &section->piece.y, *axis_x = &section->piece.x;
    size_t length = axis_x->outputs * axis_x->tiles + axis_x->points - axis_x->outputs;
    size_t columns = (section->tiles + N - 1) / N * N,
           end = section->first + section->strips, t = 0;
    uint32_t *at = (void *)work;
    float *lines = work + columns, *line = lines;
    for (size_t strip = section->first; strip < end;) {
        Run run = run_at(section, x, strip, line);
        size_t strips = strips_of(axis_y, &run);
        for (size_t y = 0; y < strips; y++)
            for (size_t i = 0; i < axis_x->tiles; i++)
                at[t++] = (uint32_t)((size_t)(line - lines) +
                                     y * axis_y->outputs * length + axis_x->outputs * i);
        line += run.rows * length;
        strip += strips;
    }
    for (; t < columns; t++)
        at[t] = at[0];
    size_t phases = (size_t)(conv->window.stride[1] * conv->window.stride[2]);
    for (size_t phase = 0; phase < phases; phase++) {
        memset(lines, 0, (size_t)(line - lines) * sizeof *lines);
        read_phase(conv, section, x, phase, at, lines, to, nonzero, each);
    }
}

void
dcn_tiles_read(const DcnConv2d *conv,
               const DcnTileBlock *block,
               const DcnImages *x,
               float *matrices,
               uint32_t *nonzero,
               float *work)
{
    size_t rows = dcn_winograd_phases(conv).rows,
           each = dcn_tiles_matrix(rows, block->columns);
    for (size_t p = 0; p < block->columns / N; p++)
        dcn_tiles_nonzero(nonzero, p, rows)[0] = 0;
    for (size_t i = 0; i < block->n; i++) {
        const DcnSection *section = &block->sections[i];
        read_section(conv, section, x, matrices + section->column * rows,
                     dcn_tiles_nonzero(nonzero, section->column / N, rows), each, work);
    }
}
