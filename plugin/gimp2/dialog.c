/* gimp2/dialog.c: asking a person for values. Not there yet: an interactive run takes the
 * last ones.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "gimp2.h"

gboolean
gimp2_dialog(const Procedure *procedure, ParamValues *values)
{
    (void)procedure;
    (void)values;
    return TRUE;
}

void
gimp2_bars(const Procedure *procedure, const ResultValue *results)
{
    (void)procedure;
    (void)results;
}
