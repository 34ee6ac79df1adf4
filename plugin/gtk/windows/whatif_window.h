/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif_window.h: a window that shows the network's answer without the selection. */
#ifndef FEATURESCOPE_GTK_WINDOWS_WHATIF_WINDOW_H
#define FEATURESCOPE_GTK_WINDOWS_WHATIF_WINDOW_H

#include "base/procedure.h"

/* A WindowRun: it follows the selection of the image until it is closed. */
void whatif_window(const Run *run, ParamValues *values);

#endif
