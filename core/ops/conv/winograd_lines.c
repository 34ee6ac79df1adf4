/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_lines.c: kernels of 1 x n and n x 1, for n from 3 to 7, by Winograd's algorithm
 * along the one axis.
 *
 * The points are those of winograd_axis.h. Tiles of 4, 3 or 2 outputs come from six
 * products for kernels of 3, 4 or 5 taps. Six or seven taps are taken in two parts, the
 * first three and the rest, for tiles of 3 outputs: what the second part sees of a tile
 * is what the first part sees of the next one, so that inputs are transformed once.
 *
 *     inputs    0 1 2 3 4 5 6 7 8      7 taps, outputs 0 .. 2: 12 products for each map
 *     tile 0    . . . . . .            and channel in place of 21
 *     tile 1          . . . . . .
 *
 * Lines are columns of matrix products: those of all images one behind the other, each in
 * `segments` of some tiles, so that panels are full also where lines are few. Element
 * (tile, channel) of a panel is DCN_COLUMNS floats, one a line; two tiles that follow one
 * another are the rows of one product. */
#include "ops/conv/winograd_lines.h"
#include "base/least.h"
#include "ops/conv/winograd_tiles.h"

#define N DCN_COLUMNS
#define LEAST_CHANNELS 16
#define LEAST_LINES 4  /* fewer are turned float by float */
#define MANY_PANELS 16 /* of which the last may be empty, whatever the cut */
#define INPUT_BYTES ((size_t)1 << 20)     /* transformed inputs of a task */
#define PRODUCT_BYTES ((size_t)512 << 10) /* that wait to be transformed */
#define MATRIX_GAP 48                     /* floats, as dcn_tiles_matrix() has them */
#define COLUMNS_ALONE 16                  /* lines that a task is worth */

static size_t
divided_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

/* --- sizes --- */

static DcnLineSizes
sizes_of(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    DcnLineSizes s = {.along = w->kernel[1] > 1 ? 1 : 2};
    s.taps = (size_t)w->kernel[s.along];
    s.parts = s.taps > 5 ? 2 : 1;
    s.outputs = s.parts == 2 ? 3 : DCN_POINTS + 1 - s.taps;
    s.rows = conv->channels * s.parts;
    s.lines = (size_t)w->out[3 - s.along];
    return s;
}

static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    if (w->axes != 2 || conv->groups != 1 || (w->kernel[1] > 1) == (w->kernel[2] > 1))
        return false;
    int along = w->kernel[1] > 1 ? 1 : 2, across = 3 - along;
    return w->kernel[along] >= 3 && w->kernel[along] <= 7 && w->stride[1] == 1 &&
           w->stride[2] == 1 && w->dilation[along] == 1 && w->begin[across] == 0 &&
           w->in[across] == w->out[across] && w->out[across] >= LEAST_LINES &&
           conv->channels >= LEAST_CHANNELS && conv->maps >= LEAST_CHANNELS;
}

/* Tiles of which inputs fit into a task's memory. */
static size_t
most_tiles(const DcnConv2d *conv, const DcnLineSizes *s)
{
    size_t tile = DCN_POINTS * conv->channels * N * sizeof(float);
    size_t tiles = INPUT_BYTES / tile;
    return tiles < s->parts ? 1 : tiles - s->parts + 1;
}

static size_t
tiles_of_line(const DcnConv2d *conv, const DcnLineSizes *s)
{
    return divided_up((size_t)conv->window.out[s->along], s->outputs);
}

/* The cut with the fewest products, and of those the one with the fewest transforms. */
static DcnLineCut
cut_of(const DcnConv2d *conv, const DcnLineSizes *s, size_t images)
{
    size_t all = tiles_of_line(conv, s), most = most_tiles(conv, s);
    DcnLineCut best = {0};
    for (size_t segments = divided_up(all, most); segments <= all; segments++) {
        DcnLineCut cut = {.segments = segments, .tiles = divided_up(all, segments)};
        cut.columns = images * segments * s->lines;
        cut.panels = divided_up(cut.columns, N);
        if (best.segments == 0 || cut.panels * cut.tiles < best.panels * best.tiles)
            best = cut;
        if (cut.panels >= MANY_PANELS)
            break;
    }
    return best;
}

/* Products of a panel by what the packed way has for them; a fifth goes to transforms. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    const DcnWindow *w = &conv->window;
    DcnLineSizes s = sizes_of(conv);
    if (use->images == 0)
        return true;
    DcnLineCut cut = cut_of(conv, &s, use->images);
    size_t places = use->images * (size_t)(w->out[1] * w->out[2]);
    size_t ours = cut.panels * cut.tiles * DCN_POINTS * s.parts,
           packed = divided_up(places, N) * s.taps;
    return cut.columns >= COLUMNS_ALONE && 5 * ours <= 4 * packed;
}

/* --- weights --- */

static size_t
matrix_floats(const DcnConv2d *conv)
{
    return dcn_packed_floats(conv->maps, sizes_of(conv).rows);
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return DCN_POINTS * matrix_floats(conv);
}

/* Row part * channels + c of a group has the values of that part's taps. */
static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    (void)use;
    DcnLineSizes s = sizes_of(conv);
    size_t channels = conv->channels, each = matrix_floats(conv);
    size_t taps = s.parts == 2 ? DCN_POINTS + 1 - s.outputs : s.taps;
    for (size_t m = 0; m < conv->maps; m += DCN_ROWS)
        for (size_t row = 0; row < s.rows; row++) {
            double g[DCN_MOST_TAPS * DCN_ROWS] = {0}, values[DCN_POINTS * DCN_ROWS];
            size_t part = row / channels, c = row % channels;
            size_t first = part * s.outputs,
                   end = part + 1 < s.parts ? s.outputs : s.taps;
            for (size_t t = first; t < end; t++)
                for (size_t i = 0; i < DCN_ROWS && m + i < conv->maps; i++)
                    g[(t - first) * DCN_ROWS + i] =
                        weights[((m + i) * channels + c) * s.taps + t];
            dcn_winograd_taps(g, taps, DCN_ROWS, values);
            float *to = form + m * s.rows + row * DCN_ROWS;
            for (size_t p = 0; p < DCN_POINTS; p++)
                for (size_t i = 0; i < DCN_ROWS; i++)
                    to[p * each + i] = (float)values[p * DCN_ROWS + i];
        }
}

/* --- tasks --- */

typedef struct {
    DcnLineRun lines;
    size_t task_panels;
    DcnKernel *kernel;
} Forward;

static size_t
panels_of_task(const DcnConv2d *conv, const DcnLineSizes *s, const DcnLineCut *cut)
{
    size_t tiles = cut->tiles + s->parts - 1;
    size_t panels = INPUT_BYTES / (DCN_POINTS * conv->channels * tiles * N * 4);
    return panels < 1 ? 1 : dcn_least(panels, cut->panels);
}

static size_t
maps_at_once(const DcnConv2d *conv, size_t columns)
{
    size_t maps =
        PRODUCT_BYTES / (DCN_POINTS * columns * sizeof(float)) / DCN_ROWS * DCN_ROWS;
    return dcn_least(maps > 0 ? maps : DCN_ROWS, conv->maps);
}

/* The parts of memory, and how many bytes they take: no less than those of fewer panels. */
static size_t
share(const DcnConv2d *conv,
      const DcnLineSizes *s,
      const DcnLineCut *cut,
      size_t panels,
      float *memory,
      DcnLineMemory *m)
{
    size_t products = panels * cut->tiles, tiles = cut->tiles + s->parts - 1;
    size_t most = PRODUCT_BYTES / sizeof(float),
           few = DCN_POINTS * DCN_ROWS * products * N, floats = 0;
    m->input = panels * tiles * conv->channels * N + MATRIX_GAP;
    m->product = maps_at_once(conv, products * N) * products * N + MATRIX_GAP;
    m->inputs = memory;
    floats += DCN_POINTS * m->input;
    m->products = memory + floats;
    floats += (few > most ? few : most) + DCN_POINTS * MATRIX_GAP;
    m->lines = memory + floats;
    floats += 2 * dcn_lines_rows(s, cut) * N;
    m->nonzero = (void *)(memory + floats);
    floats += products * (s->rows + 1);
    m->zero = (void *)(memory + floats);
    return floats * sizeof(float) + tiles * conv->channels;
}

/* Whatever the number of images, of which the cut depends. */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnLineSizes s = sizes_of(conv);
    size_t most = dcn_least(tiles_of_line(conv, &s), most_tiles(conv, &s)), bytes = 0;
    float nothing;
    (void)use;
    for (size_t tiles = 1; tiles <= most; tiles++) {
        DcnLineCut cut = {.tiles = tiles, .panels = SIZE_MAX};
        DcnLineMemory m;
        size_t needs =
            share(conv, &s, &cut, panels_of_task(conv, &s, &cut), &nothing, &m);
        bytes = needs > bytes ? needs : bytes;
    }
    return bytes;
}

/* --- a task --- */

/* Maps first .. end - 1 of all panels of a task. */
static void
multiply(
    const Forward *f, size_t panels, size_t first, size_t end, const DcnLineMemory *m)
{
    size_t channels = f->lines.run->conv->channels,
           each = matrix_floats(f->lines.run->conv), rows = f->lines.s.rows,
           tiles = f->lines.cut.tiles, all = tiles + f->lines.s.parts - 1,
           products = panels * tiles;
    for (size_t p = 0; p < DCN_POINTS; p++)
        for (size_t map = first; map < end; map += DCN_ROWS) {
            const float *weights = f->lines.run->form + p * each + map * rows,
                        *next = map + DCN_ROWS < end ? weights + DCN_ROWS * rows
                                : p + 1 < DCN_POINTS
                                    ? f->lines.run->form + (p + 1) * each + first * rows
                                    : f->lines.run->form + end * rows;
            float *product = m->products + p * m->product + (map - first) * products * N;
            for (size_t i = 0; i < products; i++) {
                const uint32_t *list = m->nonzero + i * (rows + 1);
                size_t tile = i / tiles * all + i % tiles;
                f->kernel(list[0], list[0] < rows ? list + 1 : NULL, weights, next,
                          m->inputs + p * m->input + tile * channels * N,
                          dcn_least(end - map, DCN_ROWS), N, product + i * N,
                          products * N, NULL);
            }
        }
}

static void
forward_task(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const DcnConv2d *conv = f->lines.run->conv;
    size_t begin = index * f->task_panels,
           panels = dcn_least(f->task_panels, f->lines.cut.panels - begin),
           products = panels * f->lines.cut.tiles;
    DcnLineMemory m;
    share(conv, &f->lines.s, &f->lines.cut, panels,
          dcn_scratch(f->lines.run->context, worker), &m);
    for (size_t i = 0; i < panels; i++)
        dcn_lines_read(&f->lines, begin + i, i, &m);
    size_t step = maps_at_once(conv, products * N);
    for (size_t first = 0; first < conv->maps; first += step) {
        size_t end = dcn_least(first + step, conv->maps);
        multiply(f, panels, first, end, &m);
        for (size_t i = 0; i < panels; i++)
            dcn_lines_write(&f->lines, begin + i, i, panels, first, end, &m);
    }
}

static void
forward(const DcnConvRun *run)
{
    Forward f = {.lines = {.run = run, .s = sizes_of(run->conv)}, .kernel = dcn_kernel()};
    size_t threads = (size_t)dcn_context_threads(run->context);
    f.lines.cut = cut_of(run->conv, &f.lines.s, run->images);
    f.task_panels = dcn_least(panels_of_task(run->conv, &f.lines.s, &f.lines.cut),
                              divided_up(f.lines.cut.panels, threads));
    dcn_parallel(run->context, divided_up(f.lines.cut.panels, f.task_panels),
                 forward_task, &f);
}

const DcnConvWay dcn_way_winograd_lines = {
    .name = "winograd lines",
    .fits = fits,
    .pays = pays,
    .transforms = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
