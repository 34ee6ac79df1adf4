/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/values.c: arguments, last values and results between GIMP 2.10's and ours.
 *
 * GIMP 2.10 knows argument types only: no defaults, no ranges. It passes three arguments
 * from a menu and any number from C, where strings may be NULL. Missing ones keep their
 * defaults: as new arguments go last, callers of older versions stay right. */
#include "gimp2/gimp2.h"
#include <string.h>

/* --- arguments in */

GimpPDBArgType
gimp2_arg_type(ParamType type)
{
    switch (type) {
    case PARAM_BOOL:
    case PARAM_INT:
    case PARAM_POINT:
        return GIMP_PDB_INT32;
    case PARAM_DOUBLE:
        return GIMP_PDB_FLOAT;
    default:
        return GIMP_PDB_STRING;
    }
}

static gboolean
expect(const GimpParam *arg, GimpPDBArgType type, const char *name, GError **error)
{
    if (arg->type == type)
        return TRUE;
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                _("The argument \"%s\" is of the wrong type"), name);
    return FALSE;
}

int
gimp2_first_own(const Procedure *procedure)
{
    return procedure->anywhere ? 1 : 3;
}

/* Our own arguments of a call into values. */
static gboolean
read_arguments(ParamValues *values, const AdapterValues *from, GError **error)
{
    int n_args = from->n_args, first_own = from->first_own;
    const GimpParam *args = from->args;
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    int at = 0;

    for (gsize i = 0; i < n_params && at < n_args; i++) {
        const char *name = params[i].name;
        int wide = params[i].type == PARAM_POINT ? 2 : 1;
        for (int k = 0; k < wide && at + k < n_args; k++)
            if (!expect(&args[at + k], gimp2_arg_type(params[i].type), name, error))
                return FALSE;
        switch (params[i].type) {
        case PARAM_BOOL:
            param_set_bool(values, name, args[at].data.d_int32);
            break;
        case PARAM_INT:
            param_set_int(values, name, args[at].data.d_int32);
            break;
        case PARAM_DOUBLE:
            param_set_double(values, name, args[at].data.d_float);
            break;
        case PARAM_POINT:
            if (at + 1 < n_args)
                param_set_point(values, name, args[at].data.d_int32,
                                args[at + 1].data.d_int32);
            break;
        default:
            if (args[at].data.d_string)
                param_set_text(values, name, args[at].data.d_string);
        }
        at += wide;
    }
    if (at < n_args) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("%d arguments came; there are %d at most"), n_args + first_own,
                    at + first_own);
        return FALSE;
    }
    return TRUE;
}

/* What was chosen last in this session of GIMP. */
static void
load_last(const char *name, ParamValues *values)
{
    gint size = gimp_get_data_size(name);
    if (size > 0) {
        char *text = g_malloc0((gsize)size + 1);
        if (gimp_get_data(name, text))
            param_values_load(values, text);
        g_free(text);
    }
}

gboolean
adapter_values_load(AdapterValues *from, ParamValues *values, GError **error)
{
    switch (from->mode) {
    case GIMP_RUN_NONINTERACTIVE:
        return read_arguments(values, from, error);
    case GIMP_RUN_INTERACTIVE:
    case GIMP_RUN_WITH_LAST_VALS:
        load_last(from->name, values);
        return TRUE;
    }
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                _("The run mode %d is none of 0, 1, 2"), (int)from->mode);
    return FALSE;
}

void
adapter_values_save(AdapterValues *to, const ParamValues *values)
{
    char *text = param_values_save(values);
    gimp_set_data(to->name, text, (guint32)strlen(text) + 1);
    g_free(text);
}

/* --- results out */

GimpParam *
gimp2_add_value(GArray *values, GimpPDBArgType type)
{
    GimpParam value = {.type = type};
    g_array_append_val(values, value);
    return &g_array_index(values, GimpParam, values->len - 1);
}

void
gimp2_add_result(GArray *values, const Result *result, const ResultValue *value)
{
    switch (result->type) {
    case RESULT_INT:
        gimp2_add_value(values, GIMP_PDB_INT32)->data.d_int32 = value->i;
        break;
    case RESULT_DOUBLE:
        gimp2_add_value(values, GIMP_PDB_FLOAT)->data.d_float = value->d;
        break;
    case RESULT_STRING:
        gimp2_add_value(values, GIMP_PDB_STRING)->data.d_string =
            g_strdup(value->text ? value->text : "");
        break;
    case RESULT_IMAGE:
        gimp2_add_value(values, GIMP_PDB_IMAGE)->data.d_image = gimp2_id(value->image);
        break;
    case RESULT_STRINGS:
        gimp2_add_value(values, GIMP_PDB_INT32)->data.d_int32 =
            value->texts ? (gint32)g_strv_length(value->texts) : 0;
        gimp2_add_value(values, GIMP_PDB_STRINGARRAY)->data.d_stringarray =
            value->texts ? g_strdupv(value->texts) : g_new0(char *, 1);
        break;
    case RESULT_DOUBLES: {
        guint n = value->numbers ? value->numbers->len : 0;
        double *numbers = g_new0(double, n + 1);
        if (n)
            memcpy(numbers, value->numbers->data, n * sizeof(double));
        gimp2_add_value(values, GIMP_PDB_INT32)->data.d_int32 = (gint32)n;
        gimp2_add_value(values, GIMP_PDB_FLOATARRAY)->data.d_floatarray = numbers;
        break;
    }
    case RESULT_ITEMS: {
        gint32 *ids = g_new0(gint32, value->n_items + 1);
        for (gsize i = 0; i < value->n_items; i++)
            ids[i] = gimp2_id(value->items[i]);
        gimp2_add_value(values, GIMP_PDB_INT32)->data.d_int32 = (gint32)value->n_items;
        gimp2_add_value(values, GIMP_PDB_INT32ARRAY)->data.d_int32array = ids;
        break;
    }
    }
}
