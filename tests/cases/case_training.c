/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_training.c: one training case: losses, gradients, and what two steps make of
 * parameters and running statistics. */
#include "cases/case.h"
#include "cases/tensor_file.h"
#include "train/train_private.h"
#include <math.h>

typedef struct {
    Report *report;
    const char *folder;
    GKeyFile *ini;
    DcnTrainer *trainer;
} Training;

static float *
floats_of(const Training *t, const char *group, const char *key, gsize *count)
{
    g_autofree char *name = g_key_file_get_string(t->ini, group, key, NULL);
    g_autofree char *path = g_build_filename(t->folder, name, NULL);
    TensorFile file = {0};
    if (!name || !tensor_file_read(path, &file, NULL))
        return NULL;
    float *floats = tensor_file_floats(&file, count);
    tensor_file_clear(&file);
    return floats;
}

static void
say(const Training *t, const char *check, double error, double limit)
{
    g_autofree char *text = g_strdup_printf("error %.2g of %.2g", error, limit);
    case_report(t->report, error <= limit ? PASSED : FAILED, t->folder, check, text);
}

/* The largest difference, and the largest wanted value. */
static void
compare(const Training *t,
        const char *group,
        const char *key,
        const float *got,
        gsize n_got,
        double *error,
        double *largest)
{
    gsize count = 0;
    g_autofree float *wanted = floats_of(t, group, key, &count);
    *error = wanted && count == n_got ? 0 : INFINITY;
    *largest = 0;
    for (gsize i = 0; wanted && count == n_got && i < count; i++) {
        double difference = fabs((double)got[i] - (double)wanted[i]);
        if (!(difference <= *error))
            *error = difference;
        *largest = fmax(*largest, fabs((double)wanted[i]));
    }
}

static const DcnParameter *
parameter_called(const Training *t, const char *name)
{
    for (gsize i = 0; i < dcn_trainer_parameter_count(t->trainer); i++)
        if (strcmp(dcn_trainer_parameter(t->trainer, i)->name, name) == 0)
            return dcn_trainer_parameter(t->trainer, i);
    return NULL;
}

static void
check_group(const Training *t, const char *group, gboolean after)
{
    g_autofree char *name = g_key_file_get_string(t->ini, group, "name", NULL);
    const DcnParameter *p = parameter_called(t, name);
    g_autofree char *check = g_strdup_printf("%s %s", after ? "after" : "gradient", name);
    if (!p || (!after && !p->gradient)) {
        case_report(t->report, FAILED, t->folder, check, "is not learned");
        return;
    }
    double error, largest;
    compare(t, group, after ? "after" : "gradient", after ? p->value : p->gradient,
            p->count, &error, &largest);
    double limit;
    if (!after)
        limit = largest * g_key_file_get_double(t->ini, group, "gradient-rtol", NULL) +
                g_key_file_get_double(t->ini, group, "gradient-atol", NULL);
    else if (p->gradient)
        limit = g_key_file_get_double(t->ini, group, "after-atol", NULL);
    else
        limit = largest * g_key_file_get_double(t->ini, group, "after-rtol", NULL);
    say(t, check, error, limit);
}

static gboolean
fill_targets(const Training *t)
{
    gsize count = 0, batch = (gsize)g_key_file_get_integer(t->ini, "case", "batch", NULL);
    gsize classes = dcn_trainer_classes(t->trainer);
    float *to = dcn_trainer_targets(t->trainer);
    if (g_key_file_has_key(t->ini, "case", "targets", NULL)) {
        g_autofree float *targets = floats_of(t, "case", "targets", &count);
        if (targets && count == batch * classes)
            memcpy(to, targets, count * sizeof *to);
        return targets && count == batch * classes;
    }
    g_autofree int *labels =
        g_key_file_get_integer_list(t->ini, "case", "labels", &count, NULL);
    double smooth = g_key_file_get_double(t->ini, "case", "label-smoothing", NULL);
    for (gsize i = 0; i < count * classes; i++)
        to[i] = (float)(smooth / (double)classes +
                        ((gsize)labels[i / classes] == i % classes ? 1 - smooth : 0));
    return count == batch;
}

static gboolean
fill_masks(const Training *t)
{
    gsize n = 0;
    g_auto(GStrv) groups = g_key_file_get_string_list(t->ini, "case", "masks", &n, NULL);
    for (gsize i = 0; i < n; i++) {
        gsize count = 0, each = 0, stride = 0;
        g_autofree char *node = g_key_file_get_string(t->ini, groups[i], "node", NULL);
        g_autofree float *mask = floats_of(t, groups[i], "file", &count);
        char *to = dcn_trainer_mask(t->trainer, node, &each, &stride);
        if (!mask || !to || each == 0 || count % each != 0)
            return FALSE;
        for (gsize k = 0; k < count; k++)
            to[k / each * stride + k % each] = (char)(mask[k] != 0);
    }
    return TRUE;
}

static void
check_all(const Training *t, const char *list, gboolean after)
{
    gsize n = 0;
    g_auto(GStrv) groups = g_key_file_get_string_list(t->ini, "case", list, &n, NULL);
    for (gsize i = 0; i < n; i++)
        check_group(t, groups[i], after);
}

/* Checks that exactly the parameters that the case has are learned. */
static void
check_learned(const Training *t)
{
    g_auto(GStrv) parameters =
        g_key_file_get_string_list(t->ini, "case", "parameters", NULL, NULL);
    g_auto(GStrv) moved =
        g_key_file_get_string_list(t->ini, "case", "statistics", NULL, NULL);
    gsize wanted = parameters ? g_strv_length(parameters) : 0, learned = 0;
    gsize statistics = moved ? g_strv_length(moved) : 0;
    gsize all = dcn_trainer_parameter_count(t->trainer);
    for (gsize i = 0; i < all; i++)
        learned += dcn_trainer_parameter(t->trainer, i)->gradient != NULL;
    g_autofree char *text = g_strdup_printf("%zu learned of %zu, %zu statistics of %zu",
                                            learned, wanted, all - learned, statistics);
    case_report(t->report,
                learned == wanted && all - learned == statistics ? PASSED : FAILED,
                t->folder, "what is learned", text);
}

static void
run_steps(const Training *t)
{
    gsize n = 0;
    g_autofree double *losses =
        g_key_file_get_double_list(t->ini, "case", "losses", &n, NULL);
    double limit = g_key_file_get_double(t->ini, "case", "losses-rtol", NULL);
    DcnSgd sgd = {
        .rate = (float)g_key_file_get_double(t->ini, "case", "learning-rate", NULL),
        .momentum = (float)g_key_file_get_double(t->ini, "case", "momentum", NULL),
        .decay = (float)g_key_file_get_double(t->ini, "case", "weight-decay", NULL),
        .nesterov = g_key_file_get_boolean(t->ini, "case", "nesterov", NULL),
    };
    for (gsize pass = 0; pass < n; pass++) {
        gboolean step = pass + 1 < n;
        double loss = dcn_gradient_pass(t->trainer, false, step);
        g_autofree char *check = g_strdup_printf("loss %zu", pass + 1);
        say(t, check, fabs(loss - losses[pass]) / fabs(losses[pass]), limit);
        if (pass == 0)
            check_all(t, "parameters", FALSE);
        if (step)
            dcn_trainer_step(t->trainer, &sgd);
    }
    check_all(t, "parameters", TRUE);
    check_all(t, "statistics", TRUE);
}

void
case_run_training(Report *report, const char *folder, GKeyFile *ini)
{
    Training t = {report, folder, ini, NULL};
    DcnError error = {0};
    g_autofree char *name = g_key_file_get_string(ini, "case", "model", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *loss = g_key_file_get_string(ini, "case", "loss", NULL);
    g_autofree char *dropout = g_key_file_get_string(ini, "case", "dropout", NULL);
    gsize count = 0;
    g_autofree float *input = floats_of(&t, "case", "input-file", &count);
    DcnModel *model = dcn_model_open(path, &error);
    gsize batch = (gsize)g_key_file_get_integer(ini, "case", "batch", NULL);
    if (model)
        t.trainer = dcn_trainer_new(
            model, report->context,
            &(DcnTrainerOptions){
                .batch = batch,
                .loss = g_strcmp0(loss, "softmax-cross-entropy") == 0 ? DCN_LOSS_SOFTMAX
                                                                      : DCN_LOSS_SIGMOID,
                .dropout = g_strcmp0(dropout, "masks") == 0,
            },
            &error);
    if (!t.trainer)
        case_report(report, FAILED, folder, "training", error.text);
    else if (!input ||
             count != batch * dcn_shape_count(dcn_trainer_input_shape(t.trainer)) ||
             !fill_targets(&t) || !fill_masks(&t))
        case_report(report, FAILED, folder, "training",
                    "input, labels or masks do not fit the net");
    else {
        memcpy(dcn_trainer_input(t.trainer), input, count * sizeof *input);
        check_learned(&t);
        run_steps(&t);
    }
    dcn_trainer_free(t.trainer);
    dcn_model_free(model);
}
