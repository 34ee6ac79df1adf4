/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.h: filling a DcnError. */
#ifndef DCN_BASE_ERROR_H
#define DCN_BASE_ERROR_H

#include "dcn.h"
#include <stdarg.h>

/* Sets code and sentence and returns false, so that `return dcn_fail (...)` reads well.
 * error may be NULL. */
bool dcn_fail(DcnError *error, DcnCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool dcn_fail_va(
    DcnError *error, DcnCode code, const char *prefix, const char *format, va_list args);

/* "out of memory: WHAT needs N MB" */
bool dcn_fail_memory(DcnError *error, const char *what, size_t bytes);

#endif
