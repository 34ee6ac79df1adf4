/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_pieces.c: however planes are cut into tiles, and tiles put in blocks, each
 * output is computed once. */
#include "ops/conv/winograd_pieces.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include <stdlib.h>

typedef struct {
    DcnConv2d conv;
    size_t images, threads;
} Case;

/* Of a kind that fits; sides 1 .. 33 of outputs. */
static Case
random_case(DcnRandom *random)
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
                   .threads = (size_t)random_between(random, 1, 3)};
        DcnWindow *w = &c.conv.window;
        for (int axis = 1; axis < 3; axis++) {
            w->begin[axis] = random_between(random, 0, kernel);
            w->end[axis] = random_between(random, 0, kernel);
            w->in[axis] = random_between(random, kernel, stride * 33);
        }
        conv_set_out(w);
    } while (!dcn_winograd_fits(&c.conv));
    return c;
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
        Case c = random_case(&random);
        size_t most = (size_t)random_between(&random, 1, 300),
               columns = dcn_cutting_columns(&c.conv, most);
        size_t n = c.images * (size_t)(c.conv.window.out[1] * c.conv.window.out[2]);
        int *count = calloc(n, sizeof *count);
        DcnCutting cutting = dcn_cutting(&c.conv, c.images, most, c.threads);
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

CHECK_MAIN(CHECK_TEST(a_cutting_has_each_output_once),
           CHECK_TEST(tiles_of_two_sizes_take_fewer_products))
