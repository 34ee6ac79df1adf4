/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predicted.h: the labels that a network finds most probable for the photo, at the top of a
 * dialog's lists of labels. */
#ifndef FEATURESCOPE_GTK_PREDICTED_H
#define FEATURESCOPE_GTK_PREDICTED_H

#include "base/procedure.h"
#include "gtk/form.h"

typedef struct Predicted Predicted;

/* NULL if the procedure has no such list, or never looks at a photo. The network is asked
 * beside the main loop. All are borrowed until predicted_free(). */
Predicted *predicted_new(const Procedure *procedure,
                         const Run *run,
                         const ParamValues *values,
                         Form *form);
void predicted_free(Predicted *predicted); /* NULL is accepted */

/* Values, or what is looked at, have changed. NULL is accepted. */
void predicted_follow(Predicted *predicted);

#endif
