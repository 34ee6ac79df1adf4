/* SPDX-License-Identifier: GPL-3.0-or-later */
/* narrow.c: a processor with AVX2 and without AVX-512, for bench_256.
 *
 * It takes the place of what libgcc asks the processor, so that every choice of the core's
 * (target_clones, __builtin_cpu_supports) is made as on such a processor; the core knows
 * nothing of it. OpenBLAS asks for itself: OPENBLAS_CORETYPE=Haswell. Numbers of features
 * are those of GCC's i386-cpuinfo.h, which never change. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MMX_TO_AVX2 0x7FFu /* the first eleven */
#define FMA (1u << 14)

struct {
    unsigned vendor, type, subtype, features[1];
} __cpu_model;
unsigned __cpu_features2[4];
int __cpu_indicator_init(void);

int
__cpu_indicator_init(void)
{
    __cpu_model.vendor = 2; /* AMD */
    __cpu_model.features[0] = MMX_TO_AVX2 | FMA;
    return 0;
}
#endif
