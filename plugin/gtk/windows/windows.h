/* SPDX-License-Identifier: GPL-3.0-or-later */
/* windows.h: procedures that a person works with in a window of their own.
 *
 * Such a window takes the place of the dialog and of the run: what it shows follows the
 * values and the image while it is open. The list is windows.c. */
#ifndef FEATURESCOPE_GTK_WINDOWS_WINDOWS_H
#define FEATURESCOPE_GTK_WINDOWS_WINDOWS_H

#include "base/procedure.h"

/* Shows the window until it is closed. values: those of last time, which become what they
 * are when it is closed; run->values are the same. run->results may stay zero. The
 * toolkit is ready. */
typedef void (*WindowRun)(const Run *run, ParamValues *values);

/* NULL: the procedure asks in a dialog, and runs once. */
WindowRun window_of(const Procedure *procedure);

#endif
