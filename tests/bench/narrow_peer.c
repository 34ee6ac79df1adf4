/* SPDX-License-Identifier: GPL-3.0-or-later */
/* narrow_peer.c: LD_PRELOAD for ONNX Runtime of which narrow_peer.py has replaced each
 * `cpuid` by `ud2`: executes it, and leaves AVX-512 and AMX out of the answer. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

/* AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL; VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ; 4VNNIW,
 * 4FMAPS, VP2INTERSECT, AMX BF16, FP16, AMX TILE, AMX INT8 */
#define WIDE_B 0xDC230000u
#define WIDE_C 0x00005842u
#define WIDE_D 0x03C0010Cu
#define WIDE_SUB_A 0x00200020u /* of subleaf 1: AVX-512 BF16, AMX FP16 */

static void
on_ud2(int signal_number, siginfo_t *info, void *context)
{
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *at = (const uint8_t *)(uintptr_t)r[REG_RIP];
    unsigned a = (unsigned)r[REG_RAX], c = (unsigned)r[REG_RCX], b, d, leaf = a, sub = c;
    (void)info;
    if (at[0] != 0x0F || at[1] != 0x0B) {
        signal(signal_number, SIG_DFL);
        return;
    }
    __cpuid_count(leaf, sub, a, b, c, d);
    if (leaf == 7 && sub == 0) {
        b &= ~WIDE_B;
        c &= ~WIDE_C;
        d &= ~WIDE_D;
    } else if (leaf == 7 && sub == 1) {
        a &= ~WIDE_SUB_A;
    }
    r[REG_RAX] = a;
    r[REG_RBX] = b;
    r[REG_RCX] = c;
    r[REG_RDX] = d;
    r[REG_RIP] += 2;
}

__attribute__((constructor)) static void
start(void)
{
    struct sigaction action = {.sa_sigaction = on_ud2,
                               .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGILL, &action, 0);
}
