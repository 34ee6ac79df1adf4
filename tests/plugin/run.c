/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c: a procedure run on an image file without GIMP, its layers written as PNG.
 *
 *     run PROCEDURE IMAGE OUTDIR [select=X,Y,WIDTH,HEIGHT] [NAME=VALUE...]
 *
 * PROCEDURE: project, occlusion, classify, ... IMAGE: a file, or several with ";" between
 * them: layers, the last on top and selected.
 *
 * To look at results while working on them: also all layers together, flat.png. Prints
 * each layer's file, name and rectangle, messages on stderr. FEATURESCOPE_LOCALE names a
 * folder of translations. */
#include "base/procedure.h"
#include "host/host_memory.h"
#include "net/net.h"
#include <locale.h>
#include <string.h>

static gboolean
set_value(ParamValues *values, const char *name, const char *text)
{
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    for (gsize i = 0; i < n_params; i++) {
        if (!g_str_equal(params[i].name, name))
            continue;
        const char *comma = strchr(text, ',');
        if (params[i].type == PARAM_BOOL)
            param_set_bool(values, name, g_str_equal(text, "true"));
        else if (params[i].type == PARAM_INT)
            param_set_int(values, name, (int)g_ascii_strtoll(text, NULL, 10));
        else if (params[i].type == PARAM_DOUBLE)
            param_set_double(values, name, g_ascii_strtod(text, NULL));
        else if (params[i].type == PARAM_POINT)
            param_set_point(values, name, (int)g_ascii_strtoll(text, NULL, 10),
                            comma ? (int)g_ascii_strtoll(comma + 1, NULL, 10) : 0);
        else
            param_set_text(values, name, text);
        return TRUE;
    }
    g_printerr("no parameter \"%s\"\n", name);
    return FALSE;
}

/* "x,y,width,height" of the image becomes the selection. */
static gboolean
select_part(HostImage *image, const char *text)
{
    GeglRectangle part;
    char **numbers = g_strsplit(text, ",", -1);
    gboolean ok = g_strv_length(numbers) == 4;
    if (ok) {
        part.x = (int)g_ascii_strtoll(numbers[0], NULL, 10);
        part.y = (int)g_ascii_strtoll(numbers[1], NULL, 10);
        part.width = (int)g_ascii_strtoll(numbers[2], NULL, 10);
        part.height = (int)g_ascii_strtoll(numbers[3], NULL, 10);
        memory_select(image, &part);
    }
    g_strfreev(numbers);
    return ok;
}

static const Procedure *
find(const char *name)
{
    for (gsize i = 0; procedures[i]; i++)
        if (g_str_has_suffix(procedures[i]->name, name))
            return procedures[i];
    return NULL;
}

static void
write_layers(HostImage *image, const char *folder)
{
    for (guint i = 0; i < memory_image_count(image); i++) {
        HostItem *item = memory_image_item(image, i);
        char *file = g_strdup_printf("%s/%02u.png", folder, i);
        if (item->kind != HOST_GROUP && memory_item_save(item, file))
            g_print("%s\t%s\t%d×%d+%d+%d%s\n", file, item->name, item->rect.width,
                    item->rect.height, item->rect.x, item->rect.y,
                    item->hidden ? "\thidden" : "");
        g_free(file);
    }
    for (guint i = 0; i < image->channels->len; i++) {
        char *file = g_strdup_printf("%s/channel%02u.png", folder, i);
        memory_item_save(g_ptr_array_index(image->channels, i), file);
        g_print("%s\n", file);
        g_free(file);
    }
}

static void
print_result(const Result *result, const ResultValue *value)
{
    g_print("%s:", result->name);
    if (value->text)
        g_print(" %s", value->text);
    for (char **text = value->texts; text && *text; text++)
        g_print(" \"%s\"", *text);
    for (guint i = 0; value->numbers && i < value->numbers->len; i++)
        g_print(" %g", g_array_index(value->numbers, double, i));
    g_print("\n");
}

int
main(int argc, char **argv)
{
    const Procedure *procedure = argc > 3 ? find(argv[1]) : NULL;
    if (!procedure) {
        g_printerr("usage: %s PROCEDURE IMAGE OUTDIR [NAME=VALUE...]\n", argv[0]);
        return 2;
    }
    setlocale(LC_CTYPE, "");
    if (g_getenv("FEATURESCOPE_LOCALE")) {
        setlocale(LC_MESSAGES, "");
        bindtextdomain(GETTEXT_PACKAGE, g_getenv("FEATURESCOPE_LOCALE"));
        bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    }
    gegl_init(NULL, NULL);
    GError *error = NULL;
    HostImage *image = NULL;
    char **files = g_strsplit(argv[2], ";", -1);
    HostPixels *pixels = host_file_open(files[0], &error);
    HostItem *photo = NULL;
    if (pixels) {
        int width, height;
        host_pixels_size(pixels, &width, &height);
        host_pixels_close(pixels);
        image = memory_image_new(width, height, HOST_RGB);
        photo = memory_layer_load(image, files[0], 0, 0, &error);
        for (char **file = files + 1; photo && *file; file++)
            photo = memory_layer_load(image, *file, 0, 0, &error);
    }
    g_strfreev(files);
    gboolean ok = photo != NULL;
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    for (int i = 4; ok && i < argc; i++) {
        char **pair = g_strsplit(argv[i], "=", 2);
        if (pair[1] && g_str_equal(pair[0], "select"))
            ok = select_part(image, pair[1]);
        else
            ok = pair[1] && set_value(values, pair[0], pair[1]);
        g_strfreev(pair);
    }
    ResultValue results[16] = {0};
    Run run = {.image = image,
               .drawables = &photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    ok = ok && procedure_call(procedure, &run, &error);
    for (guint i = 0; i < memory_host()->messages->len; i++)
        g_printerr("%s\n", (char *)g_ptr_array_index(memory_host()->messages, i));
    if (ok) {
        HostImage *made = NULL;
        for (gsize i = 0; i < procedure->n_results; i++)
            if (results[i].image && results[i].image != image)
                made = results[i].image;
        write_layers(made ? made : image, argv[3]);
        char *flat = g_build_filename(argv[3], "flat.png", NULL);
        memory_image_save(made ? made : image, flat);
        g_free(flat);
        if (made)
            host_image_delete(made);
        for (gsize i = 0; i < procedure->n_results; i++) {
            print_result(&procedure->results[i], &results[i]);
            result_clear(&results[i]);
        }
    }
    if (error)
        g_printerr("%s\n", error->message);
    g_clear_error(&error);
    param_values_free(values);
    if (image)
        host_image_delete(image);
    net_forget();
    memory_host_reset();
    gegl_exit();
    return ok ? 0 : 1;
}
