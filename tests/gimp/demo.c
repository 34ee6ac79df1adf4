/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demo.c: a procedure that tries all of host.h and every type of parameter and result.
 *
 * It is built into featurescope-hosttest, a plug-in like ours but for its list of
 * procedures, and called by the scripts here in real hosts. It knows nothing of networks. */
#include "base/procedure.h"
#include "gtk/windows/windows.h"
#include <math.h>
#include <string.h>

static GPtrArray *
fill_pick(const ParamValues *values, GError **error)
{
    const char *model = param_text(values, "model");
    if (g_str_has_suffix(model, ".txt")) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    "\"%s\" is a text, not a model", model);
        return NULL;
    }
    GPtrArray *picks = g_ptr_array_new_with_free_func((GDestroyNotify)param_pick_free);
    for (int i = 1; i <= 1000; i++) {
        ParamPick *pick = g_new0(ParamPick, 1);
        pick->value = g_strdup_printf("%s%d", *model ? "other" : "conv", i);
        pick->label = g_strdup_printf("%s · Conv · %d × 13 × 13", pick->value, 2 * i);
        g_ptr_array_add(picks, pick);
    }
    return picks;
}

static const ParamChoice tasks[] = {
    {"read", N_("Read pixels")},
    {"add", N_("Add layers and a channel")},
    {"one", N_("Add one layer without a group")},
    {"through", N_("Add one layer that shows through")},
    {"gray", N_("Add a gray layer")},
    {"colors", N_("Add one pixel of a known colour")},
    {"strange", N_("Add pixels that are no colours")},
    {"channel", N_("Add a channel only")},
    {"file", N_("Read an image file")},
    {"new", N_("Make a new image")},
    {"memory", N_("Read all pixels and tell the memory")},
    {"wide", N_("Add a layer of this size")},
    {"input-error", N_("Fail for bad input")},
    {"error", N_("Fail")},
    {"silent-error", N_("Fail without a word")},
    {"cancel", N_("Be cancelled")},
    {NULL, NULL},
};

static const ParamChoice methods[] = {
    {"deconvnet", N_("Deconvnet")},
    {"guided", N_("Guided")},
    {NULL, NULL},
};

static const Param params[] = {
    {"task", PARAM_CHOICE, N_("_Task"), N_("What to do"), .text = "read",
     .choices = tasks},
    {"model", PARAM_FILE, N_("_Model"), N_("A file"), .empty = N_("Built in")},
    {"layer", PARAM_PICK, N_("La_yer"), N_("A layer of the model"), .fill = fill_pick,
     .depends = "model"},
    {"labels", PARAM_PICKS, N_("La_bels"), N_("Several of the model"), .fill = fill_pick,
     .depends = "model"},
    {"top", PARAM_INT, N_("_Number"), N_("How many"), .min = 1, .max = 100, .value = 9},
    {"amount", PARAM_DOUBLE, N_("_Amount"), N_("How much"), .max = 10, .value = 2.5},
    {"method", PARAM_CHOICE, N_("Me_thod"), N_("How; only to read"), .text = "deconvnet",
     .choices = methods, .only_with = "task", .only_nicks = "read;add"},
    {"flip", PARAM_BOOL, N_("_Flip"), N_("Yes or no"), .value = 0},
    {"color", PARAM_COLOR, N_("_Colour"), N_("A colour"), .text = "#ff8000"},
    {"point", PARAM_POINT, N_("_Point"), N_("A pixel of the image"), .min = -1,
     .max = 100000, .value = -1},
    {"note", PARAM_STRING, N_("N_ote"), N_("Any text"), .text = "a note"},
    {"data", PARAM_SAVE, N_("_Data file"), N_("A file to write"), .advanced = TRUE},
    {"folder", PARAM_FOLDER, N_("Fol_der"), N_("A folder"), .advanced = TRUE},
};

static const Result results[] = {
    {"count", RESULT_INT, N_("A number of things")},
    {"value", RESULT_DOUBLE, N_("A value")},
    {"text", RESULT_STRING, N_("The values as they arrived")},
    {"names", RESULT_STRINGS, N_("Names")},
    {"numbers", RESULT_DOUBLES, N_("Numbers")},
    {"items", RESULT_ITEMS, N_("What was added")},
    {"image", RESULT_IMAGE, N_("Where it was added")},
};
enum { COUNT, VALUE, TEXT, NAMES, NUMBERS, ITEMS, IMAGE };

/* --- tasks */

/* R, G, B, A of the pixel at 0, 0 of what is open, and its size. */
static gboolean
read_first_pixel(HostPixels *pixels, ResultValue *result, GError **error)
{
    float rgba[4];
    int width, height;
    host_pixels_size(pixels, &width, &height);
    if (!host_pixels_read(pixels, GEGL_RECTANGLE(0, 0, 1, 1), rgba, error))
        return FALSE;
    result[NUMBERS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    for (int c = 0; c < 4; c++) {
        double value = rgba[c] * 255.0;
        g_array_append_val(result[NUMBERS].numbers, value);
    }
    double size[2] = {width, height};
    g_array_append_vals(result[NUMBERS].numbers, size, 2);
    return TRUE;
}

/* Beside the pixel: the rectangles of drawable and selection, the selection's value in
 * the image's corner. */
static gboolean
task_read(const Run *run, GError **error)
{
    HostItem *item = run->drawables[0];
    HostPixels *pixels = host_item_open(item, error);
    if (!pixels)
        return FALSE;
    gboolean done = read_first_pixel(pixels, run->results, error);
    host_pixels_close(pixels);
    if (!done)
        return FALSE;

    GeglRectangle rect = host_item_rect(item), bounds = {0, 0, 0, 0};
    float mask;
    gboolean selected = host_selection(run->image, &bounds);
    host_selection_read(run->image, GEGL_RECTANGLE(0, 0, 1, 1), &mask);
    double more[] = {rect.x,
                     rect.y,
                     rect.width,
                     rect.height,
                     selected,
                     bounds.x,
                     bounds.y,
                     bounds.width,
                     bounds.height,
                     mask,
                     host_item_kind(item),
                     host_image_base(run->image)};
    g_array_append_vals(run->results[NUMBERS].numbers, more, G_N_ELEMENTS(more));
    return TRUE;
}

static HostLayer *
colored_layer(const char *name, const GeglRectangle *rect, const float rgba[4])
{
    HostLayer *layer = host_layer_new(name, rect, 2, 2, 4);
    for (int i = 0; i < 4; i++)
        memcpy(layer->pixels + 4 * i, rgba, 4 * sizeof(float));
    return layer;
}

static gboolean
add(const Run *run, const char *group, HostLayer **layers, gsize n_layers, GError **error)
{
    ResultValue *result = run->results;
    result[IMAGE].image = run->image;
    gboolean done = host_add(&result[IMAGE].image, run->drawables[0], "Demo", group,
                             layers, n_layers, &result[ITEMS].items, error);
    if (done)
        result[ITEMS].n_items = n_layers;
    for (gsize i = 0; i < n_layers; i++)
        host_layer_free(layers[i]);
    return done;
}

/* Two layers in a group, a channel; the layers have names in several scripts. */
static gboolean
task_add(const Run *run, GError **error)
{
    const float orange[4] = {1, 0.5f, 0.25f, 1};
    const float teal[4] = {0, 0.5f, 0.5f, 0.5f};
    HostLayer *layers[3] = {
        colored_layer("conv5 · map 17 · 42.1", GEGL_RECTANGLE(2, 3, 20, 10), orange),
        colored_layer("P(cat) 0.78 → 0.42…0.90", GEGL_RECTANGLE(-4, -4, 8, 8), teal),
        host_layer_new("猫", GEGL_RECTANGLE(4, 4, 8, 8), 2, 2, 1),
    };
    layers[0]->parasite = g_strdup("[result]\nmodel=demo\n");
    layers[1]->opacity = 40;
    layers[1]->hidden = TRUE;
    layers[2]->nearest = TRUE;
    layers[2]->pixels[0] = 1;
    layers[2]->pixels[3] = 0.5f;
    return add(run, "a group", layers, 3, error);
}

static gboolean
task_one(const Run *run, GError **error)
{
    const float orange[4] = {1, 0.5f, 0.25f, 1};
    HostLayer *layer = colored_layer("one", GEGL_RECTANGLE(2, 3, 20, 10), orange);
    return add(run, NULL, &layer, 1, error);
}

static gboolean
task_through(const Run *run, GError **error)
{
    const float orange[4] = {1, 0.5f, 0.25f, 1};
    HostLayer *layer = colored_layer("through", GEGL_RECTANGLE(2, 3, 20, 10), orange);
    layer->opacity = 60;
    layer->parasite = g_strdup("[result]\nmodel=demo\n");
    return add(run, NULL, &layer, 1, error);
}

static gboolean
task_gray(const Run *run, GError **error)
{
    const float gray[4] = {0.5f, 0.5f, 0.5f, 1};
    HostLayer *layer = colored_layer("gray", GEGL_RECTANGLE(0, 0, 5, 5), gray);
    return add(run, NULL, &layer, 1, error);
}

/* 200, 100, 50 in sRGB, whatever the image's space is. */
static gboolean
task_colors(const Run *run, GError **error)
{
    const float color[4] = {200 / 255.0f, 100 / 255.0f, 50 / 255.0f, 1};
    HostLayer *layer = colored_layer("colors", GEGL_RECTANGLE(0, 0, 3, 3), color);
    return add(run, NULL, &layer, 1, error);
}

/* What a float image may hold: no numbers, numbers without end, far out of range. */
static gboolean
task_strange(const Run *run, GError **error)
{
    const float strange[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, -2, 1e-40f, 0.5f};
    int width, height;
    host_image_size(run->image, &width, &height);
    HostLayer *layer =
        host_layer_new("strange", GEGL_RECTANGLE(0, 0, width, height), width, height, 4);
    for (int i = 0; i < 4 * width * height; i++)
        layer->pixels[i] = i % 4 == 3 ? 1 : strange[i % 11 % 8];
    return add(run, NULL, &layer, 1, error);
}

static gboolean
task_channel(const Run *run, GError **error)
{
    HostLayer *layer = host_layer_new("channel", GEGL_RECTANGLE(-2, -2, 8, 8), 1, 1, 1);
    layer->pixels[0] = 1;
    return add(run, "no group for channels", &layer, 1, error);
}

static gboolean
task_file(const Run *run, GError **error)
{
    HostPixels *pixels = host_file_open(param_text(run->values, "model"), error);
    if (!pixels)
        return FALSE;
    gboolean done = read_first_pixel(pixels, run->results, error);
    host_pixels_close(pixels);
    return done;
}

/* amount is the layer's side in thousands of pixels. */
static gboolean
task_wide(const Run *run, GError **error)
{
    const float gray[4] = {0.5f, 0.5f, 0.5f, 1};
    int side = (int)(1000 * param_double(run->values, "amount"));
    HostLayer *layer = colored_layer("wide", GEGL_RECTANGLE(0, 0, side, side), gray);
    return add(run, NULL, &layer, 1, error);
}

/* Megabytes that this process had at most, as proc(5) has them; the kernel's other figure
 * begins with what the parent had. */
static double
most_memory(void)
{
    char *text = NULL;
    g_file_get_contents("/proc/self/status", &text, NULL, NULL);
    const char *line = text ? strstr(text, "VmHWM:") : NULL;
    double kilobytes = line ? g_ascii_strtod(line + strlen("VmHWM:"), NULL) : NAN;
    g_free(text);
    return kilobytes / 1024;
}

static gboolean
task_memory(const Run *run, GError **error)
{
    GeglRectangle all = {0};
    HostPixels *pixels = host_item_open(run->drawables[0], error);
    if (!pixels)
        return FALSE;
    host_pixels_size(pixels, &all.width, &all.height);
    float *rgba = g_new(float, 4 * (gsize)all.width * all.height);
    gboolean done = host_pixels_read(pixels, &all, rgba, error);
    g_free(rgba);
    host_pixels_close(pixels);
    double megabytes = most_memory();
    run->results[NUMBERS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_val(run->results[NUMBERS].numbers, megabytes);
    return done;
}

static gboolean
task_new(const Run *run, GError **error)
{
    const float orange[4] = {1, 0.5f, 0.25f, 1};
    HostImage *image = host_image_new(30, 20, "demo", error);
    if (!image)
        return FALSE;
    HostLayer *layer = colored_layer("new", GEGL_RECTANGLE(0, 0, 30, 20), orange);
    Run there = *run;
    there.image = image;
    HostItem *nothing = NULL;
    there.drawables = &nothing;
    if (!add(&there, NULL, &layer, 1, error))
        return FALSE;
    host_image_show(image);
    return TRUE;
}

static gboolean
fail(ProcedureError code, const char *text, GError **error)
{
    g_set_error(error, PROCEDURE_ERROR, code, "%s", text);
    return FALSE;
}

static gboolean
do_task(const Run *run, GError **error)
{
    const ParamValues *values = run->values;
    if (param_is(values, "task", "read"))
        return task_read(run, error);
    if (param_is(values, "task", "add"))
        return task_add(run, error);
    if (param_is(values, "task", "one"))
        return task_one(run, error);
    if (param_is(values, "task", "through"))
        return task_through(run, error);
    if (param_is(values, "task", "gray"))
        return task_gray(run, error);
    if (param_is(values, "task", "colors"))
        return task_colors(run, error);
    if (param_is(values, "task", "strange"))
        return task_strange(run, error);
    if (param_is(values, "task", "channel"))
        return task_channel(run, error);
    if (param_is(values, "task", "file"))
        return task_file(run, error);
    if (param_is(values, "task", "wide"))
        return task_wide(run, error);
    if (param_is(values, "task", "new"))
        return task_new(run, error);
    if (param_is(values, "task", "memory"))
        return task_memory(run, error);
    if (param_is(values, "task", "input-error"))
        return fail(PROCEDURE_ERROR_INPUT, "the input is bad", error);
    if (param_is(values, "task", "error"))
        return fail(PROCEDURE_ERROR_FAILED, "it went wrong", error);
    if (param_is(values, "task", "cancel"))
        return fail(PROCEDURE_ERROR_CANCELLED, "cancelled", error);
    return FALSE; /* silent-error: a mistake that the adapters must survive */
}

static gboolean
demo_run(const Run *run, GError **error)
{
    ResultValue *result = run->results;
    host_progress_start("Working");
    for (int i = 0; i <= 10; i++)
        host_progress(i / 10.0);
    host_progress_text("Adding");
    gboolean done = do_task(run, error);
    host_progress_end();
    if (!done)
        return FALSE;

    result[COUNT].i = (int)run->n_drawables;
    result[VALUE].d = 0.25;
    result[TEXT].text = param_values_save(run->values);
    result[NAMES].texts = g_strsplit("tabby cat;tiger cat", ";", -1);
    if (!result[NUMBERS].numbers) {
        const double numbers[2] = {0.75, 0.125};
        result[NUMBERS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
        g_array_append_vals(result[NUMBERS].numbers, numbers, 2);
    }
    return TRUE;
}

static const Procedure demo = {
    .name = "plug-in-featurescope-hosttest",
    .menu = N_("_Host Test..."),
    .title = N_("Host Test"),
    .blurb = N_("Tries what the host gives."),
    .help = N_("For tests of the adapters."),
    .icon = "featurescope-project",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = demo_run,
};

const Procedure *const procedures[] = {&demo, NULL};

/* It has no window of its own. */
WindowRun
window_of(const Procedure *procedure)
{
    (void)procedure;
    return NULL;
}
