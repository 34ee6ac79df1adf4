/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_product.h: products of many rows that pass over what is zero in all of them.
 *
 * Behind a rectifier a good part of the features is zero in all the rows of a batch whose
 * pictures are much alike, as those of occlusion are: the weights that wait for these
 * features need not be multiplied. */
#ifndef DCN_OPS_LIVE_PRODUCT_H
#define DCN_OPS_LIVE_PRODUCT_H

#include "ops/product/product.h"

/* The first rows of c = beta * c + alpha * a b', as dcn_product() has them: how many are
 * done. 0: a product of another kind, too little is zero to gain, or no memory for it. */
size_t dcn_live_product(DcnContext *context, const DcnProduct *product);

#endif
