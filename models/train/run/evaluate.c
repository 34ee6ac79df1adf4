/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c: runs a model on all pictures of a list and measures its answers. */

#include "run/evaluate.h"
#include "base/fail.h"
#include "pictures/loader.h"
#include <string.h>

#define BATCH 32

typedef struct {
    DcnPlan *plan;
    DcnSession *session;
    DcnClassifier classifier;
    Loader *loader;
    Measure *measure;
} Evaluation;

static gboolean
start(Evaluation *e,
      const DcnModel *model,
      const Pupil *pupil,
      const Shelf *shelf,
      const Features *features,
      DcnContext *context,
      int loaders,
      GError **error)
{
    DcnError core = {0};
    DcnPlanOptions options = {.batch = MIN(BATCH, shelf->items->len),
                              .height = pupil->side,
                              .width = pupil->side,
                              .start = features ? features->tensor : NULL};
    e->plan = dcn_plan_new(model, &options, &core);
    e->session = e->plan ? dcn_session_new(e->plan, context, &core) : NULL;
    if (!e->session || !dcn_plan_classifier(e->plan, NULL, &e->classifier, &core))
        return fail_core(error, &core);
    if (e->classifier.classes != shelf->data->n_classes)
        return fail_input(error,
                          _("The model tells %d classes apart and the data have %d."),
                          (int)e->classifier.classes, (int)shelf->data->n_classes);
    e->measure = measure_new(shelf->data->n_classes, shelf->data->several);
    e->loader = loader_new(&(LoaderOptions){.shelf = shelf,
                                            .features = features,
                                            .how = pupil->how,
                                            .side = pupil->side,
                                            .channels = pupil->channels,
                                            .fit = pupil->fit,
                                            .batch = options.batch,
                                            .threads = loaders});
    return TRUE;
}

static gboolean
answer(Evaluation *e, const Shelf *shelf, const Batch *batch, GError **error)
{
    DcnError core = {0};
    gsize classes = e->classifier.classes;
    const DcnShape *shape = dcn_plan_shape(e->plan, dcn_plan_input(e->plan, 0));
    memcpy(dcn_session_input(e->session, 0), batch->input,
           batch->count * dcn_shape_count(shape) * sizeof(float));
    if (!dcn_forward(e->session, NULL, &core))
        return fail_core(error, &core);
    /* Probabilities and scores have the same order; only outputs are sure to be there. */
    const float *scores = dcn_session_tensor(e->session, dcn_plan_output(e->plan, 0));
    for (gsize i = 0; i < batch->count; i++)
        measure_add(e->measure, shelf->items->pdata[batch->index[i]],
                    scores + i * classes);
    return TRUE;
}

gboolean
evaluate(const DcnModel *model,
         const Pupil *pupil,
         const Shelf *shelf,
         const Features *features,
         DcnContext *context,
         int loaders,
         gboolean (*stop)(void),
         Figures *figures,
         GError **error)
{
    Evaluation e = {0};
    GError *own = NULL;
    gboolean ok = start(&e, model, pupil, shelf, features, context, loaders, &own);
    if (ok) {
        const Batch *batch;
        loader_begin(e.loader, 0, FALSE);
        while (ok && (batch = loader_next(e.loader, &own)))
            ok = stop && stop() ? fail_run(&own, _("Stopped"))
                                : answer(&e, shelf, batch, &own);
        ok = own == NULL;
        *figures = measure_tell(e.measure);
    }
    if (own)
        g_propagate_error(error, own);
    loader_free(e.loader);
    measure_free(e.measure);
    dcn_session_free(e.session);
    dcn_plan_free(e.plan);
    return ok;
}
