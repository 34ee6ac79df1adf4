/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script_button.h: a button that copies a call with the values on screen as a script.
 *
 * So what was found in a window can be done again for a thousand pictures. Where the host
 * has several languages, or the window shows what several calls make, the button drops a
 * menu of them. */
#ifndef FEATURESCOPE_GTK_SCRIPT_BUTTON_H
#define FEATURESCOPE_GTK_SCRIPT_BUTTON_H

#include "base/procedure.h"
#include <gtk/gtk.h>

typedef struct {
    const char *name; /* of what the call makes, translated */
    const Procedure *procedure;
    ParamValues *values; /* which are freed */
} ScriptCall;

#define SCRIPT_CALLS 4

/* Gives the calls of the moment; returns how many. */
typedef gsize (*ScriptCalls)(void *user, ScriptCall calls[static SCRIPT_CALLS]);

GtkWidget *script_button_new(ScriptCalls calls, void *user);

/* The same for values that live as long as the button. */
GtkWidget *script_button_new_for(const Procedure *procedure, const ParamValues *values);

#endif
