/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pages.h: memory for weights and tensors. */
#ifndef DCN_BASE_PAGES_H
#define DCN_BASE_PAGES_H

#include <stddef.h>

/* At least so many bytes, not zeroed, at a multiple of 64; NULL if there are none. Large
 * blocks are given large pages where the system has them, which are cleared faster and
 * take fewer entries of the processor's table of pages. Freed by free(). */
void *dcn_pages_alloc(size_t bytes);

#endif
