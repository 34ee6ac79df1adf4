/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2.h: what the files of the GIMP 2.10 adapter share. */
#ifndef FEATURESCOPE_GIMP2_GIMP2_H
#define FEATURESCOPE_GIMP2_GIMP2_H

#include "gimp/adapter.h"

/* Handles are ids of GIMP's, plus one so that NULL stays "none" (GIMP: -1). */
#define GIMP2_IMAGE(id) ((HostImage *)gimp2_handle(id))
#define GIMP2_ITEM(id) ((HostItem *)gimp2_handle(id))
void *gimp2_handle(gint32 id);
gint32 gimp2_id(const void *handle);

/* Puts a procedure into the PDB: arguments, results, help, menu, icon. */
void gimp2_register(const Procedure *procedure);

/* How many arguments are before our own: run-mode, image, drawable; or the first only. */
int gimp2_first_own(const Procedure *procedure);

/* The PDB's type for a parameter; a point is two of them. */
GimpPDBArgType gimp2_arg_type(ParamType type);

struct AdapterValues {
    const char *name; /* of the procedure; GIMP keeps the last values under it */
    int first_own;
    GimpRunMode mode;
    int n_args; /* our own */
    const GimpParam *args;
};

/* Appends to an array of GimpParam: an empty value, which is returned, and a result. */
GimpParam *gimp2_add_value(GArray *values, GimpPDBArgType type);
void gimp2_add_result(GArray *values, const Result *result, const ResultValue *value);

#endif
