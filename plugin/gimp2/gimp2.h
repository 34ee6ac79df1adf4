/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2.h: what the files of the GIMP 2.10 adapter share. */
#ifndef GIMP2_H
#define GIMP2_H

#include "base/procedure.h"
#include "host.h"
#include <libgimp/gimp.h>

/* Handles are ids of GIMP's, plus one so that NULL stays "none" (GIMP: -1). */
#define GIMP2_IMAGE(id) ((HostImage *)gimp2_handle(id))
#define GIMP2_ITEM(id) ((HostItem *)gimp2_handle(id))
void *gimp2_handle(gint32 id);
gint32 gimp2_id(const void *handle);

/* Whether a person is there to see windows: not in a batch run. */
void gimp2_set_attended(gboolean attended);
gboolean gimp2_attended(void);

/* Shows what host_add() has added and no main loop has come to. At the end of a run. */
void gimp2_flush_displays(void);

/* Puts a procedure into the PDB: arguments, results, help, menu, icon. */
void gimp2_register(const Procedure *procedure);

/* Arguments before our own: run-mode, image, drawable. */
#define GIMP2_FIRST_OWN 3

/* The PDB's type for a parameter; a point is two of them. */
GimpPDBArgType gimp2_arg_type(ParamType type);

/* Our own arguments of a call into values. */
gboolean gimp2_read_arguments(ParamValues *values,
                              int n_args,
                              const GimpParam *args,
                              GError **error);

/* What was chosen last in this session of GIMP. */
void gimp2_load_last_values(const char *name, ParamValues *values);
void gimp2_save_last_values(const char *name, const ParamValues *values);

/* Appends to an array of GimpParam: an empty value, which is returned, and a result. */
GimpParam *gimp2_add_value(GArray *values, GimpPDBArgType type);
void gimp2_add_result(GArray *values, const Result *result, const ResultValue *value);

/* Asks for the values in a window. FALSE: cancelled. */
gboolean gimp2_dialog(const Procedure *procedure, const Run *run, ParamValues *values);

/* Shows the bars of a run that is over. */
void gimp2_bars(const Procedure *procedure, const ResultValue *results);

#endif
