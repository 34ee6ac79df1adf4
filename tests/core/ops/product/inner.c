/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner.c: tests of the rows that the inner product passes over. */
#include "ops/product/inner.h"
#include "check.h"
#include <math.h>

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

CHECK_MAIN(CHECK_TEST(rows_that_are_zero_are_found))
