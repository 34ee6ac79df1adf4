/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_rows.c: each loop over rows, for vectors of any width, gives the plain sums and
 * writes nothing else. */
#include "ops/conv/depthwise_rows.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TAPS 9
#define GUARD 16

typedef struct {
    DcnRows rows;
    DcnTaps taps[MOST_TAPS];
    float *from, *weights, *to; /* what is there before, and guards around it */
    size_t from_floats, weights_n, to_floats;
} Case;

static Case
random_case(DcnRandom *random)
{
    Case c = {.rows = {.n_taps = (size_t)random_between(random, 0, MOST_TAPS),
                       .rows = (size_t)random_between(random, 1, 30),
                       .columns = (size_t)random_between(random, 1, 50),
                       .start = (float)random_between(random, -3, 3),
                       .low = random_between(random, 0, 1) ? -2 : -INFINITY,
                       .high = random_between(random, 0, 1) ? 3 : INFINITY,
                       .add = random_between(random, 0, 1)}};
    DcnRows *r = &c.rows;
    r->step = r->columns;
    r->width = r->columns + (size_t)random_between(random, 0, 9);
    size_t farthest = 0;
    for (size_t t = 0; t < r->n_taps; t++) {
        DcnTaps *taps = &c.taps[t];
        taps->height = (size_t)random_between(random, 1, DCN_TALLEST);
        taps->at = (size_t)random_between(random, 0, 4 * (int64_t)r->width);
        taps->next = random_between(random, -3, 3);
        taps->weight = 3 * (int64_t)DCN_TALLEST + random_between(random, 0, 20);
        size_t end = taps->at + taps->height * r->width;
        farthest = end > farthest ? end : farthest;
    }
    c.weights_n = 6 * DCN_TALLEST + 24;
    c.from_floats =
        farthest + (r->rows + DCN_ROWS_BEHIND) * r->width + r->columns + DCN_BEHIND;
    c.to_floats = r->rows * r->step + 2 * GUARD;
    c.from = random_floats(random, c.from_floats);
    c.weights = random_floats(random, c.weights_n);
    c.to = random_floats(random, c.to_floats);
    return c;
}

static double
wanted_at(const Case *c, size_t y, size_t x)
{
    const DcnRows *r = &c->rows;
    double sum = (double)r->start;
    for (size_t t = 0; t < r->n_taps; t++)
        for (size_t k = 0; k < c->taps[t].height; k++)
            sum += (double)c->from[(y + k) * r->width + x + c->taps[t].at] *
                   (double)c->weights[c->taps[t].weight + (ptrdiff_t)k * c->taps[t].next];
    if (r->add)
        sum += (double)c->to[GUARD + y * r->step + x];
    return fmin((double)r->high, fmax((double)r->low, sum));
}

static bool
check_loop(const Case *c, DcnRowsLoop *loop, size_t number)
{
    const DcnRows *r = &c->rows;
    float *to = malloc(c->to_floats * sizeof *to);
    memcpy(to, c->to, c->to_floats * sizeof *to);
    DcnRows run = *r;
    run.taps = c->taps;
    run.from = c->from;
    run.weights = c->weights;
    run.to = to + GUARD;
    loop(&run);
    size_t end = c->to_floats - GUARD;
    bool good = check(memcmp(to, c->to, GUARD * sizeof *to) == 0 &&
                          memcmp(to + end, c->to + end, GUARD * sizeof *to) == 0,
                      "nothing is written outside");
    for (size_t i = 0; good && i < r->rows * r->columns; i++) {
        double wanted = wanted_at(c, i / r->columns, i % r->columns),
               got = (double)to[GUARD + i];
        if (!(fabs(got - wanted) <= 50 * (double)FLT_EPSILON * 50)) {
            check_fail("loop %zu, %zu x %zu places, %zu taps: [%zu] is %g, not %g",
                       number, r->rows, r->columns, r->n_taps, i, got, wanted);
            good = false;
        }
    }
    free(to);
    return good;
}

/* At most 45 products below 1, a number up to 3 and one below 1: 50 roundings of 50. */
static void
each_loop_gives_plain_sums(void)
{
    DcnRandom random = dcn_random_seed(31, 0);
    DcnRowsLoop *loops[DCN_ROWS_LOOPS];
    size_t n = dcn_rows_loops(loops);
    bool good = check(n > 0, "some loop runs");
    for (int i = 0; good && i < 600; i++) {
        Case c = random_case(&random);
        for (size_t k = 0; good && k < n; k++)
            good = check_loop(&c, loops[k], k);
        free(c.from);
        free(c.weights);
        free(c.to);
    }
}

static void
not_a_number_stays(void)
{
    DcnRowsLoop *loops[DCN_ROWS_LOOPS];
    size_t n = dcn_rows_loops(loops);
    float from[4 * 20 + 64], to[20], weight = 1;
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        from[i] = i % 2 ? NAN : 7;
    DcnTaps taps = {0, 1, 0, 0};
    for (size_t k = 0; k < n; k++) {
        loops[k](&(DcnRows){.taps = &taps,
                            .n_taps = 1,
                            .weights = &weight,
                            .from = from,
                            .width = 20,
                            .to = to,
                            .step = 20,
                            .rows = 1,
                            .columns = 20,
                            .low = 0,
                            .high = 6});
        for (size_t i = 0; i < 20; i++)
            check(i % 2 ? isnan(to[i]) : to[i] == 6, "NaN stays NaN");
    }
}

CHECK_MAIN(CHECK_TEST(each_loop_gives_plain_sums), CHECK_TEST(not_a_number_stays))
