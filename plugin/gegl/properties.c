/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/properties.c: the parameters of an action as properties of an operation.
 *
 * Nothing is said of a parameter here: the table of the action has its name, range,
 * default, words and what it hangs on. */

#include "gegl/properties.h"
#include <string.h>

/* A slider goes no further; the number beside it does. */
#define SLIDER_MOST 1000

/* The ids of a parameter: the second one is the y of a point. */
#define ID_OF(index) (2 * (guint)(index) + 1)

/* The only property that no action has. */
#define ID_PATIENCE 1000
#define PATIENCE 20.0

static const Param *
find(const FilterKind *kind, const char *name)
{
    for (gsize i = 0; i < kind->procedure->n_params; i++)
        if (g_str_equal(kind->procedure->params[i].name, name))
            return &kind->procedure->params[i];
    g_error("%s has no parameter %s", kind->procedure->name, name);
}

static gboolean
is_property(const FilterKind *kind, const char *name)
{
    return g_strv_contains(kind->params, name);
}

/* --- values --- */

Properties
properties_new(const FilterKind *kind)
{
    const Procedure *procedure = kind->procedure;
    return (Properties){
        param_values_new(procedure->params, procedure->n_params), {0.5, 0.5}, PATIENCE};
}

Properties
properties_copy(const Properties *properties)
{
    return (Properties){param_values_copy(properties->values),
                        {properties->point[0], properties->point[1]},
                        properties->patience};
}

void
properties_clear(Properties *properties)
{
    param_values_free(properties->values);
    *properties = (Properties){0};
}

static char *
text_of_color(GeglColor *color)
{
    guint8 rgb[3] = {0};
    if (color)
        gegl_color_get_pixel(color, babl_format("R'G'B' u8"), rgb);
    return g_strdup_printf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
}

void
properties_set(Properties *properties,
               const FilterKind *kind,
               guint id,
               const GValue *value,
               GParamSpec *spec)
{
    if (id == ID_PATIENCE) {
        properties->patience = g_value_get_double(value);
        return;
    }
    ParamValues *values = properties->values;
    const Param *param = find(kind, kind->params[(id - 1) / 2]);
    char *text;
    switch (param->type) {
    case PARAM_BOOL:
        param_set_bool(values, param->name, g_value_get_boolean(value));
        break;
    case PARAM_INT:
        param_set_int(values, param->name, g_value_get_int(value));
        break;
    case PARAM_DOUBLE:
        param_set_double(values, param->name, g_value_get_double(value));
        break;
    case PARAM_POINT:
        properties->point[(id - 1) % 2] = g_value_get_double(value);
        break;
    case PARAM_CHOICE: {
        GEnumClass *choices = G_PARAM_SPEC_ENUM(spec)->enum_class;
        GEnumValue *choice = g_enum_get_value(choices, g_value_get_enum(value));
        param_set_text(values, param->name, choice ? choice->value_nick : param->text);
        break;
    }
    case PARAM_COLOR:
        text = text_of_color(g_value_get_object(value));
        param_set_text(values, param->name, text);
        g_free(text);
        break;
    default:
        param_set_text(values, param->name, g_value_get_string(value));
    }
}

void
properties_get(const Properties *properties,
               const FilterKind *kind,
               guint id,
               GValue *value,
               GParamSpec *spec)
{
    if (id == ID_PATIENCE) {
        g_value_set_double(value, properties->patience);
        return;
    }
    const ParamValues *values = properties->values;
    const Param *param = find(kind, kind->params[(id - 1) / 2]);
    switch (param->type) {
    case PARAM_BOOL:
        g_value_set_boolean(value, param_bool(values, param->name));
        break;
    case PARAM_INT:
        g_value_set_int(value, param_int(values, param->name));
        break;
    case PARAM_DOUBLE:
        g_value_set_double(value, param_double(values, param->name));
        break;
    case PARAM_POINT:
        g_value_set_double(value, properties->point[(id - 1) % 2]);
        break;
    case PARAM_CHOICE: {
        GEnumClass *choices = G_PARAM_SPEC_ENUM(spec)->enum_class;
        const char *nick = param_text(values, param->name);
        g_value_set_enum(value, g_enum_get_value_by_nick(choices, nick)->value);
        break;
    }
    case PARAM_COLOR:
        g_value_take_object(value, gegl_color_new(param_text(values, param->name)));
        break;
    default:
        g_value_set_string(value, param_text(values, param->name));
    }
}

char *
properties_text(const Properties *properties)
{
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    char patience[G_ASCII_DTOSTR_BUF_SIZE];
    char *values = param_values_save(properties->values);
    g_ascii_dtostr(x, sizeof x, properties->point[0]);
    g_ascii_dtostr(y, sizeof y, properties->point[1]);
    g_ascii_dtostr(patience, sizeof patience, properties->patience);
    char *text = g_strdup_printf("%s%s %s %s\n", values, x, y, patience);
    g_free(values);
    return text;
}

/* --- registration --- */

/* The nicks of a choice as a type of GLib's, of which a property's name is part. */
static GType
choices_type(const FilterKind *kind, const Param *param)
{
    char *name = g_strdup_printf("%s-%s", kind->type, param->name);
    GType type = g_type_from_name(name);
    gsize count = 0;
    while (param->choices[count].nick)
        count++;
    if (!type) {
        GEnumValue *values = g_new0(GEnumValue, count + 1); /* as long as the type */
        for (gsize i = 0; i < count; i++)
            values[i] =
                (GEnumValue){(int)i, _(param->choices[i].label), param->choices[i].nick};
        type = g_enum_register_static(name, values);
    }
    g_free(name);
    return type;
}

static int
default_choice(const Param *param)
{
    int i = 0;
    while (!g_str_equal(param->choices[i].nick, param->text))
        i++;
    return i;
}

/* GIMP 3.0 knows no properties that are files: with one of them its scripts could set none
 * of the others. It has these versions of GEGL. */
static gboolean
files_are_known(void)
{
    int major, minor, micro;
    gegl_get_version(&major, &minor, &micro);
    return micro < 48 || micro >= 64;
}

static GParamSpec *
choice_spec(const FilterKind *kind,
            const Param *param,
            const char *label,
            const char *blurb)
{
    GParamSpec *spec =
        gegl_param_spec_enum(param->name, label, blurb, choices_type(kind, param),
                             default_choice(param), G_PARAM_READWRITE);
    GEnumClass *choices = G_PARAM_SPEC_ENUM(spec)->enum_class;
    for (const char *const *pair = kind->without; pair && *pair; pair += 2)
        if (g_str_equal(pair[0], param->name))
            gegl_param_spec_enum_exclude_value(
                GEGL_PARAM_SPEC_ENUM(spec),
                g_enum_get_value_by_nick(choices, pair[1])->value);
    return spec;
}

/* "Feature map (-1: Strongest)": a slider says nothing of a number that stands for a
 * choice of ours. */
static char *
label_of(const Param *param)
{
    char *label = param_label(param);
    if (param->type != PARAM_INT || !param->empty)
        return label;
    char *text =
        g_strdup_printf("%s (%d: %s)", label, (int)param->value, _(param->empty));
    g_free(label);
    return text;
}

/* part: 0 or, of a point, 1. */
static GParamSpec *
spec_of(const FilterKind *kind, const Param *param, guint part)
{
    const GParamFlags flags = G_PARAM_READWRITE;
    const char *text = param->text ? param->text : "", *name = param->name;
    const char *blurb = _(param->blurb);
    double most = MIN(param->max, SLIDER_MOST);
    char *label = label_of(param);
    GParamSpec *spec;
    switch (param->type) {
    case PARAM_BOOL:
        spec = g_param_spec_boolean(name, label, blurb, param->value != 0, flags);
        break;
    case PARAM_INT:
        spec =
            gegl_param_spec_int(name, label, blurb, (int)param->min, (int)param->max,
                                (int)param->value, (int)param->min, (int)most, 1, flags);
        break;
    case PARAM_DOUBLE:
        spec = gegl_param_spec_double(name, label, blurb, param->min, param->max,
                                      param->value, param->min, most, 1, flags);
        gegl_param_spec_double_set_steps(GEGL_PARAM_SPEC_DOUBLE(spec), 0.1, 1);
        gegl_param_spec_double_set_digits(GEGL_PARAM_SPEC_DOUBLE(spec), 1);
        break;
    case PARAM_POINT: {
        char *axis = g_strdup_printf("%s-%c", name, part ? 'y' : 'x');
        char *words = g_strdup_printf("%s %c", label, part ? 'Y' : 'X');
        /* The table's is of a point in pixels. */
        blurb = _(
            "The unit that looks there is used: 0 to 1 over the input's width and height");
        spec = gegl_param_spec_double(axis, words, blurb, 0, 1, 0.5, 0, 1, 1, flags);
        gegl_param_spec_double_set_steps(GEGL_PARAM_SPEC_DOUBLE(spec), 0.01, 0.1);
        gegl_param_spec_double_set_digits(GEGL_PARAM_SPEC_DOUBLE(spec), 3);
        g_free(words);
        g_free(axis);
        break;
    }
    case PARAM_CHOICE:
        spec = choice_spec(kind, param, label, blurb);
        break;
    case PARAM_COLOR:
        spec = gegl_param_spec_color_from_string(name, label, blurb, text, flags);
        break;
    case PARAM_FILE:
        spec =
            files_are_known()
                ? gegl_param_spec_file_path(name, label, blurb, FALSE, FALSE, text, flags)
                : gegl_param_spec_string(name, label, blurb, FALSE, FALSE, text, flags);
        break;
    default:
        spec = gegl_param_spec_string(name, label, blurb, FALSE, FALSE, text, flags);
    }
    g_free(label);
    return spec;
}

/* What GIMP asks before it shows a property: "unit {point}", "smooth", "! smooth". */
static char *
visible_key(const FilterKind *kind, const Param *param)
{
    if (!param->only_with || !is_property(kind, param->only_with))
        return NULL;
    const Param *with = find(kind, param->only_with);
    if (with->type == PARAM_BOOL)
        return g_strconcat(g_str_equal(param->only_nicks, "true") ? "" : "! ", with->name,
                           NULL);
    if (with->type != PARAM_CHOICE)
        return NULL;
    char **nicks = g_strsplit(param->only_nicks, ";", 0);
    char *list = g_strjoinv(", ", nicks);
    char *key = g_strdup_printf("%s {%s}", with->name, list);
    g_free(list);
    g_strfreev(nicks);
    return key;
}

static void
set_keys(GeglOperationClass *klass,
         const FilterKind *kind,
         const Param *param,
         const char *property,
         guint part)
{
    char *visible = visible_key(kind, param);
    if (visible)
        gegl_operation_class_set_property_key(klass, property, "visible", visible);
    if (param->type == PARAM_POINT) {
        gegl_operation_class_set_property_key(klass, property, "unit",
                                              "relative-coordinate");
        gegl_operation_class_set_property_key(klass, property, "axis", part ? "y" : "x");
    }
    g_free(visible);
}

static void
install_patience(GObjectClass *klass)
{
    GParamSpec *spec = gegl_param_spec_double(
        "patience", _("Patience"),
        _("How many seconds a program with windows is kept waiting, at most, before a coarse heat map has to do; 0: until all of it is known"),
        0, 3600, PATIENCE, 0, 60, 1, G_PARAM_READWRITE);
    gegl_param_spec_double_set_digits(GEGL_PARAM_SPEC_DOUBLE(spec), 1);
    g_object_class_install_property(klass, ID_PATIENCE, spec);
    gegl_operation_class_set_property_key(GEGL_OPERATION_CLASS(klass), "patience", "unit",
                                          "seconds");
}

void
properties_install(GObjectClass *klass, const FilterKind *kind)
{
    if (kind->coarse)
        install_patience(klass);
    for (guint i = 0; kind->params[i]; i++) {
        const Param *param = find(kind, kind->params[i]);
        for (guint part = 0; part < (param->type == PARAM_POINT ? 2 : 1); part++) {
            GParamSpec *spec = spec_of(kind, param, part);
            const char *name = g_param_spec_get_name(spec);
            g_object_class_install_property(klass, ID_OF(i) + part, spec);
            set_keys(GEGL_OPERATION_CLASS(klass), kind, param, name, part);
        }
    }
}
