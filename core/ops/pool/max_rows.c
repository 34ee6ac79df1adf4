/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_rows.c: takes rows apart into phases, compares the elements of all windows of a row
 * at once, and finds where the maxima are. */
#include "base/vector.h"
#include "ops/pool/max_phases.h"
#include <math.h>
#include <string.h>

#define WIDTH DCN_MAX_WIDTH
#define MOST_PADDING ((int64_t)1 << 18) /* around a row */

/* A row and its phases, a row of outputs, and where each was found. */
bool
dcn_max_rows(DcnSetup *setup, DcnMaxRows *p)
{
    const DcnWindow *w = &p->window;
    int64_t stride = w->out[2] > 1 ? w->stride[2] : 1;
    int64_t length = (w->out[2] - 1) * stride + (w->kernel[2] - 1) * w->dilation[2] + 1;
    DcnShape plane = dcn_shape(3, w->in);
    size_t count;
    if (length > w->in[2] + MOST_PADDING || !dcn_shape_elements(&plane, &count) ||
        count > (size_t)(INT32_MAX - 2 * MOST_PADDING))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "windows over %lld places in rows of %lld are too large",
                              (long long)length, (long long)w->in[2]);
    p->stride = (size_t)stride;
    p->places = ((size_t)dcn_ceil_div(length, stride) / WIDTH + 2) * WIDTH;
    p->inside = w->begin[2] == 0 && length <= w->in[2];
    dcn_setup_scratch(setup, (2 * p->stride + 2) * p->places * sizeof(float));
    return true;
}

/* --- rows --- */

/* Padding is NaN, so that no comparison with it is true. */
DcnMaxScratch
dcn_max_scratch(const DcnMaxRows *p, float *scratch)
{
    size_t floats = p->stride * p->places, begin = (size_t)p->window.begin[2];
    size_t in = (size_t)p->window.in[2];
    for (size_t i = 0; i < floats; i++)
        scratch[i] = NAN;
    return (DcnMaxScratch){.padded = scratch,
                           .phases = scratch + floats,
                           .y = scratch + 2 * floats,
                           .found = (int32_t *)(void *)(scratch + 2 * floats + p->places),
                           .begin = begin,
                           .n = in < floats - begin ? in : floats - begin};
}

/* --- forward --- */

/* fresh: to is not read, it holds nothing yet. */
__attribute__((always_inline)) static inline void
raise_few(float *restrict to,
          const float *restrict a,
          const float *restrict b,
          const float *restrict c,
          size_t n,
          bool fresh)
{
    for (size_t i = 0; i < n; i++) {
        float most = fresh ? -INFINITY : to[i];
        most = a[i] > most ? a[i] : most;
        most = b[i] > most ? b[i] : most;
        to[i] = c[i] > most ? c[i] : most;
    }
}

/* to becomes the largest of itself and of three rows, by whole vectors: the last overlaps
 * the one before it, which does no harm. */
__attribute__((always_inline)) static inline void
raise(float *to, const float *const rows[3], size_t n, bool fresh)
{
    const float *a = rows[0], *b = rows[1], *c = rows[2];
    if (n < WIDTH)
        raise_few(to, a, b, c, n, fresh);
    for (size_t i = 0; n >= WIDTH && i < n; i += WIDTH) {
        size_t at = i + WIDTH <= n ? i : n - WIDTH;
        raise_few(to + at, a + at, b + at, c + at, WIDTH, fresh);
    }
}

/* Rows that wait to raise `to`, three at a time. */
typedef struct {
    float *to;
    size_t n;
    const float *rows[3];
    size_t held;
    bool raised; /* to holds something */
} Raise;

static inline void
raise_now(Raise *r)
{
    if (r->raised)
        raise(r->to, r->rows, r->n, false);
    else
        raise(r->to, r->rows, r->n, true);
    r->raised = true;
    r->held = 0;
}

static inline void
raise_by(Raise *r, const float *row)
{
    r->rows[r->held++] = row;
    if (r->held == 3)
        raise_now(r);
}

/* A rest is filled up with the first of it. */
static inline void
raise_rest(Raise *r)
{
    for (size_t i = r->held; i > 0 && i < 3; i++)
        r->rows[i] = r->rows[0];
    if (r->held > 0)
        raise_now(r);
    for (size_t i = 0; !r->raised && i < r->n; i++)
        r->to[i] = -INFINITY;
}

/* First the rows of the windows are made one row, then its columns one place. end: of all
 * planes. */
DCN_VECTOR void
dcn_max_plane(
    const DcnMaxRows *p, const float *x, const float *end, float *y, float *scratch)
{
    const DcnWindow *w = &p->window;
    DcnMaxScratch r = dcn_max_scratch(p, scratch);
    size_t out_w = (size_t)w->out[2], whole = (out_w + WIDTH - 1) / WIDTH * WIDTH;
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += out_w) {
            int64_t z[2], v[2];
            dcn_window_inside(w, 0, oz, &z[0], &z[1]);
            dcn_window_inside(w, 1, oy, &v[0], &v[1]);
            Raise row = {
                .to = r.padded + r.begin,
                .n = readable(p, &r, input_row(w, x, oz, oy, z[1] - 1, v[1] - 1), end)};
            for (int64_t kz = z[0]; kz < z[1]; kz++)
                for (int64_t ky = v[0]; ky < v[1]; ky++)
                    raise_by(&row, input_row(w, x, oz, oy, kz, ky));
            raise_rest(&row);
            const float *phases = take_apart(p, &r, r.padded);
            Raise place = {.to = r.y, .n = whole};
            for (int64_t kx = 0; kx < w->kernel[2]; kx++)
                raise_by(&place, seen_as(p, phases, kx));
            raise_rest(&place);
            memcpy(y, r.y, out_w * sizeof *y);
        }
}

/* --- where the maxima are --- */

DCN_VECTOR void
dcn_max_find(const DcnMaxRows *p,
             const DcnMaxScratch *r,
             const float *x,
             const float *end,
             const float *y,
             int64_t oz,
             int64_t oy)
{
    const DcnWindow *w = &p->window;
    size_t out_w = (size_t)w->out[2], whole = (out_w + WIDTH - 1) / WIDTH * WIDTH;
    const float *restrict most = r->y;
    int32_t *restrict found = r->found;
    int64_t z[2], v[2];
    dcn_window_inside(w, 0, oz, &z[0], &z[1]);
    dcn_window_inside(w, 1, oy, &v[0], &v[1]);
    memcpy(r->y, y, out_w * sizeof *y);
    for (size_t i = 0; i < whole; i++)
        found[i] = -1;
    for (int64_t kz = z[1]; kz-- > z[0];) /* the last that is written is the first */
        for (int64_t ky = v[1]; ky-- > v[0];) {
            const float *row = input_row(w, x, oz, oy, kz, ky);
            if (readable(p, r, row, end) < p->stride * p->places) {
                memcpy(r->padded + r->begin, row, r->n * sizeof *x);
                row = r->padded;
            }
            const float *phases = take_apart(p, r, row);
            int64_t down =
                (kz * w->dilation[0] * w->in[1] + ky * w->dilation[1]) * w->in[2];
            for (int64_t kx = w->kernel[2]; kx-- > 0;) {
                const float *restrict element = seen_as(p, phases, kx);
                int32_t offset = (int32_t)(down + kx * w->dilation[2]);
                for (size_t i = 0; i < whole; i++)
                    found[i] = element[i] == most[i] ? offset : found[i];
            }
        }
    for (size_t i = 0; i < out_w; i++)
        if (found[i] < 0) { /* a window of NaN has its first place */
            int64_t c[2];
            dcn_window_inside(w, 2, (int64_t)i, &c[0], &c[1]);
            found[i] =
                (int32_t)((z[0] * w->dilation[0] * w->in[1] + v[0] * w->dilation[1]) *
                              w->in[2] +
                          c[0] * w->dilation[2]);
        }
}
