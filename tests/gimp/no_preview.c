/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_preview.c: the adapters' test plug-in, which has no network, has nothing beside its
 * rows that needs one. */
#include "gtk/predicted.h"
#include "gtk/preview.h"
#include "gtk/seen_view.h"

GtkWidget *
preview_new(const Procedure *procedure, const Run *run, const ParamValues *values)
{
    (void)procedure;
    (void)run;
    (void)values;
    return NULL;
}

void
preview_changed(GtkWidget *preview)
{
    (void)preview;
}

GtkWidget *
seen_view_new(const Procedure *procedure,
              const Run *run,
              const ParamValues *values,
              GtkOrientation orientation,
              int side,
              int width,
              void (*moved)(void *user),
              void *user)
{
    (void)procedure;
    (void)run;
    (void)values;
    (void)orientation;
    (void)side;
    (void)width;
    (void)moved;
    (void)user;
    return NULL;
}

void
seen_view_changed(GtkWidget *view)
{
    (void)view;
}

gboolean
seen_view_valid(GtkWidget *view)
{
    (void)view;
    return TRUE;
}

Predicted *
predicted_new(const Procedure *procedure,
              const Run *run,
              const ParamValues *values,
              Form *form)
{
    (void)procedure;
    (void)run;
    (void)values;
    (void)form;
    return NULL;
}

void
predicted_free(Predicted *predicted)
{
    (void)predicted;
}

void
predicted_follow(Predicted *predicted)
{
    (void)predicted;
}
