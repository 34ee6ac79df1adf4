/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: featurescope-train: trains a net as a recipe says, on folders of pictures. */

#include "base/fail.h"
#include "pictures/data.h"
#include "pictures/parts.h"
#include "pictures/voc.h"
#include "pixels/pixels.h"
#include "run/report.h"
#include "run/train.h"
#include <gegl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_STOPPED = 130 };

/* Pictures are kept a quarter larger than the net's input, so that a part of one still
 * has its detail. */
#define KEPT_SIDE(side) ((side) + (side) / 4)

static char *data_folder, *val_folder, *out, *init, *teacher;
static char **settings, **arguments;
static double split;
static gint64 seed = 1;
static int threads, loaders = 2, train_a_class, test_a_class, memory = 6000;
static gboolean choose, resume;

static const GOptionEntry entries[] = {
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &data_folder,
     N_("Folder of pictures: a folder for each class, or PASCAL VOC"), N_("FOLDER")},
    {"val", 0, 0, G_OPTION_ARG_FILENAME, &val_folder,
     N_("Pictures to measure by after each epoch, in folders of the same names"),
     N_("FOLDER")},
    {"split", 0, 0, G_OPTION_ARG_DOUBLE, &split,
     N_("Share of the pictures that is held out, and looked at once, at the end"), "0.2"},
    {"train-a-class", 0, 0, G_OPTION_ARG_INT, &train_a_class,
     N_("Learn from so many pictures of each class, hold out the others"), "N"},
    {"test-a-class", 0, 0, G_OPTION_ARG_INT, &test_a_class,
     N_("Hold out at most so many of each class"), "N"},
    {"choose", 0, 0, G_OPTION_ARG_NONE, &choose,
     N_("To choose settings: measure on a tenth of the training pictures, which is not learned from, and do not look at what is held out"),
     NULL},
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed,
     N_("Of the split, the first weights and all that is random"), "N"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("The model to be written"),
     N_("MODEL.onnx")},
    {"resume", 0, 0, G_OPTION_ARG_NONE, &resume,
     N_("Go on after the last whole epoch of the same training"), NULL},
    {"init", 0, 0, G_OPTION_ARG_FILENAME, &init,
     N_("Start from this model, whatever the recipe says"), N_("MODEL.onnx")},
    {"teacher", 0, 0, G_OPTION_ARG_FILENAME, &teacher,
     N_("Learn from this model too, whatever the recipe says"), N_("MODEL.onnx")},
    {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings,
     N_("Overrule the recipe, for instance training.epochs=3; may be given several times"),
     N_("GROUP.KEY=VALUE")},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads,
     N_("Threads of the arithmetic; 0: one a processor"), "N"},
    {"loaders", 0, 0, G_OPTION_ARG_INT, &loaders,
     N_("Threads that prepare pictures beside it"), "N"},
    {"memory", 0, 0, G_OPTION_ARG_INT, &memory,
     N_("Megabytes for decoded pictures; what does not fit is decoded each time"), "MB"},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL,
     N_("RECIPE.ini")},
    {0},
};

/* --- stopping --- */

static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
    stopped = 1;
    signal(number, SIG_DFL); /* the second time at once */
}

static gboolean
is_stopped(void)
{
    return stopped != 0;
}

/* --- data --- */

typedef struct {
    Data *data, *val_data;
    Parts parts;
    Shelf *train, *validation, *held_out;
} Pictures;

static void
pictures_clear(Pictures *p)
{
    shelf_free(p->train);
    shelf_free(p->validation);
    shelf_free(p->held_out);
    parts_clear(&p->parts);
    data_free(p->val_data);
    data_free(p->data);
}

static gboolean
tell_reading(gsize done, gsize all, gpointer user)
{
    (void)user;
    if (isatty(STDERR_FILENO)) {
        char *text =
            g_strdup_printf(_("reading pictures: %d of %d"), (int)done, (int)all);
        report_progress(text);
        g_free(text);
    }
    return !is_stopped();
}

static gboolean
read_shelf(Shelf **shelf,
           const Data *data,
           const GPtrArray *items,
           int side,
           gsize *room,
           GError **error)
{
    if (items->len == 0)
        return TRUE;
    *shelf =
        shelf_new(data, items, side, room, loaders + threads, tell_reading, NULL, error);
    if (*shelf && (*shelf)->unreadable > 0)
        g_printerr(ngettext("%d picture could not be read and is passed over.\n",
                            "%d pictures could not be read and are passed over.\n",
                            (*shelf)->unreadable),
                   (int)(*shelf)->unreadable);
    return *shelf != NULL;
}

static gboolean
open_data(Pictures *p, GError **error)
{
    if (voc_is(data_folder)) {
        const char *list = voc_has(data_folder, "train") ? "train" : NULL;
        p->data = voc_open(data_folder, list, NULL, error);
        if (p->data && list && !val_folder && voc_has(data_folder, "val"))
            val_folder = g_strdup(data_folder);
    } else {
        p->data = data_open(data_folder, NULL, error);
    }
    if (!p->data || !val_folder)
        return p->data != NULL;
    const char *const *classes = (const char *const *)p->data->classes;
    p->val_data = voc_is(val_folder)
                      ? voc_open(val_folder, voc_has(val_folder, "val") ? "val" : NULL,
                                 classes, error)
                      : data_open(val_folder, classes, error);
    return p->val_data != NULL;
}

static gboolean
read_pictures(Pictures *p, int side, gsize *room, GError **error)
{
    PartsOptions options = {.held_out = split,
                            .choose = choose,
                            .train_a_class = (gsize)train_a_class,
                            .test_a_class = (gsize)test_a_class,
                            .seed = (guint64)seed};
    if (!open_data(p, error))
        return FALSE;
    parts_split(&p->parts, p->data, &options);
    if (!read_shelf(&p->train, p->data, p->parts.train, side, room, error))
        return FALSE;
    if (!p->train)
        return fail_input(error, _("There are no pictures to learn from."));
    if (!data_check(p->data, p->train->items, _("to learn from"), error))
        return FALSE;
    if (p->val_data)
        return read_shelf(&p->validation, p->val_data, p->val_data->items, side, room,
                          error);
    if (choose)
        return read_shelf(&p->validation, p->data, p->parts.choose, side, room, error);
    return TRUE;
}

/* --- the run --- */

static gboolean
check_options(GError **error)
{
    if (!arguments || !arguments[0] || arguments[1])
        return fail_input(error, _("One recipe is needed."));
    if (!data_folder || !out)
        return fail_input(error, _("“--data” and “--out” are needed."));
    if (split < 0 || split > 0.95)
        return fail_input(error, _("--split is a share from 0 to 0.95."));
    if (train_a_class < 0 || test_a_class < 0 || memory < 1 || memory > 1 << 20 ||
        loaders < 1 || loaders > 64 || threads < 0 || threads > 256 || seed < 0)
        return fail_input(error, _("A number is out of its range; see --help."));
    if (val_folder && choose)
        return fail_input(error, _("--val and --choose are two ways to do the same."));
    if (threads == 0)
        threads = (int)g_get_num_processors();
    return TRUE;
}

/* The recipe with what the command line says above it. */
static Recipe *
read_recipe(GError **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    for (char **setting = settings; setting && *setting; setting++)
        g_ptr_array_add(all, g_strdup(*setting));
    if (init)
        g_ptr_array_add(all, g_strconcat("model.init=", init, NULL));
    if (teacher)
        g_ptr_array_add(all, g_strconcat("teacher.model=", teacher, NULL));
    g_ptr_array_add(all, NULL);
    Recipe *recipe = recipe_read(arguments[0], (const char *const *)all->pdata, error);
    g_ptr_array_unref(all);
    return recipe;
}

/* What the recipe says, else what the net does that it starts from. */
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
run(const Recipe *recipe, const char *data, GError **error)
{
    Pictures pictures = {0};
    gsize room = (gsize)memory << 20;
    int side;
    gboolean ok = find_side(recipe, data, &side, error) &&
                  read_pictures(&pictures, KEPT_SIDE(side), &room, error);
    if (ok && !choose)
        ok = read_shelf(&pictures.held_out, pictures.data, pictures.parts.held_out,
                        KEPT_SIDE(side), &room, error);
    if (ok) {
        g_print(_("%d classes, %d pictures to learn from\n"),
                (int)pictures.data->n_classes, (int)pictures.train->items->len);
        TrainOptions options = {
            .recipe = recipe,
            .data = data,
            .train = pictures.train,
            .validation = pictures.validation,
            .held_out = pictures.held_out,
            .seed = (guint64)seed,
            .threads = threads,
            .loaders = loaders,
            .room = room,
            .resume = resume,
            .out = out,
            .stop = is_stopped,
        };
        ok = train(&options, error);
    }
    pictures_clear(&pictures);
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
    GError *error = NULL;
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *data = pixels_data_folder(program ? program : argv[0]);
    use_translations(data);

    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_summary(
        context,
        _("Trains a network on folders of pictures, as a recipe says, and writes it as ONNX. docs/training.md explains recipes."));
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    gboolean ok =
        g_option_context_parse(context, &argc, &argv, &error) && check_options(&error);
    g_option_context_free(context);
    int status = ok ? EXIT_SUCCESS : EXIT_USAGE;
    Recipe *recipe = ok ? read_recipe(&error) : NULL;
    if (recipe) {
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
        start_gegl();
        status = run(recipe, data, &error) ? EXIT_SUCCESS : EXIT_FAILURE;
    } else if (ok) {
        status = EXIT_FAILURE;
    }
    if (is_stopped() && status != EXIT_SUCCESS) {
        g_printerr(_("Stopped. --resume goes on after the last whole epoch.\n"));
        status = EXIT_STOPPED;
    } else if (error) {
        g_printerr("featurescope-train: %s\n", error->message);
    }
    g_clear_error(&error);
    recipe_free(recipe);
    g_free(data);
    g_free(program);
    return status;
}
