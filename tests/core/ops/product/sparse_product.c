/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_product.c: products that pass over zeroes give what the definition gives. */
#include "ops/product/sparse_product.h"
#include "base/threads.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include <stdlib.h>

typedef struct {
    size_t m, n, k;
    bool transpose_b;
    float alpha, beta;
    int threads;
    size_t work_rows; /* 0: as many as gain */
} Case;

/* Memory as setup asks for it and a session gives it; to be freed. */
static void *
give_memory(DcnContext *context, DcnProduct *product, size_t rows)
{
    DcnProductMemory memory = dcn_sparse_memory(rows, product->k);
    check(dcn_context_reserve(context, memory.scratch, NULL), "scratch memory");
    product->work_rows = rows;
    return product->work = aligned_alloc(64, memory.work / 64 * 64 + 64);
}

/* Columns of a that are zero in all rows, of either sign: two of three. */
static void
close_columns(float *a, size_t m, size_t k)
{
    for (size_t i = 0; i < m * k; i++)
        if (i % k % 3 != 1)
            a[i] = i % 2 ? 0 : -0.f;
}

static void
check_case(const Case *c)
{
    DcnRandom random = dcn_random_seed(c->m + c->k, 0);
    size_t lda = c->k + 5, ldb = (c->transpose_b ? c->k : c->n) + 3, ldc = c->n + 7;
    float *a = random_floats(&random, c->m * lda),
          *b = random_floats(&random, (c->transpose_b ? c->n : c->k) * ldb),
          *y = random_floats(&random, c->m * ldc),
          *before = malloc(c->m * ldc * sizeof *before);
    memcpy(before, y, c->m * ldc * sizeof *y);
    close_columns(a, c->m, lda);
    DcnContext *context = dcn_context_new(c->threads, NULL);
    DcnProduct product = {.transpose_b = c->transpose_b,
                          .m = c->m,
                          .n = c->n,
                          .k = c->k,
                          .alpha = c->alpha,
                          .beta = c->beta,
                          .a = a,
                          .b = b,
                          .c = y,
                          .lda = lda,
                          .ldb = ldb,
                          .ldc = ldc};
    size_t rows = c->work_rows ? c->work_rows : dcn_sparse_rows(c->m, c->n, c->k);
    void *work = give_memory(context, &product, rows);
    size_t done = dcn_sparse_product(context, &product);
    check(done > 0 && done <= rows, "rows are done");
    check(c->m > rows || done == c->m, "all, if there is memory for them");
    for (size_t i = 0; i < c->m; i++)
        for (size_t j = 0; j < ldc; j += j < c->n - 1 ? 1 + i % 7 : 1) {
            double wanted = (double)before[i * ldc + j];
            if (i < done && j < c->n) {
                double sum = 0;
                for (size_t k = 0; k < c->k; k++)
                    sum += (double)a[i * lda + k] *
                           (double)b[c->transpose_b ? j * ldb + k : k * ldb + j];
                wanted = (double)c->alpha * sum + (double)c->beta * wanted;
            }
            if (!check(fabs((double)y[i * ldc + j] - wanted) <= 1e-4, "a sum"))
                i = c->m, j = ldc;
        }
    dcn_context_free(context);
    free(work);
    free(before);
    free(y);
    free(b);
    free(a);
}

static void
sums_are_those_of_the_definition(void)
{
    static const Case cases[] = {
        {64, 256, 256, true, 1, 0, 1, 0},     {65, 300, 385, true, 1, 1, 2, 0},
        {97, 511, 770, false, 0.5f, 1, 2, 0}, {128, 257, 384, false, 1, 0, 3, 0},
        {1025, 256, 300, true, 2, -1, 2, 0},  {100, 600, 1000, true, 1, 1, 3, 0},
        {300, 256, 300, true, 1, 1, 2, 70},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

/* Nothing is done, so c may be anything. */
static void
where_little_is_zero_nothing_is_done(void)
{
    DcnRandom random = dcn_random_seed(25, 0);
    float *a = random_floats(&random, (size_t)64 * 256),
          *b = random_floats(&random, (size_t)256 * 256);
    DcnContext *context = dcn_context_new(1, NULL);
    DcnProduct product = {.m = 64,
                          .n = 256,
                          .k = 256,
                          .lda = 256,
                          .ldb = 256,
                          .ldc = 256,
                          .alpha = 1,
                          .a = a,
                          .b = b,
                          .c = NULL};
    void *work = give_memory(context, &product, 64);
    check(dcn_sparse_product(context, &product) == 0, "nothing is zero");
    close_columns(a, 64, 256);
    product.m = 63;
    check(dcn_sparse_product(context, &product) == 0, "too few rows");
    product.m = 64;
    product.transpose_a = true;
    check(dcn_sparse_product(context, &product) == 0, "turned");
    product.transpose_a = false;
    product.work = NULL;
    check(dcn_sparse_product(context, &product) == 0, "no memory was asked for");
    dcn_context_free(context);
    free(work);
    free(b);
    free(a);
}

/* Of all rows, part by part, what the definition gives. */
static void
products_are_whole_whatever_memory_they_have(void)
{
    enum { M = 150, N = 256, K = 260 };
    DcnRandom random = dcn_random_seed(26, 0);
    float *a = random_floats(&random, (size_t)M * K),
          *b = random_floats(&random, (size_t)N * K), *y = calloc((size_t)M * N, 4);
    close_columns(a, M, K);
    for (size_t rows = 0; rows <= 150; rows += 75) {
        DcnContext *context = dcn_context_new(2, NULL);
        DcnProduct product = {.transpose_b = true,
                              .m = M,
                              .n = N,
                              .k = K,
                              .alpha = 1,
                              .a = a,
                              .b = b,
                              .c = y,
                              .lda = K,
                              .ldb = K,
                              .ldc = N};
        void *work = rows > 0 ? give_memory(context, &product, rows) : NULL;
        dcn_product(context, &product);
        for (size_t i = 0; i < M * N; i += 7) {
            double sum = 0;
            for (size_t k = 0; k < K; k++)
                sum += (double)a[i / N * K + k] * (double)b[i % N * K + k];
            if (!check(fabs((double)y[i] - sum) <= 1e-4, "a sum"))
                break;
        }
        dcn_context_free(context);
        free(work);
    }
    free(y);
    free(b);
    free(a);
}

CHECK_MAIN(CHECK_TEST(sums_are_those_of_the_definition),
           CHECK_TEST(products_are_whole_whatever_memory_they_have),
           CHECK_TEST(where_little_is_zero_nothing_is_done))
