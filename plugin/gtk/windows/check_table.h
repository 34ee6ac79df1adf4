/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_table.h: ways of feeding a network, a line each, with what it answers. */
#ifndef FEATURESCOPE_GTK_WINDOWS_CHECK_TABLE_H
#define FEATURESCOPE_GTK_WINDOWS_CHECK_TABLE_H

#include "actions/check/check.h"
#include <gtk/gtk.h>

/* chosen: a person wants the network to be fed as this line says. */
GtkWidget *check_table_new(void (*chosen)(void *user, gsize row), void *user);

/* Makes the lines anew, without answers; rows NULL: none. */
void check_table_fill(GtkWidget *table, const GPtrArray *rows);

/* What came for a line: an array of Answer. */
void check_table_set(GtkWidget *table, gsize row, const GArray *answers);

#endif
