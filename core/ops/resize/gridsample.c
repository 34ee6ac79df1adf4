/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GridSample: the input looked up at the points of a grid, as spatial transformers do
 * (Jaderberg et al. 2015). The grid holds for each place of the output, of two axes or
 * three, a point (x, y, z): -1 and 1 are the borders of the input, with align_corners the
 * centres of its outermost places. mode: nearest (halves to even), linear or cubic
 * (a = -0.75; two axes). What lies outside is 0, the border's, or mirrored at the border,
 * with align_corners at the outermost centres.
 *
 * Back, all methods: linear in the input: a place gets the signal by its share. To the
 * grid, the derivative. */
#include "ops/kit/common.h"
#include <math.h>
#include <string.h>

typedef enum { NEAREST, LINEAR, CUBIC } Mode;
typedef enum { ZEROS, BORDER, REFLECTION } Padding;

typedef struct {
    int axes; /* 2 or 3; sizes have three, the first is 1 where there are two */
    size_t images, channels;
    int64_t in[3], out[3];
    Mode mode;
    Padding padding;
    bool aligned;
} Params;

/* The first of `names` that is `name`, which stand two and two: of opset 16, of 20. */
static bool
find_word(DcnSetup *setup, const char *name, const char *const words[6], int *found)
{
    const char *word = dcn_node_string(setup->node, name, words[0]);
    for (int i = 0; i < 6; i++)
        if (strcmp(word, words[i]) == 0) {
            *found = i / 2;
            return true;
        }
    return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%s is \"%.40s\"", name, word);
}

static bool
gridsample_setup(DcnSetup *setup)
{
    static const char *const modes[] = {"bilinear", "linear",  "nearest",
                                        "nearest",  "bicubic", "cubic"};
    static const char *const paddings[] = {"zeros",  "zeros",      "border",
                                           "border", "reflection", "reflection"};
    static const Mode meaning[] = {LINEAR, NEAREST, CUBIC};
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *grid = setup->in[1];
    char text[2][128];
    int mode = 0, padding = 0;
    if (!find_word(setup, "mode", modes, &mode) ||
        !find_word(setup, "padding_mode", paddings, &padding))
        return false;
    p->mode = meaning[mode];
    p->padding = (Padding)padding;
    p->aligned = dcn_node_int(setup->node, "align_corners", 0) != 0;
    p->axes = x->rank - 2;
    bool fits = (x->rank == 4 || x->rank == 5) && grid->rank == x->rank &&
                grid->dim[0] == x->dim[0] && grid->dim[grid->rank - 1] == p->axes;
    if (!fits)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a grid of %s for an input of %s",
                              dcn_shape_print(grid, text[0]),
                              dcn_shape_print(x, text[1]));
    if (p->mode == CUBIC && p->axes == 3)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "cubic over three axes");
    p->images = (size_t)x->dim[0];
    p->channels = (size_t)x->dim[1];
    setup->out[0] = *x;
    p->in[0] = p->out[0] = 1;
    for (int i = 0; i < p->axes; i++) {
        p->in[3 - p->axes + i] = x->dim[2 + i];
        p->out[3 - p->axes + i] = setup->out[0].dim[2 + i] = grid->dim[1 + i];
        if (x->dim[2 + i] < 1 || x->dim[2 + i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                                  dcn_shape_print(x, text[0]));
    }
    size_t count;
    if (!dcn_shape_elements(&setup->out[0], &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the output is too large");
    return true;
}

/* --- one axis --- */

/* The places that a coordinate looks at, their shares, and what these change by where the
 * coordinate does. Place -1 is outside. */
typedef struct {
    int n;
    int64_t place[4];
    float share[4], slope[4];
} Taps;

static int64_t
padded(const Params *p, int64_t i, int64_t n)
{
    if (i >= 0 && i < n)
        return i;
    if (p->padding == ZEROS)
        return -1;
    if (p->padding == BORDER || n == 1)
        return i < 0 ? 0 : n - 1;
    int64_t period = p->aligned ? 2 * (n - 1) : 2 * n;
    i -= dcn_floor_div(i, period) * period;
    return i < n ? i : period - (p->aligned ? 0 : 1) - i;
}

/* The cubic convolution kernel and its slope, at distance d. */
static void
cubic(float d, float *share, float *slope)
{
    float a = -0.75F, s = d < 0 ? -1.0F : 1.0F;
    d = fabsf(d);
    *share = d <= 1  ? ((a + 2) * d - (a + 3)) * d * d + 1
             : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
                     : 0;
    *slope = s * (d <= 1  ? (3 * (a + 2) * d - 2 * (a + 3)) * d
                  : d < 2 ? (3 * a * d - 10 * a) * d + 8 * a
                          : 0);
}

static Taps
taps_at(const Params *p, int axis, float g)
{
    Taps t = {.n = 1, .share = {1}};
    if (axis < 3 - p->axes)
        return t;
    int64_t n = p->in[axis];
    float size = (float)n, step = (p->aligned ? size - 1 : size) / 2;
    float at = p->aligned ? (g + 1) * step : (g + 1) * step - 0.5F;
    at = at > -1e9F ? at : -1e9F; /* NaN too */
    at = at < 1e9F ? at : 1e9F;
    if (p->mode == NEAREST) {
        t.place[0] = padded(p, (int64_t)nearbyintf(at), n);
        return t;
    }
    float low = floorf(at), part = at - low;
    int64_t first = (int64_t)low - (p->mode == CUBIC);
    t.n = p->mode == CUBIC ? 4 : 2;
    for (int k = 0; k < t.n; k++) {
        t.place[k] = padded(p, first + k, n);
        if (p->mode == CUBIC) {
            cubic(part + 1 - (float)k, &t.share[k], &t.slope[k]);
        } else {
            t.share[k] = k == 0 ? 1 - part : part;
            t.slope[k] = k == 0 ? -1 : 1;
        }
        t.slope[k] *= step;
    }
    return t;
}

/* --- a point --- */

/* All places of a plane that a point looks at. slope: by axis. */
typedef struct {
    size_t n, place[16];
    float share[16], slope[3][16];
} Point;

static void
point_at(const Params *p, const float *grid, Point *point)
{
    Taps t[3];
    for (int a = 0; a < 3; a++)
        t[a] = taps_at(p, a, a < 3 - p->axes ? 0 : grid[2 - a]);
    point->n = 0;
    for (int i = 0; i < t[0].n; i++)
        for (int j = 0; j < t[1].n; j++)
            for (int k = 0; k < t[2].n; k++) {
                int64_t z = t[0].place[i], y = t[1].place[j], x = t[2].place[k];
                if (z < 0 || y < 0 || x < 0)
                    continue;
                size_t at = point->n++;
                float sz = t[0].share[i], sy = t[1].share[j], sx = t[2].share[k];
                point->place[at] = (size_t)((z * p->in[1] + y) * p->in[2] + x);
                point->share[at] = sz * sy * sx;
                point->slope[0][at] = t[0].slope[i] * sy * sx;
                point->slope[1][at] = sz * t[1].slope[j] * sx;
                point->slope[2][at] = sz * sy * t[2].slope[k];
            }
}

static size_t
volume(const int64_t size[3])
{
    return (size_t)(size[0] * size[1] * size[2]);
}

/* A row of the output. */
static void
forward_row(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t rows = (size_t)(p->out[0] * p->out[1]), width = (size_t)p->out[2];
    size_t in = volume(p->in), out = volume(p->out), axes = (size_t)p->axes;
    size_t row = index % rows, one = index / rows % p->images,
           image = index / rows / p->images;
    const float *x = dcn_image(&call->in[0], image) + one * p->channels * in;
    const float *grid = dcn_image(&call->in[1], image) + (one * out + row * width) * axes;
    float *y = dcn_image(&call->out[0], image) + one * p->channels * out + row * width;
    (void)worker;
    for (size_t i = 0; i < width; i++, grid += axes) {
        Point point;
        point_at(p, grid, &point);
        for (size_t c = 0; c < p->channels; c++) {
            float sum = 0;
            for (size_t k = 0; k < point.n; k++)
                sum += point.share[k] * x[c * in + point.place[k]];
            y[c * out + i] = sum;
        }
    }
}

static void
gridsample_forward(const DcnCall *call)
{
    const Params *p = call->params;
    if (call->out[0].count > 0)
        dcn_parallel(call->context,
                     call->batch * p->images * (size_t)(p->out[0] * p->out[1]),
                     forward_row, (void *)call);
}

static void
back_image(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t in = volume(p->in), out = volume(p->out), axes = (size_t)p->axes;
    size_t one = index % p->images, image = index / p->images;
    size_t at = one * p->channels * in;
    const float *x = dcn_image(&call->in[0], image) + at;
    const float *grid = dcn_image(&call->in[1], image) + one * out * axes;
    const float *dy = dcn_image_grad(&call->out[0], image) + one * p->channels * out;
    float *dx = dcn_wants_back(call, 0) ? dcn_image_grad(&call->in[0], image) + at : NULL;
    float *dg = dcn_wants_back(call, 1)
                    ? dcn_image_grad(&call->in[1], image) + one * out * axes
                    : NULL;
    (void)worker;
    for (size_t i = 0; i < out; i++) {
        Point point;
        point_at(p, grid + i * axes, &point);
        for (size_t c = 0; c < p->channels; c++) {
            float d = dy[c * out + i];
            for (size_t k = 0; dx && k < point.n; k++)
                dx[c * in + point.place[k]] += point.share[k] * d;
            for (size_t a = 0; dg && a < axes; a++) {
                float sum = 0;
                for (size_t k = 0; k < point.n; k++)
                    sum += point.slope[2 - a][k] * x[c * in + point.place[k]];
                dg[i * axes + a] += d * sum;
            }
        }
    }
}

static void
gridsample_back(const DcnCall *call)
{
    const Params *p = call->params;
    if ((dcn_wants_back(call, 0) || dcn_wants_back(call, 1)) && call->out[0].count > 0)
        dcn_parallel(call->context, call->batch * p->images, back_image, (void *)call);
}

/* Channels stay; a place of the grid is a place of the output. */
static void
gridsample_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int from[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = input == 0 ? (i == 1 ? 1 : -1) : i < 2 ? -1 : i - 1;
    dcn_reach_axes(&call->out[output].shape, from, in, out);
}

static void
gridsample_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int from[DCN_MAX_RANK], last = call->in[1].shape.rank - 1;
    (void)output;
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = input == 0 ? (i == 1 ? 1 : -1) : i < 1 || i >= last ? -1 : i + 1;
    dcn_reach_axes(&call->in[input].shape, from, out, in);
}

const DcnOp dcn_op_gridsample = {
    .name = "GridSample",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = gridsample_setup,
    .forward = gridsample_forward,
    .back = DCN_BACK_ALL(gridsample_back),
    .reach.ahead = gridsample_reach_ahead,
    .reach.back = gridsample_reach_back,
    .layer = "sample",
};
