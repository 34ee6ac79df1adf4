/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_write.c: from products of transformed tiles to planes, A'mA. */
#include "base/least.h"
#include "ops/conv/winograd_tiles.h"
#include "ops/product/copy_rows.h"
#include "ops/product/inner.h"
#include "ops/product/shuffles.h"
#include <math.h>

#define SIDE DCN_POINTS
#define N DCN_COLUMNS
#define MOST_OUTPUTS 5 /* of a tile, along an axis */
/* floats of a row of outputs: it is overrun a little */
#define ROW (N * MOST_OUTPUTS + 8)

/* Where outputs of neighbouring tiles of a panel go: `rows` rows of `floats` floats. */
typedef struct {
    float *to;       /* of map 0 */
    uint32_t column; /* of the first tile */
    uint32_t floats, rows;
} Place;

__attribute__((always_inline)) static inline void
output_axis(const DcnTileAxis *axis,
            const float *m,
            size_t step,
            size_t n,
            float *out,
            size_t out_step)
{
    switch (axis->points * 8 + axis->outputs) {
#define CASE(points, outputs)                                                            \
    case (points)*8 + (outputs):                                                         \
        dcn_winograd_sum(points, outputs, m, step, n, out, out_step);                    \
        break;
        CASE(6, 5)
        CASE(6, 4)
        CASE(6, 3)
        CASE(6, 2)
        CASE(5, 4)
        CASE(5, 3)
        CASE(5, 2)
        CASE(5, 1)
        CASE(4, 3)
        CASE(4, 2)
        CASE(4, 1)
#undef CASE
    }
}

/* Output x of N tiles at whole + x * N: n outputs of one tile after the other. Up to
 * three floats behind the last may be written. */
__attribute__((always_inline)) static inline void
turn_rows(const float *restrict whole, size_t n, float *restrict rows)
{
#ifdef DCN_SHUFFLES
#define PUT_FOUR(t, value)                                                               \
    do {                                                                                 \
        DcnEight both = (value);                                                         \
        *(DcnFour *)(void *)(rows + (t)*n) =                                             \
            __builtin_shufflevector(both, both, 0, 1, 2, 3);                             \
        second[t] = __builtin_shufflevector(both, both, 4, 5, 6, 7);                     \
    } while (0)
    /* Four each, of which the next tile overwrites what is too much. */
    for (size_t t = 0; t < N; t += 8, rows += 8 * n) {
        const float *from = whole + t;
        DcnEight x0 = DCN_EIGHT_AT(from), x1 = DCN_EIGHT_AT(from + N),
                 x2 = DCN_EIGHT_AT(from + 2 * N), x3 = DCN_EIGHT_AT(from + 3 * N);
        DcnEight a = DCN_LOW(x0, x1), b = DCN_LOW(x2, x3), c = DCN_HIGH(x0, x1),
                 d = DCN_HIGH(x2, x3);
        DcnFour second[4];
        PUT_FOUR(0, DCN_LOW_PAIRS(a, b));
        PUT_FOUR(1, DCN_HIGH_PAIRS(a, b));
        PUT_FOUR(2, DCN_LOW_PAIRS(c, d));
        PUT_FOUR(3, DCN_HIGH_PAIRS(c, d));
        for (size_t i = 0; i < 4; i++)
            *(DcnFour *)(void *)(rows + (4 + i) * n) = second[i];
        for (size_t i = 0; n > 4 && i < 8; i++)
            rows[i * n + 4] = from[4 * N + i];
    }
#undef PUT_FOUR
#else
    for (size_t t = 0; t < N; t++)
        for (size_t x = 0; x < n; x++)
            rows[t * n + x] = whole[x * N + t];
#endif
}

/* A'mA + bias of one map of a panel: rows of outputs, ROW floats apart. */
DCN_VECTOR static void
turn_panel(const DcnPiece *piece,
           const float *products,
           size_t each,
           float bias,
           DcnClamp clamp,
           float *rows)
{
    float half[MOST_OUTPUTS * SIDE * N], whole[MOST_OUTPUTS * N];
    size_t outputs = piece->x.outputs;
    for (size_t i = outputs * N; i < 4 * N; i++)
        whole[i] = 0; /* turned, but not written */
    for (size_t x = 0; x < SIDE; x++)
        if (dcn_winograd_has(piece->x.points, x))
            output_axis(&piece->y, products + x * each, SIDE * each, N, half + x * N,
                        SIDE * N);
    for (size_t y = 0; y < piece->y.outputs; y++, rows += ROW) {
        output_axis(&piece->x, half + y * SIDE * N, N, N, whole, N);
        for (size_t i = 0; i < outputs * N; i++)
            whole[i] = dcn_clamp(clamp, whole[i] + bias);
        turn_rows(whole, outputs, rows);
    }
}

/* These rows, to where they go. map: floats from map 0. length: of an output row. */
DCN_VECTOR static void
write_places(const Place *places,
             size_t n_places,
             size_t outputs,
             size_t map,
             size_t length,
             const float *rows,
             DcnClamp clamp,
             bool add)
{
    for (size_t i = 0; i < n_places; i++) {
        const Place *p = &places[i];
        const float *from = rows + (p->column - places->column) * outputs;
        float *to = p->to + map;
        if (!add) {
            dcn_copy_rows(to, length, from, ROW, p->rows, p->floats);
            continue;
        }
        for (size_t y = 0; y < p->rows; y++, to += length, from += ROW)
            for (size_t x = 0; x < p->floats; x++)
                to[x] = dcn_clamp(clamp, to[x] + from[x]);
    }
}

/* Where the tiles of a panel go: how many places. */
static size_t
places_of(const DcnConv2d *conv,
          const DcnSection *section,
          const DcnImages *y,
          size_t panel,
          Place *places)
{
    const DcnTileAxis *axis_y = &section->piece.y, *axis_x = &section->piece.x;
    size_t height = (size_t)conv->window.out[1], width = (size_t)conv->window.out[2];
    size_t end = dcn_least(panel + N, section->tiles), n = 0;
    for (size_t t = panel; t < end;) {
        size_t strip = section->first + t / axis_x->tiles, tile = t % axis_x->tiles;
        size_t tiles = dcn_least(end - t, axis_x->tiles - tile);
        size_t y0 = axis_y->first + strip % axis_y->tiles * axis_y->outputs,
               x0 = axis_x->first + tile * axis_x->outputs;
        places[n++] = (Place){
            dcn_images_at(y, strip / axis_y->tiles) + y0 * width + x0,
            (uint32_t)t,
            (uint32_t)dcn_least(tiles * axis_x->outputs, width - x0),
            (uint32_t)dcn_least(axis_y->outputs, height - y0),
        };
        t += tiles;
    }
    return n;
}

void
dcn_tiles_write(const DcnConv2d *conv,
                const DcnTileBlock *block,
                size_t first,
                size_t maps,
                const DcnImages *y,
                const float *products,
                const float *bias,
                DcnClamp clamp,
                bool add)
{
    size_t width = (size_t)conv->window.out[2],
           area = (size_t)conv->window.out[1] * width,
           each = dcn_tiles_matrix(maps, block->columns);
    DcnClamp open = {-INFINITY, INFINITY};
    Place places[N];
    /* Written one map later: rows are read in other vectors than they are written in, and
     * such a reading waits until all that was written before it has reached the cache. */
    float rows[2][MOST_OUTPUTS * ROW];
    for (size_t i = 0; i < block->n; i++) {
        const DcnSection *section = &block->sections[i];
        size_t outputs = section->piece.x.outputs;
        for (size_t p = 0; p < section->tiles; p += N) {
            size_t n = places_of(conv, section, y, p, places);
            const float *from = products + section->column + p;
            for (size_t m = 0; m <= maps; m++) {
                if (m < maps)
                    turn_panel(&section->piece, from + m * block->columns, each,
                               bias ? bias[first + m] : 0, add ? open : clamp,
                               rows[m % 2]);
                if (m > 0)
                    write_places(places, n, outputs, (first + m - 1) * area, width,
                                 rows[(m - 1) % 2], clamp, add);
            }
        }
    }
}
