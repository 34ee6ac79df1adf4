/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frozen.c: runs the frozen layers on every picture and keeps what they give. */

#include "run/frozen.h"
#include "base/fail.h"
#include "pictures/loader.h"
#include <string.h>

#define BATCH 16

static gboolean
compute(const Features *features,
        const Pupil *pupil,
        const DcnPlan *plan,
        DcnContext *context,
        const LoaderOptions *options,
        float *to,
        gboolean (*stop)(void),
        GError **error)
{
    DcnError core = {0};
    DcnSession *session = dcn_session_new(plan, context, &core);
    if (!session)
        return fail_core(error, &core);
    gsize image = (gsize)pupil->channels * (gsize)pupil->side * (gsize)pupil->side,
          done = 0;
    int tensor = dcn_plan_find(plan, features->tensor, NULL);
    Loader *loader = loader_new(options);
    const Batch *batch;
    GError *own = NULL;
    gboolean ok = TRUE;
    loader_begin(loader, 0, FALSE);
    while (ok && (batch = loader_next(loader, &own))) {
        memcpy(dcn_session_input(session, 0), batch->input,
               batch->count * image * sizeof(float));
        ok = stop && stop()                      ? fail_run(&own, _("Stopped"))
             : dcn_forward(session, NULL, &core) ? TRUE
                                                 : fail_core(&own, &core);
        if (ok)
            memcpy(to + done * features->count, dcn_session_tensor(session, tensor),
                   batch->count * features->count * sizeof(float));
        done += batch->count;
    }
    loader_free(loader);
    dcn_session_free(session);
    if (own)
        g_propagate_error(error, own);
    return own == NULL;
}

static gboolean
allocate(Features *features, gsize pictures, gsize room, GError **error)
{
    double megabytes = (double)features->count * (double)pictures * sizeof(float) / 1e6;
    if (megabytes * 1e6 > (double)room)
        return fail_input(
            error,
            _("The features of %d pictures at “%s” take %.0f MB, and --memory leaves %.0f MB."),
            (int)pictures, features->tensor, megabytes, (double)room / 1e6);
    features->values = g_try_malloc_n(MAX(pictures, 1), features->count * sizeof(float));
    return features->values || fail_run(error, _("There is not enough memory"));
}

Features *
features_new(const Pupil *pupil,
             const char *layer,
             const Shelf *shelf,
             gboolean mirrored,
             DcnContext *context,
             int loaders,
             gsize room,
             gboolean (*stop)(void),
             GError **error)
{
    DcnError core = {0};
    gsize batch = MIN(BATCH, shelf->items->len);
    DcnPlanOptions options = {.batch = batch,
                              .height = pupil->side,
                              .width = pupil->side,
                              .targets = &layer,
                              .n_targets = 1};
    DcnPlan *plan = dcn_plan_new(pupil->model, &options, &core);
    if (!plan) {
        fail_core(error, &core);
        return NULL;
    }
    int tensor = dcn_plan_find(plan, layer, &core);
    if (tensor < 0) {
        dcn_plan_free(plan);
        fail_core(error, &core);
        return NULL;
    }
    Features *features = g_new0(Features, 1);
    features->tensor = g_strdup(dcn_plan_name(plan, tensor));
    features->count = dcn_shape_count(dcn_plan_shape(plan, tensor));
    LoaderOptions loading = {.shelf = shelf,
                             .how = pupil->how,
                             .side = pupil->side,
                             .channels = pupil->channels,
                             .fit = pupil->fit,
                             .batch = batch,
                             .threads = loaders};
    gsize pictures = shelf->items->len;
    gboolean ok =
        allocate(features, pictures << mirrored, room, error) &&
        compute(features, pupil, plan, context, &loading, features->values, stop, error);
    if (ok && mirrored) {
        loading.mirror = TRUE;
        features->mirrored = pictures * features->count;
        ok = compute(features, pupil, plan, context, &loading,
                     features->values + features->mirrored, stop, error);
    }
    dcn_plan_free(plan);
    if (ok)
        return features;
    features_free(features);
    return NULL;
}

void
features_free(Features *features)
{
    if (!features)
        return;
    g_free(features->tensor);
    g_free(features->values);
    g_free(features);
}
