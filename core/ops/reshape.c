/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reshape: the same elements in another shape. 0 takes over the size of that axis (with
 * allowzero it is 0), one -1 is what remains. Where the file fixes a batch, a shape that
 * begins with it or with 1 keeps the plan's batch: shapes are those of one image. */
#include "ops/kit/common.h"

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
    if (!dcn_shape_elements(x, &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is too large");
    if (n > 0 && setup->file_batch > 1 && list[0] == setup->file_batch &&
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
