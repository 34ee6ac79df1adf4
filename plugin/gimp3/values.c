/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/values.c: values and results between GIMP 3's and ours. */
#include "gimp3/gimp3.h"
#include <string.h>

/* --- values */

static int
config_int(GimpProcedureConfig *config, const char *name, const char *suffix)
{
    char *property = g_strconcat(name, suffix, NULL);
    int value;
    g_object_get(config, property, &value, NULL);
    g_free(property);
    return value;
}

/* NULL, and the file without a path that script-fu makes of "", mean none. */
static gboolean
read_file(GimpProcedureConfig *config,
          const char *name,
          ParamValues *values,
          GError **error)
{
    GFile *file = NULL;
    gboolean read = TRUE;
    g_object_get(config, name, &file, NULL);
    if (!file)
        return TRUE;

    const char *path = g_file_peek_path(file);
    char *uri = g_file_get_uri(file);
    if (path) {
        param_set_text(values, name, path);
    } else if (uri && strstr(uri, "://")) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" is \"%s\", which is not a file of this machine"), name,
                    uri);
        read = FALSE;
    }
    g_free(uri);
    g_object_unref(file);
    return read;
}

/* A FILE that is not on this machine is an error; strings that are NULL count as the
 * default. */
gboolean
adapter_values_load(AdapterValues *from, ParamValues *values, GError **error)
{
    GimpProcedureConfig *config = from->config;
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);

    param_values_reset(values);
    for (gsize i = 0; i < n_params; i++) {
        const char *name = params[i].name;
        gboolean yes;
        double number;
        char *text = NULL;
        switch (params[i].type) {
        case PARAM_BOOL:
            g_object_get(config, name, &yes, NULL);
            param_set_bool(values, name, yes);
            break;
        case PARAM_INT:
            param_set_int(values, name, config_int(config, name, ""));
            break;
        case PARAM_DOUBLE:
            g_object_get(config, name, &number, NULL);
            param_set_double(values, name, number);
            break;
        case PARAM_POINT:
            param_set_point(values, name, config_int(config, name, "-x"),
                            config_int(config, name, "-y"));
            break;
        case PARAM_FILE:
        case PARAM_SAVE:
        case PARAM_FOLDER:
            if (!read_file(config, name, values, error))
                return FALSE;
            break;
        default:
            g_object_get(config, name, &text, NULL);
            if (text)
                param_set_text(values, name, text);
            g_free(text);
        }
    }
    return TRUE;
}

static void
set_config_int(GimpProcedureConfig *config,
               const char *name,
               const char *suffix,
               int value)
{
    char *property = g_strconcat(name, suffix, NULL);
    g_object_set(config, property, value, NULL);
    g_free(property);
}

static void
set_config_file(GimpProcedureConfig *config, const char *name, const char *path)
{
    GFile *file = *path ? g_file_new_for_path(path) : NULL;
    g_object_set(config, name, file, NULL);
    g_clear_object(&file);
}

void
adapter_values_save(AdapterValues *to, const ParamValues *values)
{
    GimpProcedureConfig *config = to->config;
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    int x, y;

    /* Notifications are held back until all are set, so that listeners see all new values
     * at once. */
    g_object_freeze_notify(G_OBJECT(config));
    for (gsize i = 0; i < n_params; i++) {
        const char *name = params[i].name;
        switch (params[i].type) {
        case PARAM_BOOL:
            g_object_set(config, name, param_bool(values, name), NULL);
            break;
        case PARAM_INT:
            g_object_set(config, name, param_int(values, name), NULL);
            break;
        case PARAM_DOUBLE:
            g_object_set(config, name, param_double(values, name), NULL);
            break;
        case PARAM_POINT:
            param_point(values, name, &x, &y);
            set_config_int(config, name, "-x", x);
            set_config_int(config, name, "-y", y);
            break;
        case PARAM_FILE:
        case PARAM_SAVE:
        case PARAM_FOLDER:
            set_config_file(config, name, param_text(values, name));
            break;
        default:
            g_object_set(config, name, param_text(values, name), NULL);
        }
    }
    g_object_thaw_notify(G_OBJECT(config));
}

/* --- results */

void
gimp3_set_result(GimpValueArray *returned,
                 int index,
                 const Result *result,
                 const ResultValue *value)
{
    switch (result->type) {
    case RESULT_INT:
        GIMP_VALUES_SET_INT(returned, index, value->i);
        break;
    case RESULT_DOUBLE:
        GIMP_VALUES_SET_DOUBLE(returned, index, value->d);
        break;
    case RESULT_STRING:
        GIMP_VALUES_SET_STRING(returned, index, value->text ? value->text : "");
        break;
    case RESULT_STRINGS: {
        static const char *const none[] = {NULL};
        GIMP_VALUES_SET_STRV(returned, index,
                             value->texts ? (const char *const *)value->texts : none);
        break;
    }
    case RESULT_DOUBLES:
        if (value->numbers)
            GIMP_VALUES_SET_DOUBLE_ARRAY(returned, index,
                                         (const gdouble *)value->numbers->data,
                                         value->numbers->len);
        break;
    case RESULT_ITEMS: {
        /* Ended by NULL, which result.items need not be. */
        GObject **items = g_new0(GObject *, value->n_items + 1);
        for (gsize i = 0; i < value->n_items; i++)
            items[i] = G_OBJECT(value->items[i]);
        GIMP_VALUES_SET_CORE_OBJECT_ARRAY(returned, index, items);
        g_free(items);
        break;
    }
    case RESULT_IMAGE:
        if (value->image)
            GIMP_VALUES_SET_IMAGE(returned, index, GIMP3_IMAGE(value->image));
        break;
    }
}
