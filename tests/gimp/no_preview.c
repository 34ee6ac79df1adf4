/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_preview.c: the adapters' test plug-in has no picture beside its rows. */
#include "gtk/preview.h"

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
