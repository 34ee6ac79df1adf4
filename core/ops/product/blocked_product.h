/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocked_product.h: matrix products by our own loops. */
#ifndef DCN_OPS_PRODUCT_BLOCKED_PRODUCT_H
#define DCN_OPS_PRODUCT_BLOCKED_PRODUCT_H

#include "ops/product/product.h"

/* True for products of few rows, which are quicker so on any processor. */
bool dcn_is_few_rows(const DcnProduct *p);

/* The same for few columns, with a transposed. It is another way, as it adds up in another
 * order than products of a that is turned before. */
bool dcn_is_few_columns(const DcnProduct *p);
void dcn_few_columns_product(const DcnProduct *p);

/* Any product that has room, of m, n and k at least 1. */
void dcn_blocked_product(const DcnProduct *p);

#endif
