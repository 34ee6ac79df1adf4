/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back.c: each width of vectors that the processor has hands the signal of a max-pool
 * to the first maximum of every window. */
#include "ops/pool/max_back.h"
#include "check.h"
#include "trainer.h"
#include <math.h>
#include <stdlib.h>

#define MOST 80 /* along a row */

typedef struct {
    DcnMaxRows p;
    float x[12 * MOST], y[12 * MOST], dy[12 * MOST], dx[12 * MOST], wanted[12 * MOST];
    bool fresh, rectify;
} Case;

static int64_t
among(DcnRandom *random, int64_t low, int64_t high)
{
    return low + (int64_t)(dcn_random_below(random, (uint64_t)(high - low + 1)));
}

/* Windows that end inside the padding; false: there is none. */
static bool
settle(Case *c, DcnRandom *random)
{
    DcnWindow *w = &c->p.window;
    *w = (DcnWindow){.axes = 2};
    for (int axis = 0; axis < 3; axis++) {
        w->kernel[axis] = axis ? among(random, 1, 4) : 1;
        w->stride[axis] = axis ? among(random, 1, 4) : 1;
        w->dilation[axis] = axis == 2 ? among(random, 1, 2) : 1;
        w->begin[axis] = axis ? among(random, 0, w->kernel[axis] - 1) : 0;
        w->end[axis] = axis ? among(random, 0, w->kernel[axis] - 1) : 0;
        w->in[axis] = axis == 2 ? among(random, 1, MOST)
                      : axis    ? among(random, 1, 12)
                                : 1;
        int64_t extent = (w->kernel[axis] - 1) * w->dilation[axis] + 1,
                room = w->in[axis] + w->begin[axis] + w->end[axis] - extent;
        if (room < 0)
            return false;
        w->out[axis] = room / w->stride[axis] + 1;
    }
    return w->out[2] <= MOST && w->out[1] <= 12;
}

/* The plain definition. False: a window sees padding only, which no pool has. */
static bool
define(Case *c)
{
    const DcnWindow *w = &c->p.window;
    for (int64_t oy = 0; oy < w->out[1]; oy++)
        for (int64_t ox = 0; ox < w->out[2]; ox++) {
            int64_t best = -1, o = oy * w->out[2] + ox;
            for (int64_t ky = 0; ky < w->kernel[1]; ky++)
                for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
                    int64_t y = oy * w->stride[1] - w->begin[1] + ky;
                    int64_t x = ox * w->stride[2] - w->begin[2] + kx * w->dilation[2];
                    int64_t at = y * w->in[2] + x;
                    if (y < 0 || x < 0 || y >= w->in[1] || x >= w->in[2])
                        continue;
                    if (best < 0 || c->x[at] > c->x[best])
                        best = at;
                }
            if (best < 0)
                return false;
            c->y[o] = c->x[best];
            c->wanted[best] += c->dy[o];
        }
    return true;
}

static bool
make(Case *c, DcnRandom *random)
{
    if (!settle(c, random))
        return false;
    c->fresh = dcn_random_below(random, 2);
    c->rectify = c->fresh && dcn_random_below(random, 2);
    for (size_t i = 0; i < sizeof c->x / sizeof *c->x; i++) {
        c->x[i] = (float)dcn_random_below(random, 5); /* often equal */
        c->dy[i] =
            dcn_random_below(random, 3) ? (float)dcn_random_below(random, 9) - 4 : 0;
        c->wanted[i] = c->fresh ? 0 : 1;
    }
    if (!define(c))
        return false;
    for (size_t i = 0; c->rectify && i < sizeof c->x / sizeof *c->x; i++)
        c->wanted[i] = fmaxf(c->wanted[i], 0);
    return true;
}

static void
try_loop(Case *c, DcnMaxBackLoop *loop, float *scratch)
{
    const DcnWindow *w = &c->p.window;
    size_t n = (size_t)(w->in[1] * w->in[2]);
    for (size_t i = 0; i < n; i++)
        c->dx[i] = c->fresh ? NAN : 1;
    loop(&c->p,
         &(DcnMaxBack){.x = c->x,
                       .end = c->x + n,
                       .y = c->y,
                       .dy = c->dy,
                       .rows = {0, w->out[1]},
                       .dx = c->dx,
                       .fresh = c->fresh,
                       .rectify = c->rectify},
         scratch);
    check_floats(c->dx, c->wanted, n, 0); /* sums of small whole numbers */
}

static void
each_loop_finds_the_first_maximum(void)
{
    DcnRandom random = dcn_random_seed(5, 0);
    DcnMaxBackLoop *loops[DCN_MAX_BACK_LOOPS];
    size_t n = dcn_max_back_loops(loops), tried = 0;
    Case *c = malloc(sizeof *c);
    check(n > 0, "some loop runs");
    for (int i = 0; c && i < 3000; i++) {
        DcnSetup setup = {0};
        if (!make(c, &random) || !dcn_max_rows(&setup, &c->p) ||
            !dcn_max_back_fits(&c->p))
            continue;
        float *scratch = malloc(setup.scratch + dcn_max_back_scratch(&c->p));
        for (size_t k = 0; scratch && k < n; k++)
            try_loop(c, loops[k], scratch);
        tried += scratch != NULL;
        free(scratch);
    }
    check(tried > 1000, "there are cases");
    free(c);
}

CHECK_MAIN(CHECK_TEST(each_loop_finds_the_first_maximum))
