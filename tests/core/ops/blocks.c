/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators that move or repeat elements, and pools by norms, by numbers that can be
 * checked by hand. */
#include "check.h"
#include "core/fixture/op_expect.h"

static void
channels_become_squares_of_places(void)
{
    OpRun run;
    static const char *const modes[] = {"DCR", "CRD"};
    for (int i = 0; i < 2; i++) {
        float *dcr = FLOATS(0, 2, 4, 6, 1, 3, 5, 7),
              *crd = FLOATS(0, 1, 2, 3, 4, 5, 6, 7);
        op_begin(&run, "DepthToSpace", 13);
        op_int(&run, "blocksize", 2);
        op_string(&run, "mode", modes[i]);
        op_input(&run, 4, DIMS(1, 8, 1, 1), FLOATS(0, 1, 2, 3, 4, 5, 6, 7));
        op_gives(&run, 4, DIMS(1, 2, 2, 2), i ? crd : dcr);
    }
    op_begin(&run, "DepthToSpace", 13);
    op_int(&run, "blocksize", 2);
    op_input(&run, 4, DIMS(1, 6, 1, 1), NULL);
    op_refuses(&run, "6 channels do not make squares of 2 x 2");
}

static void
squares_of_places_become_channels(void)
{
    OpRun run;
    op_begin(&run, "SpaceToDepth", 13);
    op_int(&run, "blocksize", 2);
    op_input(&run, 4, DIMS(1, 1, 2, 4), FLOATS(0, 1, 2, 3, 4, 5, 6, 7));
    op_gives(&run, 4, DIMS(1, 4, 1, 2), FLOATS(0, 2, 1, 3, 4, 6, 5, 7));
    op_begin(&run, "SpaceToDepth", 13);
    op_int(&run, "blocksize", 2);
    op_input(&run, 4, DIMS(1, 1, 3, 4), NULL);
    op_refuses(&run, "cannot be cut into squares of 2 x 2");
}

static void
tiles_are_repeated_and_their_signals_summed(void)
{
    OpRun run;
    for (int way = 0; way < 2; way++) {
        op_begin(&run, "Tile", 13);
        op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
        op_list(&run, 2, DIMS(2, 2));
        if (way == 0)
            op_gives(&run, 2, DIMS(2, 4), FLOATS(1, 2, 1, 2, 1, 2, 1, 2));
        else
            op_brings(&run, DCN_GRADIENT, FLOATS(1, 2, 3, 4, 5, 6, 7, 8), FLOATS(16, 20));
    }
    op_begin(&run, "Tile", 13);
    op_input(&run, 2, DIMS(1, 2), NULL);
    op_list(&run, 2, DIMS(2, -1));
    op_refuses(&run, "axis 1 is repeated -1 times");
}

static void
triangles_lie_above_or_below_a_diagonal(void)
{
    OpRun run;
    const float *x = FLOATS(1, 2, 3, 4, 5, 6);
    op_begin(&run, "Trilu", 14);
    op_input(&run, 2, DIMS(2, 3), x);
    op_list(&run, 1, DIMS(1));
    op_gives(&run, 2, DIMS(2, 3), FLOATS(0, 2, 3, 0, 0, 6));
    op_begin(&run, "Trilu", 14);
    op_int(&run, "upper", 0);
    op_input(&run, 2, DIMS(2, 3), x);
    op_gives(&run, 2, DIMS(2, 3), FLOATS(1, 0, 0, 4, 5, 0));
    op_begin(&run, "Trilu", 14); /* a diagonal far outside */
    op_input(&run, 2, DIMS(2, 3), x);
    op_list(&run, 1, DIMS(INT64_MIN));
    op_gives(&run, 2, DIMS(2, 3), x);
}

static void
pools_by_norms(void)
{
    OpRun run;
    op_begin(&run, "LpPool", 11);
    op_ints(&run, "kernel_shape", 1, DIMS(2));
    op_ints(&run, "pads", 2, DIMS(1, 0));
    op_input(&run, 3, DIMS(1, 1, 3), FLOATS(3, -4, 0));
    op_gives(&run, 3, DIMS(1, 1, 3), FLOATS(3, 5, 4));
    op_begin(&run, "GlobalLpPool", 11);
    op_int(&run, "p", 3);
    op_input(&run, 3, DIMS(1, 2, 3), FLOATS(3, -4, 5, 1, 0, 0)); /* 27 + 64 + 125 = 6^3 */
    op_gives(&run, 3, DIMS(1, 2, 1), FLOATS(6, 1));
    op_begin(&run, "GlobalLpPool", 11);
    op_input(&run, 3, DIMS(1, 2, 2), FLOATS(3, -4, 0, 0));
    op_brings(&run, DCN_DECONVNET, FLOATS(10, 10), FLOATS(6, -8, 0, 0));
    op_begin(&run, "GlobalLpPool", 11);
    op_int(&run, "p", 0);
    op_input(&run, 3, DIMS(1, 2, 2), NULL);
    op_refuses(&run, "p is 0");
}

CHECK_MAIN(CHECK_TEST(channels_become_squares_of_places),
           CHECK_TEST(squares_of_places_become_channels),
           CHECK_TEST(tiles_are_repeated_and_their_signals_summed),
           CHECK_TEST(triangles_lie_above_or_below_a_diagonal),
           CHECK_TEST(pools_by_norms))
