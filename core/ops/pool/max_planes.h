/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_planes.h: max-pools over small planes (planes.h). Inside core/ops/pool/ only. */
#ifndef DCN_OPS_POOL_MAX_PLANES_H
#define DCN_OPS_POOL_MAX_PLANES_H

#include "ops/pool/max_back.h"
#include "ops/pool/planes.h"

/* Scratch bytes of a thread, for dcn_planes_fit(). */
size_t dcn_max_planes_scratch(const DcnWindow *w);

/* n planes; a DcnPlanesTask whose user is the window. */
void dcn_max_planes(const void *w, size_t n, const float *x, float *y, float *scratch);

/* The way back of one plane, of pools that fit and have strides of 1. */
bool dcn_max_planes_back_fit(const DcnWindow *w);
size_t dcn_max_planes_back_scratch(const DcnWindow *w);
void dcn_max_planes_back(const DcnWindow *w, const DcnMaxBack *back, float *scratch);

#endif
