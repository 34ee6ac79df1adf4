/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct_back.c: the way back to the image of grouped convolutions with strides.
 *
 * With a stride s, the image's places fall into s x s phases, and what comes back to each
 * of them is a convolution of stride 1 over the signal, of those taps that meet it. With
 * u = place + padding, tap k at window o meets u = s o + k, so phase a, the places with
 * u = s i + a, has the taps k = s q + a, and
 *
 *     dx[s i + a - padding] = sum over q of w[s q + a] dy[i - q]
 *
 * All phases of a row of i are computed from the same strips of the signal
 * (direct_strips.h) and put together. */
#include "base/vector.h"
#include "ops/conv/direct_strips.h"
#include <string.h>

#define MOST_ROWS 2048 /* maps x kernel of a group */
#define MOST_MAPS 64   /* of a group */
#define MOST_STRIDE 4
#define MOST_KERNEL 128 /* elements */

/* The places i of an axis: first, number; the farthest q. */
typedef struct {
    int64_t first, n, far;
} Axis;

static Axis
axis_of(const DcnWindow *w, int axis)
{
    int64_t stride = w->stride[axis], begin = w->begin[axis];
    Axis a = {.first = begin / stride,
              .far = (w->kernel[axis] - 1) * w->dilation[axis] / stride};
    a.n = (begin + w->in[axis] - 1) / stride - a.first + 1;
    return a;
}

/* The convolution of stride 1 over the signal that has all these places and every q. */
static DcnConv2d
over_signal(const DcnConv2d *conv)
{
    DcnConv2d back = *conv;
    back.channels = conv->maps;
    back.maps = conv->channels;
    for (int i = 1; i < 3; i++) {
        Axis a = axis_of(&conv->window, i);
        DcnWindow *w = &back.window;
        w->kernel[i] = a.far + 1;
        w->stride[i] = w->dilation[i] = 1;
        w->begin[i] = a.far - a.first;
        w->in[i] = conv->window.out[i];
        w->out[i] = a.n;
        w->end[i] = a.n + a.far - w->in[i] - w->begin[i];
    }
    return back;
}

static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    DcnConvSizes s = dcn_conv_sizes(conv);
    for (int i = 1; i < 3; i++)
        if (w->begin[i] < 0 || w->stride[i] > MOST_STRIDE || w->in[i] < 1)
            return false;
    DcnConv2d signal = over_signal(conv);
    return (w->stride[1] > 1 || w->stride[2] > 1) && s.kernel <= MOST_KERNEL &&
           s.maps * s.kernel <= MOST_ROWS && dcn_strips_fit(&signal);
}

static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return conv->groups > 1 && conv->maps / conv->groups <= MOST_MAPS;
}

/* --- weights: groups, blocks of channels, phases, maps, taps --- */

/* A kernel element, by its number, and how far its q is along rows and columns. */
typedef struct {
    size_t element;
    size_t q[2];
} Element;

/* The kernel elements of phase (a, b), in order; returns how many. */
static size_t
elements_of(const DcnWindow *w, int64_t a, int64_t b, Element elements[MOST_KERNEL])
{
    size_t n = 0;
    for (int64_t ky = 0; ky < w->kernel[1]; ky++)
        for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
            int64_t y = ky * w->dilation[1], x = kx * w->dilation[2];
            if (y % w->stride[1] == a && x % w->stride[2] == b)
                elements[n++] =
                    (Element){(size_t)(ky * w->kernel[2] + kx),
                              {(size_t)(y / w->stride[1]), (size_t)(x / w->stride[2])}};
        }
    return n;
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return dcn_direct_floats(s.channels, s.maps * s.kernel) * conv->groups;
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    const DcnWindow *w = &conv->window;
    DcnConvSizes s = dcn_conv_sizes(conv);
    Element elements[MOST_KERNEL];
    (void)use;
    for (size_t g = 0; g < conv->groups; g++)
        for (size_t c = 0; c < s.channels; c += DCN_ROWS) {
            size_t block = dcn_direct_block(s.channels, c), step = dcn_direct_step(block);
            for (int64_t phase = 0; phase < w->stride[1] * w->stride[2]; phase++) {
                size_t n =
                    elements_of(w, phase / w->stride[2], phase % w->stride[2], elements);
                for (size_t i = 0; i < s.maps * n; i++)
                    for (size_t r = 0; r < step; r++)
                        *form++ =
                            r < block
                                ? weights[((g * s.maps + i / n) * s.channels + c + r) *
                                              s.kernel +
                                          elements[i % n].element]
                                : 0;
            }
        }
}

/* --- a run --- */

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    Axis axes[2];
    DcnStrips strips;
    size_t phases[2]; /* along rows, along columns */
    size_t parts;     /* tasks along groups */
    DcnDirectKernel *kernel;
} Back;

typedef struct {
    DcnStrip strip;
    float *sums;  /* of a block of channels and the phases of rows that are alike */
    float *line;  /* of dx, its phases put together */
    DcnTap *taps; /* phase by phase, of maps that are not zero */
    size_t n_taps[MOST_STRIDE * MOST_STRIDE];
    bool *filled; /* maps that are not zero */
} Task;

static size_t
line_floats(const Back *b)
{
    return b->phases[1] * (size_t)b->axes[1].n;
}

static Back
back_of(const DcnConv2d *conv, size_t images)
{
    DcnConv2d signal = over_signal(conv);
    return (Back){
        .s = dcn_conv_sizes(conv),
        .axes = {axis_of(&conv->window, 1), axis_of(&conv->window, 2)},
        .strips = dcn_strips(&signal, images),
        .phases = {(size_t)conv->window.stride[1], (size_t)conv->window.stride[2]},
        .kernel = dcn_direct_kernel(),
    };
}

/* Floats of the sums of a phase of a block of channels. */
static size_t
sum_floats(const Back *b)
{
    return DCN_ROWS * dcn_strips_places(&b->strips);
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    Back b = back_of(conv, use->images);
    return dcn_strips_bytes(&b.strips) +
           (b.phases[1] * sum_floats(&b) + line_floats(&b)) * sizeof(float) +
           b.s.maps * (b.s.kernel * sizeof(DcnTap) + sizeof(bool));
}

/* The signal of a group, and the taps that see some of it. */
static void
fill_group(const Back *b, Task *t, size_t group)
{
    const DcnWindow *w = &b->run->conv->window;
    DcnTap *tap = t->taps;
    for (size_t m = 0; m < b->s.maps; m++)
        t->filled[m] =
            dcn_strip_fill(&b->strips, &t->strip, b->run->y, group * b->s.maps + m, m);
    for (size_t phase = 0; phase < b->phases[0] * b->phases[1]; phase++) {
        Element elements[MOST_KERNEL];
        size_t n = elements_of(w, (int64_t)(phase / b->phases[1]),
                               (int64_t)(phase % b->phases[1]), elements);
        DcnTap *first = tap;
        for (size_t m = 0; m < b->s.maps; m++)
            for (size_t i = 0; t->filled[m] && i < n; i++)
                *tap++ =
                    (DcnTap){dcn_strips_offset(&b->strips, m,
                                               (size_t)b->axes[0].far - elements[i].q[0],
                                               (size_t)b->axes[1].far - elements[i].q[1]),
                             (uint32_t)(m * n + i)};
        t->n_taps[phase] = (size_t)(tap - first);
    }
}

/* Sums of the phases of a row, put together: n places of each. */
DCN_VECTOR static void
put_together(
    const float *restrict from, size_t phases, size_t apart, size_t n, float *restrict to)
{
    if (phases == 2)
        for (size_t i = 0; i < n; i++) {
            to[2 * i] = from[i];
            to[2 * i + 1] = from[apart + i];
        }
    else
        for (size_t p = 0; p < phases; p++)
            for (size_t i = 0; i < n; i++)
                to[i * phases + p] = from[p * apart + i];
}

DCN_VECTOR static void
finish_row(
    float *restrict x, const float *restrict from, size_t n, bool add, DcnClamp clamp)
{
    if (add)
        for (size_t i = 0; i < n; i++)
            x[i] = dcn_clamp(clamp, x[i] + from[i]);
    else
        memcpy(x, from, n * sizeof *x); /* is clamped */
}

/* The rows of phase a of some channels. */
static void
write_rows(const Back *b, const Task *t, size_t a, size_t channel, size_t channels)
{
    const DcnWindow *w = &b->run->conv->window;
    const DcnStrips *l = &b->strips;
    const DcnStrip *strip = &t->strip;
    size_t skip = (size_t)(w->begin[2] - b->axes[1].first * w->stride[2]);
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < strip->images; i++)
            for (size_t r = 0; r < strip->rows; r++) {
                int64_t y =
                    (b->axes[0].first + (int64_t)(strip->row + r)) * w->stride[1] +
                    (int64_t)a - w->begin[1];
                if (y < 0 || y >= w->in[1])
                    continue;
                put_together(t->sums + c * dcn_strips_places(l) +
                                 i * l->vectors * DCN_PLACES + r * l->pitch,
                             b->phases[1], sum_floats(b), (size_t)b->axes[1].n, t->line);
                finish_row(dcn_images_at(b->run->x, strip->first + i) +
                               (channel + c) * b->s.in + (size_t)(y * w->in[2]),
                           t->line + skip, (size_t)w->in[2], b->run->add, b->run->clamp);
            }
}

static void
back_group(const Back *b, Task *t, size_t group)
{
    const DcnWindow *w = &b->run->conv->window;
    const DcnConvSizes *s = &b->s;
    bool add = b->run->add;
    fill_group(b, t, group);
    const float *weights =
        b->run->form + group * dcn_direct_floats(s->channels, s->maps * s->kernel);
    for (size_t c = 0; c < s->channels; c += DCN_ROWS) {
        size_t channels = dcn_direct_block(s->channels, c),
               channel = group * s->channels + c;
        const DcnTap *taps = t->taps;
        DcnFinish finish = {.bias = b->run->bias ? b->run->bias + channel : NULL,
                            .low = add ? -__builtin_inff() : b->run->clamp.low,
                            .high = add ? __builtin_inff() : b->run->clamp.high};
        for (size_t phase = 0; phase < b->phases[0] * b->phases[1]; phase++) {
            size_t a = phase / b->phases[1], p = phase % b->phases[1];
            Element elements[MOST_KERNEL];
            b->kernel(taps, t->n_taps[phase], weights, channels, t->strip.phases,
                      t->strip.starts, t->strip.vectors, t->sums + p * sum_floats(b),
                      dcn_strips_places(&b->strips), &finish);
            taps += t->n_taps[phase];
            weights += dcn_direct_step(channels) * s->maps *
                       elements_of(w, (int64_t)a, (int64_t)p, elements);
            if (p + 1 == b->phases[1])
                write_rows(b, t, a, channel, channels);
        }
    }
}

static void
back_task(void *user, size_t index, size_t worker)
{
    const Back *b = user;
    size_t groups = b->run->conv->groups, part = index % b->parts;
    char *memory = dcn_scratch(b->run->context, worker);
    Task t = {
        .strip = dcn_strip_start(&b->strips, index / b->parts, b->run->images, memory),
        .sums = (float *)(void *)(memory + dcn_strips_bytes(&b->strips)),
    };
    t.line = t.sums + b->phases[1] * sum_floats(b);
    t.taps = (DcnTap *)(void *)(t.line + line_floats(b));
    t.filled = (bool *)(t.taps + b->s.maps * b->s.kernel);
    for (size_t g = part * groups / b->parts; g < (part + 1) * groups / b->parts; g++)
        back_group(b, &t, g);
}

static void
back(const DcnConvRun *run)
{
    Back b = back_of(run->conv, run->images);
    b.run = run;
    b.parts = dcn_strips_parts(&b.strips, run);
    b.parts = b.parts < run->conv->groups ? b.parts : run->conv->groups;
    dcn_parallel(run->context, dcn_strips_count(&b.strips, run->images) * b.parts,
                 back_task, &b);
}

const DcnConvWay dcn_way_direct_back = {
    .name = "direct",
    .fits = fits,
    .pays = pays,
    .wide = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = back,
};
