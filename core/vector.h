/* vector.h: inner loops compiled for several kinds of processor, chosen when the program
 * starts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DCN_VECTOR before a function: the compiler makes it for AVX-512, for AVX2 and for any
 * processor. Only for plain loops over floats that it can vectorise; nothing else
 * changes.
 */
#ifndef DCN_VECTOR_H
#define DCN_VECTOR_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) &&   \
    !defined(__clang__)
#define DCN_VECTOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DCN_VECTOR
#endif

#endif
