/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/apart.c: a procedure of ours called through GIMP, which starts a process for it. */
#include "gimp2/gimp2.h"

static GArray *
arguments(const Procedure *procedure, const Run *run)
{
    GArray *args = g_array_new(FALSE, TRUE, sizeof(GimpParam));
    gimp2_add_value(args, GIMP_PDB_INT32)->data.d_int32 = GIMP_RUN_NONINTERACTIVE;
    if (!procedure->anywhere) {
        gimp2_add_value(args, GIMP_PDB_IMAGE)->data.d_image = gimp2_id(run->image);
        gimp2_add_value(args, GIMP_PDB_DRAWABLE)->data.d_drawable =
            gimp2_id(run->drawables[0]);
    }
    for (gsize i = 0; i < procedure->n_params; i++) {
        const Param *param = &procedure->params[i];
        const char *name = param->name;
        GimpParam *arg = gimp2_add_value(args, gimp2_arg_type(param->type));
        int x, y;
        switch (param->type) {
        case PARAM_BOOL:
            arg->data.d_int32 = param_bool(run->values, name);
            break;
        case PARAM_INT:
            arg->data.d_int32 = param_int(run->values, name);
            break;
        case PARAM_DOUBLE:
            arg->data.d_float = param_double(run->values, name);
            break;
        case PARAM_POINT:
            param_point(run->values, name, &x, &y);
            arg->data.d_int32 = x;
            gimp2_add_value(args, GIMP_PDB_INT32)->data.d_int32 = y;
            break;
        default:
            arg->data.d_string = (char *)param_text(run->values, name);
        }
    }
    return args;
}

/* How many values of GIMP's a result is. */
static int
width_of(ResultType type)
{
    return type == RESULT_STRINGS || type == RESULT_DOUBLES || type == RESULT_ITEMS ? 2
                                                                                    : 1;
}

/* value: where gimp2_add_result() would begin. */
static void
take_result(const Result *result, const GimpParam *value, ResultValue *into)
{
    switch (result->type) {
    case RESULT_INT:
        into->i = value->data.d_int32;
        break;
    case RESULT_DOUBLE:
        into->d = value->data.d_float;
        break;
    case RESULT_STRING:
        into->text = g_strdup(value->data.d_string);
        break;
    case RESULT_IMAGE:
        into->image = GIMP2_IMAGE(value->data.d_image);
        break;
    case RESULT_DOUBLES:
        into->numbers = g_array_new(FALSE, FALSE, sizeof(double));
        g_array_append_vals(into->numbers, value[1].data.d_floatarray,
                            (guint)MAX(value->data.d_int32, 0));
        break;
    case RESULT_STRINGS:
    case RESULT_ITEMS:
        break;
    }
}

static gboolean
take_results(const Procedure *procedure,
             const GimpParam *values,
             int n_values,
             ResultValue *results,
             GError **error)
{
    if (n_values < 1 || values->data.d_status != GIMP_PDB_SUCCESS) {
        gboolean cancelled = n_values > 0 && values->data.d_status == GIMP_PDB_CANCEL;
        gboolean said = n_values > 1 && values[1].type == GIMP_PDB_STRING;
        g_set_error(error, PROCEDURE_ERROR,
                    cancelled ? PROCEDURE_ERROR_CANCELLED : PROCEDURE_ERROR_INPUT, "%s",
                    said ? values[1].data.d_string : gimp_get_pdb_error());
        return FALSE;
    }
    int at = 1;
    for (gsize i = 0; i < procedure->n_results; i++) {
        int width = width_of(procedure->results[i].type);
        if (at + width <= n_values)
            take_result(&procedure->results[i], &values[at], &results[i]);
        at += width;
    }
    return TRUE;
}

gboolean
procedure_call_apart(const Procedure *procedure, const Run *run, GError **error)
{
    GArray *args = arguments(procedure, run);
    gint n_values;
    GimpParam *values = gimp_run_procedure2(procedure->name, &n_values, (gint)args->len,
                                            (const GimpParam *)(void *)args->data);
    gboolean ok = take_results(procedure, values, n_values, run->results, error);
    gimp_destroy_params(values, n_values);
    g_array_unref(args); /* the texts are the values' own */
    return ok;
}
