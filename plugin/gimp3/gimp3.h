/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3.h: what the files of the GIMP 3 adapter share. */
#ifndef GIMP3_H
#define GIMP3_H

#include "base/procedure.h"
#include "host.h"
#include <libgimp/gimp.h>

/* Handles are GIMP's objects, which libgimp owns. */
#define GIMP3_IMAGE(handle) GIMP_IMAGE(handle)
#define GIMP3_ITEM(handle) GIMP_ITEM(handle)

/* Whether a person is there to see windows: not in a batch run. */
void gimp3_set_attended(gboolean attended);
gboolean gimp3_attended(void);

/* Shows what host_add() has added and no main loop has come to. At the end of a run. */
void gimp3_flush_displays(void);

/* Arguments, results, help, menu and icon of a procedure. */
void gimp3_describe(GimpProcedure *gimp, const Procedure *procedure);

/* The values of a config, and back; strings that are NULL count as the default. A FILE
 * that is not on this machine is an error. */
gboolean gimp3_read_config(GimpProcedureConfig *config,
                           ParamValues *values,
                           GError **error);
void gimp3_write_config(GimpProcedureConfig *config, const ParamValues *values);

/* Puts a result into the returned values, from 1 on: 0 is the status. */
void gimp3_set_result(GimpValueArray *returned,
                      int index,
                      const Result *result,
                      const ResultValue *value);

/* Asks for the values in a window. FALSE: cancelled. */
gboolean gimp3_dialog(GimpProcedure *gimp,
                      GimpProcedureConfig *config,
                      const Procedure *procedure,
                      const Run *run);

/* Shows the bars of a run that is over. */
void gimp3_bars(const Procedure *procedure, const ResultValue *results);

#endif
