/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/filter.c: an operation that lays what an action makes of its input over that.
 *
 *     input, whole ---> what the network sees ---> picture, small ---> any part of the
 *     GEGL computes     kept until the input       kept until a        output, scaled
 *     and reads it      changes                    property changes    from there
 *
 * A network looks at the whole input at once, so any change of it changes everything. But
 * the whole input is asked for only while something has to be read of it. */

#include "gegl/filter.h"
#include "gegl/pixels.h"
#include "gegl/properties.h"
#include "gegl/show.h"
#include "gegl/tell.h"

typedef struct {
    GeglOperationFilter parent;
    GMutex properties_lock;
    Properties properties;
    int asked;   /* atomic: grows with each change of a property or of the input */
    int changed; /* atomic: the input is not what it was */
    int whole;   /* atomic: all of the input was asked for last */

    GMutex lock;        /* of what follows; held while the picture is computed */
    JobInput input;     /* what is kept of the input */
    HostLayer *picture; /* NULL: the input is shown as it is */
    char *made_of;      /* what picture was made of, but for the input's pixels; NULL:
                           nothing was made yet */
} Filter;

typedef struct {
    GeglOperationFilterClass parent;
    const FilterKind *kind;
    gpointer parent_class;
} FilterClass;

#define FILTER_CLASS_OF(object) ((FilterClass *)G_OBJECT_GET_CLASS(object))

/* --- what is wanted --- */

typedef struct {
    Properties properties;
    GeglRectangle rect; /* of the input, in pixels of the level */
    int level;
    char *of;      /* see JobInput */
    char *made_of; /* see Filter */
} Wanted;

static Wanted
wanted_of(Filter *filter, const GeglRectangle *all, int level)
{
    g_mutex_lock(&filter->properties_lock);
    Wanted wanted = {.properties = properties_copy(&filter->properties), .level = level};
    g_mutex_unlock(&filter->properties_lock);
    const ParamValues *values = wanted.properties.values;
    wanted.rect = show_at_level(all, level);
    const GeglRectangle *rect = &wanted.rect;
    wanted.of = g_strdup_printf("%d %d %d %d, level %d, %s, %s", rect->x, rect->y,
                                rect->width, rect->height, level,
                                param_text(values, "fit"), param_text(values, "model"));
    char *text = properties_text(&wanted.properties);
    wanted.made_of = g_strconcat(text, wanted.of, NULL);
    g_free(text);
    return wanted;
}

static void
wanted_clear(Wanted *wanted)
{
    properties_clear(&wanted->properties);
    g_free(wanted->of);
    g_free(wanted->made_of);
}

/* --- regions --- */

static gboolean
bounds_of(GeglOperation *operation, GeglRectangle *bounds)
{
    const GeglRectangle *box = gegl_operation_source_get_bounding_box(operation, "input");
    *bounds = box ? *box : (GeglRectangle){0};
    return !gegl_rectangle_is_infinite_plane(bounds) && !gegl_rectangle_is_empty(bounds);
}

/* TRUE if all that has to be known of the input's pixels is kept. (GEGL does not say here
 * at which level it is going to compute.) */
static gboolean
input_is_kept(Filter *filter, const GeglRectangle *bounds)
{
    gboolean levels = TRUE;
    g_object_get(gegl_config(), "mipmap-rendering", &levels, NULL);
    if (levels || g_atomic_int_get(&filter->changed))
        return FALSE;
    Wanted wanted = wanted_of(filter, bounds, 0);
    g_mutex_lock(&filter->lock);
    gboolean kept = g_strcmp0(filter->input.of, wanted.of) == 0;
    g_mutex_unlock(&filter->lock);
    wanted_clear(&wanted);
    return kept;
}

static GeglRectangle
filter_required(GeglOperation *operation, const char *pad, const GeglRectangle *roi)
{
    Filter *filter = (Filter *)operation;
    GeglRectangle bounds;
    (void)pad;
    gboolean whole = bounds_of(operation, &bounds) && !input_is_kept(filter, &bounds);
    g_atomic_int_set(&filter->whole, whole);
    return whole ? bounds : *roi;
}

static GeglRectangle
filter_invalidated(GeglOperation *operation, const char *pad, const GeglRectangle *roi)
{
    Filter *filter = (Filter *)operation;
    GeglRectangle bounds;
    (void)pad;
    g_atomic_int_set(&filter->changed, TRUE);
    g_atomic_int_inc(&filter->asked);
    return bounds_of(operation, &bounds) ? bounds : *roi;
}

/* The input's own format where it can hold colours, so that what is not covered stays as
 * it is to the last bit. */
static void
filter_prepare(GeglOperation *operation)
{
    const Babl *format = gegl_operation_get_source_format(operation, "input");
    const Babl *space = gegl_operation_get_source_space(operation, "input");
    if (!format)
        format = babl_format_with_space("R'G'B'A float", space);
    else if (babl_format_is_palette(format) ||
             !(babl_get_model_flags(format) & BABL_MODEL_FLAG_RGB))
        format = babl_format_with_space(babl_format_has_alpha(format) ||
                                                babl_format_is_palette(format)
                                            ? "R'G'B'A float"
                                            : "R'G'B' float",
                                        space);
    gegl_operation_set_format(operation, "input", format);
    gegl_operation_set_format(operation, "output", format);
}

/* --- computing --- */

/* What is being computed, and whether it still is what is asked for: a property may be set
 * by another thread, or the input change. */
typedef struct {
    Filter *filter;
    int asked;
} Asking;

static gboolean
is_wanted(void *user)
{
    const Asking *asking = user;
    return g_atomic_int_get(&asking->filter->asked) == asking->asked;
}

/* TRUE inside of a main loop that has windows to look after, as GIMP's. */
static gboolean
somebody_waits(void)
{
    return g_main_depth() > 0 && g_main_context_is_owner(g_main_context_default());
}

static int
gegl_threads(void)
{
    int threads = 1;
    g_object_get(gegl_config(), "threads", &threads, NULL);
    return CLAMP(threads, 1, 256);
}

static HostLayer *
compute(const Asking *asking, const Wanted *wanted, GeglBuffer *buffer, GError **error)
{
    Filter *filter = asking->filter;
    const Properties *properties = &wanted->properties;
    HostLayer *layer = NULL;
    Job job = {.values = properties->values,
               .x = properties->point[0],
               .y = properties->point[1],
               .rect = wanted->rect,
               .input = &filter->input,
               .of = wanted->of,
               .wanted = is_wanted,
               .user = (void *)asking};
    if (properties->patience > 0 && somebody_waits())
        job.until =
            g_get_monotonic_time() + (gint64)(properties->patience * G_USEC_PER_SEC);
    if (g_atomic_int_get(&filter->whole))
        job.pixels = gegl_pixels_new(buffer, &wanted->rect, wanted->level);
    param_set_int(properties->values, "threads", gegl_threads());
    if (param_check(job.values, error))
        layer = job_run(FILTER_CLASS_OF(filter)->kind->compute, &job, error);
    host_pixels_close(job.pixels);
    return layer;
}

/* Brings the picture up to date. */
static void
make_picture(Filter *filter, GeglBuffer *buffer, const GeglRectangle *bounds, int level)
{
    GError *error = NULL;
    Asking asking = {filter, g_atomic_int_get(&filter->asked)};
    Wanted wanted = wanted_of(filter, bounds, level);
    gboolean changed = g_atomic_int_exchange(&filter->changed, FALSE);
    if (changed)
        job_input_clear(&filter->input);
    if (changed || g_strcmp0(filter->made_of, wanted.made_of) != 0) {
        g_clear_pointer(&filter->picture, host_layer_free);
        g_free(filter->made_of);
        filter->made_of = g_strdup(wanted.made_of);
        filter->picture = compute(&asking, &wanted, buffer, &error);
        if (!is_wanted(&asking) ||
            g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED))
            g_clear_pointer(&filter->made_of, g_free);
        else if (error)
            tell_once(error->message);
        g_clear_error(&error);
    }
    wanted_clear(&wanted);
}

static gboolean
filter_process(GeglOperation *operation,
               GeglBuffer *input,
               GeglBuffer *output,
               const GeglRectangle *roi,
               int level)
{
    Filter *filter = (Filter *)operation;
    GError *error = NULL;
    GeglRectangle bounds;
    show_input(input, output, roi, level);
    if (!bounds_of(operation, &bounds)) {
        if (!gegl_rectangle_is_empty(&bounds))
            tell_once(_("The input has no bounds: there is no picture to look at."));
        return TRUE;
    }
    g_mutex_lock(&filter->lock);
    make_picture(filter, input, &bounds, level);
    if (filter->picture && !show_layer(filter->picture, output, roi, level, &error)) {
        tell_once(error->message);
        g_clear_error(&error);
        show_input(input, output, roi, level);
    }
    g_mutex_unlock(&filter->lock);
    return TRUE;
}

/* --- the object --- */

static void
filter_set(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    Filter *filter = (Filter *)object;
    g_mutex_lock(&filter->properties_lock);
    properties_set(&filter->properties, FILTER_CLASS_OF(object)->kind, id, value, spec);
    g_mutex_unlock(&filter->properties_lock);
    g_atomic_int_inc(&filter->asked);
}

static void
filter_get(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    Filter *filter = (Filter *)object;
    g_mutex_lock(&filter->properties_lock);
    properties_get(&filter->properties, FILTER_CLASS_OF(object)->kind, id, value, spec);
    g_mutex_unlock(&filter->properties_lock);
}

static void
filter_init(GTypeInstance *instance, gpointer klass)
{
    Filter *filter = (Filter *)instance;
    g_mutex_init(&filter->lock);
    g_mutex_init(&filter->properties_lock);
    filter->properties = properties_new(((FilterClass *)klass)->kind);
}

static void
filter_finalize(GObject *object)
{
    Filter *filter = (Filter *)object;
    gpointer parent_class = FILTER_CLASS_OF(object)->parent_class;
    properties_clear(&filter->properties);
    job_input_clear(&filter->input);
    g_clear_pointer(&filter->picture, host_layer_free);
    g_free(filter->made_of);
    g_mutex_clear(&filter->properties_lock);
    g_mutex_clear(&filter->lock);
    G_OBJECT_CLASS(parent_class)->finalize(object);
}

static void
filter_class_init(gpointer klass, gpointer data)
{
    const FilterKind *kind = data;
    FilterClass *own = klass;
    GObjectClass *object = G_OBJECT_CLASS(klass);
    GeglOperationClass *operation = GEGL_OPERATION_CLASS(klass);
    own->kind = kind;
    own->parent_class = g_type_class_peek_parent(klass);
    object->set_property = filter_set;
    object->get_property = filter_get;
    object->finalize = filter_finalize;
    operation->prepare = filter_prepare;
    operation->get_required_for_output = filter_required;
    operation->get_invalidated_by_change = filter_invalidated;
    operation->threaded = FALSE; /* the threads are those of the network */
    own->parent.process = filter_process;
    properties_install(object, kind);
    gegl_operation_class_set_keys(operation, "name", kind->name, "title", _(kind->title),
                                  "categories", "featurescope", "description",
                                  _(kind->procedure->blurb), "license", "GPL3+",
                                  "reference", kind->reference, "gimp:menu-path",
                                  PROCEDURE_MENU, "gimp:menu-label", _(kind->menu), NULL);
}

void
filter_register(GTypeModule *module, const FilterKind *kind)
{
    const GTypeInfo info = {
        .class_size = sizeof(FilterClass),
        .class_init = filter_class_init,
        .class_data = kind,
        .instance_size = sizeof(Filter),
        .instance_init = filter_init,
    };
    /* Somebody may have the module twice, of the system and his own. */
    if (g_type_from_name(kind->type) == 0)
        gegl_module_register_type(module, GEGL_TYPE_OPERATION_FILTER, kind->type, &info,
                                  0);
}
