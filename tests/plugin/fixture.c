/* fixture.c: a small net, a photo in memory, and a call of a procedure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "fixture.h"
#include "net.h"
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

/* What GEGL's modules and fontconfig keep for the process is not ours to free. Asked for
 * by LeakSanitizer. */
const char *__lsan_default_suppressions(void);
extern void __lsan_do_leak_check(void) __attribute__((weak));
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));
const char *
__lsan_default_suppressions(void)
{
    return "leak:libbabl\nleak:libgegl\nleak:libfontconfig\nleak:/gegl-0.4/\n";
}

void
fixture_ignore_leaks(gboolean ignore)
{
    if (ignore && __lsan_disable)
        __lsan_disable();
    if (!ignore && __lsan_enable)
        __lsan_enable();
}

void
fixture_start(int *argc, char ***argv)
{
    GError *error = NULL;
    folder = g_dir_make_tmp("featurescope-XXXXXX", &error);
    g_assert_no_error(error);
    g_setenv("XDG_CACHE_HOME", folder, TRUE);
    g_setenv("FEATURESCOPE_DATA", SOURCE_ROOT, TRUE);
    /* GEGL opens and closes its modules to see what they are; what those keep is lost. */
    fixture_ignore_leaks(TRUE);
    gegl_init(NULL, NULL);
    fixture_ignore_leaks(FALSE);
    g_test_init(argc, argv, NULL);
}

static void
remove_all(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        char *inner = g_build_filename(path, name, NULL);
        remove_all(inner);
        g_free(inner);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

void
fixture_end(void)
{
    net_forget();
    memory_host_reset();
    remove_all(folder);
    g_clear_pointer(&folder, g_free);
    /* Leaks are looked for now, before GEGL's modules are unloaded: what they hold would
     * look lost. */
    if (__lsan_do_leak_check)
        __lsan_do_leak_check();
}

char *
fixture_path(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

void
fixture_write(const char *name, const char *text)
{
    char *path = fixture_path(name);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

char *
fixture_model(NewModel *net, const char *name)
{
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    char *path = fixture_path(name);
    /* Files of one second may look alike to the cache of opened models. */
    net_forget();
    g_assert_true(g_file_set_contents(path, (const char *)bytes, (gssize)size, NULL));
    new_model_free(net);
    return path;
}

char *
fixture_red_net(void)
{
    static const float weights[6] = {1, 0, 0, 0, 1, 0}, bias[2] = {0, -2};
    static const float twos[2] = {0, 2};
    NewModel *net = new_model(13);
    new_input(net, "picture", "-1,3,8,8");
    new_floats(net, "w", "2,3,1,1", weights);
    new_floats(net, "b", "2", bias);
    new_floats(net, "plus", "1,2,1,1", twos);
    new_node(net, "Conv", "conv", "picture;w;b", "conv", "");
    new_node(net, "Relu", "maps", "conv", "maps", "");
    new_node(net, "Add", "again", "conv;plus", "again", "");
    new_node(net, "GlobalAveragePool", "mean", "again", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    new_output(net, "maps");
    fixture_write("red.ini",
                  "[model]\nname=Red\n[input]\nrange=0;1\n[output]\nlabels=red;green\n");
    return fixture_model(net, "red.onnx");
}

Photo
fixture_photo(int width, int height)
{
    Photo photo = {.width = width, .height = height};
    GeglRectangle rect = {0, 0, width, height};
    photo.image = memory_image_new(width, height, HOST_RGB);
    photo.photo = memory_layer_new(photo.image, "photo", &rect, "R'G'B'A float");
    photo.rgba = g_new0(float, (gsize)width *(gsize)height * 4);
    for (gsize i = 0; i < (gsize)width * (gsize)height; i++)
        photo.rgba[4 * i + 3] = 1;
    return photo;
}

void
fixture_dot(Photo *photo, int x, int y, float red, float green, float blue)
{
    float *pixel = photo->rgba + 4 * ((gsize)y * (gsize)photo->width + (gsize)x);
    pixel[0] = red;
    pixel[1] = green;
    pixel[2] = blue;
}

void
fixture_done(Photo *photo)
{
    memory_item_set(photo->photo, photo->rgba);
}

void
fixture_free(Photo *photo)
{
    host_image_delete(photo->image);
    g_free(photo->rgba);
    *photo = (Photo){0};
}

void
fixture_picture(const char *name, int width, int height, const float *rgb)
{
    Photo photo = fixture_photo(width, height);
    char *path = fixture_path(name), *parent = g_path_get_dirname(path);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++, rgb += 3)
            fixture_dot(&photo, x, y, rgb[0], rgb[1], rgb[2]);
    fixture_done(&photo);
    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_assert_true(memory_item_save(photo.photo, path));
    fixture_free(&photo);
    g_free(parent);
    g_free(path);
}

Photo
fixture_noise(int width, int height)
{
    Photo photo = fixture_photo(width, height);
    GRand *random = g_rand_new_with_seed(5);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            fixture_dot(&photo, x, y, (float)g_rand_double(random),
                        (float)g_rand_double(random), (float)g_rand_double(random));
    g_rand_free(random);
    fixture_done(&photo);
    return photo;
}

/* --- calling --- */

static void
set_value(ParamValues *values, const char *name, const char *text)
{
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    for (gsize i = 0; i < n_params; i++) {
        if (!g_str_equal(params[i].name, name))
            continue;
        switch (params[i].type) {
        case PARAM_BOOL:
            param_set_bool(values, name, g_str_equal(text, "true"));
            break;
        case PARAM_INT:
            param_set_int(values, name, atoi(text));
            break;
        case PARAM_DOUBLE:
            param_set_double(values, name, g_ascii_strtod(text, NULL));
            break;
        case PARAM_POINT:
            param_set_point(values, name, atoi(text), atoi(strchr(text, ',') + 1));
            break;
        default:
            param_set_text(values, name, text);
        }
        return;
    }
    g_error("no parameter \"%s\"", name);
}

static Call
call(const Procedure *procedure, Photo *photo, const char *first, va_list args)
{
    Call made = {.procedure = procedure};
    made.values = param_values_new(procedure->params, procedure->n_params);
    made.results = g_new0(ResultValue, procedure->n_results);
    for (const char *pair = first; pair; pair = va_arg(args, const char *)) {
        const char *equals = strchr(pair, '=');
        char *name = g_strndup(pair, (gsize)(equals - pair));
        set_value(made.values, name, equals + 1);
        g_free(name);
    }
    HostItem *drawables[1] = {photo->photo};
    Run run = {
        .image = photo->image,
        .drawables = drawables,
        .n_drawables = 1,
        .values = made.values,
        .results = made.results,
    };
    memory_host_reset();
    made.ok = procedure_call(procedure, &run, &made.error);
    return made;
}

Call
fixture_call(const Procedure *procedure, Photo *photo, const char *first, ...)
{
    va_list args;
    va_start(args, first);
    Call made = call(procedure, photo, first, args);
    va_end(args);
    g_assert_no_error(made.error);
    g_assert_true(made.ok);
    g_assert_cmpint(memory_host()->progress_open, ==, 0);
    return made;
}

double
fixture_number(const Call *made, guint result, guint index)
{
    g_assert_cmpuint(index, <, made->results[result].numbers->len);
    return g_array_index(made->results[result].numbers, double, index);
}

void
fixture_call_clear(Call *made)
{
    for (gsize i = 0; i < made->procedure->n_results; i++)
        result_clear(&made->results[i]);
    g_free(made->results);
    param_values_free(made->values);
    g_clear_error(&made->error);
}

void
fixture_refused(const Procedure *procedure,
                Photo *photo,
                ProcedureError code,
                const char *part,
                const char *first,
                ...)
{
    va_list args;
    guint layers = memory_image_count(photo->image);
    int undo_steps = photo->image->undo_steps;
    va_start(args, first);
    Call made = call(procedure, photo, first, args);
    va_end(args);
    g_assert_false(made.ok);
    if (!strstr(made.error->message, part))
        g_test_message("expected \"%s\" in: %s", part, made.error->message);
    g_assert_nonnull(strstr(made.error->message, part));
    g_assert_error(made.error, PROCEDURE_ERROR, (int)code);
    g_assert_cmpuint(memory_image_count(photo->image), ==, layers);
    g_assert_cmpint(photo->image->undo_steps, ==, undo_steps);
    g_assert_cmpint(memory_host()->progress_open, ==, 0);
    fixture_call_clear(&made);
}

HostItem *
fixture_layer(const Photo *photo, guint index)
{
    return memory_image_item(photo->image, index);
}

gboolean
fixture_said(const char *part)
{
    GPtrArray *messages = memory_host()->messages;
    for (guint i = 0; i < messages->len; i++)
        if (strstr(g_ptr_array_index(messages, i), part))
            return TRUE;
    return FALSE;
}
