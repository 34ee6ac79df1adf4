/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c: the procedure that does an action with each picture of a folder.
 *
 * The action is one of ours (job.h), called in this process: the network is read once. A
 * host's Cancel ends the process; what has its name then is whole. */
#define _XOPEN_SOURCE 700 /* realpath() */
#include "photo/folder.h"
#include "actions/folder/job.h"
#include "base/busy.h"
#include "base/fail.h"
#include "base/limits.h"
#include "base/slot.h"
#include "net/picks.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* --- the table --- */

static const ParamChoice actions[] = {
    {"projection", N_("Feature Projection")},
    {"occlusion", N_("Occlusion Sensitivity")},
    {"classify", N_("Classify: one list of labels")},
    {"evidence", N_("Evidence")},
    {NULL, NULL},
};

static char *
example(const ParamValues *values)
{
    return g_strdup_printf(_("such as: %s"), job_example(param_text(values, "action")));
}

static gboolean
arguments_valid(const ParamValues *values, GError **error)
{
    ParamValues *given = job_values(param_text(values, "action"), "",
                                    param_text(values, "arguments"), error);
    param_values_free(given);
    return given != NULL;
}

/* The place where a folder would be, whatever links lead there. g_free() */
static char *
place_of(const char *path)
{
    char *whole = g_canonicalize_filename(path, NULL);
    char *real = realpath(whole, NULL); /* free() */
    char *place = g_strdup(real ? real : whole);
    free(real);
    g_free(whole);
    return place;
}

static gboolean
output_valid(const ParamValues *values, GError **error)
{
    if (!*param_text(values, "output") || !*param_text(values, "images"))
        return TRUE;
    char *from = place_of(param_text(values, "images"));
    char *to = place_of(param_text(values, "output"));
    gboolean apart = !g_str_equal(from, to);
    g_free(from);
    g_free(to);
    return apart ||
           fail_input(error, "%s",
                      _("Results need a folder of their own, not the pictures'."));
}

static gboolean
part_valid(const ParamValues *values, GError **error)
{
    int part = param_int(values, "part"), parts = param_int(values, "parts");
    return part <= parts ||
           fail_input(error, _("There is no part %d of %d."), part, parts);
}

static const Param params[] = {
    {.name = "images",
     .type = PARAM_FOLDER,
     .label = N_("_Pictures"),
     .blurb = N_("Folder whose pictures are gone through, without the folders below"),
     .required = TRUE},
    {.name = "output",
     .type = PARAM_FOLDER,
     .label = N_("Res_ults to"),
     .blurb = N_("Folder for what is made of them; it is made if need be"),
     .required = TRUE,
     .valid = output_valid},
    {.name = "action",
     .type = PARAM_CHOICE,
     .label = N_("_Action"),
     .blurb = N_("What is done with each picture"),
     .text = "projection",
     .choices = actions},
    NET_MODEL(N_("ONNX file to look into; empty: the built-in model")),
    {.name = "arguments",
     .type = PARAM_STRING,
     .label = N_("Ar_guments"),
     .blurb = N_("Arguments of the action, names and values in turn, where they are to "
                 "be others than by default; one with spaces stands in double quotes"),
     .valid = arguments_valid,
     .hint = example},
    {.name = "part",
     .type = PARAM_INT,
     .label = N_("Par_t"),
     .blurb = N_("With several parts: the one that is done now, from 1"),
     .min = 1,
     .max = 100000,
     .value = 1,
     .valid = part_valid,
     .advanced = TRUE},
    {.name = "parts",
     .type = PARAM_INT,
     .label = N_("_Number of parts"),
     .blurb =
         N_("In how many parts the folder is done, by as many runs on one machine or "
            "several: part 2 of 3 is the second, the fifth, the eighth … picture"),
     .min = 1,
     .max = 100000,
     .value = 1,
     .advanced = TRUE},
};

static const Result results[] = {
    {"done", RESULT_INT, N_("Pictures with a result")},
    {"skipped", RESULT_STRINGS, N_("Files without one, and why")},
    {"report", RESULT_STRING, N_("Both in words")},
};
enum { RESULT_DONE, RESULT_SKIPPED, RESULT_REPORT };

/* --- the run --- */

typedef struct {
    const Run *run;
    Folder folder;
    gsize first, step; /* the pictures of this part */
    gsize strange;     /* names that are not UTF-8 */
    Job job;
    Slot *slot; /* what job.part is the name of */
    gsize done;
    GPtrArray *skipped; /* sentences */
    GError *last;       /* why the last one was skipped */
} Going;

static gsize
count_of(const Going *going)
{
    gsize left =
        going->folder.count > going->first ? going->folder.count - going->first : 0;
    return (left + going->step - 1) / going->step;
}

/* A person gets one report at the end; a log, each as it comes. */
static void
tell(const Going *going, const char *text)
{
    if (!going->run->interactive)
        host_message(text);
}

static void
skip(Going *going, gsize file, GError *why)
{
    folder_skip(&going->folder, file, why, going->skipped);
    char *text = g_strdup_printf(
        /* TRANSLATORS: a file of a folder that is no picture, and why. */
        _("Skipped: %s"),
        (char *)g_ptr_array_index(going->skipped, going->skipped->len - 1));
    tell(going, text);
    g_free(text);
    g_clear_error(&going->last);
    going->last = why;
}

static void
do_one(Going *going, gsize file, double from, double to)
{
    GError *why = NULL;
    char *path = folder_path(&going->folder, file);
    host_progress_part(from, to);
    gboolean ok = job_do(&going->job, path, going->folder.files[file].name, &why);
    host_progress_whole();
    if (ok)
        going->done++;
    else
        skip(going, file, why);
    limits_give_back();
    g_free(path);
}

static void
do_all(Going *going)
{
    gsize count = count_of(going);
    Busy busy = {.text = _("Picture"), .count = count, .to = 1};
    DcnProgress progress = busy_start(&busy);
    for (gsize i = 0; i < count; i++) {
        double from = (double)i / (double)count, to = (double)(i + 1) / (double)count;
        do_one(going, going->first + i * going->step, from, to);
        progress.report(to, progress.user);
    }
}

/* If nothing could be done, the reason most likely holds for all: the last is the
 * error. */
static gboolean
end(Going *going, GError **error)
{
    if (going->done || !going->skipped->len)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&going->last));
    return FALSE;
}

/* --- labels --- */

static char *
labels_file(const Going *going)
{
    const ParamValues *values = going->run->values;
    char *name = param_int(values, "parts") == 1
                     ? g_strdup("labels.txt")
                     : g_strdup_printf("labels-%d-of-%d.txt", param_int(values, "part"),
                                       param_int(values, "parts"));
    char *path = g_build_filename(going->job.output, name, NULL);
    g_free(name);
    return path;
}

/* Nothing done: the old labels stay. */
static gboolean
do_all_labels(Going *going, GError **error)
{
    char *path = labels_file(going), *part = g_strconcat(going->job.part, ".txt", NULL);
    going->job.labels = save_begin_as(path, part);
    do_all(going);
    gboolean ok = end(going, error);
    if (!ok)
        save_drop(going->job.labels);
    else
        ok = save_end(going->job.labels, error);
    g_free(part);
    g_free(path);
    return ok;
}

/* --- before and after --- */

static gboolean
make_output(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return TRUE;
    char *name = g_filename_display_name(path);
    fail_input(error, _("The folder “%s” cannot be made: %s"), name, g_strerror(errno));
    g_free(name);
    return FALSE;
}

static gboolean
begin(Going *going, GError **error)
{
    const ParamValues *values = going->run->values;
    const char *action = param_text(values, "action");
    const char *output = param_text(values, "output");
    Job *job = &going->job;
    going->first = (gsize)param_int(values, "part") - 1;
    going->step = (gsize)param_int(values, "parts");
    going->skipped = g_ptr_array_new_with_free_func(g_free);
    if (!*output)
        return fail_input(error, "%s", _("No folder is given for the results."));
    if (!part_valid(values, error) || !output_valid(values, error))
        return FALSE;
    job->procedure = job_procedure(action);
    job->profiles = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    job->values = job_values(action, param_text(values, "model"),
                             param_text(values, "arguments"), error);
    if (!job->values || !param_check(job->values, error) ||
        !net_open(param_text(job->values, "model"), error) ||
        !folder_read_flat(&going->folder, param_text(values, "images"), &going->strange,
                          error) ||
        !make_output(output, error))
        return FALSE;
    job->output = g_canonicalize_filename(output, NULL);
    char *name =
        g_strdup_printf(".featurescope-%zu-of-%zu", going->first + 1, going->step);
    going->slot = slot_take(job->output, name, error);
    g_free(name);
    if (going->slot)
        job->part = slot_name(going->slot);
    return going->slot != NULL;
}

static void
give_results(Going *going)
{
    GString *report = g_string_new(NULL);
    g_string_append_printf(report, _("Featurescope: %zu done, %u skipped"), going->done,
                           going->skipped->len);
    tell(going, report->str);
    g_string_append_printf(report, "\n%s\n", going->job.output);
    for (guint i = 0; i < going->skipped->len; i++)
        g_string_append_printf(report, "\n%s",
                               (char *)g_ptr_array_index(going->skipped, i));
    if (going->strange) {
        char *text = g_strdup_printf(_("Skipped, as their names are not UTF-8: %zu"),
                                     going->strange);
        tell(going, text);
        g_string_append_printf(report, "\n%s", text);
        g_free(text);
    }
    ResultValue *out = going->run->results;
    out[RESULT_DONE].i = (int)MIN(going->done, G_MAXINT);
    g_ptr_array_add(going->skipped, NULL);
    out[RESULT_SKIPPED].texts =
        (char **)g_ptr_array_free(g_steal_pointer(&going->skipped), FALSE);
    out[RESULT_REPORT].text = g_string_free(report, FALSE);
}

static gboolean
run_folder(const Run *run, GError **error)
{
    Going going = {.run = run};
    gboolean ok = begin(&going, error);
    if (ok) {
        host_progress_start(_("Folder of Pictures"));
        if (going.job.procedure == job_procedure("classify")) {
            ok = do_all_labels(&going, error);
        } else {
            do_all(&going);
            ok = end(&going, error);
        }
        host_progress_end();
    }
    if (ok)
        give_results(&going);
    g_clear_error(&going.last);
    g_clear_pointer(&going.skipped, g_ptr_array_unref);
    param_values_free(going.job.values);
    folder_clear(&going.folder);
    g_clear_pointer(&going.job.profiles, g_hash_table_unref);
    g_free(going.job.output);
    slot_free(going.slot);
    return ok;
}

static const char *
report(const ResultValue *values)
{
    return values[RESULT_REPORT].text;
}

const Procedure procedure_folder = {
    .name = "plug-in-featurescope-folder",
    .menu = N_("_Folder of Pictures..."),
    .path = PROCEDURE_COLLECTION,
    .title = N_("Folder of Pictures"),
    .blurb = N_("Does an action with each picture of a folder and saves the results"),
    .help = N_(
        "Opens each picture of a folder by the editor's own loaders, does the action with "
        "its lowest layer and saves the picture with all layers as NAME.xcf and what one "
        "sees as NAME.png; of Classify the lines FILE, LABEL, PROBABILITY go to "
        "labels.txt. Each file is written under a name that starts with a dot and gets "
        "its own when it is whole. Files that are no pictures, are damaged, or that the "
        "action refuses are skipped and named with the reason; where nothing can be done, "
        "that is an error. Links to files are followed. Hidden files, folders below, and "
        "files whose names are not UTF-8 are not looked at; the last are counted."),
    .icon = "featurescope-folder",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_folder,
    .text = report,
    .anywhere = TRUE,
};
