/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.c: parses the command line and reads the recipe that it names. */

#include "run/job.h"
#include "base/fail.h"

static gboolean
check(Job *job, GError **error)
{
    if (!job->arguments || !job->arguments[0] || job->arguments[1])
        return fail_input(error, _("One recipe is needed."));
    if (!job->data_folder || !job->out)
        return fail_input(error, _("“--data” and “--out” are needed."));
    if (job->split < 0 || job->split > 0.95)
        return fail_input(error, _("--split is a share from 0 to 0.95."));
    if (job->train_a_class < 0 || job->test_a_class < 0 || job->memory < 1 ||
        job->memory > 1 << 20 || job->loaders < 1 || job->loaders > 64 ||
        job->threads < 0 || job->threads > 256 || job->seed < 0)
        return fail_input(error, _("A number is out of its range; see --help."));
    if (job->val_folder && job->choose)
        return fail_input(error, _("--val and --choose are two ways to do the same."));
    if (job->threads == 0)
        job->threads = (int)g_get_num_processors();
    return TRUE;
}

gboolean
job_parse(Job *job, int argc, char **argv, GError **error)
{
    *job = (Job){.seed = 1, .loaders = 2, .memory = 6000};
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &job->data_folder,
         N_("Folder of pictures: a folder for each class, or PASCAL VOC"), N_("FOLDER")},
        {"val", 0, 0, G_OPTION_ARG_FILENAME, &job->val_folder,
         N_("Pictures to measure by after each epoch, in folders of the same names"),
         N_("FOLDER")},
        {"split", 0, 0, G_OPTION_ARG_DOUBLE, &job->split,
         N_("Share of the pictures that is held out, and looked at once, at the end"),
         "0.2"},
        {"train-a-class", 0, 0, G_OPTION_ARG_INT, &job->train_a_class,
         N_("Learn from this many pictures of each class, hold out the others"), "N"},
        {"test-a-class", 0, 0, G_OPTION_ARG_INT, &job->test_a_class,
         N_("Hold out at most this many of each class"), "N"},
        {"choose", 0, 0, G_OPTION_ARG_NONE, &job->choose,
         N_("To choose settings: measure on a tenth of the training pictures, which is not learned from, and do not look at what is held out"),
         NULL},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &job->seed,
         N_("Of the split, the first weights and all that is random"), "N"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &job->out, N_("The model to be written"),
         N_("MODEL.onnx")},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &job->resume,
         N_("Go on after the last whole epoch of the same training"), NULL},
        {"init", 0, 0, G_OPTION_ARG_FILENAME, &job->init,
         N_("Start from this model, whatever the recipe says"), N_("MODEL.onnx")},
        {"teacher", 0, 0, G_OPTION_ARG_FILENAME, &job->teacher,
         N_("Learn from this model too, whatever the recipe says"), N_("MODEL.onnx")},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &job->settings,
         N_("Overrule the recipe, for instance training.epochs=3; may be given several times"),
         N_("GROUP.KEY=VALUE")},
        {"threads", 0, 0, G_OPTION_ARG_INT, &job->threads,
         N_("Threads of the arithmetic; 0: one a processor"), "N"},
        {"loaders", 0, 0, G_OPTION_ARG_INT, &job->loaders,
         N_("Threads that prepare pictures beside it"), "N"},
        {"memory", 0, 0, G_OPTION_ARG_INT, &job->memory,
         N_("Megabytes for decoded pictures; what does not fit is decoded each time"),
         "MB"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job->arguments, NULL,
         N_("RECIPE.ini")},
        {0},
    };
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_summary(
        context,
        _("Trains a network on folders of pictures, as a recipe says, and writes it as ONNX. docs/training.md explains recipes."));
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    gboolean ok =
        g_option_context_parse(context, &argc, &argv, error) && check(job, error);
    g_option_context_free(context);
    return ok;
}

void
job_clear(Job *job)
{
    g_free(job->data_folder);
    g_free(job->val_folder);
    g_free(job->out);
    g_free(job->init);
    g_free(job->teacher);
    g_strfreev(job->settings);
    g_strfreev(job->arguments);
    *job = (Job){0};
}

Recipe *
job_recipe(const Job *job, GError **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    for (char **setting = job->settings; setting && *setting; setting++)
        g_ptr_array_add(all, g_strdup(*setting));
    if (job->init)
        g_ptr_array_add(all, g_strconcat("model.init=", job->init, NULL));
    if (job->teacher)
        g_ptr_array_add(all, g_strconcat("teacher.model=", job->teacher, NULL));
    g_ptr_array_add(all, NULL);
    Recipe *recipe =
        recipe_read(job->arguments[0], (const char *const *)all->pdata, error);
    g_ptr_array_unref(all);
    return recipe;
}
