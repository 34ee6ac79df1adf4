/* SPDX-License-Identifier: GPL-3.0-or-later */
/* denormals.c: denormals.h for threads that are not the core's own; see trainer.h. */

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
