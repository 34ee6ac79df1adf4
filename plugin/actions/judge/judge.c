/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.c: the procedure that tells how good heat maps of a photo are.
 *
 * A map says which parts count. So these are removed, the most important first, and a good
 * map makes the probability fall early (deletion); or they are put back into a blurred
 * photo, and a good map makes it rise early (insertion). The area under the curve is the
 * map's number (Petsiuk, Das & Saenko 2018, "RISE: Randomized Input Sampling for
 * Explanation of Black-box Models", section 4.3). A random order stands beside. */

#include "actions/judge/judge.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/fill.h"
#include "result/about.h"
#include "result/results.h"

/* Of the net's longer side: the grid's cells, as occlusion moves its square, and the
 * deviation of the blur. */
#define CELLS 28
#define BLUR (5.0 / 224) /* as in that paper */

static const ParamChoice value_kinds[] = {
    {"probability", N_("Probability")},
    {"score", N_("Score before the softmax")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    NET_LABEL(N_(
        "Name or number of the class; empty: the one that is predicted for the photo")),
    {.name = "sizes",
     .type = PARAM_STRING,
     .label = N_("Square si_zes"),
     .blurb = N_(
         "Sides of occlusion's square in pixels of the network's input, separated by \";\", a map each, 8 at most; empty: half, one and two of a seventh of it"),
     .empty = N_("Three")},
    {.name = "gradients",
     .type = PARAM_BOOL,
     .label = N_("_Gradient maps"),
     .blurb = N_(
         "Also judge what comes back from the label's score by gradient, guided backpropagation and deconvnet: of each pixel the largest magnitude of its three channels"),
     .value = TRUE},
    SEEN_FIT,
    {.name = "value",
     .type = PARAM_CHOICE,
     .label = N_("_Value"),
     .blurb = N_(
         "What occlusion's maps are made of: the probability, or the score, which goes on moving where the probability is close to 0 or 1. The curves are of the probability in any case"),
     .text = "probability",
     .choices = value_kinds,
     .advanced = TRUE},
    {.name = "cell",
     .type = PARAM_INT,
     .label = N_("C_ell"),
     .blurb = N_(
         "Side of the cells that are removed and put back, and step of the square, in pixels of the network's input; 0: a 28th of it"),
     .max = CARD_LARGEST_SIDE,
     .empty = N_("Automatic"),
     .advanced = TRUE},
    {.name = "points",
     .type = PARAM_INT,
     .label = N_("_Points of a curve"),
     .blurb = N_("How often the net is asked on the way from no cell to all of them"),
     .min = 2,
     .max = JUDGE_MOST_POINTS - 1,
     .value = 50,
     .advanced = TRUE},
    {.name = "color",
     .type = PARAM_COLOR,
     .label = N_("Fill colo_ur"),
     .blurb = N_("Colour of removed cells and of the square, before preprocessing"),
     .text = FILL_GRAY,
     .advanced = TRUE},
    NET_EXPORT(
        N_("File for all points of all curves as comma-separated values; empty: none")),
    NET_THREADS(N_("Threa_ds")),
    LAYERS_TARGET,
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"label", RESULT_STRING, N_("The class")},
    {"probability", RESULT_DOUBLE, N_("Its probability for the photo")},
    {"names", RESULT_STRINGS, N_("What is judged; the last one is a random order")},
    {"deletion", RESULT_DOUBLES,
     N_("Area under each deletion curve, 0 to 1: the smaller, the better")},
    {"insertion", RESULT_DOUBLES,
     N_("Area under each insertion curve, 0 to 1: the larger, the better")},
    {"cells", RESULT_DOUBLES,
     N_("How many cells change the answer when they are removed, by each map; 0: none do")},
    {"answers", RESULT_STRINGS, N_("The answer then")},
    {"sentence", RESULT_STRING, N_("Which maps are the best")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_LABEL,
    RESULT_PROBABILITY,
    RESULT_NAMES,
    RESULT_DELETION,
    RESULT_INSERTION,
    RESULT_CELLS,
    RESULT_ANSWERS,
    RESULT_SENTENCE
};

static void
free_map(void *data)
{
    JudgedMap *map = data;
    g_free(map->name);
    g_free(map->key);
    g_free(map->cells);
    g_free(map->order);
    g_free(map->deletion);
    g_free(map->insertion);
    g_free(map);
}

/* --- what is asked for --- */

static gboolean
read_sizes(Judge *judge, GError **error)
{
    int side = MAX(judge->net->height, judge->net->width);
    const char *text = param_text(judge->run->values, "sizes");
    char **list = g_strsplit(text, ";", -1);
    gboolean ok = TRUE;
    for (char **entry = list; ok && *text && *entry; entry++) {
        char *end, *word = g_strstrip(*entry);
        gint64 size = g_ascii_strtoll(word, &end, 10);
        if (!*word || *end || size < 1 || size > side)
            ok = fail_input(
                error,
                _("“%s” is no side of a square: a whole number from 1 to %d is wanted."),
                word, side);
        else if (judge->n_sizes == JUDGE_MOST_SIZES)
            ok = fail_input(error, _("More than %d sizes of squares are listed."),
                            JUDGE_MOST_SIZES);
        else
            judge->sizes[judge->n_sizes++] = (int)size;
    }
    g_strfreev(list);
    for (int twice = 1; ok && !*text && twice <= 4; twice *= 2)
        judge->sizes[judge->n_sizes++] = MAX(1, (twice * side + 7) / 14);
    return ok;
}

static gboolean
prepare(Judge *judge, GError **error)
{
    const ParamValues *values = judge->run->values;
    int side = MAX(judge->net->height, judge->net->width);
    int cell = param_int(values, "cell");
    const char *label = param_text(values, "label");
    if (!cell)
        cell = MAX(1, (side + CELLS / 2) / CELLS);
    if (cell > side)
        return fail_input(
            error, _("Cells of %d pixels are too large: the network sees %d × %d."), cell,
            judge->net->width, judge->net->height);
    judge->grid = curve_grid(judge->net, cell);
    judge->n_points = 1 + MIN((gsize)param_int(values, "points"),
                              judge->grid.rows * judge->grid.columns);
    judge->labels = net_labels(judge->net, judge->classifier.classes);
    return read_sizes(judge, error) &&
           (!*label || labels_find(&judge->labels, judge->classifier.classes, label,
                                   &judge->class_index, error));
}

static gboolean
fill_pictures(Judge *judge, GError **error)
{
    const Net *net = judge->net;
    gsize pixels = net_pixels(net);
    judge->removed = g_try_new(float, 3 * pixels);
    judge->blurred = g_try_new(float, 3 * pixels);
    if (!judge->removed || !judge->blurred ||
        !fill_blur(judge->seen.rgb, net->height, net->width,
                   BLUR * MAX(net->height, net->width), judge->blurred))
        return fail_run(error, _("There is not enough memory for the network's input."));
    fill_color(param_text(judge->run->values, "color"), pixels, judge->removed);
    return TRUE;
}

/* --- results --- */

static void
give_results(const Judge *judge, char *text)
{
    ResultValue *out = judge->run->results;
    guint count = judge->maps->len;
    char **names = g_new0(char *, count + 1), **answers = g_new0(char *, count + 1);
    GArray *numbers[3];
    for (int k = 0; k < 3; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < count; i++) {
        const JudgedMap *map = g_ptr_array_index(judge->maps, i);
        double cells = (double)map->change.cells;
        names[i] = g_strdup(map->key);
        answers[i] = map->change.cells ? labels_name(&judge->labels, map->change.best)
                                       : g_strdup("");
        g_array_append_val(numbers[0], map->deletion_area);
        g_array_append_val(numbers[1], map->insertion_area);
        g_array_append_val(numbers[2], cells);
    }
    out[RESULT_LABEL].text = g_strdup(judge->label);
    out[RESULT_PROBABILITY].d = judge->probability;
    out[RESULT_NAMES].texts = names;
    out[RESULT_DELETION].numbers = numbers[0];
    out[RESULT_INSERTION].numbers = numbers[1];
    out[RESULT_CELLS].numbers = numbers[2];
    out[RESULT_ANSWERS].texts = answers;
    out[RESULT_SENTENCE].text = text;
}

static gboolean
show(Judge *judge, GError **error)
{
    char *title = g_strdup_printf(_("Deletion and insertion · %s"), judge->label);
    HostLayer *sheet = judge_sheet(judge, title, error);
    gboolean ok = sheet && judge_save(judge, error);
    if (ok) {
        GKeyFile *about = about_new(&procedure_judge, judge->net, &judge->seen.region,
                                    judge->run->values);
        g_key_file_set_string(about, "result", "label", judge->label);
        sheet->parasite = about_finish(about);
        ok = layers_finish_sheet(judge->run, sheet, title, error);
    } else if (sheet) {
        host_layer_free(sheet);
    }
    if (ok) {
        char *text = judge_sentence(judge);
        host_message(text);
        give_results(judge, text);
    }
    g_free(title);
    return ok;
}

/* --- the run --- */

static gboolean
run_judge(const Run *run, GError **error)
{
    Judge judge = {.run = run};
    judge.net = net_open(param_text(run->values, "model"), error);
    if (!judge.net || !net_classifier(judge.net, &judge.classifier, error) ||
        !prepare(&judge, error)) {
        labels_clear(&judge.labels);
        return FALSE;
    }
    judge.maps = g_ptr_array_new_with_free_func(free_map);
    host_progress_start(_("Deletion and insertion"));
    net_tell(judge.net);
    net_tell_answer(judge.net, &judge.classifier);
    gboolean ok =
        seen_of_drawable(&judge.seen, run, run->drawables[0], judge.net, error) &&
        fill_pictures(&judge, error) && judge_gradients(&judge, error) &&
        judge_occlusions(&judge, error) && judge_maps(&judge, error);
    if (ok)
        judge.label = labels_name(&judge.labels, judge.class_index);
    ok = ok && show(&judge, error);
    host_progress_end();
    g_free(judge.label);
    g_free(judge.removed);
    g_free(judge.blurred);
    g_ptr_array_unref(judge.maps);
    labels_clear(&judge.labels);
    seen_clear(&judge.seen);
    return ok;
}

const Procedure procedure_judge = {
    .name = "plug-in-featurescope-judge",
    .menu = N_("_Judge Heat Maps..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Judge Heat Maps"),
    .blurb = N_("Tells how good heat maps of the photo are, by deletion and insertion"),
    .help = N_(
        "Makes heat maps of the photo by occlusion with squares of several sizes and by "
        "gradients, and judges each of them: cells of the photo are removed, those that "
        "the "
        "map calls the most important first, and the probability of the label should "
        "fall "
        "early (deletion); or they are put back into a blurred photo, and it should rise "
        "early (insertion; Petsiuk and others 2018). The area under a curve is the map's "
        "number. The sheet has the maps, both families of curves, and the fewest cells "
        "without which the network gives another answer."),
    .icon = "featurescope-judge",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_judge,
    .takes = procedure_takes_one,
};
