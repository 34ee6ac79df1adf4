/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tail.c: the part of a network behind a layer. */

#include "probe/tail.h"

gboolean
tail_open(Tail *tail,
          const Probe *probe,
          const float *input,
          const DcnClassifier *classifier,
          gsize batch,
          RunnerPurpose purpose,
          GError **error)
{
    RunnerPart part = {
        .targets = {dcn_plan_name(probe->net->survey, classifier->tensor)},
        .batch = batch,
        .purpose = purpose,
        .start = probe->layer.tensor,
        .picture = input,
        .context = probe->runner.context,
    };
    *tail = (Tail){.classes = classifier->classes,
                   .classifier = classifier,
                   .layout = &probe->layout};
    return runner_open(&tail->runner, probe->net, &part, error);
}

void
tail_close(Tail *tail)
{
    runner_close(&tail->runner);
    *tail = (Tail){0};
}

void
tail_put(Tail *tail, gsize slot, const float *values, const gsize *removed, gsize count)
{
    float *copy = runner_put(&tail->runner, slot, values);
    for (gsize i = 0; i < count; i++)
        dcn_maps_clear(tail->layout, removed[i], copy);
}

gsize
tail_read(const Tail *tail, gsize slot, float *scores, float *probabilities)
{
    gsize best = 0;
    dcn_classifier_read(tail->classifier, runner_values(&tail->runner, 0, slot), scores,
                        probabilities);
    for (gsize k = 1; scores && k < tail->classes; k++)
        if (scores[k] > scores[best])
            best = k;
    return best;
}
