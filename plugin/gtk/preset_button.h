/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preset_button.h: a button with a menu of a procedure's presets: take one, keep what is
 * on screen as one, delete one. */
#ifndef FEATURESCOPE_GTK_PRESET_BUTTON_H
#define FEATURESCOPE_GTK_PRESET_BUTTON_H

#include "base/procedure.h"
#include <gtk/gtk.h>

/* values  those on screen, which outlive the button; a preset that is taken is put there
 * before   called before they are read, so that a window can put there what it shows; or
 *          NULL
 * taken   called when a preset has been put there */
GtkWidget *preset_button_new(const Procedure *procedure,
                             ParamValues *values,
                             void (*before)(void *user),
                             void (*taken)(void *user),
                             void *user);

#endif
