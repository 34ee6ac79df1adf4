/* procedures.c: the list of procedures, in the order of the menu.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "procedure.h"

const Procedure *const procedures[] = {
    NULL,
};
