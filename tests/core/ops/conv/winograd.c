/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd.c: convolutions by Winograd's algorithm give what the definition gives,
 * however planes are cut into tiles.
 *
 * A sum of n products of values below 1 grows as sqrt(n) / 3. The transforms of tiles
 * multiply by up to 10 and cancel again, twice an axis, which leaves 4e-5 of that at
 * worst for all kernels (3 x 3 as 10 x 10); twice as much is allowed. Tiles of 2 x 2 only
 * add up to four values: 1e-6 at worst. */
#include "ops/conv/winograd.h"
#include "base/threads.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include "ops/conv/winograd2.h"
#include "ops/conv/winograd_pieces.h"
#include <math.h>
#include <stdlib.h>

#define TOLERANCE 8e-5
#define TOLERANCE2 2e-6
#define CASES 220

typedef struct {
    DcnConv2d conv;
    size_t images;
    int threads;
    bool biased, add, clamped, dead;
} Case;

/* One of the two algorithms. */
typedef struct {
    bool (*fits)(const DcnConv2d *conv, size_t images);
    size_t (*weights)(const DcnConv2d *conv);
    void (*prepare)(const DcnConv2d *conv, const float *w, float *transformed);
    size_t (*scratch)(const DcnConv2d *conv, size_t images);
    void (*forward)(const DcnConv2d *conv,
                    DcnContext *context,
                    size_t images,
                    const DcnImages *y,
                    const DcnImages *x,
                    const float *transformed,
                    const float *bias,
                    DcnClamp clamp,
                    bool add);
    double tolerance;
} Way;

static bool
large_fits(const DcnConv2d *conv, size_t images)
{
    (void)images;
    return dcn_winograd_fits(conv);
}

static size_t
large_scratch(const DcnConv2d *conv, size_t images)
{
    (void)images;
    return dcn_winograd_scratch(conv);
}

static const Way large = {
    large_fits,    dcn_winograd_weights, dcn_winograd_prepare,
    large_scratch, dcn_winograd_forward, TOLERANCE,
};
static const Way small = {
    dcn_winograd2_pays,    dcn_winograd2_weights, dcn_winograd2_prepare,
    dcn_winograd2_scratch, dcn_winograd2_forward, TOLERANCE2,
};

/* Of a kind that fits; sides 1 .. 33 of outputs. */
static Case
random_case(const Way *way, DcnRandom *random)
{
    Case c;
    do {
        int64_t stride = random_between(random, 1, 2);
        int64_t kernel =
            stride == 1 ? random_between(random, 3, 5) : random_between(random, 5, 10);
        c = (Case){.conv = {.groups = 1,
                            .channels = (size_t)random_between(random, 16, 19),
                            .maps = (size_t)random_between(random, 16, 34),
                            .window = {.axes = 2,
                                       .kernel = {1, kernel, kernel},
                                       .stride = {1, stride, stride},
                                       .dilation = {1, 1, 1},
                                       .in = {1},
                                       .out = {1}}},
                   .images = (size_t)random_between(random, 1, 33),
                   .threads = (int)random_between(random, 1, 3),
                   .biased = random_between(random, 0, 1),
                   .add = random_between(random, 0, 1),
                   .clamped = random_between(random, 0, 1),
                   .dead = random_between(random, 0, 3) == 0};
        DcnWindow *w = &c.conv.window;
        for (int axis = 1; axis < 3; axis++) {
            w->begin[axis] = random_between(random, 0, kernel);
            w->end[axis] = random_between(random, 0, kernel);
            w->in[axis] = random_between(random, kernel, stride * 33);
        }
        conv_set_out(w);
    } while (!way->fits(&c.conv, c.images));
    return c;
}

static bool
check_case(const Way *way, const Case *c, DcnRandom *random)
{
    const DcnConv2d *conv = &c->conv;
    const DcnWindow *v = &conv->window;
    size_t in = conv->channels * (size_t)(v->in[1] * v->in[2]),
           area = (size_t)(v->out[1] * v->out[2]), out = conv->maps * area;
    size_t kernel = conv->channels * (size_t)(v->kernel[1] * v->kernel[2]);
    float *x = random_floats(random, in * c->images),
          *w = random_floats(random, kernel * conv->maps),
          *bias = random_floats(random, conv->maps),
          *y = random_floats(random, out * c->images),
          *before = malloc(out * c->images * sizeof *before),
          *transformed =
              aligned_alloc(64, (way->weights(conv) * sizeof(float) + 63) / 64 * 64);
    for (size_t i = 0; i < out * c->images; i++)
        before[i] = y[i];
    if (c->dead)
        conv_close_channels(conv, x, c->images);
    DcnContext *context = dcn_context_new(c->threads, NULL);
    bool good = check(dcn_context_reserve(context, way->scratch(conv, c->images), NULL),
                      "scratch memory");
    way->prepare(conv, w, transformed);
    DcnImages from = {x, in, 1, in}, to = {y, out, 1, out};
    DcnClamp clamp = c->clamped ? (DcnClamp){-2, 3} : (DcnClamp){-INFINITY, INFINITY};
    way->forward(conv, context, c->images, &to, &from, transformed,
                 c->biased ? bias : NULL, clamp, c->add);
    double tolerance = way->tolerance * sqrt((double)kernel) / 4;
    for (size_t i = 0; good && i < out * c->images; i++) {
        size_t image = i / out, map = i % out / area;
        double wanted =
            (c->biased ? (double)bias[map] : 0) + (c->add ? (double)before[i] : 0);
        wanted += conv_define(conv, x + image * in, w, map, i % area);
        wanted = fmin((double)clamp.high, fmax((double)clamp.low, wanted));
        good = fabs((double)y[i] - wanted) <= tolerance;
        if (!good)
            check_fail("%zu images of %zux%lldx%lld, %zu maps of %lldx%lld, kernel %lld, "
                       "stride %lld, %d threads: place %zu is %g, not %g",
                       c->images, conv->channels, (long long)v->in[1],
                       (long long)v->in[2], conv->maps, (long long)v->out[1],
                       (long long)v->out[2], (long long)v->kernel[1],
                       (long long)v->stride[1], c->threads, i, (double)y[i], wanted);
    }
    dcn_context_free(context);
    free(transformed);
    free(before);
    free(y);
    free(bias);
    free(w);
    free(x);
    return good;
}

static void
any_plane_gives_what_the_definition_gives(void)
{
    DcnRandom random = dcn_random_seed(22, 0);
    for (int i = 0; i < CASES; i++) {
        Case c = random_case(&large, &random);
        if (!check_case(&large, &c, &random))
            return;
    }
}

static void
a_few_small_planes_give_it_too(void)
{
    DcnRandom random = dcn_random_seed(24, 0);
    for (int i = 0; i < CASES / 2; i++) {
        Case c = random_case(&small, &random);
        if (!check_case(&small, &c, &random))
            return;
    }
}

/* How often each output is computed, by the blocks of a cutting; false if a block has
 * more columns than it may. */
static bool
count_outputs(const DcnConv2d *conv,
              const DcnCutting *cutting,
              size_t columns,
              int *count)
{
    size_t height = (size_t)conv->window.out[1], width = (size_t)conv->window.out[2];
    for (size_t b = 0; b < cutting->blocks; b++) {
        DcnTileBlock block = dcn_cutting_block(cutting, b);
        if (block.columns > columns)
            return false;
        for (size_t i = 0; i < block.n; i++) {
            const DcnSection *s = &block.sections[i];
            const DcnTileAxis *ty = &s->piece.y, *tx = &s->piece.x;
            for (size_t strip = s->first; strip < s->first + s->strips; strip++)
                for (size_t y = 0; y < ty->outputs; y++)
                    for (size_t x = 0; x < tx->tiles * tx->outputs; x++) {
                        size_t row = ty->first + strip % ty->tiles * ty->outputs + y,
                               column = tx->first + x;
                        if (row < height && column < width)
                            count[(strip / ty->tiles * height + row) * width + column]++;
                    }
        }
    }
    return true;
}

static void
a_cutting_has_each_output_once(void)
{
    DcnRandom random = dcn_random_seed(23, 0);
    size_t two_sizes = 0, by_images = 0;
    for (int i = 0; i < 2000; i++) {
        Case c = random_case(&large, &random);
        size_t most = (size_t)random_between(&random, 1, 300),
               columns = dcn_cutting_columns(&c.conv, most);
        size_t n = c.images * (size_t)(c.conv.window.out[1] * c.conv.window.out[2]);
        int *count = calloc(n, sizeof *count);
        DcnCutting cutting = dcn_cutting(&c.conv, c.images, most, (size_t)c.threads);
        check(count_outputs(&c.conv, &cutting, columns, count), "blocks fit");
        for (size_t k = 0; k < n; k++)
            if (!check(count[k] == 1, "each output once"))
                return free(count);
        free(count);
        two_sizes += cutting.n > 1;
        by_images += cutting.by_images;
    }
    printf("# %zu of 2000 have tiles of two sizes, %zu blocks of whole images\n",
           two_sizes, by_images);
    check(two_sizes > 200 && two_sizes < 1800, "both kinds of cuts");
    check(by_images > 200 && by_images < 1800, "both kinds of blocks");
}

/* 9 = 3 + 3 + 3 takes 15 points, three tiles of 4 take 18. */
static void
tiles_of_two_sizes_take_fewer_products(void)
{
    DcnConv2d conv = {.groups = 1,
                      .channels = 64,
                      .maps = 64,
                      .window = {.axes = 2,
                                 .kernel = {1, 3, 3},
                                 .stride = {1, 1, 1},
                                 .dilation = {1, 1, 1},
                                 .in = {1, 11, 7},
                                 .out = {1, 9, 5}}};
    DcnCutting cutting = dcn_cutting(&conv, 64, 4096, 1);
    size_t products = 0;
    for (size_t i = 0; i < cutting.n; i++) {
        const DcnPiece *p = &cutting.pieces[i];
        products += p->y.points * p->y.tiles * p->x.points * p->x.tiles;
    }
    check(products == (5 + 5 + 5) * (5 + 4), "9 is 3 + 3 + 3, 5 is 3 + 2");
}

CHECK_MAIN(CHECK_TEST(any_plane_gives_what_the_definition_gives),
           CHECK_TEST(a_few_small_planes_give_it_too),
           CHECK_TEST(a_cutting_has_each_output_once),
           CHECK_TEST(tiles_of_two_sizes_take_fewer_products))
