/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ways.c: each way of a convolution, forced in turn wherever it fits, also where it would
 * not pay, gives what the definition gives; and of several the right one is chosen.
 *
 * A sum of n products of values below 1 grows as sqrt(n) / 3 and rounds by as many units
 * of its size at most. Winograd's transforms of tiles multiply by up to 10 and cancel
 * again, twice an axis, which leaves 4e-5 of the sum at worst for all kernels (3 x 3 as
 * 10 x 10); twice as much is allowed. Tiles of 2 x 2 only add up to four values: 1e-6 at
 * worst. */
#include "base/threads.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include "ops/conv/way.h"
#include <float.h>
#include <stdlib.h>
#include <string.h>

#define CASES 200
#define MOST_WORK 4e6 /* products of a case that has several images */

/* What a way may be wrong by; of a name that is not here, the first. */
typedef struct {
    DcnConvMap map;
    const char *name;
    double term, root; /* by n terms: term (n + 1) + root sqrt(n) */
    bool steady;       /* the same bits with any number of threads */
} Bound;

static const Bound bounds[] = {
    {DCN_CONV_MAPS, "", 1e-6, 0, false},
    {DCN_CONV_FORWARD, "winograd", 0, 2e-5, false},
    {DCN_CONV_FORWARD, "winograd2", 0, 5e-7, true},
    {DCN_CONV_FORWARD, "winograd lines", 0, 5e-6, true},
    {DCN_CONV_FORWARD, "direct", 1e-6, 0, true},
    {DCN_CONV_BACK, "direct", 1e-6, 0, true},
    {DCN_CONV_BACK, "taps", (double)FLT_EPSILON, 0, true},
    {DCN_CONV_BACK, "turned", 1e-6, 2e-5, false}, /* may be by winograd */
    {DCN_CONV_WEIGHTS, "winograd", 4e-6, 0, true},
};

static const char *const map_names[] = {"forward", "back", "weights"};

static const Bound *
bound_of(DcnConvMap map, const char *name)
{
    const Bound *bound = &bounds[0];
    for (size_t i = 1; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].map == map && strcmp(bounds[i].name, name) == 0)
            bound = &bounds[i];
    return bound;
}

/* --- convolutions --- */

static DcnConv2d
conv_of(size_t groups, int64_t channels, int64_t maps)
{
    return (DcnConv2d){.groups = groups,
                       .channels = groups * (size_t)channels,
                       .maps = groups * (size_t)maps,
                       .window = {.axes = 2,
                                  .kernel = {1, 1, 1},
                                  .stride = {1, 1, 1},
                                  .dilation = {1, 1, 1},
                                  .in = {1, 1, 1},
                                  .out = {1, 1, 1}}};
}

typedef DcnConv2d Kind(DcnRandom *random);

static DcnConv2d
any_kind(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of((size_t)random_between(random, 1, 3), random_between(random, 1, 20),
                random_between(random, 1, 20));
    DcnWindow *w = &conv.window;
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = random_between(random, 1, 5);
        w->stride[axis] = random_between(random, 1, 3);
        w->dilation[axis] = random_between(random, 1, 2);
        w->begin[axis] = random_between(random, 0, 4);
        w->end[axis] = random_between(random, 0, 4);
        w->in[axis] = random_between(random, 9, 20);
    }
    return conv;
}

static DcnConv2d
pointwise(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of((size_t)random_between(random, 1, 3), random_between(random, 1, 40),
                random_between(random, 1, 40));
    for (int axis = 1; axis < 3; axis++)
        conv.window.in[axis] = random_between(random, 1, 20);
    return conv;
}

static DcnConv2d
one_channel_a_group(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of((size_t)random_between(random, 2, 8), 1, random_between(random, 1, 4));
    DcnWindow *w = &conv.window;
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = random_between(random, 1, 5);
        w->stride[axis] = random_between(random, 1, 4);
        w->dilation[axis] = random_between(random, 1, 3);
        w->begin[axis] = random_between(random, 0, 4);
        w->end[axis] = random_between(random, 0, 4);
        w->in[axis] = random_between(random, 13, 40);
    }
    return conv;
}

/* As nets have them: planes smaller than vectors, and of several strips. */
static DcnConv2d
one_channel_of_nets(DcnRandom *random)
{
    DcnConv2d conv = conv_of((size_t)random_between(random, 2, 60), 1, 1);
    DcnWindow *w = &conv.window;
    int64_t kernel = 1 + 2 * random_between(random, 1, 3),
            stride = random_between(random, 1, 2),
            most = random_between(random, 0, 1) ? 16 : 120;
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = kernel;
        w->stride[axis] = stride;
        w->begin[axis] = random_between(random, 0, kernel - 1);
        w->end[axis] = random_between(random, 0, kernel - 1);
        w->in[axis] = random_between(random, kernel, most);
    }
    return conv;
}

/* Kernels and strides along both axes alike; sides 1 .. 33 of outputs. */
static DcnConv2d
square(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of(1, random_between(random, 16, 19), random_between(random, 16, 34));
    DcnWindow *w = &conv.window;
    int64_t stride = random_between(random, 1, 2);
    int64_t kernel =
        stride == 1 ? random_between(random, 3, 5) : random_between(random, 5, 10);
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = kernel;
        w->stride[axis] = stride;
        w->begin[axis] = random_between(random, 0, kernel);
        w->end[axis] = random_between(random, 0, kernel);
        w->in[axis] = random_between(random, kernel, stride * 33);
    }
    return conv;
}

/* Kernels along one axis. */
static DcnConv2d
lines(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of(1, random_between(random, 16, 40), random_between(random, 16, 34));
    DcnWindow *w = &conv.window;
    int along = (int)random_between(random, 1, 2);
    w->kernel[along] = random_between(random, 3, 7);
    w->begin[along] = random_between(random, 0, w->kernel[along]);
    w->end[along] = random_between(random, 0, w->kernel[along]);
    w->in[along] = random_between(random, w->kernel[along], 60);
    w->in[3 - along] = random_between(random, 1, 40);
    return conv;
}

static DcnConv2d
strided(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of(1, random_between(random, 1, 50), random_between(random, 8, 20));
    DcnWindow *w = &conv.window;
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = random_between(random, 1, 11);
        w->stride[axis] = random_between(random, 1, 4);
        w->begin[axis] = random_between(random, 0, w->kernel[axis]);
        w->end[axis] = random_between(random, 0, w->kernel[axis]);
        w->in[axis] = random_between(random, w->kernel[axis], 60);
    }
    return conv;
}

/* Blocks of channels and of maps, full and not. */
static DcnConv2d
many_channels(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of(1, random_between(random, 16, 80), random_between(random, 8, 70));
    DcnWindow *w = &conv.window;
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = random_between(random, 1, 5);
        w->dilation[axis] = random_between(random, 1, 3);
        w->begin[axis] = random_between(random, 0, 6);
        w->end[axis] = random_between(random, 0, 6);
        w->in[axis] = random_between(random, 13, 24);
    }
    return conv;
}

/* Blocks of maps, full and not; planes that are cut into strips. */
static DcnConv2d
groups_of_few(DcnRandom *random)
{
    DcnConv2d conv =
        conv_of((size_t)random_between(random, 2, 9), random_between(random, 2, 33),
                random_between(random, 1, 18));
    DcnWindow *w = &conv.window;
    int64_t stride = random_between(random, 1, 2);
    for (int axis = 1; axis < 3; axis++) {
        w->kernel[axis] = 3;
        w->stride[axis] = stride;
        w->begin[axis] = random_between(random, 0, 1);
        w->end[axis] = random_between(random, 0, 1);
        w->in[axis] = random_between(random, 3, 70);
    }
    return conv;
}

static DcnConv2d
one_place(DcnRandom *random)
{
    return conv_of(1, random_between(random, 1, 90), random_between(random, 1, 90));
}

static Kind *const kinds[] = {
    any_kind, pointwise, one_place, one_channel_a_group, one_channel_of_nets,
    square,   lines,     strided,   many_channels,       groups_of_few};

static bool
has_windows(const DcnWindow *w)
{
    return w->out[1] >= 1 && w->out[2] >= 1;
}

static double
work_of(const DcnConv2d *conv)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    return (double)s.weights * (double)s.out;
}

/* A convolution that the way fits; false if none is found. */
static bool
random_conv(const DcnConvWay *way, DcnRandom *random, DcnConv2d *conv)
{
    size_t n = sizeof kinds / sizeof *kinds;
    for (size_t tries = 0; tries < 10000; tries++) {
        *conv = kinds[dcn_random_below(random, n)](random);
        conv_set_out(&conv->window);
        if (has_windows(&conv->window) && work_of(conv) <= 4 * MOST_WORK &&
            way->fits(conv))
            return true;
    }
    return false;
}

/* --- a case --- */

typedef struct {
    DcnConvMap map;
    const DcnConvWay *way; /* NULL: the one that is chosen */
    DcnConv2d conv;
    DcnConvUse use;
    size_t images;
    bool biased, add, clamped, dead, boxed;
    DcnBox box;
} Case;

/* What a run reads, and what it has to give. */
typedef struct {
    size_t in, out, weights; /* floats: of an image's sides, of the weights */
    float *x, *y, *w, *bias; /* the side that is written is what was there before */
    double *wanted, *sizes;
    size_t n; /* of wanted */
} Values;

static size_t
terms_of(const Case *c)
{
    DcnConvSizes s = dcn_conv_sizes(&c->conv);
    return c->map == DCN_CONV_FORWARD ? s.rows : s.maps * s.kernel;
}

static bool
in_box(const Case *c, size_t at)
{
    const DcnWindow *w = &c->conv.window;
    int64_t row = (int64_t)at / w->out[2], map = row / w->out[1];
    row %= w->out[1];
    return map >= c->box.begin[0] && map < c->box.end[0] && row >= c->box.begin[1] &&
           row < c->box.end[1];
}

static float
clamped(const Case *c, float value)
{
    return c->clamped ? fminf(3, fmaxf(-2, value)) : value;
}

static void
want_forward(const Case *c, Values *v)
{
    size_t area = dcn_conv_sizes(&c->conv).out;
    for (size_t i = 0; i < v->n; i++) {
        size_t map = i % v->out / area;
        v->wanted[i] =
            conv_define(&c->conv, v->x + i / v->out * v->in, v->w, map, i % area) +
            (c->biased ? (double)v->bias[map] : 0) + (c->add ? (double)v->y[i] : 0);
    }
}

static void
want_back(const Case *c, Values *v)
{
    size_t area = dcn_conv_sizes(&c->conv).in;
    for (size_t i = 0; i < v->n; i++)
        v->wanted[i] = (c->biased ? (double)v->bias[i % v->in / area] : 0) +
                       (c->add ? (double)v->x[i] : 0);
    for (size_t i = 0; c->boxed && i < v->out * c->images; i++)
        if (!in_box(c, i % v->out))
            v->y[i] = 0;
    for (size_t i = 0; i < c->images; i++)
        conv_define_back(&c->conv, v->y + i * v->out, v->w, v->wanted + i * v->in);
    for (size_t i = 0; c->boxed && i < v->out * c->images; i++)
        if (!in_box(c, i % v->out)) /* is not looked at */
            v->y[i] = NAN;
}

static Values
values_of(const Case *c, DcnRandom *random)
{
    DcnConvSizes s = dcn_conv_sizes(&c->conv);
    Values v = {
        .in = c->conv.channels * s.in, .out = c->conv.maps * s.out, .weights = s.weights};
    size_t most = c->conv.maps > c->conv.channels ? c->conv.maps : c->conv.channels;
    v.x = random_floats(random, v.in * c->images);
    v.y = random_floats(random, v.out * c->images);
    v.w = random_floats(random, v.weights);
    v.bias = random_floats(random, most);
    v.n = c->map == DCN_CONV_FORWARD ? v.out * c->images
          : c->map == DCN_CONV_BACK  ? v.in * c->images
                                     : v.weights;
    v.wanted = calloc(2 * v.n, sizeof *v.wanted);
    v.sizes = v.wanted + v.n;
    if (c->dead)
        conv_close_channels(&c->conv, v.x, c->images);
    if (c->map == DCN_CONV_FORWARD)
        want_forward(c, &v);
    else if (c->map == DCN_CONV_BACK)
        want_back(c, &v);
    else
        for (size_t i = 0; i < c->images; i++)
            conv_define_weights(&c->conv, v.x + i * v.in, v.y + i * v.out, v.wanted,
                                v.sizes);
    for (size_t i = 0; c->map == DCN_CONV_WEIGHTS && i < v.n; i++)
        v.wanted[i] += (double)v.w[i]; /* what the gradient is added to */
    return v;
}

static void
free_values(Values *v)
{
    free(v->x);
    free(v->y);
    free(v->w);
    free(v->bias);
    free(v->wanted);
}

static float *
new_lines(size_t floats)
{
    return aligned_alloc(64, (floats * sizeof(float) / 64 + 1) * 64);
}

static float *
copy_of(const float *values, size_t n, bool forget)
{
    float *copy = malloc(n * sizeof *copy);
    memcpy(copy, values, n * sizeof *copy);
    for (size_t i = 0; forget && i < n; i++)
        copy[i] = NAN; /* has to be written */
    return copy;
}

/* What the way gives with so many threads; to be freed. forms: of dcn_conv_prepare(), if
 * the way is chosen. */
static float *
run_case(const Case *c, const Values *v, const float *forms, int threads)
{
    const float *before = c->map == DCN_CONV_FORWARD ? v->y
                          : c->map == DCN_CONV_BACK  ? v->x
                                                     : v->w;
    float *got = copy_of(before, v->n, c->map != DCN_CONV_WEIGHTS && !c->add);
    float *form = NULL;
    DcnImages x = {v->x, v->in, 1, v->in}, y = {v->y, v->out, 1, v->out};
    if (c->map == DCN_CONV_FORWARD)
        y.data = got;
    if (c->map == DCN_CONV_BACK)
        x.data = got;
    DcnContext *context = dcn_context_new(threads, NULL);
    size_t bytes = c->way ? c->way->scratch(&c->conv, &c->use)
                          : dcn_conv_scratch(c->map, &c->conv, &c->use);
    check(dcn_context_reserve(context, bytes, NULL), "scratch memory");
    if (c->way && c->way->floats) {
        form = new_lines(c->way->floats(&c->conv, &c->use));
        c->way->prepare(&c->conv, &c->use, v->w, form);
    }
    DcnConvRun run = {.conv = &c->conv,
                      .use = &c->use,
                      .context = context,
                      .images = c->images,
                      .y = &y,
                      .x = &x,
                      .weights = v->w,
                      .forms = forms,
                      .form = form,
                      .dw = got,
                      .bias = c->biased ? v->bias : NULL,
                      .clamp = c->clamped ? (DcnClamp){-2, 3} : dcn_clamp_open(),
                      .add = c->add,
                      .box = c->boxed ? &c->box : NULL};
    if (c->way)
        c->way->run(&run);
    else
        dcn_conv_run(c->map, &run);
    dcn_context_free(context);
    free(form);
    return got;
}

static bool
compare(const Case *c, const Values *v, const float *got, const Bound *bound, int threads)
{
    const DcnWindow *w = &c->conv.window;
    for (size_t i = 0; i < v->n; i++) {
        double n = c->map == DCN_CONV_WEIGHTS ? v->sizes[i] : (double)terms_of(c);
        double wanted = (double)clamped(c, (float)v->wanted[i]);
        if (fabs((double)got[i] - wanted) <=
            bound->term * (n + 1) + bound->root * sqrt(n))
            continue;
        check_fail("%s by %s, %d threads: %zu images of %zux%lldx%lld, %zu maps of "
                   "%lldx%lld, %zu groups, kernel %lldx%lld, stride %lldx%lld, dilation "
                   "%lldx%lld, pads %lld %lld %lld %lld: [%zu] is %g, not %g",
                   map_names[c->map], c->way ? c->way->name : "what is chosen", threads,
                   c->images, c->conv.channels, (long long)w->in[1], (long long)w->in[2],
                   c->conv.maps, (long long)w->out[1], (long long)w->out[2],
                   c->conv.groups, (long long)w->kernel[1], (long long)w->kernel[2],
                   (long long)w->stride[1], (long long)w->stride[2],
                   (long long)w->dilation[1], (long long)w->dilation[2],
                   (long long)w->begin[1], (long long)w->begin[2], (long long)w->end[1],
                   (long long)w->end[2], i, (double)got[i], wanted);
        return false;
    }
    return true;
}

/* With one thread and with several. */
static bool
check_case(const Case *c, DcnRandom *random)
{
    const Bound *bound = bound_of(c->map, c->way->name);
    Values v = values_of(c, random);
    int several = (int)random_between(random, 2, 4);
    float *one = run_case(c, &v, NULL, 1), *more = run_case(c, &v, NULL, several);
    bool good = compare(c, &v, one, bound, 1) && compare(c, &v, more, bound, several);
    if (good && bound->steady)
        good = check(memcmp(one, more, v.n * sizeof *one) == 0,
                     "threads change nothing at all");
    free(one);
    free(more);
    free_values(&v);
    return good;
}

/* --- each way by force --- */

/* Cases of a way are the same whatever other ways there are. */
static DcnRandom
random_of(DcnConvMap map, const char *name)
{
    uint64_t stream = map;
    for (; *name; name++)
        stream = stream * 31 + (unsigned char)*name;
    return dcn_random_seed(22, stream);
}

static DcnBox
random_box(const DcnConv2d *conv, DcnRandom *random)
{
    const DcnWindow *w = &conv->window;
    int64_t map = random_between(random, 0, (int64_t)conv->maps - 1),
            row = random_between(random, 0, w->out[1] - 1);
    return (DcnBox){{map, row, 0},
                    {random_between(random, map + 1, (int64_t)conv->maps),
                     random_between(random, row + 1, w->out[1]), w->out[2]}};
}

static Case
random_case(DcnConvMap map,
            const DcnConvWay *way,
            const DcnConv2d *conv,
            DcnRandom *random)
{
    int64_t most = (int64_t)(MOST_WORK / work_of(conv));
    Case c = {.map = map, .way = way, .conv = *conv};
    c.images = (size_t)random_between(random, 1, most < 1 ? 1 : most > 33 ? 33 : most);
    if (random_between(random, 0, 1))
        c.images = (c.images - 1) % 3 + 1;
    c.use = (DcnConvUse){.images = c.images,
                         .training = random_between(random, 0, 1),
                         .forms = true,
                         .transform = random_between(random, 0, 1)};
    c.dead = random_between(random, 0, 3) == 0;
    if (map == DCN_CONV_WEIGHTS)
        return c;
    c.boxed = way->boxes && random_between(random, 0, 2) == 0;
    c.add = c.boxed || random_between(random, 0, 1);
    c.biased = !c.boxed && random_between(random, 0, 1);
    c.clamped = !c.boxed && random_between(random, 0, 1);
    c.box = random_box(conv, random);
    return c;
}

static void
each_way_gives_what_the_definition_gives(void)
{
    for (DcnConvMap map = 0; map < DCN_CONV_MAPS; map++) {
        const DcnConvWay *const *ways = dcn_conv_ways(map);
        for (size_t i = 0; ways[i]; i++) {
            DcnRandom random = random_of(map, ways[i]->name);
            size_t done = 0, boxed = 0, pays = 0;
            bool good = true;
            for (; good && done < CASES; done++) {
                DcnConv2d conv;
                if (!check(random_conv(ways[i], &random, &conv), "the way fits some"))
                    break;
                Case c = random_case(map, ways[i], &conv, &random);
                good = check_case(&c, &random);
                boxed += c.boxed;
                pays += !ways[i]->pays || ways[i]->pays(&conv, &c.use);
            }
            printf("# %s by %s: %zu cases, %zu with a box, %zu where it pays\n",
                   map_names[map], ways[i]->name, done, boxed, pays);
        }
    }
}

/* Several strips and blocks of whatever a way has. Not by Winograd's transforms forward:
 * the bounds are for sums over fewer channels. */
static void
each_way_gives_it_for_large_sizes(void)
{
    static const struct {
        int64_t channels, maps, in[2], kernel[2], stride, dilation, pads[4];
        size_t images;
    } sizes[] = {
        {300, 64, {60, 17}, {3, 3}, 1, 1, {1, 1, 1, 1}, 1},
        {70, 33, {4, 4}, {3, 3}, 1, 1, {1, 1, 1, 1}, 70},
        {48, 64, {50, 19}, {3, 3}, 1, 1, {1, 0, 0, 1}, 2},
        {70, 40, {9, 9}, {5, 3}, 1, 1, {2, 0, 1, 2}, 2},
        {24, 16, {11, 13}, {3, 2}, 1, 2, {0, 3, 4, 1}, 2},
        {17, 8, {4, 4}, {4, 4}, 1, 1, {5, 0, 0, 6}, 1},
        {40, 70, {70, 81}, {5, 5}, 2, 1, {2, 2, 2, 2}, 1},
        {3, 33, {90, 101}, {11, 11}, 4, 1, {2, 2, 2, 2}, 2},
    };
    DcnRandom random = dcn_random_seed(23, 0);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        DcnConv2d conv = conv_of(1, sizes[k].channels, sizes[k].maps);
        for (int axis = 1; axis < 3; axis++) {
            conv.window.in[axis] = sizes[k].in[axis - 1];
            conv.window.kernel[axis] = sizes[k].kernel[axis - 1];
            conv.window.stride[axis] = sizes[k].stride;
            conv.window.dilation[axis] = sizes[k].dilation;
            conv.window.begin[axis] = sizes[k].pads[axis - 1];
            conv.window.end[axis] = sizes[k].pads[axis + 1];
        }
        conv_set_out(&conv.window);
        for (DcnConvMap map = k > 0 ? 0 : DCN_CONV_WEIGHTS; map < DCN_CONV_MAPS; map++)
            for (size_t i = 0; dcn_conv_ways(map)[i]; i++) {
                Case c = {
                    .map = map,
                    .way = dcn_conv_ways(map)[i],
                    .conv = conv,
                    .images = sizes[k].images,
                    .use = {.images = sizes[k].images, .training = true, .forms = true}};
                if (c.way->fits(&conv) && !c.way->transforms && !check_case(&c, &random))
                    return;
            }
    }
}

/* --- forms --- */

/* Forms that were made for one size are run with at others, as in occlusion. */
static void
forms_serve_runs_of_any_size(void)
{
    static const Bound bound = {DCN_CONV_MAPS, "", 1e-6, 2e-5, false};
    DcnRandom random = dcn_random_seed(24, 0);
    for (int i = 0; i < 2 * CASES; i++) {
        DcnConv2d whole, part;
        const DcnConvMap map = (DcnConvMap)(i % 2);
        whole = kinds[dcn_random_below(&random, sizeof kinds / sizeof *kinds)](&random);
        conv_set_out(&whole.window);
        part = whole;
        for (int axis = 1; axis < 3; axis++) {
            DcnWindow *w = &part.window;
            w->in[axis] = random_between(&random, 1, w->in[axis]);
            w->begin[axis] = w->end[axis] = random_between(&random, 0, 3);
        }
        conv_set_out(&part.window);
        if (!has_windows(&whole.window) || !has_windows(&part.window))
            continue;
        DcnConvUse planned = {.images = (size_t)random_between(&random, 0, 2),
                              .ahead = random_between(&random, 0, 1),
                              .forms = true,
                              .transform = random_between(&random, 0, 3) > 0};
        Case c = {.map = map, .conv = part};
        c.images = (size_t)random_between(&random, 1, 9);
        c.use = (DcnConvUse){.images = planned.images ? c.images : 0,
                             .ahead = planned.ahead,
                             .forms = true};
        Values v = values_of(&c, &random);
        float *forms = new_lines(dcn_conv_forms(map, &whole, &planned));
        dcn_conv_prepare(map, &whole, &planned, v.w, forms);
        check(dcn_conv_forms_size(forms) == dcn_conv_forms(map, &whole, &planned),
              "forms know their size");
        float *got = run_case(&c, &v, forms, 1);
        bool good = compare(&c, &v, got, &bound, 1);
        free(got);
        free(forms);
        free_values(&v);
        if (!good)
            return;
    }
}

/* --- the choice --- */

typedef struct {
    DcnConvMap map;
    int64_t groups, channels, maps, side, kernel, stride;
    DcnConvUse use; /* by a plan */
    size_t images;
    bool boxed, narrow;
    const char *name;
} Choice;

static const char *
chosen(const Choice *c)
{
    static const DcnBox box = {{0}, {1, 1, 1}};
    DcnConv2d conv = conv_of((size_t)c->groups, c->channels, c->maps);
    for (int axis = 1; axis < 3; axis++) {
        conv.window.kernel[axis] = c->kernel;
        conv.window.stride[axis] = c->stride;
        conv.window.begin[axis] = conv.window.end[axis] = c->kernel / 2;
        conv.window.in[axis] = c->side;
    }
    conv_set_out(&conv.window);
    DcnConvSizes s = dcn_conv_sizes(&conv);
    float *w = calloc(s.weights, sizeof *w), *forms = NULL;
    size_t floats = dcn_conv_forms(c->map, &conv, &c->use), out = conv.maps * s.out;
    if (floats > 0) {
        forms = new_lines(floats);
        dcn_conv_prepare(c->map, &conv, &c->use, w, forms);
    }
    float *signal = calloc(out * c->images, sizeof *signal);
    for (size_t i = 0; i < out * c->images; i++)
        signal[i] = c->narrow ? i == 7 : 1;
    DcnImages y = {signal, out, 1, out};
    DcnConvRun run = {.conv = &conv,
                      .use = &c->use,
                      .images = c->images,
                      .y = &y,
                      .forms = forms,
                      .box = c->boxed ? &box : NULL,
                      .narrow = !c->use.training};
    const char *name = dcn_conv_choose(c->map, &run)->name;
    free(signal);
    free(forms);
    free(w);
    return name;
}

static void
the_first_that_fits_and_pays_is_chosen(void)
{
    static const DcnConvUse one = {.images = 1, .forms = true, .transform = true},
                            ahead = {.images = 1,
                                     .forms = true,
                                     .transform = true,
                                     .ahead = true},
                            any = {.forms = true, .transform = true},
                            small = {.images = 1, .forms = true}, plain = {.images = 1},
                            training = {
                                .training = true, .forms = true, .transform = true};
    const Choice choices[] = {
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "winograd"},
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, small, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, plain, 1, 0, 0, "columns"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, one, 1, 0, 0, "winograd2"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, any, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, any, 8, 0, 0, "winograd"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, one, 2, 0, 0,
         "columns"}, /* not planned */
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 1, 1, one, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 64, 1, 1, 56, 3, 1, one, 1, 0, 0, "depthwise"},
        {DCN_CONV_FORWARD, 32, 4, 4, 56, 3, 1, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 25, 16, 16, 14, 3, 2, any, 9, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 2, 64, 64, 28, 3, 1, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 128, 128, 28, 3, 2, one, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 3, 64, 224, 7, 2, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, one, 1, 0, 0, "one place"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, any, 2, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, plain, 1, 0, 0, "columns"},
        {DCN_CONV_FORWARD, 1, 3, 64, 224, 3, 1, one, 1, 0, 0, "packed"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, one, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, training, 1, 0, 0, "columns"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, training, 1, 0, 1, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 1, 0, "columns"},
        {DCN_CONV_BACK, 64, 1, 1, 56, 3, 1, one, 1, 0, 0, "depthwise"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 2, one, 1, 0, 0, "direct"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 2, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 3, 1, one, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 3, 1, ahead, 1, 0, 0, "columns"},
        {DCN_CONV_BACK, 1, 32, 64, 56, 4, 2, ahead, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, ahead, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 1, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 1, 1, ahead, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 3, 1, training, 1, 0, 0, "winograd"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 8, 3, 1, training, 1, 0, 0, "places"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 1, 1, training, 1, 0, 0, "places"},
        {DCN_CONV_WEIGHTS, 1, 3, 64, 56, 7, 2, training, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 64, 1, 1, 56, 3, 1, training, 1, 0, 0, "depthwise"},
    };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        char text[64];
        snprintf(text, sizeof text, "choice %zu, %s", i, map_names[choices[i].map]);
        if (strcmp(chosen(&choices[i]), choices[i].name) != 0)
            check_fail("%s: %s, not %s", text, chosen(&choices[i]), choices[i].name);
    }
}

CHECK_MAIN(CHECK_TEST(each_way_gives_what_the_definition_gives),
           CHECK_TEST(each_way_gives_it_for_large_sizes),
           CHECK_TEST(forms_serve_runs_of_any_size),
           CHECK_TEST(the_first_that_fits_and_pays_is_chosen))
