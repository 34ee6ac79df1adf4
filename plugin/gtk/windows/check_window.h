/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_window.h: a window that shows what a network answers, fed in each of the common
 * ways. */
#ifndef FEATURESCOPE_GTK_WINDOWS_CHECK_WINDOW_H
#define FEATURESCOPE_GTK_WINDOWS_CHECK_WINDOW_H

#include "base/procedure.h"

/* A WindowRun. Of the results the card is filled in, if one was written. */
void check_window(const Run *run, ParamValues *values);

#endif
