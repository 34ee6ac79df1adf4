/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_private.h: how values are kept, for the files param_*.c only. */
#ifndef FEATURESCOPE_BASE_PARAM_PRIVATE_H
#define FEATURESCOPE_BASE_PARAM_PRIVATE_H

#include "base/param.h"

typedef struct {
    double number; /* bool as 0 or 1, int, double, x of a point */
    double y;      /* of a point */
    char *text;    /* of the textual types, never NULL; NULL for the others */
} ParamValue;

struct ParamValues {
    const Param *params; /* borrowed */
    gsize n_params;
    ParamValue *values; /* n_params */
};

/* TRUE if values of this type are texts. */
gboolean param_is_text(ParamType type);

/* One value against its line of the table; see param_check(). */
gboolean param_check_one(const Param *param, const ParamValue *value, GError **error);

/* A number without the locale: "-1", "0.25". g_free() */
char *param_number(double number);

#endif
