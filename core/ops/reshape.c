/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reshape: the same elements in another shape. 0 takes over the size of that axis (with
 * allowzero it is 0), one -1 is what remains. Shapes are those of one image: where the
 * file fixes a batch, its lists hold that batch as a size or as a factor of one, and it is
 * divided out. In a file of 2 images that are cut into 64 windows of 49 places, a list of
 * 128 x 49 x 96 means 64 x 49 x 96. */
#include "ops/kit/common.h"

/* How many edges of the axes of x are edges of y too: of 50 x 1 x 768 and 50 x 12 x 64
 * the one behind 50 elements and the last. */
static int
common_edges(const DcnShape *x, const DcnShape *y)
{
    int common = 0;
    for (int i = 0, k = 0; i < y->rank; i++) {
        size_t edge = dcn_shape_product(y, 0, i + 1);
        while (k < x->rank && dcn_shape_product(x, 0, k + 1) < edge)
            k++;
        common += k < x->rank && dcn_shape_product(x, 0, k + 1) == edge;
    }
    return common;
}

/* Divides the batch out of y, which has that many times the elements of x. Of several
 * axes that it divides, it is the one that leaves the most edges where they were. */
static void
divide_batch(const DcnShape *x, DcnShape *y, int64_t batch)
{
    int best = -1, most = -1;
    for (int i = 0; i < y->rank; i++) {
        DcnShape divided = *y;
        divided.dim[i] /= batch;
        int common = y->dim[i] % batch == 0 ? common_edges(x, &divided) : -1;
        if (common > most) {
            most = common;
            best = i;
        }
    }
    if (best >= 0)
        y->dim[best] /= batch;
}

static bool
reshape_setup(DcnSetup *setup)
{
    const DcnShape *x = setup->in[0];
    int64_t list[DCN_MAX_RANK];
    char text[128];
    int n = dcn_setup_ints(setup, 1, list, DCN_MAX_RANK);
    if (n < 0)
        return n == -2 && dcn_setup_fail(setup, DCN_ERROR_FORMAT, "the shape is missing");
    bool allow_zero = dcn_node_int(setup->node, "allowzero", 0) != 0;
    size_t count, known = 1;
    int open = -1;
    bool all_said = true;
    if (!dcn_shape_elements(x, &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is too large");
    for (int i = 0; i < n; i++)
        all_said &= list[i] != -1;
    if (n > 0 && !all_said && setup->file_batch > 1 && list[0] == setup->file_batch &&
        !setup->value[0])
        list[0] = 1;
    DcnShape y = {.rank = n};
    for (int i = 0; i < n; i++) {
        y.dim[i] = list[i];
        if (list[i] == 0 && !allow_zero) {
            if (i >= x->rank)
                return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                      "0 stands for axis %d of an input of %s", i,
                                      dcn_shape_print(x, text));
            y.dim[i] = x->dim[i];
        } else if (list[i] == -1 && open < 0) {
            open = i;
            y.dim[i] = 1;
        } else if (list[i] < 0) {
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "the shape holds %lld",
                                  (long long)list[i]);
        }
    }
    bool fits = dcn_shape_elements(&y, &known);
    if (fits && open >= 0) {
        fits = known > 0 && count % known == 0;
        y.dim[open] = fits ? (int64_t)(count / known) : -1;
        known = count;
    }
    size_t batch = (size_t)setup->file_batch;
    if (fits && batch > 1 && !setup->value[0] && known % batch == 0 &&
        known / batch == count) {
        divide_batch(x, &y, setup->file_batch);
        fits = dcn_shape_elements(&y, &known);
    }
    if (!fits || known != count) {
        char wanted[128];
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%s cannot become %s",
                              dcn_shape_print(x, text), dcn_shape_print(&y, wanted));
    }
    setup->out[0] = y;
    return true;
}

const DcnOp dcn_op_reshape = {
    .name = "Reshape",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .setup = reshape_setup,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .constants.moves = true,
};
