/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/apart.c: a procedure of ours called through GIMP, which starts a process for it. */
#include "gimp3/gimp3.h"

static void
take_result(const Result *result, const GValue *value, ResultValue *into)
{
    switch (result->type) {
    case RESULT_INT:
        into->i = g_value_get_int(value);
        break;
    case RESULT_DOUBLE:
        into->d = g_value_get_double(value);
        break;
    case RESULT_STRING:
        into->text = g_value_dup_string(value);
        break;
    case RESULT_IMAGE:
        into->image = g_value_get_object(value);
        break;
    case RESULT_DOUBLES: {
        gsize count;
        const double *numbers = gimp_value_get_double_array(value, &count);
        into->numbers = g_array_new(FALSE, FALSE, sizeof(double));
        if (numbers)
            g_array_append_vals(into->numbers, numbers, (guint)count);
        break;
    }
    case RESULT_STRINGS:
    case RESULT_ITEMS:
        break;
    }
}

static gboolean
take_results(const Procedure *procedure,
             GimpValueArray *values,
             ResultValue *results,
             GError **error)
{
    GimpPDBStatusType status = GIMP_VALUES_GET_ENUM(values, 0);
    if (status != GIMP_PDB_SUCCESS) {
        g_set_error(error, PROCEDURE_ERROR,
                    status == GIMP_PDB_CANCEL ? PROCEDURE_ERROR_CANCELLED
                                              : PROCEDURE_ERROR_INPUT,
                    "%s",
                    gimp_value_array_length(values) > 1 &&
                            G_VALUE_HOLDS_STRING(gimp_value_array_index(values, 1))
                        ? GIMP_VALUES_GET_STRING(values, 1)
                        : gimp_pdb_get_last_error(gimp_get_pdb()));
        return FALSE;
    }
    for (gsize i = 0; i < procedure->n_results; i++)
        if ((int)i + 1 < gimp_value_array_length(values))
            take_result(&procedure->results[i],
                        gimp_value_array_index(values, (int)i + 1), &results[i]);
    return TRUE;
}

gboolean
procedure_call_apart(const Procedure *procedure, const Run *run, GError **error)
{
    GimpProcedure *gimp = gimp_pdb_lookup_procedure(gimp_get_pdb(), procedure->name);
    GimpProcedureConfig *config = gimp_procedure_create_config(gimp);
    AdapterValues kept = {gimp, config};
    adapter_values_save(&kept, run->values);
    g_object_set(config, "run-mode", GIMP_RUN_NONINTERACTIVE, NULL);
    if (!procedure->anywhere) {
        GObject *drawables[] = {G_OBJECT(run->drawables[0]), NULL};
        g_object_set(config, "image", GIMP3_IMAGE(run->image), NULL);
        g_object_set(config, "drawables", drawables,
                     NULL); /* a boxed array, ended by NULL */
    }
    GimpValueArray *values = gimp_procedure_run_config(gimp, config);
    gboolean ok = take_results(procedure, values, run->results, error);
    gimp_value_array_unref(values);
    g_object_unref(config);
    return ok;
}
