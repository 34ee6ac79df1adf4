/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DeformConv (opset 19): a convolution over two axes whose windows are bent (Dai et al.
 * 2017; with a mask Zhu et al. 2019). Element e of the window at a place looks at
 *
 *     its place in a Conv + (offset[2 e], offset[2 e + 1])      rows, then columns
 *
 * between places linearly, outside at 0, times mask[e]. Offsets and masks are for each
 * place of the output, and for each of offset_group groups of channels.
 *
 * Back, all methods: the derivative, to the input by its shares, to offsets, masks,
 * weights and bias. Plain: columns of all channels and a product, tile by tile. */
#include "ops/conv/conv2d.h"
#include "ops/product/product.h"
#include <math.h>
#include <string.h>

enum { X, W, OFFSET, BIAS, MASK };

#define TILE ((size_t)64) /* places */

typedef struct {
    DcnConv2d conv;
    size_t images;
    size_t offset_groups;
} Params;

static bool
check_places(DcnSetup *setup, size_t input, int64_t channels)
{
    const Params *p = setup->params;
    const DcnShape *at = setup->in[input];
    DcnShape wanted = dcn_window_shape(&p->conv.window, setup->in[X]->dim[0], channels);
    char text[2][128];
    return dcn_shape_equal(at, &wanted) ||
           dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%s are %s where %s are needed",
                          input == MASK ? "masks" : "offsets",
                          dcn_shape_print(at, text[0]),
                          dcn_shape_print(&wanted, text[1]));
}

static bool
deformconv_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[X], *w = setup->in[W];
    char text[2][128];
    if (x->rank != 4 || w->rank != 4)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "weights of %s for an input of %s; two axes after N and C "
                              "can be treated",
                              dcn_shape_print(w, text[0]), dcn_shape_print(x, text[1]));
    size_t kernel, weights, count;
    if (!dcn_window_setup(setup, w->dim + 2, &p->conv.window) ||
        !dcn_window_volume(setup, &p->conv.window, (size_t)1 << 16, &kernel))
        return false;
    int64_t groups = dcn_node_int(setup->node, "group", 1);
    int64_t offset_groups = dcn_node_int(setup->node, "offset_group", 1);
    int64_t channels = x->dim[1], maps = w->dim[0];
    if (groups < 1 || groups > maps || maps % groups != 0 || channels % groups != 0 ||
        channels / groups != w->dim[1] || offset_groups < 1 || offset_groups > channels ||
        channels % offset_groups != 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "weights of %s in %lld groups and offsets in %lld for %lld "
                              "channels",
                              dcn_shape_print(w, text[0]), (long long)groups,
                              (long long)offset_groups, (long long)channels);
    if (dcn_has_input(setup, BIAS) && dcn_shape_count(setup->in[BIAS]) != (size_t)maps)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the bias is %s where %lld maps need one each",
                              dcn_shape_print(setup->in[BIAS], text[0]), (long long)maps);
    int64_t elements = (int64_t)kernel * offset_groups;
    if (channels > INT32_MAX || elements > INT32_MAX || !dcn_setup_matrix(setup, maps))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "it is too large");
    if (!check_places(setup, OFFSET, 2 * elements) ||
        (dcn_has_input(setup, MASK) && !check_places(setup, MASK, elements)))
        return false;
    setup->out[0] = dcn_window_shape(&p->conv.window, x->dim[0], maps);
    DcnShape plane = dcn_shape(2, p->conv.window.out + 1);
    if (!dcn_shape_elements(w, &weights) || weights == 0 ||
        !dcn_shape_elements(&setup->out[0], &count) ||
        !dcn_shape_elements(&plane, &count) || !dcn_setup_matrix(setup, (int64_t)count) ||
        !dcn_setup_matrix(setup, channels * (int64_t)kernel))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "empty or too large: %s",
                              dcn_shape_print(&setup->out[0], text[0]));
    p->conv.groups = (size_t)groups;
    p->conv.channels = (size_t)channels;
    p->conv.maps = (size_t)maps;
    p->images = (size_t)x->dim[0];
    p->offset_groups = (size_t)offset_groups;
    dcn_setup_scratch(setup, 2 * p->conv.channels * kernel * TILE * sizeof(float));
    return true;
}

/* --- a point between places --- */

typedef struct {
    int n;
    size_t place[4];
    float share[4], slope[2][4]; /* of shares, by row and by column */
} Point;

static Point
point_at(const DcnWindow *w, const float at[2])
{
    Point point = {0};
    float low[2], part[2];
    for (int i = 0; i < 2; i++) {
        float limit = (float)w->in[1 + i]; /* NaN is outside, too */
        if (!(at[i] > -1 && at[i] < limit))
            return point;
        low[i] = floorf(at[i]);
        part[i] = at[i] - low[i];
    }
    for (int i = 0; i < 4; i++) {
        int64_t y = (int64_t)low[0] + i / 2, x = (int64_t)low[1] + i % 2;
        if (y < 0 || x < 0 || y >= w->in[1] || x >= w->in[2])
            continue;
        float sy = i / 2 ? part[0] : 1 - part[0], sx = i % 2 ? part[1] : 1 - part[1];
        point.place[point.n] = (size_t)(y * w->in[2] + x);
        point.share[point.n] = sy * sx;
        point.slope[0][point.n] = i / 2 ? sx : -sx;
        point.slope[1][point.n++] = i % 2 ? sy : -sy;
    }
    return point;
}

/* --- a tile of an image --- */

/* The operands' parts for one image of one of a batch. Gradients that are not wanted are
 * NULL. columns, dcolumns: (channels x kernel) rows of TILE places. */
typedef struct {
    const Params *p;
    DcnConvSizes s;
    const float *x, *w, *offset, *bias, *mask, *dy;
    float *y, *dx, *dw, *doffset, *dmask;
    float *columns, *dcolumns;
    size_t begin, width; /* places */
} Tile;

/* Calls point(tile, row of the columns, ...) for each element, place and channel. */
static void
each_point(const Tile *t,
           void (*work)(const Tile *t,
                        const Point *point,
                        size_t element,
                        size_t place,
                        size_t first,
                        size_t channels))
{
    const DcnWindow *w = &t->p->conv.window;
    size_t channels = t->p->conv.channels / t->p->offset_groups, kernel = t->s.kernel;
    for (size_t g = 0; g < t->p->offset_groups; g++)
        for (size_t e = 0; e < kernel; e++)
            for (size_t i = 0; i < t->width; i++) {
                size_t place = t->begin + i, element = g * kernel + e;
                int64_t k[2] = {(int64_t)e / w->kernel[2], (int64_t)e % w->kernel[2]};
                int64_t o[2] = {(int64_t)place / w->out[2], (int64_t)place % w->out[2]};
                float at[2];
                for (size_t a = 0; a < 2; a++)
                    at[a] = (float)(o[a] * w->stride[1 + a] - w->begin[1 + a] +
                                    k[a] * w->dilation[1 + a]) +
                            t->offset[(2 * element + a) * t->s.out + place];
                Point point = point_at(w, at);
                work(t, &point, element, place, g * channels, channels);
            }
}

/* The column of a channel, at the element's row and the place. */
static size_t
column_at(const Tile *t, size_t channel, size_t element, size_t place)
{
    return (channel * t->s.kernel + element % t->s.kernel) * TILE + place - t->begin;
}

static float
looked_up(const Point *point, const float *share, const float *x)
{
    float sum = 0;
    for (int k = 0; k < point->n; k++)
        sum += share[k] * x[point->place[k]];
    return sum;
}

static void
fill_columns(const Tile *t,
             const Point *point,
             size_t element,
             size_t place,
             size_t first,
             size_t channels)
{
    float mask = t->mask ? t->mask[element * t->s.out + place] : 1;
    for (size_t c = first; c < first + channels; c++)
        t->columns[column_at(t, c, element, place)] =
            mask * looked_up(point, point->share, t->x + c * t->s.in);
}

/* What comes back to a column goes to what it was made of. */
static void
back_columns(const Tile *t,
             const Point *point,
             size_t element,
             size_t place,
             size_t first,
             size_t channels)
{
    float mask = t->mask ? t->mask[element * t->s.out + place] : 1;
    float dmask = 0, dat[2] = {0};
    for (size_t c = first; c < first + channels; c++) {
        float d = t->dcolumns[column_at(t, c, element, place)];
        const float *x = t->x + c * t->s.in;
        for (int k = 0; t->dx && k < point->n; k++)
            t->dx[c * t->s.in + point->place[k]] += d * mask * point->share[k];
        if (t->dmask)
            dmask += d * looked_up(point, point->share, x);
        for (int a = 0; t->doffset && a < 2; a++)
            dat[a] += d * mask * looked_up(point, point->slope[a], x);
    }
    if (t->dmask)
        t->dmask[element * t->s.out + place] += dmask;
    for (size_t a = 0; t->doffset && a < 2; a++)
        t->doffset[(2 * element + a) * t->s.out + place] += dat[a];
}

static void
forward_tile(const Tile *t)
{
    const DcnConvSizes *s = &t->s;
    each_point(t, fill_columns);
    for (size_t g = 0; g < t->p->conv.groups; g++)
        dcn_product_here(&(DcnProduct){
            .m = s->maps,
            .n = t->width,
            .k = s->rows,
            .alpha = 1,
            .a = t->w + g * s->maps * s->rows,
            .lda = s->rows,
            .b = t->columns + g * s->rows * TILE,
            .ldb = TILE,
            .c = t->y + g * s->maps * s->out + t->begin,
            .ldc = s->out,
        });
    for (size_t m = 0; t->bias && m < t->p->conv.maps; m++)
        for (size_t i = 0; i < t->width; i++)
            t->y[m * s->out + t->begin + i] += t->bias[m];
}

static void
back_tile(const Tile *t)
{
    const DcnConvSizes *s = &t->s;
    if (t->dw)
        each_point(t, fill_columns);
    for (size_t g = 0; g < t->p->conv.groups; g++) {
        const float *dy = t->dy + g * s->maps * s->out + t->begin;
        if (t->dw)
            dcn_product_here(&(DcnProduct){
                .transpose_b = true,
                .m = s->maps,
                .n = s->rows,
                .k = t->width,
                .alpha = 1,
                .beta = 1,
                .a = dy,
                .lda = s->out,
                .b = t->columns + g * s->rows * TILE,
                .ldb = TILE,
                .c = t->dw + g * s->maps * s->rows,
                .ldc = s->rows,
            });
        dcn_product_here(&(DcnProduct){
            .transpose_a = true,
            .m = s->rows,
            .n = t->width,
            .k = s->maps,
            .alpha = 1,
            .a = t->w + g * s->maps * s->rows,
            .lda = s->rows,
            .b = dy,
            .ldb = s->out,
            .c = t->dcolumns + g * s->rows * TILE,
            .ldc = TILE,
        });
    }
    if (t->dx || t->doffset || t->dmask)
        each_point(t, back_columns);
}

/* --- the operator --- */

/* Of an operand that has a part for each image of N. */
static float *
part(const DcnOperand *operand, float *image, const Params *p, size_t one)
{
    return image + one * (operand->count / p->images);
}

static Tile
tile_of(const DcnCall *call, size_t image, size_t one, size_t worker)
{
    const Params *p = call->params;
    const DcnOperand *bias = dcn_input(call, BIAS), *mask = dcn_input(call, MASK);
    const DcnOperand *in = call->in, *out = &call->out[0];
    Tile t = {.p = p, .s = dcn_conv_sizes(&p->conv)};
    t.x = part(&in[X], dcn_image(&in[X], image), p, one);
    t.w = dcn_image(&in[W], image);
    t.offset = part(&in[OFFSET], dcn_image(&in[OFFSET], image), p, one);
    t.bias = bias ? dcn_image(bias, image) : NULL;
    t.mask = mask ? part(mask, dcn_image(mask, image), p, one) : NULL;
    t.y = part(out, dcn_image(out, image), p, one);
    t.dy = out->grad ? part(out, dcn_image_grad(out, image), p, one) : NULL;
    t.columns = dcn_scratch(call->context, worker);
    t.dcolumns = t.columns + p->conv.channels * t.s.kernel * TILE;
    return t;
}

static size_t
tiles_of(const Params *p)
{
    return (dcn_conv_sizes(&p->conv).out + TILE - 1) / TILE;
}

static void
set_tile(Tile *t, size_t tile)
{
    t->begin = tile * TILE;
    t->width = t->s.out - t->begin < TILE ? t->s.out - t->begin : TILE;
}

static void
forward_task(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t image = index / tiles_of(p);
    Tile t = tile_of(call, image / p->images, image % p->images, worker);
    set_tile(&t, index % tiles_of(p));
    forward_tile(&t);
}

static void
deformconv_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_parallel(call->context, call->batch * p->images * tiles_of(p), forward_task,
                 (void *)call);
}

/* One of a batch: its images may have weights of their own, that no other thread adds
 * to. */
static void
back_task(void *user, size_t image, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    const DcnOperand *in = call->in;
    for (size_t one = 0; one < p->images; one++) {
        Tile t = tile_of(call, image, one, worker);
        if (dcn_wants_back(call, X))
            t.dx = part(&in[X], dcn_image_grad(&in[X], image), p, one);
        if (dcn_wants_back(call, W))
            t.dw = dcn_image_grad(&in[W], image);
        if (dcn_wants_back(call, OFFSET))
            t.doffset = part(&in[OFFSET], dcn_image_grad(&in[OFFSET], image), p, one);
        if (dcn_wants_back(call, MASK))
            t.dmask = part(&in[MASK], dcn_image_grad(&in[MASK], image), p, one);
        for (size_t m = 0; dcn_wants_back(call, BIAS) && m < p->conv.maps; m++)
            dcn_image_grad(&in[BIAS], image)[m] += dcn_sum(t.dy + m * t.s.out, t.s.out);
        for (size_t tile = 0; tile < tiles_of(p); tile++) {
            set_tile(&t, tile);
            back_tile(&t);
        }
    }
}

static void
deformconv_back(const DcnCall *call)
{
    if (call->out[0].grad)
        dcn_parallel(call->context, call->batch, back_task, (void *)call);
}

/* On one thread, as all images add to the same. */
static void
deformconv_grad_weights(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *in = call->in;
    for (size_t i = 0; call->out[0].grad && i < call->batch * p->images; i++) {
        size_t one = i % p->images;
        Tile t = tile_of(call, i / p->images, one, 0);
        t.dw = dcn_wants_weights(call, W) ? in[W].grad : NULL;
        if (dcn_wants_weights(call, OFFSET))
            t.doffset = part(&in[OFFSET], in[OFFSET].grad, p, one);
        if (dcn_wants_weights(call, MASK))
            t.dmask = part(&in[MASK], in[MASK].grad, p, one);
        for (size_t m = 0; dcn_wants_weights(call, BIAS) && m < p->conv.maps; m++)
            in[BIAS].grad[m] += dcn_sum(t.dy + m * t.s.out, t.s.out);
        for (size_t tile = 0; tile < tiles_of(p); tile++) {
            set_tile(&t, tile);
            back_tile(&t);
        }
    }
}

/* Of the input, groups of channels; of offsets and masks, places. */
static void
reach(size_t input,
      const DcnBox *from,
      size_t per_from,
      size_t per_to,
      const DcnShape *to_shape,
      DcnBox *to)
{
    *to = dcn_shape_box(to_shape);
    if (dcn_box_is_empty(from)) {
        *to = *from;
    } else if (input == X) {
        DcnBox groups = dcn_window_groups(from, per_from, per_to);
        to->begin[0] = groups.begin[0];
        to->end[0] = groups.end[0];
    } else if (input == OFFSET || input == MASK) {
        for (int i = 1; i < 3; i++) {
            to->begin[i] = from->begin[i];
            to->end[i] = from->end[i];
        }
    }
}

static void
deformconv_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnConv2d *conv = &((const Params *)call->params)->conv;
    reach(input, in, conv->channels / conv->groups, conv->maps / conv->groups,
          &call->out[output].shape, out);
}

static void
deformconv_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnConv2d *conv = &((const Params *)call->params)->conv;
    (void)output;
    reach(input, out, conv->maps / conv->groups, conv->channels / conv->groups,
          &call->in[input].shape, in);
}

/* Not linear: the places are looked up. */
static DcnRule
deformconv_rule(const void *params)
{
    (void)params;
    return DCN_RULE_DERIVATIVE;
}

const DcnOp dcn_op_deformconv = {
    .name = "DeformConv",
    .inputs = {3, 5},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .rule_by = deformconv_rule,
    .training.learns = {[W] = DCN_LEARNS, [BIAS] = DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = deformconv_setup,
    .forward = deformconv_forward,
    .back = DCN_BACK_ALL(deformconv_back),
    .grad_weights = deformconv_grad_weights,
    .reach.ahead = deformconv_reach_ahead,
    .reach.back = deformconv_reach_back,
    .layer = "conv",
};
