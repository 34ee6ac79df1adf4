/* SPDX-License-Identifier: GPL-3.0-or-later */
/* denormals.c: the functions of trainer.h by which threads that are not the core's own
 * treat numbers below 1e-38 as zero. */

#include "base/denormals.h"
#include "trainer.h"

uint64_t
dcn_zero_denormals(void)
{
    return dcn_denormals_flush().control;
}

void
dcn_restore_denormals(uint64_t before)
{
    dcn_denormals_restore((DcnDenormals){before});
}
