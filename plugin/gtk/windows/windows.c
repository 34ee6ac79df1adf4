/* SPDX-License-Identifier: GPL-3.0-or-later */
/* windows.c: procedures that a person works with in a window of their own. */
#include "gtk/windows/windows.h"
#include "gtk/windows/browse_window.h"
#include "gtk/windows/check_window.h"
#include "gtk/windows/classify_window.h"
#include "gtk/windows/whatif_window.h"

WindowRun
window_of(const Procedure *procedure)
{
    switch (procedure->window) {
    case WINDOW_NONE:
        return NULL;
    case WINDOW_BROWSE:
        return browse_window;
    case WINDOW_CHECK:
        return check_window;
    case WINDOW_CLASSIFY:
        return classify_window;
    case WINDOW_WHATIF:
        return whatif_window;
    }
    return NULL;
}
