/* SPDX-License-Identifier: GPL-3.0-or-later */
/* windows.c: see windows.h. */
#include "gtk/windows.h"
#include "gtk/windows/browse_window.h"
#include "gtk/windows/whatif_window.h"

static const struct {
    const char *procedure;
    WindowRun run;
} windows[] = {
    {"plug-in-featurescope-browse", browse_window},
    {"plug-in-featurescope-whatif", whatif_window},
};

WindowRun
window_of(const Procedure *procedure)
{
    for (gsize i = 0; i < G_N_ELEMENTS(windows); i++)
        if (g_str_equal(windows[i].procedure, procedure->name))
            return windows[i].run;
    return NULL;
}
