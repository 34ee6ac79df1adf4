/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back.c: the signal of a max-pool's outputs, to where the maxima were.
 *
 * No place is looked up: sixteen windows of a row at a time, each of their elements,
 * first to last, is compared with their maxima, and where it is equal the signal goes
 * there and is used up. So what came is kept by element, for the few input rows that
 * windows see; a row that no later window sees is put together and written, once. */
#include "ops/pool/max_back.h"
#include "base/vector.h"
#include "ops/pool/max_phases.h"
#include <string.h>

#define WIDTH DCN_MAX_WIDTH
#define MOST_ROWS 4 /* of a window, and elements of its rows: sums stay near the core */
#define MOST_ELEMENTS 8

typedef float Floats __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t Bits __attribute__((vector_size(64), aligned(4), may_alias));

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

static inline bool
none(const Bits *bits)
{
    int32_t each[WIDTH], some = 0;
    memcpy(each, bits, sizeof each);
    for (size_t i = 0; i < WIDTH; i++)
        some |= each[i];
    return some == 0;
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

/* Hands down the signal of sixteen windows, from `at` on. Returns true if some of it is
 * left. */
__attribute__((always_inline)) static inline bool
move(Work *work, size_t at, const int64_t v[2])
{
    const DcnMaxRows *p = work->p;
    Floats most = *(const Floats *)(const void *)(work->r.y + at);
    Bits rest = *(const Bits *)(const void *)(work->rest + at);
    for (int64_t ky = v[0]; ky < v[1]; ky++) {
        const Row *row = &work->rows[ky];
        float *sums = row->sums + WIDTH + at;
        for (int64_t kx = 0; kx < p->window.kernel[2]; kx++, sums += lane(p)) {
            const float *element = row->phases + work->element[kx] + at;
            Bits here = *(const Floats *)(const void *)element == most;
            Floats came = (Floats)(rest & here);
            rest &= ~here;
            if (row->touched)
                came += *(const Floats *)(const void *)sums;
            *(Floats *)(void *)sums = came;
        }
    }
    *(Bits *)(void *)(work->rest + at) = rest;
    Bits left = (Floats)rest != (Floats){0};
    return !none(&left);
}

/* The signals of output row oy to the rows that its windows see. */
__attribute__((always_inline)) static inline void
add_row(Work *work, int64_t oy)
{
    const DcnMaxRows *p = work->p;
    const DcnMaxBack *b = work->back;
    size_t out_w = (size_t)p->window.out[2], whole = (out_w + WIDTH - 1) / WIDTH * WIDTH;
    Bits some = {0};
    memset(work->rest + whole - WIDTH, 0, WIDTH * sizeof(float));
    copy(work->rest, b->dy + (size_t)oy * out_w, out_w);
    for (size_t at = 0; at < whole; at += WIDTH)
        some |= *(const Floats *)(const void *)(work->rest + at) != (Floats){0};
    if (none(&some))
        return;
    int64_t v[2];
    bool left = false;
    dcn_window_inside(&p->window, 1, oy, &v[0], &v[1]);
    copy(work->r.y, b->y + (size_t)oy * out_w, out_w);
    for (int64_t ky = v[0]; ky < v[1]; ky++)
        if (!work->rows[ky].held)
            hold(work, oy, ky);
    for (size_t at = 0; at < whole; at += WIDTH)
        left |= move(work, at, v);
    for (int64_t ky = v[0]; ky < v[1]; ky++)
        work->rows[ky].touched = true;
    if (left)
        move_rest(work, v[0]);
}

/* What came to the places `at` .. of a phase. */
__attribute__((always_inline)) static inline void
gather(const Work *work, const float *sums, size_t phase, size_t at, Floats *result)
{
    const DcnMaxRows *p = work->p;
    Floats sum = {0};
    for (size_t kx = 0; kx < (size_t)p->window.kernel[2]; kx++) {
        size_t first = phase * p->places, element = work->element[kx];
        if (element < first || element >= first + p->places)
            continue;
        const float *came = sums + kx * lane(p) + WIDTH + at - (element - first);
        sum += *(const Floats *)(const void *)came;
    }
    if (work->back->rectify && work->back->fresh)
        sum = (Floats)((Bits)sum & (sum > (Floats){0}));
    *result = sum;
}

/* A row of the input's, padding before it. */
__attribute__((always_inline)) static inline void
put_together(const Work *work, const float *sums)
{
    const DcnMaxRows *p = work->p;
    size_t stride = p->stride, end = work->r.begin + work->r.n;
    for (size_t at = 0; at * stride < end; at += WIDTH) {
        float *to = work->line + at * stride;
#ifdef DCN_SHUFFLES
        if (stride == 2) {
            Floats a, b;
            gather(work, sums, 0, at, &a);
            gather(work, sums, 1, at, &b);
            *(Floats *)(void *)to = __builtin_shufflevector(
                a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            *(Floats *)(void *)(to + WIDTH) = __builtin_shufflevector(
                a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            continue;
        }
#endif
        for (size_t phase = 0; phase < stride; phase++) {
            float each[WIDTH];
            Floats sum;
            gather(work, sums, phase, at, &sum);
            memcpy(each, &sum, sizeof each);
            for (size_t i = 0; i < WIDTH; i++)
                to[i * stride + phase] = each[i];
        }
    }
}

/* Input row iy has all that comes. row: NULL: no window sees it. */
__attribute__((always_inline)) static inline void
write_row(const Work *work, int64_t iy, const Row *row)
{
    const DcnMaxBack *b = work->back;
    size_t in_w = (size_t)work->p->window.in[2], n = work->r.n;
    float *restrict dx = b->dx + (size_t)iy * in_w;
    if (!row || !row->touched) {
        if (b->fresh)
            memset(dx, 0, in_w * sizeof *dx);
        return;
    }
    put_together(work, row->sums);
    const float *restrict line = work->line + work->r.begin;
    if (b->fresh)
        copy(dx, line, n);
    for (size_t i = 0; !b->fresh && i < n; i++)
        dx[i] += line[i];
    if (b->fresh && n < in_w)
        memset(dx + n, 0, (in_w - n) * sizeof *dx);
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

DCN_VECTOR void
dcn_max_back(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch)
{
    const DcnWindow *w = &p->window;
    Work work = work_of(p, back, scratch);
    int64_t next = 0; /* the first row that is not written */
    for (int64_t oy = back->rows[0]; oy < back->rows[1]; oy++) {
        int64_t first = oy * w->stride[1] - w->begin[1], end = first + w->stride[1];
        add_row(&work, oy);
        if (oy + 1 == back->rows[1] || end > w->in[1])
            end = w->in[1];
        for (; next < end; next++) {
            bool seen = next >= first && next < first + w->kernel[1];
            write_row(&work, next, seen ? &work.rows[next - first] : NULL);
        }
        move_window(&work, w->stride[1]);
    }
}
