/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3.h: what the files of the GIMP 3 adapter share. */
#ifndef FEATURESCOPE_GIMP3_GIMP3_H
#define FEATURESCOPE_GIMP3_GIMP3_H

#include "gimp/adapter.h"

/* Handles are GIMP's objects, which libgimp owns. */
#define GIMP3_IMAGE(handle) GIMP_IMAGE(handle)
#define GIMP3_ITEM(handle) GIMP_ITEM(handle)

struct AdapterValues {
    GimpProcedure *gimp;
    GimpProcedureConfig *config; /* GIMP keeps it for the next time */
};

/* Turns a new image as its EXIF orientation says, which is normal then. No undo step. */
void gimp3_turn_upright(GimpImage *image);

/* Arguments, results, help, menu and icon of a procedure. */
void gimp3_describe(GimpProcedure *gimp, const Procedure *procedure);

/* Puts a result into the returned values, from 1 on: 0 is the status. */
void gimp3_set_result(GimpValueArray *returned,
                      int index,
                      const Result *result,
                      const ResultValue *value);

#endif
