/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script_button.h: a button that copies a call with the values on screen as a script.
 *
 * So what was found in a window can be done again for a thousand pictures. Where the host
 * has several languages, the button drops a menu of them. */
#ifndef FEATURESCOPE_GTK_SCRIPT_BUTTON_H
#define FEATURESCOPE_GTK_SCRIPT_BUTTON_H

#include "base/procedure.h"
#include <gtk/gtk.h>

/* Gives the values of the moment, which are then freed, and the procedure to call. */
typedef ParamValues *(*ScriptValues)(void *user, const Procedure **procedure);

GtkWidget *script_button_new(ScriptValues values, void *user);

/* The same for values that live as long as the button. */
GtkWidget *script_button_new_for(const Procedure *procedure, const ParamValues *values);

#endif
