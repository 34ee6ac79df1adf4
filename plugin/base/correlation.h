/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correlation.h: how alike two rows of numbers are. */
#ifndef FEATURESCOPE_BASE_CORRELATION_H
#define FEATURESCOPE_BASE_CORRELATION_H

#include <glib.h>

/* Pearson's; NaN if one of them is constant. */
double correlation_of(const float *a, const float *b, gsize count);

#endif
