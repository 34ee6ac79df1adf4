/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_product.h: matrix products with weights that are laid out once a plan, as the
 * inner loop takes them (inner.h). */
#ifndef DCN_OPS_PRODUCT_PANEL_PRODUCT_H
#define DCN_OPS_PRODUCT_PANEL_PRODUCT_H

#include "ops/product/product.h"

/* True if products of m rows with k x n weights gain by it. */
bool dcn_panels_pay(size_t m, size_t n, size_t k);

/* The panels of b' (k x n), and how many floats they are. b may lie at any byte, panels on
 * 64. */
size_t dcn_panels_floats(size_t n, size_t k);
void dcn_panels_make(
    const float *b, size_t ldb, bool transpose_b, size_t n, size_t k, float *panels);

/* The panels from column `first` on, a multiple of DCN_COLUMNS. */
const float *dcn_panels_at(const float *panels, size_t first, size_t k);

/* A product that has panels, room and an a that is not transposed, of m, n and k at least
 * 1. */
void dcn_panel_product(const DcnProduct *p);

#endif
