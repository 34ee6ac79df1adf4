/* winograd_tiles.c: from planes to transformed tiles and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A panel is DCN_COLUMNS tiles, of however many strips and images: element (y, x) of all
 * its tiles lie one behind the other, so that both axes of a transform are whole vectors,
 * however small the planes are.
 */
#include "winograd_tiles.h"
#include "copy_rows.h"
#include "kernel.h"
#include "vector.h"
#include "winograd_axis.h"
#include <math.h>
#include <string.h>

#define TILE DCN_TILE
#define SIDE DCN_TILE_SIDE
#define ELEMENTS DCN_TILE_ELEMENTS
#define N DCN_COLUMNS
#define READ 8 /* floats that are read of a tile's row */

DcnTiles
dcn_tiles_of(const DcnConv2d *conv)
{
    return (DcnTiles){((size_t)conv->window.out[2] + TILE - 1) / TILE,
                      ((size_t)conv->window.out[1] + TILE - 1) / TILE};
}

/* Floats of a row of inputs: SIDE - TILE more than its tiles cover. */
static size_t
row_floats(const DcnTiles *tiles)
{
    return TILE * tiles->x + SIDE - TILE;
}

/* A tile's place among the outputs of map 0, and how much of it lies inside. */
typedef struct {
    float *to;
    size_t height, width;
} Place;

static size_t
most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t
columns_of(const DcnTiles *tiles, size_t strips)
{
    return (strips * tiles->x + N - 1) / N * N;
}

/* Reading: where each tile begins, and the input rows of one channel. Writing: places. */
size_t
dcn_tiles_floats(const DcnConv2d *conv, size_t strips)
{
    DcnTiles tiles = dcn_tiles_of(conv);
    size_t columns = columns_of(&tiles, strips), runs = (strips - 1) / tiles.y + 2;
    size_t rows = TILE * strips + (SIDE - TILE) * runs;
    size_t read = columns + rows * row_floats(&tiles);
    return most(read, columns * sizeof(Place) / sizeof(float)) + READ - SIDE;
}

/* --- input: B'dB --- */

/* Strips of one image that follow one another: they share rows. */
typedef struct {
    const float *plane; /* of channel 0 */
    size_t row;         /* first of the input, padding counted */
    size_t rows;
    float *lines; /* where they go */
} Run;

static Run
run_at(const DcnTiles *tiles, const DcnImages *x, size_t strip, size_t end, float *lines)
{
    size_t y = strip % tiles->y,
           strips = end - strip < tiles->y - y ? end - strip : tiles->y - y;
    return (Run){dcn_images_at(x, strip / tiles->y), TILE * y,
                 TILE * strips + SIDE - TILE, lines};
}

/* The rows of a run of one channel. What is padding is zero already. */
static void
copy_rows(const DcnWindow *w, const Run *run, const float *plane, size_t length)
{
    int64_t from = -w->begin[2], first = from < 0 ? -from : 0,
            last = w->in[2] - from < (int64_t)length ? w->in[2] - from : (int64_t)length;
    if (first >= last)
        return;
    int64_t top = (int64_t)run->row - w->begin[1], skipped = top < 0 ? -top : 0;
    int64_t y = top + skipped, rows = (int64_t)run->rows - skipped;
    rows = rows < w->in[1] - y ? rows : w->in[1] - y;
    if (rows > 0)
        dcn_copy_rows(run->lines + (size_t)skipped * length + first, length,
                      plane + y * w->in[2] + from + first, (size_t)w->in[2], (size_t)rows,
                      (size_t)(last - first));
}

#ifdef DCN_SHUFFLES
typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
#define EIGHT(p) (*(const Eight *)(const void *)(p))
#define PUT(x, value) (*(Eight *)(void *)(to + (x)*N) = (value))
/* of both halves: 0 and 1, or 2 and 3, in turn; and two each */
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
/* the first or the second halves */
#define FIRST(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define SECOND(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#endif

/* The same row of READ tiles: element x of all of them at to + x * N. */
__attribute__((always_inline)) static inline void
take_rows(const float *lines, const uint32_t at[READ], float *to)
{
#ifdef DCN_SHUFFLES
    Eight t0 = EIGHT(lines + at[0]), t1 = EIGHT(lines + at[1]);
    Eight t2 = EIGHT(lines + at[2]), t3 = EIGHT(lines + at[3]);
    Eight t4 = EIGHT(lines + at[4]), t5 = EIGHT(lines + at[5]);
    Eight t6 = EIGHT(lines + at[6]), t7 = EIGHT(lines + at[7]);
    Eight a = LOW(t0, t1), b = LOW(t2, t3), c = LOW(t4, t5), d = LOW(t6, t7);
    Eight e = LOW_PAIRS(a, b), f = LOW_PAIRS(c, d); /* 0 and 4 of four tiles */
    Eight g = HIGH_PAIRS(a, b), h = HIGH_PAIRS(c, d);
    PUT(0, FIRST(e, f));
    PUT(1, FIRST(g, h));
    PUT(4, SECOND(e, f));
    PUT(5, SECOND(g, h));
    a = HIGH(t0, t1), b = HIGH(t2, t3), c = HIGH(t4, t5), d = HIGH(t6, t7);
    PUT(2, FIRST(LOW_PAIRS(a, b), LOW_PAIRS(c, d)));
    PUT(3, FIRST(HIGH_PAIRS(a, b), HIGH_PAIRS(c, d)));
#else
    for (size_t t = 0; t < READ; t++)
        for (size_t x = 0; x < SIDE; x++)
            to[x * N + t] = lines[at[t] + x];
#endif
}

/* One channel of a panel: element k of the result is `each` floats behind the one before.
 * at: where each tile begins in `lines`. */
DCN_VECTOR static void
transform_panel(
    const float *lines, size_t length, const uint32_t *at, float *to, size_t each)
{
    float taps[ELEMENTS * N], half[ELEMENTS * N];
    for (size_t t = 0; t < N; t += READ)
        for (size_t y = 0; y < SIDE; y++)
            take_rows(lines + y * length, at + t, taps + y * SIDE * N + t);
    dcn_winograd_input_axis(taps, SIDE * N, SIDE * N, half, SIDE * N);
    for (size_t y = 0; y < SIDE; y++)
        dcn_winograd_input_axis(half + y * SIDE * N, N, N, to + y * SIDE * each, each);
}

void
dcn_tiles_read(const DcnConv2d *conv,
               const DcnTileBlock *block,
               const DcnImages *x,
               float *matrices,
               float *work)
{
    DcnTiles tiles = dcn_tiles_of(conv);
    size_t area = (size_t)(conv->window.in[1] * conv->window.in[2]);
    size_t length = row_floats(&tiles), end = block->first + block->strips;
    uint32_t *at = (void *)work;
    float *lines = work + block->columns, *line = lines;
    size_t t = 0;
    for (size_t strip = block->first; strip < end;) {
        Run run = run_at(&tiles, x, strip, end, line);
        for (size_t y = 0; y < run.rows - (SIDE - TILE); y += TILE, strip++)
            for (size_t i = 0; i < tiles.x; i++)
                at[t++] = (uint32_t)((size_t)(line - lines) + y * length + TILE * i);
        line += run.rows * length;
    }
    for (; t < block->columns; t++)
        at[t] = at[0];
    memset(lines, 0, (size_t)(line - lines) * sizeof *lines);
    for (size_t c = 0; c < conv->channels; c++) {
        line = lines;
        for (size_t strip = block->first; strip < end;) {
            Run run = run_at(&tiles, x, strip, end, line);
            copy_rows(&conv->window, &run, run.plane + c * area, length);
            line += run.rows * length;
            strip += run.rows / TILE;
        }
        for (size_t p = 0; p < block->columns; p += N)
            transform_panel(lines, length, at + p, matrices + p * conv->channels + c * N,
                            dcn_tiles_matrix(conv->channels, block->columns));
    }
}

/* --- output: A'mA --- */

/* A' times six rows of n floats, `step` apart; results are `out_step` apart. */
__attribute__((always_inline)) static inline void
output_axis(
    const float *restrict m, size_t step, size_t n, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float m0 = m[i], m1 = m[step + i], m2 = m[2 * step + i];
        float m3 = m[3 * step + i], m4 = m[4 * step + i], m5 = m[5 * step + i];
        float sum = m1 + m2, difference = m1 - m2, sum2 = m3 + m4, difference2 = m3 - m4;
        out[i] = m0 + sum + sum2;
        out[out_step + i] = difference + 2 * difference2;
        out[2 * out_step + i] = sum + 4 * sum2;
        out[3 * out_step + i] = difference + 8 * difference2 + m5;
    }
}

static inline float
clamped(float value, DcnClamp clamp)
{
    value = value < clamp.low ? clamp.low : value; /* NaN passes */
    return value > clamp.high ? clamp.high : value;
}

/* Four outputs of a tile, or fewer at an edge. */
static inline void
write_row(
    float *restrict to, const float *restrict row, size_t n, DcnClamp clamp, bool add)
{
    if (!add)
        for (size_t x = 0; x < n; x++)
            to[x] = row[x];
    else
        for (size_t x = 0; x < n; x++)
            to[x] = clamped(to[x] + row[x], clamp);
}

/* One map of n tiles. map: floats from map 0. length: of an output row. */
DCN_VECTOR static void
write_panel(const float *products,
            size_t each,
            size_t n,
            const Place *places,
            size_t map,
            size_t length,
            float bias,
            DcnClamp clamp,
            bool add)
{
    float half[TILE * SIDE * N], whole[TILE * N], rows[N * TILE];
    DcnClamp now = {add ? -INFINITY : clamp.low, add ? INFINITY : clamp.high};
    for (size_t x = 0; x < SIDE; x++) /* along y: 6 rows become 4 */
        output_axis(products + x * each, SIDE * each, N, half + x * N, SIDE * N);
    for (size_t y = 0; y < TILE; y++) {
        output_axis(half + y * SIDE * N, N, N, whole, N);
        for (size_t i = 0; i < TILE * N; i++)
            whole[i] = clamped(whole[i] + bias, now);
        for (size_t t = 0; t < N; t++) { /* written out: else it is not vectorised */
            rows[TILE * t] = whole[t];
            rows[TILE * t + 1] = whole[N + t];
            rows[TILE * t + 2] = whole[2 * N + t];
            rows[TILE * t + 3] = whole[3 * N + t];
        }
        for (size_t t = 0; t < n; t++) {
            const Place *p = &places[t];
            float *to = p->to + map + y * length;
            if (y < p->height && p->width == TILE)
                write_row(to, rows + t * TILE, TILE, clamp, add);
            else if (y < p->height)
                write_row(to, rows + t * TILE, p->width, clamp, add);
        }
    }
}

static size_t
inside(size_t begin, size_t end)
{
    return end - begin < TILE ? end - begin : TILE;
}

void
dcn_tiles_write(const DcnConv2d *conv,
                const DcnTileBlock *block,
                const DcnImages *y,
                const float *products,
                const float *bias,
                DcnClamp clamp,
                bool add,
                float *work)
{
    DcnTiles tiles = dcn_tiles_of(conv);
    size_t height = (size_t)conv->window.out[1], width = (size_t)conv->window.out[2];
    size_t n = block->strips * tiles.x;
    Place *places = (void *)work;
    for (size_t t = 0; t < n; t++) {
        size_t strip = block->first + t / tiles.x, y0 = strip % tiles.y * TILE,
               x0 = t % tiles.x * TILE;
        places[t] = (Place){dcn_images_at(y, strip / tiles.y) + y0 * width + x0,
                            inside(y0, height), inside(x0, width)};
    }
    for (size_t m = 0; m < conv->maps; m++)
        for (size_t p = 0; p < n; p += N)
            write_panel(products + m * block->columns + p,
                        dcn_tiles_matrix(conv->maps, block->columns),
                        n - p < N ? n - p : N, places + p, m * height * width, width,
                        bias ? bias[m] : 0, clamp, add);
}
