/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pairs.h: rows of a label and two shares, before and after, as bars that follow. */
#ifndef FEATURESCOPE_GTK_WINDOWS_PAIRS_H
#define FEATURESCOPE_GTK_WINDOWS_PAIRS_H

#include <gtk/gtk.h>

typedef struct {
    const char *label;    /* NULL: the row is empty */
    double before, after; /* 0 to 1; after below 0: not known */
} PairsRow;

/* A widget of that many rows. */
GtkWidget *pairs_new(gsize rows);

void pairs_set(GtkWidget *pairs, gsize row, const PairsRow *value);

#endif
