/* SPDX-License-Identifier: GPL-3.0-or-later */
/* form.h: a table of parameters as rows of widgets. */
#ifndef FEATURESCOPE_GTK_FORM_H
#define FEATURESCOPE_GTK_FORM_H

#include "base/param.h"
#include <gtk/gtk.h>

typedef struct Form Form;

/* values: borrowed; they follow the widgets at once. changed (may be NULL) is called
 * after each change by a person, when form_valid() knows. */
Form *form_new(ParamValues *values, void (*changed)(void *user), void *user);

/* The same with seldom rows in two columns, so that a dialog is not too high. */
Form *form_new_wide(ParamValues *values, void (*changed)(void *user), void *user);

/* A widget beside the rows, above those that are seldom. */
void form_put_beside(Form *form, GtkWidget *widget);

/* A button beside each remark: what can be done about it. */
void form_offer(Form *form,
                const char *label,
                void (*act)(GtkButton *button, void *user),
                void *user);

/* Puts lines to the top of the lists that `fill` fills, see pick_put_first(); the first one
 * is what the empty text stands for. */
void form_put_first(Form *form,
                    GPtrArray *(*fill)(const ParamValues *values, GError **error),
                    char *const *values,
                    char *const *labels);

/* Call when the widget is gone. */
void form_free(Form *form);

/* FALSE: with these values nothing can be run; a sentence below the rows says why. */
gboolean form_valid(const Form *form);

/* The widget, to be packed once. */
GtkWidget *form_widget(Form *form);

/* Shows the values after somebody else changed them. */
void form_refresh(Form *form);

#endif
