/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pages.c: aligned memory for weights and tensors, in large pages where the system has
 * them. */
#include "base/pages.h"
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define LINE ((size_t)64)
#define LARGE_PAGE ((size_t)2 << 20)

void *
dcn_pages_alloc(size_t bytes)
{
    bytes = (bytes / LINE + 1) * LINE; /* at least one line */
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    /* Whole large pages only: the rest of the block would be filled up with one. */
    size_t large = bytes / LARGE_PAGE * LARGE_PAGE;
    if (large > 0) {
        size_t whole = (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
        void *memory = aligned_alloc(LARGE_PAGE, whole);
        if (memory)
            (void)madvise(memory, large, MADV_HUGEPAGE); /* may fail */
        return memory;
    }
#endif
    return aligned_alloc(LINE, bytes);
}
