/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.h: the widget for one parameter. */
#ifndef FEATURESCOPE_GTK_CONTROL_H
#define FEATURESCOPE_GTK_CONTROL_H

#include "base/param.h"
#include <gtk/gtk.h>

typedef struct {
    const Param *param;
    GtkWidget *widget; /* to be packed */
    GtkWidget *focus;  /* what the label's mnemonic goes to */
    GtkWidget *second; /* of a point: y; else NULL */
    void (*changed)(void *user);
    void *user;
} Control;

/* Fills the struct, which must stay where it is. changed is called after a person changed
 * something, and by control_set(). */
void control_init(Control *control,
                  const Param *param,
                  void (*changed)(void *user),
                  void *user);

/* What the empty text stands for. */
void control_hint(Control *control, const char *text);

/* The widget's value into the values, and back. */
void control_get(const Control *control, ParamValues *values);
void control_set(Control *control, const ParamValues *values);

#endif
