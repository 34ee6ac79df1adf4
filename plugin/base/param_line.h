/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_line.h: values as a line that a person types: names and values in turn.
 *
 *     count 3 unit map labels "tabby; tiger cat"
 *
 * Words end at blanks; one between double quotes may hold blanks, and quotes and
 * backslashes behind a backslash. */
#ifndef FEATURESCOPE_BASE_PARAM_LINE_H
#define FEATURESCOPE_BASE_PARAM_LINE_H

#include "base/param.h"

/* Sets what the line names; a point is NAME-x and NAME-y. FALSE with a sentence: a name
 * that is not in the table, one without a value, or a value that the table forbids. The
 * values before it are set then. */
gboolean param_line_read(ParamValues *values, const char *line, GError **error);

#endif
