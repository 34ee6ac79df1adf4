/* gimp3/dialog.c: asking a person for values. Not there yet: an interactive run takes the
 * last ones.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "gimp3.h"

gboolean
gimp3_dialog(GimpProcedure *gimp, GimpProcedureConfig *config, const Procedure *procedure)
{
    (void)gimp;
    (void)config;
    (void)procedure;
    return TRUE;
}

void
gimp3_bars(const Procedure *procedure, const ResultValue *results)
{
    (void)procedure;
    (void)results;
}
