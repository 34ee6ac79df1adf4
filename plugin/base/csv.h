/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h: comma-separated values (RFC 4180, lines end in \n), field by field. */
#ifndef FEATURESCOPE_BASE_CSV_H
#define FEATURESCOPE_BASE_CSV_H

#include <glib.h>

/* A field; in quotes if it needs them. */
void csv_text(GString *out, const char *text);

/* Nine digits, a point in any locale; empty if it is not finite, which the first field of
 * a line may not be. */
void csv_number(GString *out, double value);

/* Ends the line. */
void csv_end(GString *out);

#endif
