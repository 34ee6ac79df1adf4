/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocked_product.h: matrix products by our own loops. */
#ifndef DCN_OPS_PRODUCT_BLOCKED_PRODUCT_H
#define DCN_OPS_PRODUCT_BLOCKED_PRODUCT_H

#include "ops/product/product.h"

/* True for products of few rows, and for those of few columns with a transposed, which are
 * quicker so on any processor. */
bool dcn_is_few_rows(const DcnProduct *p);
bool dcn_is_few_columns(const DcnProduct *p);

/* Any product that has room, of m, n and k at least 1. */
void dcn_blocked_product(const DcnProduct *p);

#endif
