/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: featurescope-train: trains a net as a recipe says, on folders of pictures. */

#include "base/fail.h"
#include "base/limits.h"
#include "pixels/place.h"
#include "run/sets.h"
#include "run/train.h"
#include <gegl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2, EXIT_STOPPED = 130 };

/* Pictures are kept a quarter larger than the net's input, so that a part of one still
 * has its detail. */
#define KEPT_SIDE(side) ((side) + (side) / 4)

static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
    stopped = 1;
    signal(number, SIG_DFL); /* a second signal ends the process at once */
}

static gboolean
is_stopped(void)
{
    return stopped != 0;
}

/* The side of the input: from the recipe, else from the net that it starts with. */
static gboolean
find_side(const Recipe *recipe, const char *data, int *side, GError **error)
{
    *side = recipe->input;
    if (*side > 0)
        return TRUE;
    Pupil pupil;
    if (!build_open(&pupil, recipe->init, 0, data, error))
        return FALSE;
    *side = pupil.side;
    pupil_clear(&pupil);
    return TRUE;
}

static gboolean
run(const Job *job, const Recipe *recipe, const char *data, GError **error)
{
    Sets sets = {0};
    gsize room = (gsize)job->memory << 20;
    int side;
    gboolean ok = find_side(recipe, data, &side, error) &&
                  sets_read(&sets, job, KEPT_SIDE(side), &room, is_stopped, error);
    if (ok) {
        g_print(_("%d classes, %d pictures to learn from\n"), (int)sets.data->n_classes,
                (int)sets.train->items->len);
        TrainOptions options = {
            .recipe = recipe,
            .data = data,
            .train = sets.train,
            .validation = sets.validation,
            .held_out = sets.held_out,
            .seed = (guint64)job->seed,
            .threads = job->threads,
            .loaders = job->loaders,
            .room = room,
            .resume = job->resume,
            .out = job->out,
            .stop = is_stopped,
        };
        ok = train(&options, error);
    }
    sets_clear(&sets);
    return ok;
}

static void
use_translations(const char *data)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* numbers are read by machines too */
    char *locale = g_build_filename(data, "locale", NULL);
    bindtextdomain(GETTEXT_PACKAGE, locale);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    g_free(locale);
}

/* GEGL would take threads of its own for pictures that are small. */
static void
start_gegl(void)
{
    g_setenv("GEGL_USE_OPENCL", "no", TRUE);
    gegl_init(NULL, NULL);
    g_object_set(gegl_config(), "threads", 1, "use-opencl", FALSE, NULL);
}

int
main(int argc, char **argv)
{
    limits_set();
    GError *error = NULL;
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *data = pixels_data_folder(program ? program : argv[0]);
    use_translations(data);

    Job job;
    gboolean ok = job_parse(&job, argc, argv, &error);
    int status = ok ? EXIT_FAILURE : EXIT_USAGE;
    Recipe *recipe = ok ? job_recipe(&job, &error) : NULL;
    if (recipe) {
        signal(SIGXFSZ, SIG_IGN); /* writing too large a file is an error, and no end */
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
        start_gegl();
        if (run(&job, recipe, data, &error))
            status = EXIT_SUCCESS;
    }
    if (is_stopped() && status != EXIT_SUCCESS) {
        g_printerr(_("Stopped. --resume goes on after the last whole epoch.\n"));
        status = EXIT_STOPPED;
    } else if (error) {
        g_printerr("featurescope-train: %s\n", error->message);
    }
    g_clear_error(&error);
    recipe_free(recipe);
    job_clear(&job);
    g_free(data);
    g_free(program);
    return status;
}
