/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.c: what is done with one picture of a folder. */
#include "actions/folder/job.h"
#include "base/fail.h"
#include "base/param_line.h"
#include "photo/damage.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

extern const Procedure procedure_classify, procedure_evidence, procedure_occlusion,
    procedure_project;

/* --- what can be done --- */

static const struct {
    const char *action;
    const Procedure *procedure;
    const char *example;
} kinds[] = {
    {"projection", &procedure_project, "count 3 unit map"},
    {"occlusion", &procedure_occlusion, "size 40 legend 0"},
    {"classify", &procedure_classify, "fit stretch"},
    {"evidence", &procedure_evidence, "count 3"},
};

static gsize
kind_of(const char *action)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kinds[i].action, action))
            return i;
    g_error("no action named \"%s\"", action);
    return 0;
}

const Procedure *
job_procedure(const char *action)
{
    return kinds[kind_of(action)].procedure;
}

const char *
job_example(const char *action)
{
    return kinds[kind_of(action)].example;
}

ParamValues *
job_values(const char *action, const char *model, const char *arguments, GError **error)
{
    const Procedure *procedure = job_procedure(action);
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    param_set_text(values, "model", model);
    if (!param_line_read(values, arguments, error))
        g_clear_pointer(&values, param_values_free);
    return values;
}

/* --- whole files --- */

/* OUTPUT/NAME.xcf */
static char *
file_of(const Job *job, const char *name, const char *suffix)
{
    char *base = g_strconcat(name, suffix, NULL);
    char *path = g_build_filename(job->output, base, NULL);
    g_free(base);
    return path;
}

static gboolean
take_name(const char *part, const char *path, GError **error)
{
    if (g_rename(part, path) == 0)
        return TRUE;
    char *name = g_filename_display_name(path);
    fail_run(error, _("“%s” cannot be written: %s"), name, g_strerror(errno));
    g_free(name);
    return FALSE;
}

/* Both files get their names when both are whole. */
static gboolean
save_image(const Job *job, HostImage *image, const char *name, GError **error)
{
    char *xcf = g_strconcat(job->part, ".xcf", NULL);
    char *png = g_strconcat(job->part, ".png", NULL);
    char *to_xcf = file_of(job, name, ".xcf"), *to_png = file_of(job, name, ".png");
    gboolean ok = host_image_save(image, xcf, error) &&
                  host_image_save(image, png, error) && damage_refuse(png, error) &&
                  damage_refuse(xcf, error) && take_name(xcf, to_xcf, error) &&
                  take_name(png, to_png, error);
    g_unlink(xcf);
    g_unlink(png);
    g_free(to_png);
    g_free(to_xcf);
    g_free(png);
    g_free(xcf);
    return ok;
}

/* FILE, LABEL, PROBABILITY on one line, whatever the file's name. */
static void
save_label(const Job *job, const ResultValue *results, const char *name)
{
    const Procedure *procedure = job->procedure;
    const char *label = "";
    double probability = 0;
    for (gsize i = procedure->n_results; i-- > 0;) {
        if (procedure->results[i].type == RESULT_STRING)
            label = results[i].text;
        if (g_str_equal(procedure->results[i].name, "probabilities"))
            probability = g_array_index(results[i].numbers, double, 0);
    }
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.4f", probability);
    char *file = g_strdup(name);
    for (char *c = file; *c; c++)
        if ((guchar)*c < ' ')
            *c = ' ';
    char *line = g_strdup_printf("%s\t%s\t%s\n", file, label, number);
    save_put(job->labels, line, strlen(line));
    g_free(line);
    g_free(file);
}

/* --- one picture --- */

static HostImage *
result_image(const Procedure *procedure, const ResultValue *results)
{
    for (gsize i = 0; i < procedure->n_results; i++)
        if (results[i].image)
            return results[i].image;
    return NULL;
}

static gboolean
run_on(
    const Job *job, HostImage *image, HostItem *photo, const char *name, GError **error)
{
    const Procedure *procedure = job->procedure;
    ResultValue *results = g_new0(ResultValue, procedure->n_results);
    Run run = {.image = image,
               .drawables = &photo,
               .n_drawables = 1,
               .values = job->values,
               .results = results};
    /* babl does not hold many profiles in a process (decode/profile.h). */
    gboolean ok = host_image_has_profile(image)
                      ? procedure_call_apart(procedure, &run, error)
                      : procedure_call(procedure, &run, error);
    HostImage *shown = ok ? result_image(procedure, results) : NULL;
    if (ok && job->labels)
        save_label(job, results, name);
    else if (ok)
        ok = save_image(job, shown, name, error);
    if (shown && shown != image)
        host_image_delete(shown);
    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    return ok;
}

/* An image of one layer that has the pixels as sRGB. */
static HostImage *
image_of(HostPixels *pixels, const char *name, HostItem **photo, GError **error)
{
    GeglRectangle all = {0};
    host_pixels_size(pixels, &all.width, &all.height);
    HostLayer *layer = host_layer_new(name, &all, all.width, all.height, 4);
    if (!layer) {
        fail_run(error, "%s", _("Not enough memory to read pixels"));
        return NULL;
    }
    HostImage *image = NULL;
    HostItem **items = NULL;
    if (host_pixels_read(pixels, &all, layer->pixels, error) &&
        (image = host_image_new(all.width, all.height, name, error)) &&
        !host_add(&image, NULL, name, NULL, &layer, 1, &items, error)) {
        host_image_delete(image);
        image = NULL;
    }
    *photo = image ? items[0] : NULL;
    g_free(items);
    host_layer_free(layer);
    return image;
}

/* TRUE if the host can do with one more profile, or has it already. */
static gboolean
is_held(const Job *job, guint64 profile)
{
    return profile == 0 || g_hash_table_contains(job->profiles, &profile) ||
           g_hash_table_size(job->profiles) < host_most_profiles();
}

static void
tell_of_srgb(void)
{
    char *text = g_strdup_printf(
        /* TRANSLATORS: a program, and a number of some few. */
        _("%s would take minutes for each picture after %u different colour profiles: "
          "pictures with others are given to it in sRGB."),
        host_name(), host_most_profiles());
    host_message(text);
    g_free(text);
}

/* The host's image of a file that is whole. pixels: NULL if only the host can read it. */
static HostImage *
open_image(const Job *job,
           const char *path,
           const char *name,
           HostPixels *pixels,
           HostItem **photo,
           GError **error)
{
    guint64 profile = pixels ? host_pixels_profile(pixels) : 0;
    if (!is_held(job, profile)) {
        tell_of_srgb();
        return image_of(pixels, name, photo, error);
    }
    if (profile)
        g_hash_table_add(job->profiles, g_memdup2(&profile, sizeof profile));
    return host_image_open(path, photo, error);
}

gboolean
job_do(const Job *job, const char *path, const char *name, GError **error)
{
    HostItem *photo;
    HostPixels *pixels;
    if (!damage_decode(path, &pixels, error))
        return FALSE;
    HostImage *image = open_image(job, path, name, pixels, &photo, error);
    host_pixels_close(pixels);
    if (!image)
        return FALSE;
    gboolean ok = run_on(job, image, photo, name, error);
    host_image_delete(image);
    return ok;
}
