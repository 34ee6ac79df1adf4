/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gemm: y = alpha * a' b' + beta * c, where a' is a (m x k) or its transpose, b' likewise
 * (k x n), and c is broadcast to m x n. The fully connected layer.
 *
 * Back, all methods: linear, da' += alpha * dy b'^T; weights: db' += alpha * a'^T dy and
 * dc += beta * dy, summed where broadcast. */
#include "ops/product/panel_product.h"

typedef struct {
    bool transpose_a, transpose_b;
    bool panels; /* b is laid out once a plan */
    size_t m, n, k;
    float alpha, beta;
    size_t c_row, c_column; /* steps through c; 0 where it is broadcast */
    size_t work_rows[2];    /* see DcnProduct: forward, and back to a */
    DcnClamp clamp;
} Params;

static bool
gemm_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *a = setup->in[0], *b = setup->in[1];
    char text[2][128];
    if (a->rank != 2 || b->rank != 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "inputs are %s and %s where matrices are needed",
                              dcn_shape_print(a, text[0]), dcn_shape_print(b, text[1]));
    p->transpose_a = dcn_node_int(setup->node, "transA", 0) != 0;
    p->transpose_b = dcn_node_int(setup->node, "transB", 0) != 0;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    p->beta = dcn_node_float(setup->node, "beta", 1);
    int64_t m = a->dim[p->transpose_a], k = a->dim[!p->transpose_a];
    int64_t n = b->dim[!p->transpose_b];
    if (b->dim[p->transpose_b] != k)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE,
            "weights are %s, so the input needs %lld features; it has %lld",
            dcn_shape_print(b, text[0]), (long long)b->dim[p->transpose_b], (long long)k);
    if (!dcn_setup_matrix(setup, m) || !dcn_setup_matrix(setup, n) ||
        !dcn_setup_matrix(setup, k))
        return false;
    setup->out[0] = dcn_shape(2, (int64_t[]){m, n});
    if (dcn_has_input(setup, 2)) {
        const DcnShape *c = setup->in[2];
        DcnShape both;
        if (c->rank > 2 || !dcn_shape_broadcast(c, &setup->out[0], &both) ||
            !dcn_shape_equal(&both, &setup->out[0]))
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a bias of %s does not fit %s",
                                  dcn_shape_print(c, text[0]),
                                  dcn_shape_print(&setup->out[0], text[1]));
        int64_t columns = c->rank > 0 ? c->dim[c->rank - 1] : 1;
        p->c_column = columns > 1;
        p->c_row = c->rank == 2 && c->dim[0] > 1 ? (size_t)columns : 0;
    }
    p->m = (size_t)m;
    p->n = (size_t)n;
    p->k = (size_t)k;
    p->panels = !setup->backward && !setup->training && !p->transpose_a &&
                dcn_panels_pay(p->m, p->n, p->k);
    p->clamp = dcn_clamp_open();
    dcn_setup_scratch(setup, DCN_PRODUCT_SCRATCH);
    if (!p->transpose_a) {
        p->work_rows[0] = dcn_setup_product(setup, setup->batch, p->m, p->n, p->k);
        if (setup->backward || setup->training)
            p->work_rows[1] = dcn_setup_product(setup, setup->batch, p->m, p->k, p->n);
    }
    return true;
}

/* Images whose rows lie below each other and that share b are one product. */
static bool
merge_images(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *a = &call->in[0], *y = &call->out[0];
    return !p->transpose_a && a->stride == a->count && y->stride == y->count &&
           call->in[1].stride == 0 && call->batch * p->m <= INT32_MAX;
}

typedef struct {
    size_t images, m; /* products, rows of each */
} Cut;

static Cut
cut_of(const DcnCall *call)
{
    const Params *p = call->params;
    return merge_images(call) ? (Cut){1, call->batch * p->m} : (Cut){call->batch, p->m};
}

static void
start_with_bias(const DcnCall *call, const DcnOperand *c, size_t image)
{
    const Params *p = call->params;
    const float *from = dcn_image(c, image);
    float *y = dcn_image(&call->out[0], image);
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++)
            y[i * p->n + j] = p->beta * from[i * p->c_row + j * p->c_column];
}

static void
gemm_forward(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *c = dcn_input(call, 2), *y = &call->out[0];
    if (c)
        for (size_t n = 0; n < call->batch; n++)
            start_with_bias(call, c, n);
    Cut cut = cut_of(call);
    for (size_t n = 0; n < cut.images; n++)
        dcn_product(call->context, &(DcnProduct){
                                       .transpose_a = p->transpose_a,
                                       .transpose_b = p->transpose_b,
                                       .m = cut.m,
                                       .n = p->n,
                                       .k = p->k,
                                       .alpha = p->alpha,
                                       .beta = c != NULL,
                                       .a = dcn_image(&call->in[0], n),
                                       .lda = p->transpose_a ? p->m : p->k,
                                       .b = dcn_image(&call->in[1], n),
                                       .panels = call->prepared,
                                       .ldb = p->transpose_b ? p->k : p->n,
                                       .c = dcn_image(y, n),
                                       .ldc = p->n,
                                       .work = call->work,
                                       .work_rows = p->work_rows[0],
                                   });
    if (!dcn_clamp_is_open(p->clamp))
        for (size_t n = 0; n < call->batch; n++)
            for (size_t i = 0; i < y->count; i++)
                dcn_image(y, n)[i] = dcn_clamp(p->clamp, dcn_image(y, n)[i]);
}

static size_t
gemm_panels(const void *params, bool transform)
{
    const Params *p = params;
    (void)transform;
    return p->panels ? dcn_panels_floats(p->n, p->k) : 0;
}

static void
gemm_prepare(const DcnCall *call, bool transform, float *prepared)
{
    const Params *p = call->params;
    (void)transform;
    dcn_panels_make(call->in[1].data, p->transpose_b ? p->k : p->n, p->transpose_b, p->n,
                    p->k, prepared);
}

static bool
gemm_only_panels(const void *params)
{
    return ((const Params *)params)->panels;
}

/* da (m x k) += alpha * dy (m x n) b'^T (n x k), or its transpose */
static void
add_to_a(const DcnCall *call)
{
    const Params *p = call->params;
    Cut cut = cut_of(call);
    for (size_t n = 0; n < cut.images; n++) {
        const float *dy = dcn_image_grad(&call->out[0], n);
        const float *b = dcn_image(&call->in[1], n);
        DcnProduct product = {.alpha = p->alpha,
                              .beta = 1,
                              .k = p->n,
                              .c = dcn_image_grad(&call->in[0], n),
                              .work = call->work,
                              .work_rows = p->work_rows[1]};
        size_t ldb = p->transpose_b ? p->k : p->n;
        if (!p->transpose_a) {
            product.m = cut.m;
            product.n = p->k;
            product.a = dy;
            product.lda = p->n;
            product.b = b;
            product.ldb = ldb;
            product.transpose_b = !p->transpose_b;
            product.ldc = p->k;
        } else {
            product.m = p->k;
            product.n = p->m;
            product.a = b;
            product.lda = ldb;
            product.transpose_a = p->transpose_b;
            product.b = dy;
            product.ldb = p->n;
            product.transpose_b = true;
            product.ldc = p->m;
        }
        dcn_product(call->context, &product);
    }
}

/* db (k x n) += alpha * a'^T (k x m) dy (m x n), or its transpose */
static void
add_to_b(const DcnCall *call)
{
    const Params *p = call->params;
    Cut cut = cut_of(call);
    for (size_t n = 0; n < cut.images; n++) {
        const float *dy = dcn_image_grad(&call->out[0], n);
        const float *a = dcn_image(&call->in[0], n);
        DcnProduct product = {.alpha = p->alpha,
                              .beta = 1,
                              .k = cut.m,
                              .c = dcn_image_grad(&call->in[1], n)};
        size_t lda = p->transpose_a ? p->m : p->k;
        if (!p->transpose_b) {
            product.m = p->k;
            product.n = p->n;
            product.a = a;
            product.lda = lda;
            product.transpose_a = !p->transpose_a;
            product.b = dy;
            product.ldb = p->n;
            product.ldc = p->n;
        } else {
            product.m = p->n;
            product.n = p->k;
            product.a = dy;
            product.lda = p->n;
            product.transpose_a = true;
            product.b = a;
            product.ldb = lda;
            product.transpose_b = p->transpose_a;
            product.ldc = p->k;
        }
        dcn_product(call->context, &product);
    }
}

static void
add_to_c(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t n = 0; n < call->batch; n++) {
        const float *dy = dcn_image_grad(&call->out[0], n);
        float *dc = dcn_image_grad(&call->in[2], n);
        for (size_t i = 0; i < p->m; i++)
            for (size_t j = 0; j < p->n; j++)
                dc[i * p->c_row + j * p->c_column] += p->beta * dy[i * p->n + j];
    }
}

static void
add_where(const DcnCall *call, bool (*wants)(const DcnCall *, size_t))
{
    if (wants(call, 0))
        add_to_a(call);
    if (wants(call, 1))
        add_to_b(call);
    if (wants(call, 2))
        add_to_c(call);
}

static void
gemm_back(const DcnCall *call)
{
    add_where(call, dcn_wants_back);
}

static void
gemm_grad_weights(const DcnCall *call)
{
    add_where(call, dcn_wants_weights);
}

static void
gemm_fuse_clamp(void *params, const DcnClamp *clamp)
{
    Params *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

static int
gemm_outputs(const DcnNode *node, const DcnShape *weights)
{
    return weights->rank != 2 ? -1 : dcn_node_int(node, "transB", 0) ? 0 : 1;
}

const DcnOp dcn_op_gemm = {
    .name = "Gemm",
    .inputs = {2, 3},
    .outputs = {1, 1},
    .since = 7,
    .role = DCN_ROLE_WEIGHTED,
    .weights = {.outputs = gemm_outputs, .dense = true},
    .training.learns = {DCN_LEARNS, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = gemm_setup,
    .forward = gemm_forward,
    .prepared_floats = gemm_panels,
    .prepare = gemm_prepare,
    .only_prepared = gemm_only_panels,
    .back = DCN_BACK_ALL(gemm_back),
    .grad_weights = gemm_grad_weights,
    .reach.ahead = NULL, /* every output may depend on every input */
    .reach.back = NULL,
    .fuse.take = gemm_fuse_clamp,
    .layer = "fc",
};
