/* SPDX-License-Identifier: GPL-3.0-or-later */
/* product.c: cuts a matrix product into tiles of columns (or of rows, where these are
 * more), and hands them to our own loops or to BLAS, whichever is quicker. */
#include "ops/product/product.h"
#include "ops/product/blocked_product.h"
#include "ops/product/inner.h"
#include "ops/product/panel_product.h"
#include "ops/product/sparse_product.h"
#include <cblas.h>
#include <string.h>

bool
dcn_setup_matrix(DcnSetup *setup, int64_t size)
{
    if (size <= INT32_MAX)
        return true;
    return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                          "a matrix of side %lld is too large", (long long)size);
}

size_t
dcn_setup_product(DcnSetup *setup, size_t images, size_t m, size_t n, size_t k)
{
    dcn_setup_scratch(setup, DCN_PRODUCT_SCRATCH);
    if (images == 0 || m > INT32_MAX / images)
        return 0;
    size_t rows = dcn_sparse_rows(images * m, n, k);
    DcnProductMemory memory = dcn_sparse_memory(rows, k);
    setup->work = memory.work > setup->work ? memory.work : setup->work;
    dcn_setup_scratch(setup, memory.scratch);
    return rows;
}

/* OpenBLAS takes its kernels by a table of the processors that it knows. One that is newer
 * than the library counts as a Prescott, without wide vectors, and on Intel's processors
 * with bfloat16 0.3.21 takes Cooperlake's, at a fifth of what SkylakeX's reach there. */
static bool
blas_is_quick(void)
{
#if defined(__x86_64__)
    const char *core = openblas_get_corename();
    if (strcmp(core, "Cooperlake") == 0 || strcmp(core, "SapphireRapids") == 0)
        return !__builtin_cpu_is("intel");
    return strcmp(core, "Haswell") == 0 || strcmp(core, "Zen") == 0 ||
           strcmp(core, "SkylakeX") == 0 || !__builtin_cpu_supports("avx2");
#else
    return true;
#endif
}

void
dcn_product_here(const DcnProduct *p)
{
    if (p->m == 0 || p->n == 0)
        return;
    if (p->k == 0) { /* BLAS libraries differ about empty sums */
        for (size_t i = 0; i < p->m; i++)
            for (size_t j = 0; j < p->n; j++)
                p->c[i * p->ldc + j] = p->beta == 0 ? 0 : p->c[i * p->ldc + j] * p->beta;
        return;
    }
    if (p->panels && p->room) {
        dcn_panel_product(p);
        return;
    }
    /* Of a plain b, OpenBLAS adds up fewer numbers in a row, so that it rounds less. */
    if (p->room && ((p->transpose_b && dcn_is_few_rows(p)) || !blas_is_quick())) {
        dcn_blocked_product(p);
        return;
    }
    blasint m = (blasint)p->m, n = (blasint)p->n, k = (blasint)p->k;
    blasint lda = (blasint)p->lda, ldb = (blasint)p->ldb, ldc = (blasint)p->ldc;
    float beta = p->beta;
    if ((p->m == 1 || p->n == 1) && beta == 0) {
        /* The old values may be NaN, and with beta = 0 not every gemv overwrites them. */
        size_t step = p->m == 1 ? 1 : p->ldc;
        for (size_t i = 0; i < p->m * p->n; i++)
            p->c[i * step] = 0;
        beta = 1;
    }
    if (p->m == 1) /* c' = b'^T a' */
        cblas_sgemv(CblasRowMajor, p->transpose_b ? CblasNoTrans : CblasTrans,
                    p->transpose_b ? n : k, p->transpose_b ? k : n, p->alpha, p->b, ldb,
                    p->a, p->transpose_a ? lda : 1, beta, p->c, 1);
    else if (p->n == 1)
        cblas_sgemv(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
                    p->transpose_a ? k : m, p->transpose_a ? m : k, p->alpha, p->a, lda,
                    p->b, p->transpose_b ? 1 : ldb, beta, p->c, ldc);
    else
        cblas_sgemm(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
                    p->transpose_b ? CblasTrans : CblasNoTrans, m, n, k, p->alpha, p->a,
                    lda, p->b, ldb, p->beta, p->c, ldc);
}

typedef struct {
    const DcnProduct *product;
    DcnContext *context;
    bool rows;
    size_t part;
} Tiles;

static void
tile(void *user, size_t index, size_t worker)
{
    const Tiles *tiles = user;
    DcnProduct p = *tiles->product;
    size_t whole = tiles->rows ? p.m : p.n, begin = index * tiles->part;
    size_t part = whole - begin < tiles->part ? whole - begin : tiles->part;
    if (tiles->rows) {
        p.a += p.transpose_a ? begin : begin * p.lda;
        p.c += begin * p.ldc;
        p.m = part;
    } else {
        p.b += p.transpose_b ? begin * p.ldb : begin;
        p.panels = p.panels ? dcn_panels_at(p.panels, begin, p.k) : NULL;
        p.c += begin;
        p.n = part;
    }
    p.room = dcn_scratch(tiles->context, worker);
    dcn_product_here(&p);
}

void
dcn_product(DcnContext *context, const DcnProduct *product)
{
    size_t threads = (size_t)dcn_context_threads(context);
    double work = (double)product->m * (double)product->n * (double)product->k;
    Tiles tiles = {
        .product = product, .context = context, .rows = product->m > product->n};
    size_t whole = tiles.rows ? product->m : product->n;
    if (whole == 0)
        return;
    size_t done = product->panels ? 0 : dcn_sparse_product(context, product);
    if (done > 0) {
        DcnProduct rest = *product;
        rest.m -= done;
        rest.a += done * rest.lda;
        rest.c += done * rest.ldc;
        dcn_product(context, &rest);
        return;
    }
    if (threads == 1 || work < 65536) {
        DcnProduct all = *product;
        all.room = dcn_scratch(context, 0);
        dcn_product_here(&all);
        return;
    }
    /* Whole cache lines of c a tile, so that threads do not share one, and whole panels. */
    tiles.part = ((whole - 1) / (2 * threads) / DCN_COLUMNS + 1) * DCN_COLUMNS;
    dcn_parallel(context, (whole - 1) / tiles.part + 1, tile, &tiles);
}
