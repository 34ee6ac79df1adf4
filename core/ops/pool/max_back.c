/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back.c: the signal of a max-pool's outputs, to where the maxima were.
 *
 * No place is looked up: a vector of windows of a row at a time, each of their elements,
 * first to last, is compared with their maxima, and where it is equal the signal goes
 * there and is used up. So what came is kept by element, for the few input rows that
 * windows see; a row that no later window sees is put together and written, once. The
 * loops are those of max_back_block.h, in vectors that the processor has: GCC takes
 * comparisons of wider ones apart into single floats. */
#include "ops/pool/max_back.h"
#include "ops/pool/max_phases.h"
#include <string.h>

#define WIDTH DCN_MAX_WIDTH
#define MOST_ROWS 4 /* of a window, and elements of its rows: sums stay near the core */
#define MOST_ELEMENTS 8

static inline int64_t
last_element(const DcnWindow *w)
{
    return (w->kernel[2] - 1) * w->dilation[2];
}

bool
dcn_max_back_fits(const DcnMaxRows *p)
{
    const DcnWindow *w = &p->window;
    return w->in[0] == 1 && w->out[0] == 1 && w->kernel[0] == 1 && w->dilation[1] == 1 &&
           w->kernel[1] <= MOST_ROWS && w->kernel[2] <= MOST_ELEMENTS &&
           (size_t)last_element(w) / p->stride <= WIDTH;
}

/* Floats of what came to one element of a row: behind zeroes, so that it may be read
 * shifted. */
static size_t
lane(const DcnMaxRows *p)
{
    return WIDTH + p->places;
}

/* Behind dcn_max_rows()'s: by row of the window, the input's row taken apart and what
 * came to it; the signal that is left of a row; a row put together. */
size_t
dcn_max_back_scratch(const DcnMaxRows *p)
{
    size_t row = p->stride * p->places + (size_t)p->window.kernel[2] * lane(p);
    return (MOST_ROWS * row + (1 + p->stride) * p->places) * sizeof(float);
}

typedef struct {
    float *phases, *sums;
    bool held, touched; /* held: phases are filled; touched: so are sums */
} Row;

typedef struct {
    const DcnMaxRows *p;
    const DcnMaxBack *back;
    DcnMaxScratch r;
    Row rows[MOST_ROWS]; /* of the window */
    float *rest, *line;
    size_t element[MOST_ELEMENTS]; /* where windows see it, in phases */
} Work;

static Work
work_of(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch)
{
    size_t kernel = (size_t)p->window.kernel[2], floats = p->stride * p->places;
    Work work = {.p = p, .back = back, .r = dcn_max_scratch(p, scratch)};
    float *next = scratch + 2 * floats + 2 * p->places;
    for (int64_t i = 0; i < p->window.kernel[1]; i++) {
        work.rows[i].phases = next;
        work.rows[i].sums = next + floats;
        memset(work.rows[i].sums, 0, kernel * lane(p) * sizeof *next);
        next += floats + kernel * lane(p);
    }
    work.rest = next;
    work.line = next + p->places;
    for (size_t kx = 0; kx < kernel; kx++) {
        size_t at = kx * (size_t)p->window.dilation[2];
        work.element[kx] = at % p->stride * p->places + at / p->stride;
    }
    return work;
}

/* By whole vectors: the last overlaps the one before it. */
__attribute__((always_inline)) static inline void
copy(float *restrict to, const float *restrict from, size_t n)
{
    if (n < WIDTH)
        memcpy(to, from, n * sizeof *to);
    for (size_t i = 0; n >= WIDTH && i < n; i += WIDTH) {
        size_t at = i + WIDTH <= n ? i : n - WIDTH;
        memcpy(to + at, from + at, WIDTH * sizeof *to);
    }
}

/* The input's row that windows of output row oy see as their row ky. */
__attribute__((always_inline)) static inline void
hold(Work *work, int64_t oy, int64_t ky)
{
    const DcnMaxRows *p = work->p;
    const float *row = input_row(&p->window, work->back->x, 0, oy, 0, ky);
    DcnMaxScratch r = work->r;
    size_t floats = p->stride * p->places;
    if (readable(p, &r, row, work->back->end) < floats) {
        copy(r.padded + r.begin, row, r.n);
        row = r.padded;
    }
    r.phases = work->rows[ky].phases;
    if (p->stride == 1)
        copy(r.phases, row, floats);
    else
        take_apart(p, &r, row);
    work->rows[ky].held = true;
}

/* The signal of a window that holds only NaN goes to the first place that the window
 * sees. */
static void
move_rest(Work *work, int64_t ky)
{
    const DcnMaxRows *p = work->p;
    for (int64_t i = 0; i < p->window.out[2]; i++) {
        int64_t c[2];
        dcn_window_inside(&p->window, 2, i, &c[0], &c[1]);
        work->rows[ky].sums[(size_t)c[0] * lane(p) + WIDTH + (size_t)i] += work->rest[i];
    }
}

/* The rows of the window that are written move out, those that follow come in. */
static void
move_window(Work *work, int64_t by)
{
    Row before[MOST_ROWS];
    int64_t rows = work->p->window.kernel[1];
    memcpy(before, work->rows, sizeof before);
    for (int64_t ky = 0; ky < rows; ky++) {
        int64_t to = ky >= by ? ky - by : (ky + rows - by % rows) % rows;
        work->rows[to] = before[ky];
        if (ky < by)
            work->rows[to].held = work->rows[to].touched = false;
    }
}

#define LANES 4
#define TARGET
#define NAME(x) x##_any
#define ZIP_LOW 0, 4, 1, 5
#define ZIP_HIGH 2, 6, 3, 7
#include "ops/pool/max_back_block.h"

#if defined(__x86_64__)
#define LANES 8
#define TARGET __attribute__((target("avx2")))
#define NAME(x) x##_avx2
#define ZIP_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define ZIP_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#include "ops/pool/max_back_block.h"

#define LANES 16
#define TARGET __attribute__((target("avx512f")))
#define NAME(x) x##_avx512
#define ZIP_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZIP_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "ops/pool/max_back_block.h"
#endif

size_t
dcn_max_back_loops(DcnMaxBackLoop *loops[DCN_MAX_BACK_LOOPS])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        loops[n++] = back_avx512;
    if (__builtin_cpu_supports("avx2"))
        loops[n++] = back_avx2;
#endif
    loops[n++] = back_any;
    return n;
}

void
dcn_max_back(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch)
{
    DcnMaxBackLoop *loops[DCN_MAX_BACK_LOOPS];
    dcn_max_back_loops(loops);
    loops[0](p, back, scratch);
}
