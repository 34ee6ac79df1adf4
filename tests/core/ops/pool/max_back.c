/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back.c: each loop of the way back of max-pools, for vectors of any width, gives each
 * window's signal to the first place that is its maximum, and writes nothing else. */
#include "ops/pool/max_back.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GUARD 16

typedef struct {
    DcnMaxRows p;
    size_t in, out, scratch; /* floats of x and y; bytes */
    float *x, *y, *dy, *dx;  /* dx: what is there before, guards around it */
    double *wanted;
    bool fresh, rectify;
    int64_t rows[2];
} Case;

static DcnWindow
random_window(DcnRandom *random)
{
    DcnWindow w = {.axes = 2,
                   .in = {1, 0, 0},
                   .kernel = {1, 0, 0},
                   .stride = {1, 0, 0},
                   .dilation = {1, 1, 1},
                   .out = {1, 0, 0}};
    w.dilation[2] = random_between(random, 1, 2);
    for (int axis = 1; axis < 3; axis++) {
        w.kernel[axis] = random_between(random, 1, 4);
        w.stride[axis] = random_between(random, 1, 3);
        int64_t extent = (w.kernel[axis] - 1) * w.dilation[axis] + 1;
        w.in[axis] = extent + random_between(random, 0, 45);
        /* so that each window sees something */
        w.begin[axis] = w.end[axis] = random_between(random, 0, w.kernel[axis] / 2);
        w.out[axis] = (w.in[axis] + 2 * w.begin[axis] - extent) / w.stride[axis] + 1;
    }
    return w;
}

/* The place of element (ky, kx) of a window; -1: it is outside. */
static int64_t
place_of(const DcnWindow *w, int64_t oy, int64_t ox, int64_t ky, int64_t kx)
{
    int64_t y = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1],
            x = ox * w->stride[2] - w->begin[2] + kx * w->dilation[2];
    return y < 0 || y >= w->in[1] || x < 0 || x >= w->in[2] ? -1 : y * w->in[2] + x;
}

static void
run_plainly(Case *c)
{
    const DcnWindow *w = &c->p.window;
    for (size_t i = 0; i < c->in; i++)
        c->wanted[i] = 0;
    for (int64_t oy = 0; oy < w->out[1]; oy++)
        for (int64_t ox = 0; ox < w->out[2]; ox++) {
            int64_t best = -1, o = oy * w->out[2] + ox;
            for (int64_t k = 0; k < w->kernel[1] * w->kernel[2]; k++) {
                int64_t at = place_of(w, oy, ox, k / w->kernel[2], k % w->kernel[2]);
                if (at >= 0 && (best < 0 || c->x[at] > c->x[best]))
                    best = at;
            }
            c->y[o] = c->x[best];
            if (oy >= c->rows[0] && oy < c->rows[1])
                c->wanted[best] += (double)c->dy[o];
        }
    for (size_t i = 0; i < c->in; i++) {
        if (c->fresh && c->rectify && c->wanted[i] < 0)
            c->wanted[i] = 0;
        if (!c->fresh)
            c->wanted[i] += (double)c->dx[GUARD + i];
    }
}

static Case
random_case(DcnRandom *random)
{
    Case c = {.p = {.window = random_window(random)}};
    const DcnWindow *w = &c.p.window;
    DcnSetup setup = {0};
    check(dcn_max_rows(&setup, &c.p) && dcn_max_back_fits(&c.p), "such windows fit");
    c.scratch = setup.scratch + dcn_max_back_scratch(&c.p);
    c.in = (size_t)(w->in[1] * w->in[2]);
    c.out = (size_t)(w->out[1] * w->out[2]);
    c.x = random_floats(random, c.in);
    c.dy = random_floats(random, c.out);
    c.dx = random_floats(random, c.in + 2 * GUARD);
    c.y = malloc(c.out * sizeof *c.y);
    c.wanted = malloc(c.in * sizeof *c.wanted);
    for (size_t i = 0; i < c.in; i++)
        c.x[i] = (float)random_between(random, 0, 4); /* some are equal */
    for (size_t i = 0; i < c.out; i++)
        c.dy[i] = random_between(random, 0, 2) ? c.dy[i] : 0;
    c.fresh = random_between(random, 0, 1);
    c.rectify = random_between(random, 0, 1);
    c.rows[0] = random_between(random, 0, 1) ? 0 : w->out[1] / 3;
    c.rows[1] = random_between(random, 0, 1) ? w->out[1] : (w->out[1] + 1) / 2;
    run_plainly(&c);
    return c;
}

static bool
check_loop(const Case *c, DcnMaxBackLoop *loop, size_t number)
{
    float *dx = malloc((c->in + 2 * GUARD) * sizeof *dx), *scratch = malloc(c->scratch);
    memcpy(dx, c->dx, (c->in + 2 * GUARD) * sizeof *dx);
    loop(&c->p,
         &(DcnMaxBack){.x = c->x,
                       .end = c->x + c->in,
                       .y = c->y,
                       .dy = c->dy,
                       .rows = {c->rows[0], c->rows[1]},
                       .dx = dx + GUARD,
                       .fresh = c->fresh,
                       .rectify = c->rectify},
         scratch);
    bool good = true;
    for (size_t i = 0; i < c->in + 2 * GUARD; i++) {
        double wanted =
            i < GUARD || i >= GUARD + c->in ? (double)c->dx[i] : c->wanted[i - GUARD];
        /* up to sixteen windows add, of signals up to one */
        good = good && fabs((double)dx[i] - wanted) <= 16 * 0x1p-22;
    }
    const DcnWindow *w = &c->p.window;
    if (!good)
        check_fail(
            "loop %zu: %lld x %lld, kernel %lld x %lld, stride %lld x %lld, padding "
            "%lld and %lld, dilation %lld, %s",
            number, (long long)w->in[1], (long long)w->in[2], (long long)w->kernel[1],
            (long long)w->kernel[2], (long long)w->stride[1], (long long)w->stride[2],
            (long long)w->begin[1], (long long)w->begin[2], (long long)w->dilation[2],
            c->fresh ? "fresh" : "added");
    free(dx);
    free(scratch);
    return good;
}

static void
each_loop_hands_signals_to_the_first_maximum(void)
{
    DcnRandom random = dcn_random_seed(7, 0);
    DcnMaxBackLoop *loops[DCN_MAX_BACK_LOOPS];
    size_t n = dcn_max_back_loops(loops);
    bool good = true;
    for (int i = 0; i < 400 && good; i++) {
        Case c = random_case(&random);
        for (size_t l = 0; l < n; l++)
            good = check_loop(&c, loops[l], l) && good;
        free(c.x);
        free(c.y);
        free(c.dy);
        free(c.dx);
        free(c.wanted);
    }
}

CHECK_MAIN(CHECK_TEST(each_loop_hands_signals_to_the_first_maximum))
