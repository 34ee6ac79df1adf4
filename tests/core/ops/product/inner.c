/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner.c: tests of the inner product, of the kernel of each kind of processor that this
 * one can stand for, and of the rows that are passed over. */
#include "ops/product/inner.h"
#include "check.h"
#include "trainer.h"
#include <float.h>
#include <math.h>
#include <string.h>

#define LONGEST 40
#define LDY (DCN_COLUMNS + 3)

static float panel[LONGEST * DCN_COLUMNS] __attribute__((aligned(64)));

/* A block of random size by one kernel against plain sums; what stands around the block
 * stays as it was. */
static void
one_block(const DcnInner *inner, DcnRandom *random)
{
    float packed[LONGEST * DCN_ROWS], bias[DCN_ROWS], y[DCN_ROWS * LDY],
        before[DCN_ROWS * LDY];
    uint32_t which[LONGEST];
    size_t k = dcn_random_below(random, LONGEST + 1), n = 0;
    size_t rows = 1 + dcn_random_below(random, DCN_ROWS);
    size_t columns = 1 + dcn_random_below(random, DCN_COLUMNS);
    bool some = dcn_random_below(random, 2), finished = dcn_random_below(random, 4) > 0;
    for (size_t i = 0; i < k; i++)
        if (!some || dcn_random_below(random, 2))
            which[n++] = (uint32_t)i;
    for (size_t i = 0; i < k * DCN_ROWS; i++)
        packed[i] = (float)dcn_random_unit(random) - 0.5f;
    for (size_t i = 0; i < k * DCN_COLUMNS; i++)
        panel[i] = (float)dcn_random_unit(random) - 0.5f;
    for (size_t i = 0; i < DCN_ROWS; i++)
        bias[i] = (float)dcn_random_unit(random) - 0.5f;
    for (size_t i = 0; i < DCN_ROWS * LDY; i++)
        y[i] = (float)dcn_random_unit(random) - 0.5f;
    memcpy(before, y, sizeof y);
    DcnFinish finish = {.bias = dcn_random_below(random, 2) ? bias : NULL,
                        .low = dcn_random_below(random, 2) ? 0 : -INFINITY,
                        .high = dcn_random_below(random, 2) ? 0.5f : INFINITY,
                        .add = dcn_random_below(random, 2)};
    inner->run(n, some ? which : NULL, packed, packed, panel, rows, columns, y, LDY,
               finished ? &finish : NULL);
    for (size_t r = 0; r < DCN_ROWS; r++)
        for (size_t j = 0; j < LDY; j++) {
            double sum = 0, size = 2;
            float was = before[r * LDY + j], got = y[r * LDY + j];
            if (r >= rows || j >= columns) {
                if (got != was)
                    check_fail("%s: wrote behind %zu x %zu, to %zu, %zu", inner->name,
                               rows, columns, r, j);
                continue;
            }
            for (size_t i = 0; i < n; i++) {
                double part = (double)packed[which[i] * DCN_ROWS + r] *
                              panel[which[i] * DCN_COLUMNS + j];
                sum += part;
                size += fabs(part);
            }
            if (finished) {
                sum += (finish.bias ? bias[r] : 0) + (finish.add ? was : 0);
                sum = fmin(finish.high, fmax(finish.low, sum));
            }
            check_near(got, sum, (double)(n + 2) * FLT_EPSILON * size, inner->name);
        }
}

static void
kernels_give_the_plain_sums(void)
{
    for (const DcnInner *inner = dcn_inners; inner->name; inner++) {
        DcnRandom random = dcn_random_seed(19, 0);
        for (int i = 0; inner->fits() && i < 2000; i++)
            one_block(inner, &random);
    }
}

static void
kernels_keep_what_is_not_a_number(void)
{
    for (const DcnInner *inner = dcn_inners; inner->name; inner++) {
        float packed[2 * DCN_ROWS] = {0}, y[DCN_COLUMNS];
        const DcnFinish finish = {.low = 0, .high = 6};
        if (!inner->fits())
            continue;
        memset(panel, 0, 2 * DCN_COLUMNS * sizeof *panel);
        packed[0] = INFINITY;
        packed[DCN_ROWS] = 1;
        panel[1] = 1;
        panel[2] = -1;
        panel[DCN_COLUMNS + 17] = NAN;
        inner->run(2, NULL, packed, packed, panel, 1, DCN_COLUMNS, y, DCN_COLUMNS,
                   &finish);
        check(isnan(y[0]) && isnan(y[17]), inner->name);
        check(y[1] == 6 && y[2] == 0, inner->name);
    }
}

static void
rows_that_are_zero_are_found(void)
{
    float panel[32 * DCN_COLUMNS];
    uint32_t which[32];
    for (size_t i = 0; i < 32 * DCN_COLUMNS; i++)
        panel[i] = -0.f;
    check(dcn_nonzero_rows(panel, 32, which) == 0, "none of zeroes");
    panel[5 * DCN_COLUMNS + 31] = 1e-40f; /* denormal, but not zero */
    panel[9 * DCN_COLUMNS] = NAN;
    check(dcn_nonzero_rows(panel, 32, which) == 2 && which[0] == 5 && which[1] == 9,
          "a denormal and a NaN live");
    for (size_t i = 0; i < 31; i++)
        panel[i * DCN_COLUMNS + i] = 1;
    check(dcn_nonzero_rows(panel, 32, which) == 32, "all but one are as good as all");
}

CHECK_MAIN(CHECK_TEST(kernels_give_the_plain_sums),
           CHECK_TEST(kernels_keep_what_is_not_a_number),
           CHECK_TEST(rows_that_are_zero_are_found))
