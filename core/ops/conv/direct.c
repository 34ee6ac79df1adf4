/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct.c: convolutions forward without columns, for groups of few channels and maps, and
 * for few channels.
 *
 * Where a group has few maps, laying out what each window sees takes as long as the
 * products. Here taps read the channels where they lie (direct_strips.h). A task is a
 * strip and some groups. */
#include "base/vector.h"
#include "ops/conv/direct_strips.h"
#include "ops/conv/winograd_pieces.h"
#include "ops/product/copy_rows.h"
#include <string.h>

#define MOST_ROWS 4608  /* channels x kernel of a group */
#define MOST_PHASES 384 /* of a group with strides */
#define COPY 8
#define WRITE 5

static bool
fits(const DcnConv2d *conv)
{
    return dcn_conv_sizes(conv).rows <= MOST_ROWS && dcn_strips_fit(conv);
}

/* Compares the products of vectors with those of the panels of packed.c. Copying what a
 * window sees into panels takes as long as the products of COPY maps, and copying rows of
 * sums to the output as long as WRITE taps. With strides and many channels the inner loop
 * would wait for the second cache. Where images may be many and Winograd's algorithm takes
 * them, the form would be a third copy of the weights. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    if (use->images == 0 && dcn_winograd_fits(conv))
        return false;
    size_t images = use->images ? use->images : 1;
    DcnStrips l = dcn_strips(conv, images);
    const DcnConvSizes *s = &l.s;
    size_t phases = l.phases_y * l.phases_x,
           direct = images * l.parts * l.vectors * DCN_PLACES,
           panels = (images * s->out - 1) / DCN_COLUMNS * DCN_COLUMNS + DCN_COLUMNS;
    return s->kernel > 1 && (phases == 1 || s->channels * phases <= MOST_PHASES) &&
           direct * s->maps * s->rows + images * s->out * s->maps * WRITE <=
               panels * s->maps * s->rows + images * s->out * s->rows * COPY;
}

/* --- weights --- */

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return dcn_direct_floats(s.maps, s.rows) * conv->groups;
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    for (size_t g = 0; g < conv->groups; g++)
        for (size_t m = 0; m < s.maps; m += DCN_ROWS) {
            size_t maps = dcn_direct_block(s.maps, m), step = dcn_direct_step(maps);
            const float *from = weights + (g * s.maps + m) * s.rows;
            for (size_t i = 0; i < s.rows; i++)
                for (size_t r = 0; r < step; r++)
                    *form++ = r < maps ? from[r * s.rows + i] : 0;
        }
}

/* --- a run --- */

typedef struct {
    const DcnConvRun *run;
    DcnStrips strips;
    size_t cut;   /* parts of the maps of a group that tasks may take apart */
    size_t parts; /* tasks of a strip */
    DcnDirectKernel *kernel;
} Forward;

typedef struct {
    DcnStrip strip;
    float *sums;        /* of a block of maps */
    DcnTap *all, *some; /* all taps; those of channels that are not zero */
} Task;

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnStrips l = dcn_strips(conv, use->images);
    return dcn_strips_bytes(&l) + DCN_ROWS * dcn_strips_places(&l) * sizeof(float) +
           2 * l.s.rows * sizeof(DcnTap);
}

static void
find_taps(const DcnStrips *l, DcnTap *taps)
{
    const DcnWindow *w = &l->window;
    uint32_t n = 0;
    for (size_t c = 0; c < l->s.channels; c++)
        for (int64_t y = 0; y < w->kernel[1]; y++)
            for (int64_t x = 0; x < w->kernel[2]; x++, n++)
                taps[n] = (DcnTap){dcn_strips_offset(l, c, (size_t)(y * w->dilation[1]),
                                                     (size_t)(x * w->dilation[2])),
                                   n};
}

DCN_VECTOR static void
add_row(float *restrict y, const float *restrict from, size_t n, DcnClamp clamp)
{
    for (size_t i = 0; i < n; i++)
        y[i] = dcn_clamp(clamp, y[i] + from[i]);
}

static void
write_maps(const Forward *f, const Task *t, size_t map, size_t maps)
{
    const DcnStrips *l = &f->strips;
    const DcnStrip *strip = &t->strip;
    size_t width = (size_t)l->window.out[2];
    for (size_t m = 0; m < maps; m++)
        for (size_t i = 0; i < strip->images; i++) {
            float *y = dcn_images_at(f->run->y, strip->first + i) + (map + m) * l->s.out +
                       strip->row * width;
            const float *from =
                t->sums + m * dcn_strips_places(l) + i * l->vectors * DCN_PLACES;
            if (!f->run->add)
                dcn_copy_rows(y, width, from, l->pitch, strip->rows, width);
            for (size_t r = 0; f->run->add && r < strip->rows; r++)
                add_row(y + r * width, from + r * l->pitch, width, f->run->clamp);
        }
}

/* Fills the channels of a group; returns the number of taps that see some of them. */
static size_t
fill_group(const Forward *f, const Task *t, size_t group)
{
    const DcnConvSizes *s = &f->strips.s;
    size_t n_taps = 0;
    for (size_t c = 0; c < s->channels; c++) {
        if (!dcn_strip_fill(&f->strips, &t->strip, f->run->x, group * s->channels + c, c))
            continue;
        memcpy(t->some + n_taps, t->all + c * s->kernel, s->kernel * sizeof *t->all);
        n_taps += s->kernel;
    }
    return n_taps;
}

/* The block of maps of a group that begins with map m of it. */
static void
forward_block(const Forward *f, const Task *t, size_t group, size_t m, size_t n_taps)
{
    const DcnStrips *l = &f->strips;
    const DcnConvSizes *s = &l->s;
    size_t maps = dcn_direct_block(s->maps, m), map = group * s->maps + m;
    bool add = f->run->add;
    DcnFinish finish = {.bias = f->run->bias ? f->run->bias + map : NULL,
                        .low = add ? -__builtin_inff() : f->run->clamp.low,
                        .high = add ? __builtin_inff() : f->run->clamp.high};
    f->kernel(t->some, n_taps,
              f->run->form + group * dcn_direct_floats(s->maps, s->rows) + m * s->rows,
              maps, t->strip.phases, t->strip.starts, t->strip.vectors, t->sums,
              dcn_strips_places(l), &finish);
    write_maps(f, t, map, maps);
}

static void
forward_task(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const DcnStrips *l = &f->strips;
    size_t part = index % f->parts, n_taps = 0;
    char *memory = dcn_scratch(f->run->context, worker);
    Task t = {
        .strip = dcn_strip_start(l, index / f->parts, f->run->images, memory),
        .sums = (float *)(void *)(memory + dcn_strips_bytes(l)),
    };
    t.all = (DcnTap *)(void *)(t.sums + DCN_ROWS * dcn_strips_places(l));
    t.some = t.all + l->s.rows;
    find_taps(l, t.all);
    size_t blocks = (l->s.maps - 1) / DCN_ROWS + 1, units = f->run->conv->groups * f->cut,
           first = part * units / f->parts, end = (part + 1) * units / f->parts;
    for (size_t u = first; u < end; u++) {
        size_t group = u / f->cut, begin = u % f->cut * blocks / f->cut,
               last = (u % f->cut + 1) * blocks / f->cut;
        if (u == first || u % f->cut == 0)
            n_taps = fill_group(f, &t, group);
        for (size_t block = begin; block < last; block++)
            forward_block(f, &t, group, block * DCN_ROWS, n_taps);
    }
}

static void
forward(const DcnConvRun *run)
{
    Forward f = {.run = run,
                 .strips = dcn_strips(run->conv, run->images),
                 .kernel = dcn_direct_kernel()};
    size_t wanted = dcn_strips_parts(&f.strips, run), groups = run->conv->groups,
           blocks = (f.strips.s.maps - 1) / DCN_ROWS + 1;
    f.cut = wanted <= groups ? 1 : blocks;
    f.parts = wanted < groups * f.cut ? wanted : groups * f.cut;
    dcn_parallel(run->context, dcn_strips_count(&f.strips, run->images) * f.parts,
                 forward_task, &f);
}

const DcnConvWay dcn_way_direct = {
    .name = "direct",
    .fits = fits,
    .pays = pays,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
