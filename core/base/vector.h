/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vector.h: inner loops compiled for several kinds of processor, chosen when the program
 * starts.
 *
 * DCN_VECTOR before a function: the compiler makes it for AVX-512, for AVX2 and for any
 * processor. Only for plain loops over floats that it can vectorise; nothing else
 * changes.
 *
 * DCN_INDEPENDENT before a loop of an inlined function: no turn reads what another one
 * writes. GCC forgets restrict where it inlines, and does not vectorise a loop of many
 * rows without it. */
#ifndef DCN_BASE_VECTOR_H
#define DCN_BASE_VECTOR_H

#include <stdbool.h>

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) &&   \
    !defined(__clang__)
#define DCN_VECTOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DCN_VECTOR
#endif

#if defined(__clang__)
#define DCN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define DCN_INDEPENDENT _Pragma("GCC ivdep")
#else
#define DCN_INDEPENDENT
#endif

/* DCN_SHUFFLES: the compiler has __builtin_shufflevector(). It does not see for itself
 * that a few shuffles take the place of many single moves. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define DCN_SHUFFLES
#endif
#endif

/* Whether vectors of 64 bytes are registers here. Elsewhere compilers take a shuffle of
 * them apart float by float. */
static inline bool
dcn_wide_vectors(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f");
#else
    return false;
#endif
}

#endif
