/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MatMul: y = a b, matrix by matrix, as NumPy's matmul: axes before the last two are
 * broadcast; a vector is a matrix of one row (a) or column (b).
 *
 * Back, all methods: linear in each, da += dy b^T, db += a^T dy, summed where
 * broadcast. */
#include "ops/product/panel_product.h"

typedef struct {
    size_t m, n, k;
    size_t work_rows[2];      /* see DcnProduct: forward, and back to a */
    size_t matrices;          /* of y, in one image */
    int rank;                 /* axes that count them */
    bool panels;              /* b is weights, and is laid out once a plan */
    bool places;              /* a is a picture, whose places are rows of one matrix */
    size_t dim[DCN_MAX_RANK]; /* of y */
    size_t a_step[DCN_MAX_RANK], b_step[DCN_MAX_RANK]; /* in matrices; 0: broadcast */
} Params;

/* Axes before the matrix, and how many matrices each step of one skips. */
static void
steps_of(const DcnShape *operand, const DcnShape *batch, size_t step[DCN_MAX_RANK])
{
    size_t matrices = 1;
    for (int i = batch->rank - 1, j = operand->rank - 1; i >= 0; i--, j--) {
        size_t dim = j >= 0 ? (size_t)operand->dim[j] : 1;
        step[i] = dim > 1 ? matrices : 0;
        matrices *= dim;
    }
}

static bool
matmul_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *a = setup->in[0], *b = setup->in[1];
    char text[2][128];
    dcn_shape_print(a, text[0]);
    dcn_shape_print(b, text[1]);
    if (a->rank < 1 || b->rank < 1)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "inputs are %s and %s where matrices are needed", text[0],
                              text[1]);
    bool row = a->rank == 1, column = b->rank == 1;
    int64_t m = row ? 1 : a->dim[a->rank - 2], k = a->dim[a->rank - 1];
    int64_t n = column ? 1 : b->dim[b->rank - 1], k_b = b->dim[column ? 0 : b->rank - 2];
    DcnShape a_batch = {.rank = row ? 0 : a->rank - 2};
    DcnShape b_batch = {.rank = column ? 0 : b->rank - 2}, batch;
    for (int i = 0; i < a_batch.rank; i++)
        a_batch.dim[i] = a->dim[i];
    for (int i = 0; i < b_batch.rank; i++)
        b_batch.dim[i] = b->dim[i];
    if (k != k_b || !dcn_shape_broadcast(&a_batch, &b_batch, &batch))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit",
                              text[0], text[1]);
    if (b_batch.rank == 0 && !row) { /* one b for all: their rows are one matrix */
        m = (int64_t)dcn_shape_product(a, 0, a->rank - 1);
        a_batch.rank = 0;
    }
    DcnShape y = batch;
    if (!row)
        y.dim[y.rank++] = a->dim[a->rank - 2];
    if (!column)
        y.dim[y.rank++] = n;
    if (a_batch.rank == 0)
        batch = b_batch;
    if (!dcn_setup_matrix(setup, m) || !dcn_setup_matrix(setup, n) ||
        !dcn_setup_matrix(setup, k))
        return false;
    p->m = (size_t)m;
    p->n = (size_t)n;
    p->k = (size_t)k;
    p->rank = batch.rank;
    p->places = a->rank == 4 && b->rank == 2;
    p->matrices = dcn_shape_product(&batch, 0, batch.rank);
    for (int i = 0; i < batch.rank; i++)
        p->dim[i] = (size_t)batch.dim[i];
    steps_of(&a_batch, &batch, p->a_step);
    steps_of(&b_batch, &batch, p->b_step);
    setup->out[0] = y;
    p->panels = !setup->backward && !setup->training && b->rank == 2 && !row &&
                dcn_panels_pay(p->m, p->n, p->k);
    size_t images = p->matrices == 1 || setup->batch == 0 ? setup->batch : 1;
    p->work_rows[0] = dcn_setup_product(setup, images, p->m, p->n, p->k);
    if (setup->backward || setup->training)
        p->work_rows[1] = dcn_setup_product(setup, images, p->m, p->k, p->n);
    return true;
}

static void
matrices_at(const Params *p, size_t index, size_t *a, size_t *b)
{
    *a = *b = 0;
    for (int i = p->rank - 1; i >= 0; i--) {
        size_t at = index % p->dim[i];
        index /= p->dim[i];
        *a += at * p->a_step[i];
        *b += at * p->b_step[i];
    }
    *a *= p->m * p->k;
    *b *= p->k * p->n;
}

/* Images whose rows lie below each other and that share b are one product. */
static bool
merge_images(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *a = &call->in[0], *y = &call->out[0];
    return p->matrices == 1 && a->stride == a->count && y->stride == y->count &&
           call->in[1].stride == 0 && call->batch * p->m <= INT32_MAX;
}

static void
matmul_forward(const DcnCall *call)
{
    const Params *p = call->params;
    bool merged = merge_images(call);
    for (size_t image = 0; image < (merged ? 1 : call->batch); image++)
        for (size_t i = 0; i < p->matrices; i++) {
            size_t a, b;
            matrices_at(p, i, &a, &b);
            dcn_product(call->context,
                        &(DcnProduct){
                            .m = merged ? call->batch * p->m : p->m,
                            .n = p->n,
                            .k = p->k,
                            .alpha = 1,
                            .a = dcn_image(&call->in[0], image) + a,
                            .lda = p->k,
                            .b = dcn_image(&call->in[1], image) + b,
                            .panels = call->prepared,
                            .ldb = p->n,
                            .c = dcn_image(&call->out[0], image) + i * p->m * p->n,
                            .ldc = p->n,
                            .work = call->work,
                            .work_rows = p->work_rows[0],
                        });
        }
}

static size_t
matmul_panels(const void *params, bool transform)
{
    const Params *p = params;
    (void)transform;
    return p->panels ? dcn_panels_floats(p->n, p->k) : 0;
}

static void
matmul_prepare(const DcnCall *call, bool transform, float *prepared)
{
    const Params *p = call->params;
    (void)transform;
    dcn_panels_make(call->in[1].data, p->n, false, p->n, p->k, prepared);
}

static bool
matmul_only_panels(const void *params)
{
    return ((const Params *)params)->panels;
}

static void
add_where(const DcnCall *call, bool (*wants)(const DcnCall *, size_t))
{
    const Params *p = call->params;
    bool to_a = wants(call, 0), to_b = wants(call, 1), merged = merge_images(call);
    size_t m = merged ? call->batch * p->m : p->m;
    if (!to_a && !to_b)
        return;
    for (size_t image = 0; image < (merged ? 1 : call->batch); image++)
        for (size_t i = 0; i < p->matrices; i++) {
            size_t a, b;
            matrices_at(p, i, &a, &b);
            const float *dy = dcn_image_grad(&call->out[0], image) + i * p->m * p->n;
            if (to_a)
                dcn_product(call->context,
                            &(DcnProduct){
                                .m = m,
                                .n = p->k,
                                .k = p->n,
                                .alpha = 1,
                                .beta = 1,
                                .a = dy,
                                .lda = p->n,
                                .b = dcn_image(&call->in[1], image) + b,
                                .ldb = p->n,
                                .transpose_b = true,
                                .c = dcn_image_grad(&call->in[0], image) + a,
                                .ldc = p->k,
                                .work = call->work,
                                .work_rows = p->work_rows[1],
                            });
            if (to_b)
                dcn_product(call->context,
                            &(DcnProduct){
                                .m = p->k,
                                .n = p->n,
                                .k = m,
                                .alpha = 1,
                                .beta = 1,
                                .a = dcn_image(&call->in[0], image) + a,
                                .lda = p->k,
                                .transpose_a = true,
                                .b = dy,
                                .ldb = p->n,
                                .c = dcn_image_grad(&call->in[1], image) + b,
                                .ldc = p->n,
                            });
        }
}

static void
matmul_back(const DcnCall *call)
{
    add_where(call, dcn_wants_back);
}

static void
matmul_grad_weights(const DcnCall *call)
{
    add_where(call, dcn_wants_weights);
}

/* For axis i of the output (or, back, of the input) the axis of the other that has the
 * same places: rows stay rows of a, columns stay columns of b, and so do the axes that
 * count matrices. Vectors: none. */
static void
axes_kept(const DcnCall *call, size_t input, bool back, int from[DCN_MAX_RANK])
{
    const DcnShape *x = &call->in[input].shape, *y = &call->out[0].shape;
    int lead = y->rank - x->rank, lost = y->rank - (input == 0 ? 1 : 2);
    for (int i = 0; i < DCN_MAX_RANK; i++)
        from[i] = -1;
    if (call->in[0].shape.rank < 2 || call->in[1].shape.rank < 2)
        return;
    for (int i = lead; i < y->rank; i++)
        if (i != lost && x->dim[i - lead] == y->dim[i])
            from[back ? i - lead : i] = back ? i : i - lead;
}

static void
matmul_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    int from[DCN_MAX_RANK];
    axes_kept(call, input, false, from);
    dcn_reach_axes(&call->out[output].shape, from, in, out);
}

static void
matmul_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    int from[DCN_MAX_RANK];
    (void)output;
    axes_kept(call, input, true, from);
    dcn_reach_axes(&call->in[input].shape, from, out, in);
}

static DcnLocality
matmul_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->places ? DCN_LOCAL_CHANNELS : DCN_LOCAL_NO;
}

static int
matmul_outputs(const DcnNode *node, const DcnShape *weights)
{
    (void)node;
    return weights->rank == 2 ? 1 : -1;
}

const DcnOp dcn_op_matmul = {
    .name = "MatMul",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .weights = {.outputs = matmul_outputs, .dense = true},
    .training.learns = {DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = matmul_setup,
    .forward = matmul_forward,
    .prepared_floats = matmul_panels,
    .prepare = matmul_prepare,
    .only_prepared = matmul_only_panels,
    .back = DCN_BACK_ALL(matmul_back),
    .grad_weights = matmul_grad_weights,
    .reach.ahead = matmul_reach_ahead,
    .reach.back = matmul_reach_back,
    .reach.local = matmul_local,
    .layer = "fc",
};
