/* plain_occlude.c: the twin of dcn_occlude(): every position is a whole forward run of an
 * altered copy.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "plain_occlude.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    DcnPlan *plan;
    DcnSession *session;
    DcnInputLayout layout;
    size_t height, width, channels;
    int layer;
    DcnClassifier end;
} Net;

/* First and one behind the last pixel that the square covers of an axis. */
static void
covered(int64_t cell, const DcnOcclusion *o, size_t length, size_t *begin, size_t *end)
{
    int64_t first = cell * o->step + o->step / 2 - o->size / 2, last = first + o->size;
    *begin = (size_t)CLAMP(first, 0, (int64_t)length);
    *end = (size_t)CLAMP(last, 0, (int64_t)length);
}

static void
cover(const Net *net, const DcnOcclusion *o, size_t row, size_t column, float *picture)
{
    size_t y0, y1, x0, x1;
    covered((int64_t)row, o, net->height, &y0, &y1);
    covered((int64_t)column, o, net->width, &x0, &x1);
    for (size_t c = 0; c < net->channels; c++)
        for (size_t y = y0; y < y1; y++)
            for (size_t x = x0; x < x1; x++) {
                size_t at = net->layout.nhwc ? (y * net->width + x) * net->channels + c
                                             : (c * net->height + y) * net->width + x;
                picture[at] = o->fill[at];
            }
}

/* One run: activity of the map, scores, probabilities, the most probable class. */
static bool
ask(const Net *net,
    const DcnOcclusionMaps *maps,
    float *activity,
    float *score,
    float *p,
    uint32_t *best,
    DcnError *error)
{
    if (!dcn_forward(net->session, NULL, error))
        return false;
    const DcnShape *shape = dcn_plan_shape(net->plan, net->layer);
    size_t area = (size_t)(shape->dim[2] * shape->dim[3]), classes = net->end.classes;
    const float *map =
        dcn_session_tensor(net->session, net->layer) + maps->channel * area;
    double sum = 0;
    for (size_t i = 0; i < area; i++)
        sum += (double)map[i];
    *activity = (float)sum;
    memcpy(score, dcn_session_tensor(net->session, net->end.score),
           classes * sizeof *score);
    if (net->end.probability >= 0)
        memcpy(p, dcn_session_tensor(net->session, net->end.probability),
               classes * sizeof *p);
    else
        dcn_softmax(score, classes, p);
    *best = 0;
    for (size_t k = 1; k < classes; k++)
        *best = p[k] > p[*best] ? (uint32_t)k : *best;
    return true;
}

bool
plain_occlude(const DcnModel *model,
              DcnContext *context,
              const DcnOcclusion *o,
              const float *input,
              DcnOcclusionMaps *maps,
              DcnError *error)
{
    Net net = {.plan = dcn_plan_new(
                   model, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL, .backward = true},
                   error)};
    bool good = net.plan && dcn_model_input_layout(model, &net.layout, error) &&
                dcn_plan_classifier(net.plan, &net.end, error) &&
                (net.layer = dcn_plan_find(net.plan, o->layer, error)) >= 0 &&
                (net.session = dcn_session_new(net.plan, context, error)) != NULL;
    *maps = (DcnOcclusionMaps){0};
    if (good) {
        const DcnShape *shape = dcn_plan_shape(net.plan, dcn_plan_input(net.plan, 0));
        size_t count = dcn_shape_count(shape), step = (size_t)o->step,
               classes = net.end.classes;
        net.height = (size_t)shape->dim[net.layout.nhwc ? 1 : 2];
        net.width = (size_t)shape->dim[net.layout.nhwc ? 2 : 3];
        net.channels = (size_t)shape->dim[net.layout.nhwc ? 3 : 1];
        *maps = (DcnOcclusionMaps){.rows = (net.height + step - 1) / step,
                                   .columns = (net.width + step - 1) / step,
                                   .classes = classes};
        size_t cells = maps->rows * maps->columns;
        maps->activity = calloc(cells, sizeof(float));
        maps->probability = calloc(cells * classes, sizeof(float));
        maps->score = calloc(cells * classes, sizeof(float));
        maps->best = calloc(cells, sizeof *maps->best);
        maps->base_probability = calloc(classes, sizeof(float));
        maps->base_score = calloc(classes, sizeof(float));
        float *picture = dcn_session_input(net.session, 0);
        memcpy(picture, input, count * sizeof *picture);
        DcnUnit unit = {.channel = (size_t)o->channel};
        good = dcn_forward(net.session, NULL, error);
        if (good && o->channel < 0)
            dcn_strongest(net.session, net.layer, 0, 1, &unit);
        maps->channel = unit.channel;
        good = good && ask(&net, maps, &maps->base_activity, maps->base_score,
                           maps->base_probability, &maps->base_best, error);
        for (size_t i = 0; good && i < cells; i++) {
            memcpy(picture, input, count * sizeof *picture);
            cover(&net, o, i / maps->columns, i % maps->columns, picture);
            good = ask(&net, maps, &maps->activity[i], maps->score + i * classes,
                       maps->probability + i * classes, &maps->best[i], error);
        }
    }
    dcn_session_free(net.session);
    dcn_plan_free(net.plan);
    return good;
}

static double
largest(const float *a, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)a[i]));
    return most;
}

static double
difference(const float *a, const float *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double d = fabs((double)a[i] - (double)b[i]);
        most = d > most || isnan(d) ? d : most;
    }
    return most;
}

void
expect_plain_occlusion(const DcnModel *model,
                       const DcnOcclusion *options,
                       const float *picture,
                       const char *what)
{
    DcnError error = {0};
    DcnContext *context = dcn_context_new(2, &error);
    DcnOcclusionMaps quick, plain;
    g_assert_true(plain_occlude(model, context, options, picture, &plain, &error));
    g_assert_true(dcn_occlude(model, context, options, picture, &quick, NULL, &error));
    size_t cells = plain.rows * plain.columns;
    g_assert_cmpuint(quick.base_best, ==, plain.base_best);
    g_assert_cmpfloat(
        difference(quick.base_probability, plain.base_probability, plain.classes), <=,
        1e-4);
    g_assert_cmpfloat(fabs((double)quick.base_activity - (double)plain.base_activity), <=,
                      1e-4 * fabs((double)plain.base_activity) + 1e-4);
    g_assert_cmpuint(quick.rows, ==, plain.rows);
    g_assert_cmpuint(quick.columns, ==, plain.columns);
    g_assert_cmpuint(quick.channel, ==, plain.channel);
    double scale = largest(plain.activity, cells);
    double activity = difference(quick.activity, plain.activity, cells);
    double p = difference(quick.probability, plain.probability, cells * plain.classes);
    double score = difference(quick.score, plain.score, cells * plain.classes);
    double score_scale = largest(plain.score, cells * plain.classes);
    if (!(activity <= 1e-4 * scale && p <= 1e-4 && score <= 1e-4 * score_scale + 1e-6))
        g_error("%s: activity %.3g of %.3g, probability %.3g, score %.3g of %.3g", what,
                activity, scale, p, score, score_scale);
    for (size_t i = 0; i < cells; i++) {
        const float *row = plain.probability + i * plain.classes;
        if (quick.best[i] != plain.best[i]) /* only where both are as probable */
            g_assert_cmpfloat(
                fabs((double)row[quick.best[i]] - (double)row[plain.best[i]]), <, 1e-4);
    }
    dcn_occlusion_maps_free(&quick);
    dcn_occlusion_maps_free(&plain);
    dcn_context_free(context);
}
