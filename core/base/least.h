/* SPDX-License-Identifier: GPL-3.0-or-later */
/* least.h: the smaller of two numbers. */
#ifndef DCN_BASE_LEAST_H
#define DCN_BASE_LEAST_H

#include <stddef.h>

static inline size_t
dcn_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

#endif
