/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.c: the loop over epochs and batches, and what is written after each epoch. */

#include "run/train.h"
#include "base/fail.h"
#include "edit.h"
#include "pictures/loader.h"
#include "run/average.h"
#include "run/checkpoint.h"
#include "run/evaluate.h"
#include "run/frozen.h"
#include "run/rate.h"
#include "run/report.h"
#include "run/state.h"
#include "run/teacher.h"
#include <string.h>

typedef struct {
    const TrainOptions *options;
    const Recipe *recipe;
    Files files;
    Pupil pupil;
    DcnContext *context;
    DcnTrainer *trainer;
    Average *average;
    Loader *loader;
    Teacher *teacher;              /* or NULL */
    Features *features, *measured; /* of train and validation; NULL: not frozen */
    char *images;                  /* a hash of the training list */
    gsize batch, steps;            /* of an epoch */
    double spent;                  /* seconds of the epochs that were run */
    gsize run;                     /* how many */
} Training;

/* --- beginning and end --- */

static void
clear(Training *t)
{
    loader_free(t->loader);
    teacher_free(t->teacher);
    features_free(t->features);
    features_free(t->measured);
    average_free(t->average);
    dcn_trainer_free(t->trainer);
    dcn_context_free(t->context);
    pupil_clear(&t->pupil);
    files_clear(&t->files);
    g_free(t->images);
}

static char *
hash_items(const GPtrArray *items)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < items->len; i++) {
        const Item *item = items->pdata[i];
        g_checksum_update(sum, (const guchar *)item->path,
                          (gssize)strlen(item->path) + 1);
    }
    char *text = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return text;
}

static gboolean
freeze(Training *t, GError **error)
{
    const TrainOptions *o = t->options;
    t->features =
        features_new(&t->pupil, t->recipe->freeze, o->train, t->recipe->flip > 0,
                     t->context, o->loaders, o->room, o->stop, error);
    if (!t->features || !o->validation)
        return t->features != NULL;
    gsize taken = (t->features->count * o->train->items->len * sizeof(float))
                  << (t->recipe->flip > 0);
    t->measured = features_new(&t->pupil, t->recipe->freeze, o->validation, FALSE,
                               t->context, o->loaders, o->room - taken, o->stop, error);
    return t->measured != NULL;
}

static gboolean
start(Training *t, GError **error)
{
    const TrainOptions *o = t->options;
    DcnError core = {0};
    if (!files_name(&t->files, o->out, error) ||
        !build_pupil(&t->pupil, t->recipe, (const char *const *)o->train->data->classes,
                     o->train->data->several, o->seed, o->data, error))
        return FALSE;
    t->images = hash_items(o->train->items);
    t->batch = MIN((gsize)t->recipe->batch, o->train->items->len);
    t->context = dcn_context_new(o->threads, &core);
    if (!t->context)
        return fail_core(error, &core);
    if (t->recipe->freeze && !freeze(t, error))
        return FALSE;
    DcnTrainerOptions options = {
        .batch = t->batch,
        .height = t->pupil.side,
        .width = t->pupil.side,
        .loss = o->train->data->several ? DCN_LOSS_SIGMOID : DCN_LOSS_SOFTMAX,
        .dropout = true,
        .seed = o->seed,
        .start = t->features ? t->features->tensor : NULL,
    };
    t->trainer = dcn_trainer_new(t->pupil.model, t->context, &options, &core);
    if (!t->trainer)
        return fail_core(error, &core);
    if (dcn_trainer_classes(t->trainer) != o->train->data->n_classes)
        return fail_input(
            error, _("The model tells %d classes apart and the data have %d."),
            (int)dcn_trainer_classes(t->trainer), (int)o->train->data->n_classes);
    t->average = average_new(t->trainer, t->recipe->average);
    t->loader = loader_new(&(LoaderOptions){.shelf = o->train,
                                            .recipe = t->recipe,
                                            .features = t->features,
                                            .how = t->pupil.how,
                                            .side = t->pupil.side,
                                            .channels = t->pupil.channels,
                                            .batch = t->batch,
                                            .seed = o->seed,
                                            .threads = o->loaders});
    t->steps = loader_batches(t->loader);
    if (t->recipe->teacher)
        t->teacher = teacher_new(t->recipe, &t->pupil, o->train->data->n_classes,
                                 t->batch, t->context, o->data, error);
    return !t->recipe->teacher || t->teacher;
}

static Identity
identity(const Training *t)
{
    return (Identity){
        .recipe = t->recipe->text,
        .classes = (const char *const *)t->options->train->data->classes,
        .images = t->images,
        .seed = t->options->seed,
    };
}

/* --- an epoch --- */

static DcnSgd
settings_of_step(const Training *t, gsize step)
{
    const Recipe *r = t->recipe;
    return (DcnSgd){
        .rate = (float)schedule_rate(r, step, t->steps),
        .momentum = (float)r->momentum,
        .decay = (float)r->decay,
        .nesterov = r->nesterov,
        .decay_weights_only = r->decay_weights_only,
        .rms_limit = (float)r->rms_limit,
    };
}

static gboolean
run_batch(Training *t, gsize step, const Batch *batch, double *loss, GError **error)
{
    DcnError core = {0};
    gsize classes = dcn_trainer_classes(t->trainer);
    gsize image = dcn_shape_count(dcn_trainer_input_shape(t->trainer));
    memcpy(dcn_trainer_input(t->trainer), batch->input, t->batch * image * sizeof(float));
    memcpy(dcn_trainer_targets(t->trainer), batch->target,
           t->batch * classes * sizeof(float));
    if (t->teacher &&
        !teacher_tell(t->teacher, batch->input, dcn_trainer_targets(t->trainer), error))
        return FALSE;
    if (!dcn_trainer_run(t->trainer, true, loss, &core))
        return fail_core(error, &core);
    DcnSgd sgd = settings_of_step(t, step);
    dcn_trainer_step(t->trainer, &sgd);
    average_step(t->average, t->trainer);
    return TRUE;
}

static gboolean
run_epoch(Training *t, gsize epoch, Report *report, GError **error)
{
    const Shelf *shelf = t->options->train;
    gsize classes = shelf->data->n_classes, done = 0;
    Measure *measure = measure_new(classes, shelf->data->several);
    gint64 began = g_get_monotonic_time();
    double sum = 0, loss = 0, seconds = 0;
    GError *own = NULL;
    const Batch *batch;
    gboolean ok = TRUE;
    loader_begin(t->loader, epoch, (double)epoch < t->recipe->epochs - t->recipe->plain);
    while (ok && (batch = loader_next(t->loader, &own))) {
        if (t->options->stop()) {
            ok = fail_run(&own, _("Stopped"));
            continue;
        }
        ok = run_batch(t, epoch * t->steps + done, batch, &loss, &own);
        const float *scores = dcn_trainer_scores(t->trainer);
        for (gsize i = 0; ok && i < batch->count; i++)
            measure_add(measure, shelf->items->pdata[batch->index[i]],
                        scores + i * classes);
        sum += loss;
        seconds = (double)(g_get_monotonic_time() - began) / G_TIME_SPAN_SECOND;
        done++;
        report_step(epoch + 1, done, t->steps, sum / (double)done, seconds);
    }
    report->epoch = epoch + 1;
    report->rate = schedule_rate(t->recipe, epoch * t->steps, t->steps);
    report->loss = sum / (double)MAX(done, 1);
    report->train = measure_tell(measure);
    report->seconds = seconds;
    report->images_a_second = (double)(done * t->batch) / MAX(seconds, 1e-9);
    measure_free(measure);
    if (own)
        g_propagate_error(error, own);
    return own == NULL;
}

/* --- what an epoch leaves --- */

static gboolean
describe(DcnModel *model, const Training *t, const Report *report, GError **error)
{
    DcnError core = {0};
    const Figures *v = report->validation;
    char *text = g_strdup_printf(
        "epoch %d of %d, %u pictures, seed %" G_GUINT64_FORMAT
        ", loss %.4f, varied training pictures %.2f %%",
        (int)report->epoch, t->recipe->epochs, t->options->train->items->len,
        t->options->seed, report->loss,
        100 * (report->several ? report->train.precision : report->train.accuracy));
    char *figures = v ? report_figures(v, report->several, FALSE) : NULL;
    gboolean ok = dcn_model_set_metadata(model, "training", text, &core) &&
                  dcn_model_set_metadata(model, "training.validation", figures, &core);
    g_free(figures);
    g_free(text);
    return ok || fail_core(error, &core);
}

static gboolean
finish_epoch(Training *t, Report *report, GError **error)
{
    const TrainOptions *o = t->options;
    Figures validation;
    if (!average_store(t->average, t->trainer, t->pupil.model, error))
        return FALSE;
    DcnModel *model = checkpoint_open(&t->files, &t->pupil, t->recipe, error);
    if (!model)
        return FALSE;
    gboolean ok = TRUE;
    if (o->validation) {
        /* Folding may have taken away the tensor that features stand for. */
        ok = evaluate(t->measured ? t->pupil.model : model, &t->pupil, o->validation,
                      t->measured, t->context, o->loaders, o->stop, &validation, error);
        report->validation = &validation;
    }
    Identity who = identity(t);
    ok =
        ok && describe(model, t, report, error) &&
        checkpoint_write(&t->files, model, t->recipe, report->epoch, error) &&
        state_write(t->files.state, &who, report->epoch, t->trainer, t->average, error) &&
        report_csv_add(t->files.csv, report, error);
    dcn_model_free(model);
    if (ok)
        report_epoch(report);
    report->validation = NULL;
    return ok;
}

/* The held-out part is looked at here and nowhere else: once, at the end. */
static gboolean
look_at_held_out(Training *t, GError **error)
{
    const TrainOptions *o = t->options;
    DcnError core = {0};
    Figures figures;
    DcnModel *model = dcn_model_open(t->files.out, &core);
    if (!model)
        return fail_core(error, &core);
    gboolean ok = evaluate(model, &t->pupil, o->held_out, NULL, t->context, o->loaders,
                           o->stop, &figures, error);
    if (ok) {
        gboolean several = o->held_out->data->several;
        char *shown = report_figures(&figures, several, TRUE);
        char *text = report_figures(&figures, several, FALSE);
        g_print(_("Held out: %s\n"), shown);
        ok = (dcn_model_set_metadata(model, "training.held-out", text, &core) &&
              dcn_model_write(model, t->files.out, &core)) ||
             fail_core(error, &core);
        g_free(text);
        g_free(shown);
    }
    dcn_model_free(model);
    return ok;
}

static gboolean
run(Training *t, GError **error)
{
    const TrainOptions *o = t->options;
    Identity who = identity(t);
    gsize epochs = (gsize)t->recipe->epochs, first = 0;
    if (o->resume &&
        !state_read(t->files.state, &who, &first, t->trainer, t->average, error))
        return FALSE;
    if (!report_csv_keep(t->files.csv, first, error))
        return FALSE;
    if (first >= epochs) {
        g_print(_("All %d epochs are done.\n"), (int)epochs);
        return TRUE;
    }
    Report report = {.epochs = epochs, .several = o->train->data->several};
    report_head(&report, o->validation != NULL);
    for (gsize epoch = first; epoch < epochs; epoch++) {
        gint64 began = g_get_monotonic_time();
        if (!run_epoch(t, epoch, &report, error))
            return FALSE;
        t->spent += (double)(g_get_monotonic_time() - began) / G_TIME_SPAN_SECOND;
        t->run++;
        report.seconds_left = t->spent / (double)t->run * (double)(epochs - epoch - 1);
        if (!finish_epoch(t, &report, error))
            return FALSE;
    }
    return !o->held_out || look_at_held_out(t, error);
}

gboolean
train(const TrainOptions *options, GError **error)
{
    Training t = {.options = options, .recipe = options->recipe};
    gboolean ok = start(&t, error) && run(&t, error);
    clear(&t);
    return ok;
}
