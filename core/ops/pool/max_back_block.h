/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back_block.h: the loops of max_back.c for one width of vectors. It is included once
 * for each, with
 *
 * LANES              floats of a vector
 * TARGET             attribute of functions that may use such vectors
 * NAME(x)            x with a suffix
 * ZIP_LOW, ZIP_HIGH  which floats of two vectors one behind the other make the lower and
 *                    the upper half of both, in pairs */

typedef float NAME(Floats) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t NAME(Bits) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#define FLOATS NAME(Floats)
#define BITS NAME(Bits)
#define AT(p) (*(FLOATS *)(void *)(p))
#define SEEN(p) (*(const FLOATS *)(const void *)(p))
#define BITS_AT(p) (*(BITS *)(void *)(p))

TARGET static inline bool
NAME(none)(const BITS *bits)
{
    int32_t each[LANES], some = 0;
    memcpy(each, bits, sizeof each);
    for (size_t i = 0; i < LANES; i++)
        some |= each[i];
    return some == 0;
}

/* Hands down the signal of a vector of windows, from `at` on. What is left of it is added
 * to left. */
TARGET __attribute__((always_inline)) static inline void
NAME(move)(Work *work, size_t at, const int64_t v[2], BITS *left)
{
    const DcnMaxRows *p = work->p;
    FLOATS most = SEEN(work->r.y + at);
    BITS rest = BITS_AT(work->rest + at);
    for (int64_t ky = v[0]; ky < v[1]; ky++) {
        const Row *row = &work->rows[ky];
        float *sums = row->sums + WIDTH + at;
        for (int64_t kx = 0; kx < p->window.kernel[2]; kx++, sums += lane(p)) {
            const float *element = row->phases + work->element[kx] + at;
            BITS here = SEEN(element) == most;
            FLOATS came = (FLOATS)(rest & here);
            rest &= ~here;
            if (row->touched)
                came += SEEN(sums);
            AT(sums) = came;
        }
    }
    BITS_AT(work->rest + at) = rest;
    *left |= (FLOATS)rest != (FLOATS){0};
}

/* The signals of output row oy to the rows that its windows see. */
TARGET __attribute__((always_inline)) static inline void
NAME(add_row)(Work *work, int64_t oy)
{
    const DcnMaxRows *p = work->p;
    const DcnMaxBack *b = work->back;
    size_t out_w = (size_t)p->window.out[2], whole = (out_w + LANES - 1) / LANES * LANES;
    BITS some = {0}, left = {0};
    for (size_t i = out_w; i < whole; i++)
        work->rest[i] = 0;
    copy(work->rest, b->dy + (size_t)oy * out_w, out_w);
    for (size_t at = 0; at < whole; at += LANES)
        some |= SEEN(work->rest + at) != (FLOATS){0};
    if (NAME(none)(&some))
        return;
    int64_t v[2];
    dcn_window_inside(&p->window, 1, oy, &v[0], &v[1]);
    copy(work->r.y, b->y + (size_t)oy * out_w, out_w);
    for (int64_t ky = v[0]; ky < v[1]; ky++)
        if (!work->rows[ky].held)
            hold(work, oy, ky);
    for (size_t at = 0; at < whole; at += LANES)
        NAME(move)(work, at, v, &left);
    for (int64_t ky = v[0]; ky < v[1]; ky++)
        work->rows[ky].touched = true;
    if (!NAME(none)(&left))
        move_rest(work, v[0]);
}

/* What came to the places `at` .. of a phase. */
TARGET __attribute__((always_inline)) static inline void
NAME(gather)(const Work *work, const float *sums, size_t phase, size_t at, FLOATS *result)
{
    const DcnMaxRows *p = work->p;
    FLOATS sum = {0};
    for (size_t kx = 0; kx < (size_t)p->window.kernel[2]; kx++) {
        size_t first = phase * p->places, element = work->element[kx];
        if (element < first || element >= first + p->places)
            continue;
        sum += SEEN(sums + kx * lane(p) + WIDTH + at - (element - first));
    }
    if (work->back->rectify && work->back->fresh)
        sum = (FLOATS)((BITS)sum & (sum > (FLOATS){0}));
    *result = sum;
}

/* A row of the input's, padding before it. */
TARGET __attribute__((always_inline)) static inline void
NAME(put_together)(const Work *work, const float *sums)
{
    const DcnMaxRows *p = work->p;
    size_t stride = p->stride, end = work->r.begin + work->r.n;
    for (size_t at = 0; at * stride < end; at += LANES) {
        float *to = work->line + at * stride;
#ifdef DCN_SHUFFLES
        if (stride == 2) {
            FLOATS a, b;
            NAME(gather)(work, sums, 0, at, &a);
            NAME(gather)(work, sums, 1, at, &b);
            AT(to) = __builtin_shufflevector(a, b, ZIP_LOW);
            AT(to + LANES) = __builtin_shufflevector(a, b, ZIP_HIGH);
            continue;
        }
#endif
        for (size_t phase = 0; phase < stride; phase++) {
            float each[LANES];
            FLOATS sum;
            NAME(gather)(work, sums, phase, at, &sum);
            memcpy(each, &sum, sizeof each);
            for (size_t i = 0; i < LANES; i++)
                to[i * stride + phase] = each[i];
        }
    }
}

/* Input row iy has all that comes. row: NULL: no window sees it. */
TARGET __attribute__((always_inline)) static inline void
NAME(write_row)(const Work *work, int64_t iy, const Row *row)
{
    const DcnMaxBack *b = work->back;
    size_t in_w = (size_t)work->p->window.in[2], n = work->r.n;
    float *restrict dx = b->dx + (size_t)iy * in_w;
    if (!row || !row->touched) {
        if (b->fresh)
            memset(dx, 0, in_w * sizeof *dx);
        return;
    }
    NAME(put_together)(work, row->sums);
    const float *restrict line = work->line + work->r.begin;
    if (b->fresh)
        copy(dx, line, n);
    for (size_t i = 0; !b->fresh && i < n; i++)
        dx[i] += line[i];
    if (b->fresh && n < in_w)
        memset(dx + n, 0, (in_w - n) * sizeof *dx);
}

TARGET static void
NAME(back)(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch)
{
    const DcnWindow *w = &p->window;
    Work work = work_of(p, back, scratch);
    int64_t next = 0; /* the first row that is not written */
    for (int64_t oy = back->rows[0]; oy < back->rows[1]; oy++) {
        int64_t first = oy * w->stride[1] - w->begin[1], end = first + w->stride[1];
        NAME(add_row)(&work, oy);
        if (oy + 1 == back->rows[1] || end > w->in[1])
            end = w->in[1];
        for (; next < end; next++) {
            bool seen = next >= first && next < first + w->kernel[1];
            NAME(write_row)(&work, next, seen ? &work.rows[next - first] : NULL);
        }
        move_window(&work, w->stride[1]);
    }
}

#undef LANES
#undef TARGET
#undef NAME
#undef ZIP_LOW
#undef ZIP_HIGH
#undef FLOATS
#undef BITS
#undef AT
#undef SEEN
#undef BITS_AT
