/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_lines_move.c: from planes to transformed lines, and from products to planes.
 *
 * A panel is DCN_COLUMNS lines, of however many images: place p of all of them lies
 * together, so that transforms are whole vectors. Lines across rows of a plane are copied
 * as they lie, those along rows are turned. */
#include "base/least.h"
#include "base/vector.h"
#include "ops/conv/winograd_lines.h"
#include "ops/product/copy_rows.h"
#include "ops/product/shuffles.h"
#include <string.h>

#define N DCN_COLUMNS

/* Lines of one segment of an image that follow one another in a panel, from column `at`
 * on. */
typedef struct {
    size_t image, first; /* place along the lines of the segment's first output */
    size_t line, at, n;
} Run;

static size_t
runs_of(const DcnLineRun *f, size_t panel, Run runs[N])
{
    size_t begin = panel * N, end = dcn_least(begin + N, f->cut.columns), n_runs = 0;
    for (size_t column = begin; column < end;) {
        size_t line = column % f->s.lines, segment = column / f->s.lines;
        size_t n = dcn_least(f->s.lines - line, end - column);
        runs[n_runs++] = (Run){segment / f->cut.segments,
                               segment % f->cut.segments * f->cut.tiles * f->s.outputs,
                               line, column - begin, n};
        column += n;
    }
    return n_runs;
}

/* --- reading --- */

/* One channel of a panel's lines: row r is N places. What is padding is zero. */
__attribute__((always_inline)) static inline void
read_lines(
    const DcnLineRun *f, const Run *runs, size_t n_runs, size_t channel, float *lines)
{
    const DcnWindow *w = &f->run->conv->window;
    int along = f->s.along;
    size_t width = (size_t)w->in[2], area = (size_t)(w->in[1] * w->in[2]);
    size_t rows = dcn_lines_rows(&f->s, &f->cut);
    memset(lines, 0, rows * N * sizeof *lines);
    for (size_t i = 0; i < n_runs; i++) {
        const Run *run = &runs[i];
        const float *plane = dcn_images_at(f->run->x, run->image) + channel * area;
        int64_t first = (int64_t)run->first - w->begin[along],
                last = first + (int64_t)rows;
        int64_t begin = first < 0 ? 0 : first,
                end = last < w->in[along] ? last : w->in[along];
        if (begin >= end)
            continue;
        size_t n = (size_t)(end - begin);
        float *to = lines + (size_t)(begin - first) * N + run->at;
        if (along == 1)
            dcn_copy_rows(to, N, plane + (size_t)begin * width + run->line, width, n,
                          run->n);
        else
            dcn_turn(plane + run->line * width + begin, width, run->n, n, to, N);
    }
}

/* True if one of the floats is not zero. */
__attribute__((always_inline)) static inline bool
some_nonzero(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i += N) {
        uint32_t all = 0;
        for (size_t j = i; j < i + N; j++) {
            uint32_t bits;
            memcpy(&bits, &values[j], sizeof bits);
            all |= bits << 1; /* -0 is zero, too */
        }
        if (all != 0)
            return true;
    }
    return false;
}

/* One channel of a panel: its element of tile t of a matrix is at to + t * step, and
 * whether all of it is zero, so that it is not written, at zero + t * channels. */
DCN_VECTOR static void
read_channel(const DcnLineRun *f,
             const Run *runs,
             size_t n_runs,
             size_t channel,
             const DcnLineMemory *m,
             float *to)
{
    size_t channels = f->run->conv->channels;
    read_lines(f, runs, n_runs, channel, m->lines);
    for (size_t tile = 0; tile < f->cut.tiles + f->s.parts - 1; tile++) {
        const float *rows = m->lines + tile * f->s.outputs * N;
        bool *zero = &m->zero[tile * channels + channel];
        *zero = !some_nonzero(rows, DCN_POINTS * N);
        if (!*zero)
            dcn_winograd_input_axis(rows, N, N, to + tile * channels * N, m->input);
    }
}

/* All channels of a panel, and the lists of rows that are not zero. */
void
dcn_lines_read(const DcnLineRun *f, size_t panel, size_t index, const DcnLineMemory *m)
{
    size_t channels = f->run->conv->channels, tiles = f->cut.tiles;
    float *to = m->inputs + index * (tiles + f->s.parts - 1) * channels * N;
    uint32_t *list = m->nonzero + index * tiles * (f->s.rows + 1);
    Run runs[N];
    size_t n_runs = runs_of(f, panel, runs);
    for (size_t c = 0; c < channels; c++)
        read_channel(f, runs, n_runs, c, m, to + c * N);
    for (size_t tile = 0; tile < tiles; tile++, list += f->s.rows + 1) {
        const bool *zero = m->zero + tile * channels; /* parts follow one another there */
        list[0] = 0;
        for (size_t row = 0; row < f->s.rows; row++)
            if (!zero[row])
                list[++list[0]] = (uint32_t)row;
    }
}

/* --- writing --- */

__attribute__((always_inline)) static inline void
sum_lines(const DcnLineRun *f, const float *products, size_t each, float *lines)
{
    for (size_t tile = 0; tile < f->cut.tiles; tile++) {
        const float *from = products + tile * N;
        float *to = lines + tile * f->s.outputs * N;
        if (f->s.outputs == 4)
            dcn_winograd_sum(DCN_POINTS, 4, from, each, N, to, N);
        else if (f->s.outputs == 3)
            dcn_winograd_sum(DCN_POINTS, 3, from, each, N, to, N);
        else
            dcn_winograd_sum(DCN_POINTS, 2, from, each, N, to, N);
    }
}

/* Outputs of a run that the plane has. */
static size_t
outputs_of(const DcnLineRun *f, const Run *run)
{
    size_t out = (size_t)f->run->conv->window.out[f->s.along];
    return run->first < out ? dcn_least(out - run->first, f->cut.tiles * f->s.outputs)
                            : 0;
}

/* One map of a panel. */
DCN_VECTOR static void
write_map(const DcnLineRun *f,
          const Run *runs,
          size_t n_runs,
          size_t map,
          const float *products,
          const DcnLineMemory *m)
{
    const DcnConvRun *r = f->run;
    size_t rows = f->cut.tiles * f->s.outputs, width = (size_t)r->conv->window.out[2],
           area = width * (size_t)r->conv->window.out[1];
    float *lines = m->lines, *old = lines + dcn_lines_rows(&f->s, &f->cut) * N;
    float bias = r->bias ? r->bias[map] : 0;
    bool down = f->s.along == 1;
    sum_lines(f, products, m->product, lines);
    if (r->add)
        memset(old, 0, rows * N * sizeof *old);
    for (size_t i = 0; r->add && i < n_runs; i++) {
        const float *y = dcn_images_at(r->y, runs[i].image) + map * area;
        size_t n = outputs_of(f, &runs[i]);
        if (down)
            dcn_copy_rows(old + runs[i].at, N, y + runs[i].first * width + runs[i].line,
                          width, n, runs[i].n);
        else
            dcn_turn(y + runs[i].line * width + runs[i].first, width, runs[i].n, n,
                     old + runs[i].at, N);
    }
    for (size_t i = 0; r->add && i < rows * N; i++)
        lines[i] += old[i];
    for (size_t i = 0; i < rows * N; i++)
        lines[i] = dcn_clamp(r->clamp, lines[i] + bias);
    for (size_t i = 0; i < n_runs; i++) {
        float *y = dcn_images_at(r->y, runs[i].image) + map * area;
        size_t n = outputs_of(f, &runs[i]);
        if (down)
            dcn_copy_rows(y + runs[i].first * width + runs[i].line, width,
                          lines + runs[i].at, N, n, runs[i].n);
        else
            dcn_turn(lines + runs[i].at, N, n, runs[i].n,
                     y + runs[i].line * width + runs[i].first, width);
    }
}

void
dcn_lines_write(const DcnLineRun *f,
                size_t panel,
                size_t index,
                size_t panels,
                size_t first,
                size_t end,
                const DcnLineMemory *m)
{
    size_t tiles = f->cut.tiles;
    Run runs[N];
    size_t n_runs = runs_of(f, panel, runs);
    for (size_t map = first; map < end; map++)
        write_map(f, runs, n_runs, map,
                  m->products + ((map - first) * panels + index) * tiles * N, m);
}
