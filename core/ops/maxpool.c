/* MaxPool: the largest element of each window, plane by plane. Neither padding nor what
 * is not a number ever wins.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Back, all methods: the signal of each output goes to where its window had the maximum,
 * the first such place row by row: "unpooling" by switches, Zeiler & Fergus 2014, section
 * 2.1, which is the gradient as well. Switches are not kept: x and y are still there on
 * the way back, so each is looked up where a signal comes down, and a forward run does
 * not pay for them. Only in training, where one comes everywhere, they are: switches.h.
 *
 * The second output, Indices, is the maximum's place in the whole input (of one image of
 * the batch), as a float.
 *
 * Rows are taken apart by the stride: with padding around it, element i of a row lies in
 * phase i % stride at place i / stride. So what the windows of a row see as their element
 * kx lies one behind the other, whatever the stride.
 */
#include "common.h"
#include "switches.h"
#include "vector.h"
#include <math.h>
#include <string.h>

#define WIDTH ((size_t)16)              /* floats of the widest vector */
#define MOST_PADDING ((int64_t)1 << 18) /* around a row */

typedef struct {
    DcnWindow window;
    size_t planes;
    bool columns_first; /* storage_order: Indices count down columns */
    size_t stride;      /* along a row; 1 where it has one window */
    size_t places;      /* of a phase: as many as it has, filled up to read in vectors */
    bool inside;        /* no window of a row sees padding */
    DcnSwitches switches; /* in training, else zeroed */
} Params;

/* A window that begins inside the image sees that place; so only those that begin before
 * it, and the last, can miss it. */
static bool
windows_see_something(DcnSetup *setup, const DcnWindow *w, int axis)
{
    int64_t last = w->out[axis] - 1;
    bool good = last * w->stride[axis] - w->begin[axis] < w->in[axis];
    for (int64_t o = 0; o <= last && o * w->stride[axis] < w->begin[axis]; o++) {
        int64_t first, end;
        dcn_window_inside(w, axis, o, &first, &end);
        good &= first < end;
    }
    return good || dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "a window sees nothing but padding");
}

/* Scratch memory: a row and its phases, a row of outputs, and where each was found. */
static bool
plan_rows(DcnSetup *setup, Params *p)
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
    setup->scratch = (2 * p->stride + 2) * p->places * sizeof(float);
    return true;
}

static bool
maxpool_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    size_t volume, count;
    if (!dcn_window_setup(setup, NULL, &p->window) ||
        !dcn_window_volume(setup, &p->window, (size_t)1 << 16, &volume))
        return false;
    for (int i = 0; i < 3; i++)
        if (!windows_see_something(setup, &p->window, i))
            return false;
    p->planes = dcn_shape_product(x, 0, 2);
    p->columns_first = dcn_node_int(setup->node, "storage_order", 0) != 0;
    for (size_t i = 0; i < setup->n_out; i++)
        setup->out[i] = dcn_window_shape(&p->window, x->dim[0], x->dim[1]);
    if (!dcn_shape_elements(&setup->out[0], &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the output is too large");
    if (!plan_rows(setup, p))
        return false;
    if (setup->training && dcn_switches_fit(&p->window)) {
        p->switches = dcn_switches(&p->window);
        setup->kept = count * sizeof(DcnSwitch);
        if (dcn_switches_scratch(&p->switches) > setup->scratch)
            setup->scratch = dcn_switches_scratch(&p->switches);
    }
    return true;
}

/* --- rows --- */

typedef struct {
    float *padded;   /* stride x places floats; the input's row begins behind padding */
    float *phases;   /* the same taken apart */
    float *y;        /* places floats */
    int32_t *found;  /* places numbers */
    size_t begin, n; /* the part of the input's row that windows see, in `padded` */
} Rows;

/* Padding is not a number, so that no comparison holds. */
static Rows
begin_rows(const Params *p, float *scratch)
{
    size_t floats = p->stride * p->places, begin = (size_t)p->window.begin[2];
    size_t in = (size_t)p->window.in[2];
    for (size_t i = 0; i < floats; i++)
        scratch[i] = NAN;
    return (Rows){.padded = scratch,
                  .phases = scratch + floats,
                  .y = scratch + 2 * floats,
                  .found = (int32_t *)(void *)(scratch + 2 * floats + p->places),
                  .begin = begin,
                  .n = in < floats - begin ? in : floats - begin};
}

/* Compilers do not see for themselves that this is two shuffles. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLES
typedef float Wide __attribute__((vector_size(64), aligned(4), may_alias));
#endif
#endif

static inline void
take_pairs_apart(const float *restrict row,
                 float *restrict even,
                 float *restrict odd,
                 size_t n)
{
    for (size_t i = 0; i < n; i += WIDTH) {
#ifdef SHUFFLES
        const Wide *pairs = (const Wide *)(const void *)(row + 2 * i);
        Wide a = pairs[0], b = pairs[1];
        *(Wide *)(void *)(even + i) = __builtin_shufflevector(
            a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        *(Wide *)(void *)(odd + i) = __builtin_shufflevector(
            a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#else
        for (size_t j = i; j < i + WIDTH; j++) {
            even[j] = row[2 * j];
            odd[j] = row[2 * j + 1];
        }
#endif
    }
}

/* The phases of a row of stride x places floats. */
static inline const float *
take_apart(const Params *p, const Rows *r, const float *row)
{
    size_t stride = p->stride, places = p->places;
    if (stride == 1)
        return row;
    if (stride == 2)
        take_pairs_apart(row, r->phases, r->phases + places, places);
    for (size_t s = 0; stride > 2 && s < stride; s++)
        for (size_t i = 0; i < places; i++)
            r->phases[s * places + i] = row[i * stride + s];
    return r->phases;
}

/* What the windows of a row see as their element kx. */
static inline const float *
seen_as(const Params *p, const float *phases, int64_t kx)
{
    size_t at = (size_t)(kx * p->window.dilation[2]);
    return phases + at % p->stride * p->places + at / p->stride;
}

/* The row of the input that windows of output row (oz, oy) see as their row (kz, ky). */
static const float *
input_row(
    const DcnWindow *w, const float *x, int64_t oz, int64_t oy, int64_t kz, int64_t ky)
{
    int64_t z = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
    int64_t y = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
    return x + (z * w->in[1] + y) * w->in[2];
}

/* Floats of the row that may be read at once: in vectors where no window sees padding;
 * what lies behind the row does no harm. end: of the planes. */
static size_t
readable(const Params *p, const Rows *r, const float *row, const float *end)
{
    size_t floats = p->stride * p->places;
    return p->inside && (size_t)(end - row) >= floats ? floats : r->n;
}

/* --- forward --- */

static inline void
raise_few(float *restrict to,
          const float *restrict a,
          const float *restrict b,
          const float *restrict c,
          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float most = to[i];
        most = a[i] > most ? a[i] : most;
        most = b[i] > most ? b[i] : most;
        to[i] = c[i] > most ? c[i] : most;
    }
}

/* to becomes the largest of itself and of three rows, by whole vectors: the last overlaps
 * the one before it, which does no harm. */
static inline void
raise(float *to, const float *const rows[3], size_t n)
{
    const float *a = rows[0], *b = rows[1], *c = rows[2];
    if (n < WIDTH)
        raise_few(to, a, b, c, n);
    for (size_t i = 0; n >= WIDTH && i < n; i += WIDTH) {
        size_t at = i + WIDTH <= n ? i : n - WIDTH;
        raise_few(to + at, a + at, b + at, c + at, WIDTH);
    }
}

/* Three rows at a time; a rest is filled up with the first of it. */
static inline size_t
raise_by(float *to, const float *rows[3], size_t held, const float *row, size_t n)
{
    rows[held++] = row;
    if (held < 3)
        return held;
    raise(to, rows, n);
    return 0;
}

static inline void
raise_rest(float *to, const float *rows[3], size_t held, size_t n)
{
    if (held == 0)
        return;
    for (size_t i = held; i < 3; i++)
        rows[i] = rows[0];
    raise(to, rows, n);
}

/* First the rows of the windows are made one row, then its columns one place. end: of all
 * planes. */
DCN_VECTOR static void
plane_max(const Params *p, const float *x, const float *end, float *y, float *scratch)
{
    const DcnWindow *w = &p->window;
    Rows r = begin_rows(p, scratch);
    size_t out_w = (size_t)w->out[2], whole = (out_w + WIDTH - 1) / WIDTH * WIDTH;
    float *row = r.padded + r.begin;
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += out_w) {
            int64_t z[2], v[2];
            const float *rows[3];
            size_t held = 0;
            dcn_window_inside(w, 0, oz, &z[0], &z[1]);
            dcn_window_inside(w, 1, oy, &v[0], &v[1]);
            size_t n = readable(p, &r, input_row(w, x, oz, oy, z[1] - 1, v[1] - 1), end);
            for (size_t i = 0; i < n; i++)
                row[i] = -INFINITY;
            for (int64_t kz = z[0]; kz < z[1]; kz++)
                for (int64_t ky = v[0]; ky < v[1]; ky++)
                    held = raise_by(row, rows, held, input_row(w, x, oz, oy, kz, ky), n);
            raise_rest(row, rows, held, n);
            const float *phases = take_apart(p, &r, r.padded);
            for (size_t i = 0; i < whole; i++)
                r.y[i] = -INFINITY;
            held = 0;
            for (int64_t kx = 0; kx < w->kernel[2]; kx++)
                held = raise_by(r.y, rows, held, seen_as(p, phases, kx), whole);
            raise_rest(r.y, rows, held, whole);
            memcpy(y, r.y, out_w * sizeof *y);
        }
}

/* --- where the maxima are --- */

/* Where each window of output row (oz, oy) has its first maximum: from the place where
 * the window starts, in floats of the plane. y: the row's outputs. */
DCN_VECTOR static void
find_maxima(const Params *p,
            const Rows *r,
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
        if (found[i] < 0) { /* a window of what is no number: its first place */
            int64_t c[2];
            dcn_window_inside(w, 2, (int64_t)i, &c[0], &c[1]);
            found[i] =
                (int32_t)((z[0] * w->dilation[0] * w->in[1] + v[0] * w->dilation[1]) *
                              w->in[2] +
                          c[0] * w->dilation[2]);
        }
}

/* The place, maybe outside of the plane, where the first window of a row starts. */
static int64_t
window_start(const DcnWindow *w, int64_t oz, int64_t oy)
{
    int64_t z = oz * w->stride[0] - w->begin[0], y = oy * w->stride[1] - w->begin[1];
    return (z * w->in[1] + y) * w->in[2] - w->begin[2];
}

/* Indices as ONNX counts them: through the planes, then down or across. */
static float
absolute_index(const Params *p, size_t plane, size_t place)
{
    const DcnWindow *w = &p->window;
    size_t size = (size_t)(w->in[0] * w->in[1] * w->in[2]);
    if (p->columns_first) {
        size_t x = place % (size_t)w->in[2], y = place / (size_t)w->in[2];
        size_t z = y / (size_t)w->in[1];
        y %= (size_t)w->in[1];
        place = z + (y + x * (size_t)w->in[1]) * (size_t)w->in[0];
    }
    return (float)(plane * size + place);
}

static void
write_indices(const Params *p,
              size_t plane,
              const float *x,
              const float *end,
              const float *y,
              float *indices,
              float *scratch)
{
    const DcnWindow *w = &p->window;
    Rows r = begin_rows(p, scratch);
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += w->out[2]) {
            int64_t start = window_start(w, oz, oy);
            find_maxima(p, &r, x, end, y, oz, oy);
            for (int64_t ox = 0; ox < w->out[2]; ox++)
                *indices++ = absolute_index(
                    p, plane, (size_t)(start + ox * w->stride[2] + r.found[ox]));
        }
}

/* --- the operator --- */

static size_t
in_size(const DcnWindow *w)
{
    return (size_t)(w->in[0] * w->in[1] * w->in[2]);
}

static size_t
out_size(const DcnWindow *w)
{
    return (size_t)(w->out[0] * w->out[1] * w->out[2]);
}

/* Those of a plane; NULL: they are not kept. */
static DcnSwitch *
kept_switches(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    if (p->switches.lanes == 0 || !call->kept)
        return NULL;
    char *kept = call->kept + image * call->kept_stride;
    return (DcnSwitch *)(void *)kept + plane * out_size(&p->window);
}

static void
forward_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t out = out_size(&p->window);
    const float *x = dcn_image(&call->in[0], image) + plane * in_size(&p->window);
    float *y = dcn_image(&call->out[0], image) + plane * out;
    const float *end = x + (p->planes - plane) * in_size(&p->window);
    float *scratch = dcn_scratch(call->context, worker);
    DcnSwitch *switches = kept_switches(call, image, plane);
    if (switches)
        dcn_switches_find(&p->switches, x, y, switches, scratch);
    else
        plane_max(p, x, end, y, scratch);
    if (call->n_out > 1 && call->out[1].data)
        write_indices(p, plane, x, end, y, dcn_image(&call->out[1], image) + plane * out,
                      scratch);
}

static void
maxpool_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_parallel(call->context, call->batch * p->planes, forward_plane, (void *)call);
}

static bool
is_silent(const float *dy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (dy[i] != 0)
            return false;
    return true;
}

static void
back_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    const DcnWindow *w = &p->window;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t in = plane * in_size(w), out = plane * out_size(w);
    const float *x = dcn_image(&call->in[0], image) + in;
    const float *x_end = x + (p->planes - plane) * in_size(w);
    float *dx = dcn_image_grad(&call->in[0], image) + in;
    if (call->in[0].fresh)
        memset(dx, 0, in_size(w) * sizeof *dx);
    const DcnSwitch *switches = kept_switches(call, image, plane);
    if (switches) {
        dcn_switches_back(&p->switches, switches,
                          dcn_image_grad(&call->out[0], image) + out, dx);
        return;
    }
    const DcnBox *box = call->out[0].box; /* of a picture, which has one depth */
    int64_t begin = box ? box->begin[1] : 0, end = box ? box->end[1] : w->out[1];
    if (box && ((int64_t)plane < box->begin[0] || (int64_t)plane >= box->end[0]))
        return;
    Rows r = begin_rows(p, dcn_scratch(call->context, worker));
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = begin; oy < end; oy++) {
            size_t at = out + (size_t)((oz * w->out[1] + oy) * w->out[2]);
            const float *dy = dcn_image_grad(&call->out[0], image) + at;
            if (is_silent(dy, (size_t)w->out[2]))
                continue;
            find_maxima(p, &r, x, x_end, dcn_image(&call->out[0], image) + at, oz, oy);
            int64_t start = window_start(w, oz, oy);
            for (int64_t ox = 0; ox < w->out[2]; ox++)
                if (dy[ox] != 0)
                    dx[start + ox * w->stride[2] + r.found[ox]] += dy[ox];
        }
}

static void
maxpool_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch * p->planes, back_plane, (void *)call);
}

static void
maxpool_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_ahead(&p->window, in, out);
}

static void
maxpool_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_back(&p->window, out, in);
}

static DcnLocality
maxpool_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    return dcn_window_local(&p->window, -INFINITY, window);
}

const DcnOp dcn_op_maxpool = {
    .name = "MaxPool",
    .inputs = {1, 1},
    .outputs = {1, 2},
    .params_size = sizeof(Params),
    .setup = maxpool_setup,
    .forward = maxpool_forward,
    .back = DCN_BACK_ALL(maxpool_back),
    .starts = true,
    .bounded = dcn_bounded_always,
    .reach_ahead = maxpool_reach_ahead,
    .reach_back = maxpool_reach_back,
    .local = maxpool_local,
    .layer = "pool",
};
