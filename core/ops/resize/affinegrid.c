/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AffineGrid (opset 20): the grid of a GridSample for an affine map of the plane or of
 * space. theta is N x 2 x 3 or N x 3 x 4, size (a constant) that of the picture wanted,
 * N x C x height x width or with a depth. A place whose centre is (x, y), from -1 to 1
 * across the picture or, with align_corners, from the first centre to the last, gets
 *
 *     theta (x, y, 1)
 *
 * Back, all methods: linear in theta. */
#include "ops/kit/common.h"

typedef struct {
    int axes;
    int64_t size[3]; /* the first is 1 where there are two axes */
    bool aligned;
} Params;

static bool
affinegrid_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *theta = setup->in[0];
    int64_t size[5];
    char text[128];
    int n = dcn_setup_ints(setup, 1, size, 5);
    if (n == -1)
        return false;
    p->axes = n - 2;
    p->aligned = dcn_node_int(setup->node, "align_corners", 0) != 0;
    if ((n != 4 && n != 5) || theta->rank != 3 || theta->dim[1] != p->axes ||
        theta->dim[2] != p->axes + 1)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "theta is %s for %d axes",
                              dcn_shape_print(theta, text), n - 2);
    DcnShape y = {.rank = n, .dim = {theta->dim[0]}};
    p->size[0] = 1;
    for (int i = 0; i < p->axes; i++)
        p->size[3 - p->axes + i] = y.dim[1 + i] = size[2 + i];
    y.dim[n - 1] = p->axes;
    size_t count;
    for (int i = 0; i < 3; i++)
        if (p->size[i] < 1 || p->size[i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an axis of %lld places",
                                  (long long)p->size[i]);
    if (!dcn_shape_elements(&y, &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the grid is too large");
    setup->out[0] = y;
    return true;
}

/* The coordinate of a place; of the only one, 0. */
static float
centre(const Params *p, int axis, int64_t place)
{
    float n = (float)p->size[axis], at = (float)place;
    if (p->aligned)
        return n > 1 ? 2 * at / (n - 1) - 1 : 0;
    return (2 * at + 1) / n - 1;
}

/* Calls with a grid's numbers at each place; theta and grid of one of N. */
static void
walk(const Params *p, float *theta, float *grid, bool back)
{
    for (int64_t z = 0; z < p->size[0]; z++)
        for (int64_t y = 0; y < p->size[1]; y++)
            for (int64_t x = 0; x < p->size[2]; x++) {
                float at[4] = {centre(p, 2, x), centre(p, 1, y), centre(p, 0, z), 1};
                at[p->axes] = 1;
                for (int i = 0; i < p->axes; i++, grid++) {
                    float *row = theta + i * (p->axes + 1), sum = 0;
                    for (int j = 0; j <= p->axes; j++)
                        if (back)
                            row[j] += *grid * at[j];
                        else
                            sum += row[j] * at[j];
                    if (!back)
                        *grid = sum;
                }
            }
}

static void
all_grids(const DcnCall *call, bool back)
{
    const Params *p = call->params;
    size_t numbers = (size_t)(p->axes * (p->axes + 1));
    size_t grids = call->in[0].count / numbers;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < grids; i++) {
            size_t at = i * (call->out[0].count / grids);
            if (back)
                walk(p, dcn_image_grad(&call->in[0], n) + i * numbers,
                     dcn_image_grad(&call->out[0], n) + at, true);
            else
                walk(p, dcn_image(&call->in[0], n) + i * numbers,
                     dcn_image(&call->out[0], n) + at, false);
        }
}

static void
affinegrid_forward(const DcnCall *call)
{
    all_grids(call, false);
}

static void
affinegrid_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        all_grids(call, true);
}

const DcnOp dcn_op_affinegrid = {
    .name = "AffineGrid",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = affinegrid_setup,
    .forward = affinegrid_forward,
    .back = DCN_BACK_ALL(affinegrid_back),
};
