/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail.h: errors with a translated headline and a sentence for the user.
 *
 * All set a GError and return FALSE, so that `return fail_input(...)` reads well. The
 * headline is translated; the sentence of the core, which names node, file and numbers,
 * follows it. */
#ifndef FEATURESCOPE_BASE_FAIL_H
#define FEATURESCOPE_BASE_FAIL_H

#include "base/procedure.h"
#include "dcn.h"

/* What the caller asked for is impossible. */
gboolean fail_input(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The request was valid, and its execution failed. */
gboolean fail_run(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A person stopped it. */
gboolean fail_stopped(GError **error);

/* An error of the core. */
gboolean fail_core(GError **error, const DcnError *core);

#endif
