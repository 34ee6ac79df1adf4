/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ways.c: each way of a convolution, forced in turn wherever it fits, also where it would
 * not pay, gives what the definition gives.
 *
 * A sum of n products of values below 1 grows as sqrt(n) / 3 and rounds by as many units
 * of its size at most. Winograd's transforms of tiles multiply by up to 10 and cancel
 * again, twice an axis, which leaves 4e-5 of the sum at worst for all kernels (3 x 3 as
 * 10 x 10); twice as much is allowed. Tiles of 2 x 2 only add up to four values: 1e-6 at
 * worst. */
#include "check.h"
#include "core/fixture/conv_case.h"
#include "core/fixture/conv_define.h"
#include "core/fixture/conv_kinds.h"
#include <float.h>
#include <stdlib.h>
#include <string.h>

#define CASES 120
#define MOST_WORK 4e6 /* products of a case that has several images */

/* What a way may be wrong by; of a name that is not here, the first. */
typedef struct {
    DcnConvMap map;
    const char *name;
    ConvBound bound;
    bool steady; /* the same bits with any number of threads */
} Bound;

static const Bound bounds[] = {
    {DCN_CONV_MAPS, "", {1e-6, 0}, false},
    {DCN_CONV_FORWARD, "winograd", {0, 2e-5}, false},
    {DCN_CONV_FORWARD, "winograd2", {0, 5e-7}, true},
    {DCN_CONV_FORWARD, "winograd lines", {0, 5e-6}, true},
    {DCN_CONV_FORWARD, "direct", {1e-6, 0}, true},
    {DCN_CONV_BACK, "direct", {1e-6, 0}, true},
    {DCN_CONV_BACK, "taps", {(double)FLT_EPSILON, 0}, true},
    {DCN_CONV_BACK, "turned", {1e-6, 2e-5}, false}, /* may be by winograd */
    {DCN_CONV_WEIGHTS, "winograd", {4e-6, 0}, true},
};

static const Bound *
bound_of(DcnConvMap map, const char *name)
{
    const Bound *bound = &bounds[0];
    for (size_t i = 1; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].map == map && strcmp(bounds[i].name, name) == 0)
            bound = &bounds[i];
    return bound;
}

/* With one thread and with several. */
static bool
check_case(const ConvCase *c, DcnRandom *random)
{
    const Bound *bound = bound_of(c->map, c->way->name);
    ConvValues v = conv_case_values(c, random);
    int several = (int)random_between(random, 2, 4);
    float *one = conv_case_run(c, &v, NULL, 1),
          *more = conv_case_run(c, &v, NULL, several);
    bool good = conv_case_compare(c, &v, one, &bound->bound, 1) &&
                conv_case_compare(c, &v, more, &bound->bound, several);
    if (good && bound->steady)
        good = check(memcmp(one, more, v.n * sizeof *one) == 0,
                     "threads change nothing at all");
    free(one);
    free(more);
    conv_values_free(&v);
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

static ConvCase
random_case(DcnConvMap map,
            const DcnConvWay *way,
            const DcnConv2d *conv,
            DcnRandom *random)
{
    int64_t most = (int64_t)(MOST_WORK / conv_work(conv));
    ConvCase c = {.map = map, .way = way, .conv = *conv};
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
                if (!check(conv_that_fits(ways[i], 4 * MOST_WORK, &random, &conv),
                           "the way fits some"))
                    break;
                ConvCase c = random_case(map, ways[i], &conv, &random);
                good = check_case(&c, &random);
                boxed += c.boxed;
                pays += !ways[i]->pays || ways[i]->pays(&conv, &c.use);
            }
            printf("# %s by %s: %zu cases, %zu with a box, %zu where it pays\n",
                   conv_map_names[map], ways[i]->name, done, boxed, pays);
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
                ConvCase c = {
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
    static const ConvBound bound = {1e-6, 2e-5};
    DcnRandom random = dcn_random_seed(24, 0);
    for (int i = 0; i < 2 * CASES; i++) {
        DcnConv2d whole, part;
        const DcnConvMap map = (DcnConvMap)(i % 2);
        whole = conv_of_any_kind(&random);
        part = whole;
        for (int axis = 1; axis < 3; axis++) {
            DcnWindow *w = &part.window;
            w->in[axis] = random_between(&random, 1, w->in[axis]);
            w->begin[axis] = w->end[axis] = random_between(&random, 0, 3);
        }
        conv_set_out(&part.window);
        if (!conv_has_windows(&whole.window) || !conv_has_windows(&part.window))
            continue;
        DcnConvUse planned = {.images = (size_t)random_between(&random, 0, 2),
                              .ahead = random_between(&random, 0, 1),
                              .forms = true,
                              .transform = random_between(&random, 0, 3) > 0};
        ConvCase c = {.map = map, .conv = part};
        c.images = (size_t)random_between(&random, 1, 9);
        c.use = (DcnConvUse){.images = planned.images ? c.images : 0,
                             .ahead = planned.ahead,
                             .forms = true};
        ConvValues v = conv_case_values(&c, &random);
        float *forms = conv_new_lines(dcn_conv_forms(map, &whole, &planned));
        dcn_conv_prepare(map, &whole, &planned, v.w, forms);
        check(dcn_conv_forms_size(forms) == dcn_conv_forms(map, &whole, &planned),
              "forms know their size");
        float *got = conv_case_run(&c, &v, forms, 1);
        bool good = conv_case_compare(&c, &v, got, &bound, 1);
        free(got);
        free(forms);
        conv_values_free(&v);
        if (!good)
            return;
    }
}

CHECK_MAIN(CHECK_TEST(each_way_gives_what_the_definition_gives),
           CHECK_TEST(each_way_gives_it_for_large_sizes),
           CHECK_TEST(forms_serve_runs_of_any_size))
