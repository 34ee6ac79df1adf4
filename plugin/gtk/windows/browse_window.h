/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_window.h: a window to find the interesting feature map of a photo. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_WINDOW_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_WINDOW_H

#include "base/procedure.h"

/* A WindowRun. */
void browse_window(const Run *run, ParamValues *values);

#endif
