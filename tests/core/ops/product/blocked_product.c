/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocked_product.c: our own products give what the definition gives, in every way and at
 * all edges of blocks. */
#include "ops/product/blocked_product.h"
#include "check.h"
#include "core/fixture/conv_define.h"
#include "ops/product/panel_product.h"
#include <stdlib.h>

typedef struct {
    size_t m, n, k;
    float alpha, beta;
} Case;

/* a[i][k] of a matrix that may be turned */
static double
at(const float *a, size_t ld, bool turned, size_t row, size_t column)
{
    return (double)a[turned ? column * ld + row : row * ld + column];
}

/* A copy that lies one byte behind a place for floats, as weights may in a file. */
static const float *
loose_copy(char *room, const float *floats, size_t n)
{
    memcpy(room + 1, floats, n * sizeof *floats);
    return (const float *)(const void *)(room + 1);
}

typedef enum { BLOCKS, FEW_COLUMNS, PANELS } Way;

static void
run_with_panels(DcnProduct *product)
{
    float *panels = aligned_alloc(
        64, (dcn_panels_floats(product->n, product->k) * sizeof *panels + 63) / 64 * 64);
    dcn_panels_make(product->b, product->ldb, product->transpose_b, product->n,
                    product->k, panels);
    product->panels = panels;
    product->b = NULL; /* it is not read */
    dcn_panel_product(product);
    free(panels);
}

/* What lies behind rows of c stays as it is; where beta is 0, c may be anything before. */
static void
check_case(const Case *c, bool transpose_a, bool transpose_b, bool loose, Way way)
{
    DcnRandom random = dcn_random_seed(c->m + 3 * c->n + c->k, 0);
    size_t lda = (transpose_a ? c->m : c->k) + 5, ldb = (transpose_b ? c->k : c->n) + 3,
           ldc = c->n + 7;
    float *a = random_floats(&random, (transpose_a ? c->k : c->m) * lda),
          *b = random_floats(&random, (transpose_b ? c->n : c->k) * ldb),
          *y = random_floats(&random, c->m * ldc),
          *before = malloc(c->m * ldc * sizeof *before),
          *room = aligned_alloc(64, DCN_PRODUCT_SCRATCH);
    size_t floats_a = (transpose_a ? c->k : c->m) * lda,
           floats_b = (transpose_b ? c->n : c->k) * ldb;
    char *copies[2] = {malloc(floats_a * sizeof(float) + 1),
                       malloc(floats_b * sizeof(float) + 1)};
    memcpy(before, y, c->m * ldc * sizeof *y);
    for (size_t i = 0; c->beta == 0 && i < c->m; i++)
        for (size_t j = 0; j < c->n; j++)
            y[i * ldc + j] = NAN;
    DcnProduct product = {.transpose_a = transpose_a,
                          .transpose_b = transpose_b,
                          .m = c->m,
                          .n = c->n,
                          .k = c->k,
                          .alpha = c->alpha,
                          .beta = c->beta,
                          .a = loose ? loose_copy(copies[0], a, floats_a) : a,
                          .lda = lda,
                          .b = loose ? loose_copy(copies[1], b, floats_b) : b,
                          .ldb = ldb,
                          .c = y,
                          .ldc = ldc,
                          .room = room};
    if (way == FEW_COLUMNS)
        dcn_few_columns_product(&product);
    else if (way == PANELS)
        run_with_panels(&product);
    else
        dcn_blocked_product(&product);
    bool good = true;
    for (size_t i = 0; i < c->m; i++)
        for (size_t j = 0; j < ldc; j += j < c->n - 1 ? 1 + i % 3 : 1) {
            double wanted = (double)before[i * ldc + j], sum = 0;
            if (j < c->n) {
                for (size_t k = 0; k < c->k; k++)
                    sum += at(a, lda, transpose_a, i, k) * at(b, ldb, transpose_b, k, j);
                wanted = (double)c->alpha * sum + (double)c->beta * wanted;
            }
            good = good && fabs((double)y[i * ldc + j] - wanted) <= 1e-4;
        }
    if (!good)
        check_fail("%zu x %zu x %zu, %d %d %d", c->m, c->n, c->k, transpose_a,
                   transpose_b, loose);
    free(copies[0]);
    free(copies[1]);
    free(room);
    free(before);
    free(y);
    free(b);
    free(a);
}

static void
sums_are_those_of_the_definition(void)
{
    static const Case cases[] = {
        {1, 1, 1, 1, 0},       {1, 13, 37, 1, 0},      {1, 1030, 9, 2, 1},
        {2, 5, 8, 1, 0.5F},    {3, 1025, 17, 1, 0},    {7, 6, 100, -1, 1},
        {11, 33, 21, 1, 0},    {12, 1, 5, 1, 0},       {12, 33, 1029, 1, 1},
        {17, 47, 300, 2, -1},  {32, 64, 2050, 1, 0},   {33, 600, 257, 1, 1},
        {50, 50, 64, 0.1F, 0}, {513, 35, 70, 1, 0.5F}, {1040, 16, 40, 1, 0},
        {1025, 11, 41, 3, 1},  {40, 2, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int turned = 0; turned < 8; turned++)
            check_case(&cases[i], turned & 1, turned & 2, turned & 4, BLOCKS);
}

static void
panels_give_what_the_definition_gives(void)
{
    static const Case cases[] = {
        {12, 32, 5, 1, 0},       {13, 33, 129, 1, 1},    {50, 70, 300, 2, -1},
        {261, 100, 40, 1, 0.5F}, {9, 65, 1100, 0.5F, 0}, {300, 31, 600, 1, 0},
        {1, 64, 258, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int turned = 0; turned < 4; turned++)
            check_case(&cases[i], false, turned & 1, turned & 2, PANELS);
}

static void
few_columns_are_those_of_the_definition(void)
{
    static const Case cases[] = {
        {12, 1, 5, 1, 0}, {40, 2, 1, 1, 1}, {1025, 11, 41, 3, 0.5F}, {2050, 3, 16, 1, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i], true, false, false, FEW_COLUMNS);
}

CHECK_MAIN(CHECK_TEST(sums_are_those_of_the_definition),
           CHECK_TEST(few_columns_are_those_of_the_definition),
           CHECK_TEST(panels_give_what_the_definition_gives))
