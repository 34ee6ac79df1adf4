/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ScatterND: the input with parts of it replaced. The last axis of the indices holds
 * tuples, and each tuple names a part of the input that gets its update. An input of 4 x
 * 5 x 6, indices of 7 x 2 and updates of 7 x 6: for each tuple (a, b) the row y[a][b].
 * reduction: added, multiplied, least, largest instead.
 *
 * Back, all methods: linear; what was written over gets nothing. */
#include "ops/kit/elements.h"

typedef struct {
    DcnElements elements;
    int tuple;    /* axes that a tuple names */
    size_t inner; /* elements of a part */
} Params;

static size_t
place(const void *params,
      const DcnShape *x,
      const DcnShape *index_shape,
      const DcnIntegers *index,
      size_t i)
{
    const Params *p = params;
    size_t which = i / p->inner, at = 0;
    (void)index_shape;
    for (int k = 0; k < p->tuple; k++)
        at = at * (size_t)x->dim[k] +
             dcn_index_at(index, which * (size_t)p->tuple + (size_t)k, x->dim[k]);
    return at * p->inner + i % p->inner;
}

static bool
scatternd_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->elements.place = place;
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    int64_t tuple = index->rank > 0 ? index->dim[index->rank - 1] : 0;
    char text[3][128];
    DcnShape wanted = *index;
    bool fits = tuple >= 1 && tuple <= x->rank &&
                index->rank - 1 + x->rank - tuple <= DCN_MAX_RANK;
    if (fits) {
        wanted.rank = index->rank - 1;
        for (int i = (int)tuple; i < x->rank; i++)
            wanted.dim[wanted.rank++] = x->dim[i];
    }
    if (!fits || !dcn_shape_equal(&wanted, setup->in[2]))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "indices of %s and updates of %s do not fit an input of %s",
                              dcn_shape_print(index, text[0]),
                              dcn_shape_print(setup->in[2], text[1]),
                              dcn_shape_print(x, text[2]));
    p->tuple = (int)tuple;
    p->inner = dcn_shape_product(x, p->tuple, x->rank);
    for (int i = 0; i < p->tuple; i++)
        if (!dcn_setup_indices(setup, 1, (size_t)i, (size_t)tuple, x->dim[i]))
            return false;
    return dcn_put_setup(setup, &p->elements);
}

const DcnOp dcn_op_scatternd = {
    .name = "ScatterND",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = scatternd_setup,
    .forward = dcn_put_forward,
    .back = DCN_BACK_ALL(dcn_put_back),
    .constants.fold = dcn_put_fold,
};
