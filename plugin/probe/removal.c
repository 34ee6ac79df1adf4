/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal.c: each map of a layer removed in turn. */

#include "probe/removal.h"
#include "base/fail.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 16

/* The part of the network behind the layer. */
typedef struct {
    DcnPlan *plan;
    DcnContext *context;
    DcnSession *session;
    const float *picture; /* its second input; NULL: nothing leads around the layer */
    gsize pixels;
    int score;
    gsize batch, classes;
    gsize maps, units; /* of the layer */
} Tail;

static void
tail_close(Tail *tail)
{
    dcn_session_free(tail->session);
    dcn_context_free(tail->context);
    dcn_plan_free(tail->plan);
    *tail = (Tail){0};
}

static gboolean
tail_open(Tail *tail,
          const Probe *probe,
          const float *input,
          const DcnClassifier *classifier,
          gsize batch,
          gboolean backward,
          int threads,
          GError **error)
{
    DcnError core = {0};
    const char *score = dcn_plan_name(probe->net->survey, classifier->score);
    *tail = (Tail){.batch = batch,
                   .classes = classifier->classes,
                   .maps = probe->maps,
                   .units = probe->height * probe->width};
    tail->plan = net_plan_with(
        probe->net,
        (DcnPlanOptions){.batch = batch,
                         .targets = &score,
                         .n_targets = 1,
                         .start = probe->layer.tensor,
                         .bypass = true,
                         .purpose = backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS},
        error);
    if (!tail->plan)
        return FALSE;
    tail->picture = dcn_plan_input_count(tail->plan) > 1 ? input : NULL;
    tail->pixels = net_input_count(probe->net);
    tail->score = dcn_plan_find(tail->plan, score, &core);
    tail->context = tail->score < 0 ? NULL : dcn_context_new(threads, &core);
    if (tail->context)
        tail->session = dcn_session_new(tail->plan, tail->context, &core);
    return tail->session || fail_core(error, &core);
}

/* One copy of the layer's values, with a map set to zero unless it is `maps`. */
static void
put_copy(Tail *tail, gsize slot, const float *values, gsize map)
{
    gsize count = tail->maps * tail->units;
    float *copy = dcn_session_input(tail->session, 0) + slot * count;
    memcpy(copy, values, count * sizeof *copy);
    if (map < tail->maps)
        memset(copy + map * tail->units, 0, tail->units * sizeof *copy);
}

static gboolean
tail_run(Tail *tail, GError **error)
{
    DcnError core = {0};
    for (gsize i = 0; tail->picture && i < tail->batch; i++)
        memcpy(dcn_session_input(tail->session, 1) + i * tail->pixels, tail->picture,
               tail->pixels * sizeof *tail->picture);
    return dcn_forward(tail->session, NULL, &core) || fail_core(error, &core);
}

/* --- the estimate --- */

static gsize
most_probable(const Tail *tail)
{
    const float *scores = dcn_session_tensor(tail->session, tail->score);
    gsize best = 0;
    for (gsize k = 1; k < tail->classes; k++)
        if (scores[k] > scores[best])
            best = k;
    return best;
}

/* dcn_project() starts from the score's own value, so what comes down is that many times
 * the gradient. class_index: -1: the most probable one's. */
static gboolean
estimate(Tail *tail,
         const float *values,
         gint64 *class_index,
         double *estimates,
         GError **error)
{
    DcnError core = {0};
    gsize count = tail->maps * tail->units;
    float *signal = g_try_new(float, count);
    if (!signal)
        return fail_run(error, _("There is not enough memory for a gradient."));
    put_copy(tail, 0, values, tail->maps);
    gboolean ok = tail_run(tail, error);
    if (ok && *class_index < 0)
        *class_index = (gint64)most_probable(tail);
    double score =
        ok ? (double)dcn_session_tensor(tail->session, tail->score)[*class_index] : 0;
    DcnSeed seed = {.tensor = tail->score, .unit = {.channel = (size_t)*class_index}};
    if (ok && !dcn_project(tail->session, &seed, DCN_GRADIENT, signal, NULL, &core))
        ok = fail_core(error, &core);
    for (gsize c = 0; ok && c < tail->maps; c++) {
        double sum = 0;
        for (gsize i = c * tail->units; i < (c + 1) * tail->units; i++)
            sum += (double)signal[i] * (double)values[i];
        estimates[c] = score != 0 ? 0 - sum / score : NAN;
    }
    g_free(signal);
    return ok;
}

gboolean
knock_estimate(const Probe *probe,
               const float *input,
               const DcnClassifier *classifier,
               gint64 *class_index,
               int threads,
               double *estimates,
               GError **error)
{
    Tail tail;
    const float *values = dcn_session_tensor(probe->session, probe->tensor);
    gboolean ok = tail_open(&tail, probe, input, classifier, 1, TRUE, threads, error) &&
                  estimate(&tail, values, class_index, estimates, error);
    tail_close(&tail);
    return ok;
}

/* --- removing --- */

typedef struct {
    double score, probability;
} Answer;

static Answer
answer_of(const Tail *tail, gsize slot, gsize class_index, float *scratch)
{
    const float *scores =
        dcn_session_tensor(tail->session, tail->score) + slot * tail->classes;
    dcn_softmax(scores, tail->classes, scratch);
    return (Answer){(double)scores[class_index], (double)scratch[class_index]};
}

static gboolean
is_zero(const float *values, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (values[i] != 0)
            return FALSE;
    return TRUE;
}

/* The whole picture as slot 0 of the first batch, so that it is computed as the others
 * are. A map that is zero anyway changes nothing. */
static gboolean
remove_all(Tail *tail,
           const float *values,
           gint64 wanted,
           Knock *knock,
           Busy *busy,
           GError **error)
{
    gsize *queue = g_new(gsize, tail->maps + 1), queued = 0;
    float *scratch = g_new(float, tail->classes);
    gboolean ok = TRUE;
    queue[queued++] = tail->maps;
    for (gsize c = 0; c < tail->maps; c++)
        if (!is_zero(values + c * tail->units, tail->units))
            queue[queued++] = c;
    DcnProgress progress = busy_start(busy);
    for (gsize first = 0; ok && first < queued; first += tail->batch) {
        gsize count = MIN(tail->batch, queued - first);
        for (gsize i = 0; i < tail->batch; i++)
            put_copy(tail, i, values, queue[first + MIN(i, count - 1)]);
        ok = tail_run(tail, error);
        for (gsize i = 0; ok && i < count; i++) {
            gsize map = queue[first + i];
            if (map == tail->maps) {
                knock->class_index = wanted >= 0 ? (gsize)wanted : most_probable(tail);
                Answer whole = answer_of(tail, i, knock->class_index, scratch);
                knock->score = whole.score;
                knock->probability = whole.probability;
                continue;
            }
            Answer less = answer_of(tail, i, knock->class_index, scratch);
            knock->maps[map].score = less.score - knock->score;
            knock->maps[map].probability = less.probability - knock->probability;
        }
        progress.report((double)(first + count) / (double)queued, progress.user);
    }
    g_free(scratch);
    g_free(queue);
    return ok;
}

static void
rank(const Probe *probe, Knock *knock)
{
    DcnUnit *units = g_new(DcnUnit, probe->maps);
    gsize count = dcn_strongest(probe->session, probe->tensor, 0, probe->maps, units);
    for (gsize i = 0; i < count; i++) {
        KnockMap *map = &knock->maps[units[i].channel];
        map->map = units[i].channel;
        map->unit = units[i];
        map->rank = i + 1;
    }
    g_free(units);
}

gboolean
knock_run(Knock *knock,
          const Probe *probe,
          const float *input,
          const DcnClassifier *classifier,
          gint64 class_index,
          int threads,
          Busy *busy,
          GError **error)
{
    Tail tail;
    const float *values = dcn_session_tensor(probe->session, probe->tensor);
    *knock = (Knock){.maps = g_new0(KnockMap, probe->maps), .count = probe->maps};
    rank(probe, knock);
    gsize batch = MIN(BATCH, probe->maps + 1);
    gboolean ok =
        tail_open(&tail, probe, input, classifier, batch, FALSE, threads, error) &&
        remove_all(&tail, values, class_index, knock, busy, error);
    tail_close(&tail);
    if (ok) {
        double *estimates = g_new(double, probe->maps);
        gint64 chosen = (gint64)knock->class_index;
        ok = knock_estimate(probe, input, classifier, &chosen, threads, estimates, error);
        for (gsize c = 0; ok && c < probe->maps; c++)
            knock->maps[c].estimate = estimates[c];
        g_free(estimates);
    }
    if (!ok)
        knock_clear(knock);
    return ok;
}

void
knock_clear(Knock *knock)
{
    g_free(knock->maps);
    *knock = (Knock){0};
}

/* --- order --- */

typedef struct {
    const KnockMap *map;
    double key; /* small ones first */
} Place;

static int
by_key(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->map->map < y->map->map ? -1 : 1;
}

static gsize
sorted(const Knock *knock, gboolean by_score, int sign, Place *places)
{
    gsize count = 0;
    for (gsize i = 0; i < knock->count; i++) {
        const KnockMap *map = &knock->maps[i];
        double change = by_score ? map->score : map->probability;
        if (sign * change > 0)
            places[count++] = (Place){map, -sign * change};
    }
    qsort(places, count, sizeof *places, by_key);
    return count;
}

gsize
knock_most(
    const Knock *knock, gboolean by_score, int sign, gsize count, const KnockMap **maps)
{
    Place *places = g_new(Place, knock->count);
    count = MIN(count, sorted(knock, by_score, sign, places));
    for (gsize i = 0; i < count; i++)
        maps[i] = places[i].map;
    g_free(places);
    return count;
}

gsize
knock_place(const Knock *knock, gboolean by_score, int sign, gsize map)
{
    Place *places = g_new(Place, knock->count);
    gsize count = sorted(knock, by_score, sign, places), found = 0;
    for (gsize i = 0; i < count && !found; i++)
        if (places[i].map->map == map)
            found = i + 1;
    g_free(places);
    return found;
}

/* --- numbers --- */

static void
append_number(GString *text, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isnan(value))
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
}

gboolean
knock_save(const Knock *knock, const char *path, GError **error)
{
    GString *text = g_string_new(
        "map,activation,rank,y,x,probability_change,score_change,score_change_first_order\n");
    GError *why = NULL;
    for (gsize i = 0; i < knock->count; i++) {
        const KnockMap *map = &knock->maps[i];
        g_string_append_printf(text, "%zu,", map->map);
        append_number(text, (double)map->unit.value);
        g_string_append_printf(text, ",%zu,%zu,%zu,", map->rank, map->unit.y,
                               map->unit.x);
        append_number(text, map->probability);
        g_string_append_c(text, ',');
        append_number(text, map->score);
        g_string_append_c(text, ',');
        append_number(text, map->estimate);
        g_string_append_c(text, '\n');
    }
    gboolean ok = g_file_set_contents(path, text->str, (gssize)text->len, &why);
    if (!ok)
        fail_run(error, _("The numbers cannot be written: %s"), why->message);
    g_clear_error(&why);
    g_string_free(text, TRUE);
    return ok;
}
