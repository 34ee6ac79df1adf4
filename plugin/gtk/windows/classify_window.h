/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify_window.h: a window that says what a network takes the photo for. */
#ifndef FEATURESCOPE_GTK_WINDOWS_CLASSIFY_WINDOW_H
#define FEATURESCOPE_GTK_WINDOWS_CLASSIFY_WINDOW_H

#include "base/procedure.h"

/* A WindowRun. The results are those of the last answer. */
void classify_window(const Run *run, ParamValues *values);

#endif
