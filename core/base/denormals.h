/* SPDX-License-Identifier: GPL-3.0-or-later */
/* denormals.h: numbers below 1e-38 count as zero while a thread computes: on most
 * processors each of them costs as much as a hundred others. */
#ifndef DCN_BASE_DENORMALS_H
#define DCN_BASE_DENORMALS_H

#include <stdint.h>

/* What the thread did before. */
typedef struct {
    uint64_t control;
} DcnDenormals;

#if defined(__SSE2__)

#include <xmmintrin.h>

static inline DcnDenormals
dcn_denormals_flush(void)
{
    unsigned control = _mm_getcsr();
    _mm_setcsr(control | 0x8040); /* flush to zero, denormals are zero */
    return (DcnDenormals){control};
}

static inline void
dcn_denormals_restore(DcnDenormals before)
{
    _mm_setcsr((unsigned)before.control);
}

#elif defined(__aarch64__)

static inline DcnDenormals
dcn_denormals_flush(void)
{
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | UINT64_C(1) << 24));
    return (DcnDenormals){control};
}

static inline void
dcn_denormals_restore(DcnDenormals before)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(before.control));
}

#else

static inline DcnDenormals
dcn_denormals_flush(void)
{
    return (DcnDenormals){0};
}

static inline void
dcn_denormals_restore(DcnDenormals before)
{
    (void)before;
}

#endif
#endif
