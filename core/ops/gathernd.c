/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GatherND: the last axis of the indices holds tuples, and each tuple names a part of the
 * input. An input of 4 x 5 x 6 and indices of 7 x 2 give 7 x 6: for each tuple (a, b) the
 * row x[a][b]. The first batch_dims axes are common to both and are walked together.
 *
 * Back, all methods: linear, places named twice get both signals. */
#include "ops/kit/elements.h"

typedef struct {
    DcnElements elements;
    int common, tuple; /* axes walked together, axes that a tuple names */
    size_t inner;      /* elements of a part */
} Params;

static size_t
place(const void *params,
      const DcnShape *x,
      const DcnShape *index_shape,
      const DcnIntegers *index,
      size_t i)
{
    const Params *p = params;
    size_t which = i / p->inner;
    size_t each = dcn_shape_product(index_shape, p->common, index_shape->rank - 1);
    size_t at = which / each; /* of the common axes */
    for (int k = 0; k < p->tuple; k++) {
        int64_t dim = x->dim[p->common + k];
        at = at * (size_t)dim +
             dcn_index_at(index, which * (size_t)p->tuple + (size_t)k, dim);
    }
    return at * p->inner + i % p->inner;
}

static bool
gathernd_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->elements.place = place;
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    int64_t common = dcn_node_int(setup->node, "batch_dims", 0);
    int64_t tuple = index->rank > 0 ? index->dim[index->rank - 1] : 0;
    char text[2][128];
    bool fits = common >= 0 && common < index->rank && common <= x->rank && tuple >= 1 &&
                tuple <= x->rank - common;
    for (int i = 0; i < common && fits; i++)
        fits = x->dim[i] == index->dim[i];
    if (!fits || index->rank - 1 + x->rank - common - tuple > DCN_MAX_RANK)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "indices of %s do not fit an input of %s",
            dcn_shape_print(index, text[0]), dcn_shape_print(x, text[1]));
    p->common = (int)common;
    p->tuple = (int)tuple;
    int first = p->common + p->tuple;
    p->inner = dcn_shape_product(x, first, x->rank);
    DcnShape y = *index;
    y.rank = index->rank - 1;
    for (int i = first; i < x->rank; i++)
        y.dim[y.rank++] = x->dim[i];
    setup->out[0] = y;
    for (int i = 0; i < p->tuple; i++)
        if (!dcn_setup_indices(setup, 1, (size_t)i, (size_t)tuple, x->dim[p->common + i]))
            return false;
    return true;
}

const DcnOp dcn_op_gathernd = {
    .name = "GatherND",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = gathernd_setup,
    .forward = dcn_take_forward,
    .back = DCN_BACK_ALL(dcn_take_back),
    .constants.fold = dcn_take_fold,
};
