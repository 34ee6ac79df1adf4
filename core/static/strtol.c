/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strtol.c: what Debian 13's archive of OpenBLAS asks of glibc 2.38, on an older one.
 *
 * A compiler that knows C23 calls strtol() by this name there, since C23 reads "0b101" too. OpenBLAS reads decimal
 * numbers of threads with it, out of environment variables, so the older function does. With it the plug-in starts
 * from glibc 2.34 on. */
#include <stdlib.h>

long __isoc23_strtol(const char *text, char **end, int base);

long
__isoc23_strtol(const char *text, char **end, int base)
{
    return strtol(text, end, base);
}
