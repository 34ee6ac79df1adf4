/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c: settings of babl and of the C library. */
#include "base/limits.h"
#include <glib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void
limits_set(void)
{
    g_setenv("BABL_LUT", "0", FALSE);
#ifdef __GLIBC__
    /* By itself the second of these grows with the largest block that was freed, to 32 MB,
     * and the first to twice as much. */
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

void
limits_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
