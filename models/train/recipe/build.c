/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.c: makes or opens a model and gives it the recipe's classes and first weights. */

#include "recipe/build.h"
#include "base/fail.h"
#include "edit.h"
#include "net/guess.h"
#include "recipe/compose.h"
#include <string.h>

void
pupil_clear(Pupil *pupil)
{
    dcn_model_free(pupil->model);
    *pupil = (Pupil){0};
}

/* --- a net from a file --- */

static gboolean
read_card(Pupil *pupil, const char *path, int side, const char *data, GError **error)
{
    DcnError core = {0};
    DcnInputLayout layout;
    if (!dcn_model_input_layout(pupil->model, &layout, &core))
        return fail_core(error, &core);
    if (layout.nhwc || (layout.channels != 1 && layout.channels != 3))
        return fail_input(
            error, _("“%s” does not take pictures of 1 or 3 channels in planes."), path);
    char *models = g_build_filename(data, "models", NULL);
    Card card;
    pupil->channels = (int)layout.channels;
    gboolean ok = card_read(&card, path, pupil->model, models, error);
    g_free(models);
    if (!ok)
        return FALSE;
    DcnPlan *survey =
        card.source == CARD_SILENT
            ? dcn_plan_new(
                  pupil->model,
                  &(DcnPlanOptions){.height = side,
                                    .width = side,
                                    .passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY},
                  NULL)
            : NULL;
    guess_feeding(&card, path, pupil->model, &layout, survey);
    dcn_plan_free(survey);
    pupil->how = card.how;
    pupil->side = side ? side : layout.height > 0 ? (int)layout.height : card.height;
    if (pupil->side == 0)
        pupil->side = 224;
    if (!side && layout.height != layout.width)
        ok = fail_input(error, _("“%s” takes pictures that are not square."), path);
    card_clear(&card);
    return ok;
}

gboolean
build_open(Pupil *pupil, const char *path, int side, const char *data, GError **error)
{
    DcnError core = {0};
    *pupil = (Pupil){.model = dcn_model_open(path, &core)};
    if (!pupil->model)
        return fail_core(error, &core);
    if (read_card(pupil, path, side, data, error))
        return TRUE;
    pupil_clear(pupil);
    return FALSE;
}

static gboolean
count_classes(const Pupil *pupil, gsize *classes, GError **error)
{
    DcnError core = {0};
    DcnPlanOptions options = {.height = pupil->side, .width = pupil->side};
    DcnPlan *plan = dcn_plan_new(pupil->model, &options, &core);
    DcnClassifier classifier;
    gboolean ok = plan && dcn_plan_classifier(plan, NULL, &classifier, &core);
    *classes = ok ? classifier.classes : 0;
    dcn_plan_free(plan);
    return ok || fail_core(error, &core);
}

static gboolean
adapt_head(
    Pupil *pupil, const Recipe *recipe, gsize classes, guint64 seed, GError **error)
{
    DcnError core = {0};
    gsize there;
    if (recipe->head == HEAD_NEW)
        return dcn_model_new_head(pupil->model, classes, seed, NULL, &core) ||
               fail_core(error, &core);
    if (!count_classes(pupil, &there, error))
        return FALSE;
    return there == classes ||
           fail_input(
               error,
               _("“%s” tells %d classes apart and the data have %d; “head = new” makes a new last layer."),
               recipe->init, (int)there, (int)classes);
}

/* --- a net made of layers --- */

static const char *const parts[] = {"weight", "bias",     "scale", "shift",
                                    "mean",   "variance", NULL};

static const Layer *
head_of(const Recipe *recipe)
{
    for (gsize i = recipe->n_layers; i-- > 0;)
        if (recipe->layers[i].kind == LAYER_LINEAR)
            return &recipe->layers[i];
    return NULL;
}

/* One tensor of the same name, if both have it. */
static gboolean
inherit(DcnModel *model, const DcnModel *init, const char *name, gsize *n, GError **error)
{
    DcnTensor to, from;
    DcnError core = {0};
    char text[2][128];
    if (!dcn_model_weights(model, name, &to) || !dcn_model_weights(init, name, &from))
        return TRUE;
    if (from.type != DCN_FLOAT || from.shape.rank != to.shape.rank ||
        memcmp(from.shape.dim, to.shape.dim, (gsize)to.shape.rank * sizeof(gint64)) != 0)
        return fail_input(
            error,
            _("“%s” is %s in the net that training starts from, and %s in the recipe."),
            name, dcn_shape_print(&from.shape, text[0]),
            dcn_shape_print(&to.shape, text[1]));
    gsize count = dcn_shape_count(&to.shape);
    float *values = g_new(float, count); /* from.data may be unaligned */
    memcpy(values, from.data, count * sizeof *values);
    gboolean ok = dcn_model_set_weights(model, name, &to.shape, values, &core);
    g_free(values);
    *n += 1;
    return ok || fail_core(error, &core);
}

static gboolean
inherit_all(DcnModel *model, const Recipe *recipe, GError **error)
{
    DcnError core = {0};
    DcnModel *init = dcn_model_open(recipe->init, &core);
    if (!init)
        return fail_core(error, &core);
    const Layer *head = recipe->head == HEAD_NEW ? head_of(recipe) : NULL;
    gboolean ok = TRUE;
    gsize n = 0;
    for (gsize i = 0; ok && i < recipe->n_layers; i++)
        for (gsize k = 0; ok && parts[k] && &recipe->layers[i] != head; k++) {
            char *name = g_strconcat(recipe->layers[i].name, ".", parts[k], NULL);
            ok = inherit(model, init, name, &n, error);
            g_free(name);
        }
    dcn_model_free(init);
    if (ok && n == 0)
        ok = fail_input(error, _("“%s” has no weights of the names in the recipe."),
                        recipe->init);
    return ok;
}

/* A net of its own, from the picture on. */
static gboolean
compose(Pupil *pupil, const Recipe *recipe, gsize classes, guint64 seed, GError **error)
{
    DcnError core = {0};
    DcnShape shape = {4, {-1, 3, recipe->input, recipe->input}};
    *pupil = (Pupil){.side = recipe->input, .channels = 3, .how = {.range = 1}};
    for (int c = 0; c < 3; c++) {
        pupil->how.mean[c] = (float)recipe->mean[c];
        pupil->how.std[c] = (float)recipe->std[c];
    }
    pupil->model = dcn_model_new(&core);
    if (!pupil->model || !dcn_model_add_input(pupil->model, "image", &shape, &core))
        return fail_core(error, &core);
    return compose_layers(pupil->model, "image", 3, recipe->input, recipe, classes, seed,
                          error) &&
           (!recipe->init || inherit_all(pupil->model, recipe, error));
}

/* Layers behind a tensor of a net that is there already. */
static gboolean
extend(Pupil *pupil,
       const Recipe *recipe,
       gsize classes,
       guint64 seed,
       const char *data,
       GError **error)
{
    DcnError core = {0};
    if (!build_open(pupil, recipe->init, recipe->input, data, error))
        return FALSE;
    DcnPlanOptions options = {.height = pupil->side,
                              .width = pupil->side,
                              .targets = (const char *const *)&recipe->from,
                              .n_targets = 1};
    DcnPlan *plan = dcn_plan_new(pupil->model, &options, &core);
    if (!plan)
        return fail_core(error, &core);
    int tensor = dcn_plan_find(plan, recipe->from, &core);
    if (tensor < 0) {
        dcn_plan_free(plan);
        return fail_core(error, &core);
    }
    DcnShape shape = *dcn_plan_shape(plan, tensor);
    char *name = g_strdup(dcn_plan_name(plan, tensor));
    dcn_plan_free(plan);
    gboolean ok;
    if (shape.rank != 2 && (shape.rank != 4 || shape.dim[2] != shape.dim[3]))
        ok = fail_input(error, _("Layers cannot go on from “%s”: it has no square maps."),
                        name);
    else if (!dcn_model_cut(pupil->model, name, &core))
        ok = fail_core(error, &core);
    else
        ok = compose_layers(pupil->model, name, shape.dim[1],
                            shape.rank == 4 ? shape.dim[2] : 0, recipe, classes, seed,
                            error);
    g_free(name);
    return ok;
}

/* --- what the file says of itself --- */

static gboolean
set_numbers(DcnModel *model, const char *key, const float v[3], DcnError *core)
{
    char text[3][G_ASCII_DTOSTR_BUF_SIZE];
    for (int c = 0; c < 3; c++)
        g_ascii_formatd(text[c], sizeof text[c], "%.7g", (double)v[c]);
    char *line = g_strjoin(" ", text[0], text[1], text[2], NULL);
    gboolean ok = dcn_model_set_metadata(model, key, line, core);
    g_free(line);
    return ok;
}

static gboolean
describe(const Pupil *pupil,
         const Recipe *recipe,
         const char *const *names,
         GError **error)
{
    DcnError core = {0};
    const DcnPreprocessing *how = &pupil->how;
    char *labels = g_strjoinv("\n", (char **)(gpointer)names);
    char *range = g_strdup_printf("0 %d", (int)how->range);
    gboolean ok = dcn_model_set_metadata(pupil->model, "name", recipe->name, &core) &&
                  dcn_model_set_metadata(pupil->model, "recipe", recipe->text, &core) &&
                  dcn_model_set_metadata(pupil->model, "labels", labels, &core) &&
                  dcn_model_set_metadata(pupil->model, "input.order",
                                         how->bgr ? "BGR" : "RGB", &core) &&
                  dcn_model_set_metadata(pupil->model, "input.range", range, &core) &&
                  (!how->linear || dcn_model_set_metadata(pupil->model, "input.gamma",
                                                          "linear", &core)) &&
                  set_numbers(pupil->model, "input.mean", how->mean, &core) &&
                  set_numbers(pupil->model, "input.std", how->std, &core);
    g_free(range);
    g_free(labels);
    return ok || fail_core(error, &core);
}

static gboolean
check_end(const Pupil *pupil, gboolean several, GError **error)
{
    DcnError core = {0};
    DcnPlanOptions options = {.height = pupil->side, .width = pupil->side};
    DcnClassifier classifier;
    DcnPlan *plan = several ? dcn_plan_new(pupil->model, &options, &core) : NULL;
    gboolean softmax =
        plan && dcn_plan_classifier(plan, NULL, &classifier, NULL) && classifier.softmax;
    dcn_plan_free(plan);
    if (several && !plan)
        return fail_core(error, &core);
    return !softmax ||
           fail_input(
               error,
               _("Pictures that show several things need a net that ends in “sigmoid” or “linear”, not in “softmax”."));
}

gboolean
build_pupil(Pupil *pupil,
            const Recipe *recipe,
            const char *const *names,
            gboolean several,
            guint64 seed,
            const char *data,
            GError **error)
{
    gsize classes = g_strv_length((char **)(gpointer)names);
    gboolean ok;
    *pupil = (Pupil){0};
    if (recipe->from)
        ok = extend(pupil, recipe, classes, seed, data, error);
    else if (recipe->n_layers > 0)
        ok = compose(pupil, recipe, classes, seed, error);
    else
        ok = build_open(pupil, recipe->init, recipe->input, data, error) &&
             adapt_head(pupil, recipe, classes, seed, error);
    pupil->fit = recipe->fit;
    ok = ok && check_end(pupil, several, error) && describe(pupil, recipe, names, error);
    if (!ok)
        pupil_clear(pupil);
    return ok;
}
