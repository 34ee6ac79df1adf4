/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trilu: the triangle of each matrix above (upper = 1) or below its diagonal k, with it;
 * the rest is 0. k counts to the right: 1 is the diagonal above the main one. Back, all
 * methods: the signal of the triangle. */
#include "ops/kit/common.h"
#include <string.h>

typedef struct {
    int64_t rows, columns, k;
    bool upper;
} Params;

static bool
trilu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (x->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s and no matrix",
                              dcn_shape_print(x, text));
    int n = dcn_setup_ints(setup, 1, &p->k, 1);
    if (n == -1)
        return false;
    p->rows = x->dim[x->rank - 2];
    p->columns = x->dim[x->rank - 1];
    /* A k further away gives the same as one just outside of the matrix. */
    p->k = n < 1 ? 0 : dcn_max_i64(-p->rows, dcn_min_i64(p->k, p->columns));
    p->upper = dcn_node_int(setup->node, "upper", 1) != 0;
    return dcn_setup_same(setup);
}

/* The columns of a row that are kept. */
static void
kept(const Params *p, size_t row, size_t *begin, size_t *end)
{
    int64_t diagonal = (int64_t)(row % (size_t)dcn_max_i64(p->rows, 1)) + p->k;
    int64_t first = p->upper ? diagonal : 0, last = p->upper ? p->columns : diagonal + 1;
    *begin = (size_t)dcn_max_i64(0, dcn_min_i64(first, p->columns));
    *end = (size_t)dcn_max_i64(0, dcn_min_i64(last, p->columns));
}

static void
trilu_forward(const DcnCall *call)
{
    const Params *p = call->params;
    size_t columns = (size_t)p->columns, begin, end;
    for (size_t n = 0; n < call->batch && columns > 0; n++) {
        const char *from = dcn_image_bytes(call, &call->in[0], n);
        char *to = dcn_image_bytes(call, &call->out[0], n);
        memset(to, 0, call->out[0].count * call->element);
        for (size_t row = 0; row < call->out[0].count / columns; row++) {
            kept(p, row, &begin, &end);
            size_t at = (row * columns + begin) * call->element;
            if (begin < end)
                memcpy(to + at, from + at, (end - begin) * call->element);
        }
    }
}

static void
trilu_back(const DcnCall *call)
{
    const Params *p = call->params;
    size_t columns = (size_t)p->columns, begin, end;
    if (!dcn_wants_back(call, 0))
        return;
    for (size_t n = 0; n < call->batch && columns > 0; n++)
        for (size_t row = 0; row < call->out[0].count / columns; row++) {
            kept(p, row, &begin, &end);
            for (size_t i = row * columns + begin; i < row * columns + end; i++)
                dcn_image_grad(&call->in[0], n)[i] += dcn_image_grad(&call->out[0], n)[i];
        }
}

const DcnOp dcn_op_trilu = {
    .name = "Trilu",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = trilu_setup,
    .forward = trilu_forward,
    .back = DCN_BACK_ALL(trilu_back),
    .reach.ahead = dcn_reach_same,
    .reach.back = dcn_reach_back_same,
    .constants.moves = true,
};
