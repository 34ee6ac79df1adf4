/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.c: tests that an occluder, which keeps what it can from run to run, gives the maps
 * of dcn_occlude() to the last bit, whatever changes between two runs, also after a run
 * that was stopped or refused. */
#include "check.h"
#include "core/fixture/random_net.h"
#include <string.h>

#define VALUES ((size_t)3 * 29 * 33)

static bool
same(const void *a, const void *b, size_t bytes)
{
    return a && b ? memcmp(a, b, bytes) == 0 : a == b;
}

static void
check_same(const DcnOcclusionMaps *a, const DcnOcclusionMaps *b, const char *what)
{
    size_t cells = a->rows * a->columns;
    check(a->rows == b->rows && a->columns == b->columns && a->classes == b->classes &&
              a->channel == b->channel && a->base_best == b->base_best &&
              same(&a->base_activity, &b->base_activity, sizeof(float)) &&
              same(&a->changed, &b->changed, sizeof a->changed),
          what);
    if (a->rows != b->rows || a->columns != b->columns || a->classes != b->classes)
        return;
    check(same(a->activity, b->activity, cells * sizeof(float)), what);
    check(same(a->score, b->score, cells * a->classes * sizeof(float)), what);
    check(same(a->probability, b->probability, cells * a->classes * sizeof(float)), what);
    check(same(a->best, b->best, cells * sizeof *a->best), what);
    check(same(a->base_score, b->base_score, a->classes * sizeof(float)), what);
}

typedef struct {
    DcnModel *model;
    DcnContext *context;
    DcnOccluder *occluder;
    float *picture, *fill;
} Setting;

static void
compare(const Setting *s, const DcnOcclusion *options, const char *what)
{
    DcnError error = {0};
    DcnOcclusionMaps kept, anew;
    CHECK(dcn_occluder_run(s->occluder, options, s->picture, &kept, NULL, &error));
    CHECK(dcn_occlude(s->model, s->context, options, s->picture, &anew, NULL, &error));
    check_same(&kept, &anew, what);
    dcn_occlusion_maps_free(&kept);
    dcn_occlusion_maps_free(&anew);
}

static bool
stop_at_once(double done, void *user)
{
    (void)done;
    (void)user;
    return false;
}

static void
refuse(const Setting *s, DcnOcclusion options, DcnCode code)
{
    static const DcnProgress stop = {stop_at_once, NULL};
    DcnError error = {0};
    DcnOcclusionMaps maps;
    if (code == DCN_ERROR_NAME)
        options.layer = "watchd";
    else if (code == DCN_ERROR_VALUE)
        options.channel = 100000;
    CHECK(!dcn_occluder_run(s->occluder, &options, s->picture, &maps,
                            code == DCN_CANCELLED ? &stop : NULL, &error));
    CHECK_INT(error.code, code);
    CHECK(!maps.known);
}

static void
check_net(NewModel *net)
{
    DcnError error = {0};
    g_autofree float *picture = g_new(float, VALUES), *fill = g_new0(float, VALUES);
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    Setting s = {.model = new_model_open(net, &error),
                 .context = dcn_context_new(1, &error), /* which asks whether to go on */
                 .picture = picture,
                 .fill = fill};
    s.occluder = dcn_occluder_new(s.model, s.context, &error);
    for (size_t i = 0; i < VALUES; i++)
        picture[i] = (float)g_rand_double_range(random, -0.1, 0.1);
    DcnOcclusion options = {
        .size = 5, .step = 3, .fill = fill, .layer = "watched", .channel = -1};
    compare(&s, &options, "first");
    compare(&s, &options, "the same");
    options.size = 9;
    compare(&s, &options, "a larger square");
    options.size = 2;
    options.step = 2;
    compare(&s, &options, "a smaller square");
    refuse(&s, options, DCN_CANCELLED);
    compare(&s, &options, "after a stop");
    fill[100] = 1;
    options.channel = 1;
    compare(&s, &options, "another fill and map");
    picture[VALUES / 2] = 1;
    compare(&s, &options, "another picture");
    refuse(&s, options, DCN_ERROR_NAME);
    compare(&s, &options, "after a layer that is not there");
    refuse(&s, options, DCN_ERROR_VALUE);
    options.size = 7;
    compare(&s, &options, "after a map that is not there");
    options.layer = NULL;
    options.channel = -1;
    compare(&s, &options, "the default layer");
    DcnPlan *survey = dcn_plan_new(
        s.model, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY},
        &error);
    options.survey = survey;
    compare(&s, &options, "a survey");
    compare(&s, &options, "a survey again");
    dcn_plan_free(survey);
    dcn_occluder_free(s.occluder);
    dcn_context_free(s.context);
    dcn_model_free(s.model);
    new_model_free(net);
}

static void
an_occluder_gives_the_same_maps(void)
{
    for (guint32 seed = 1; seed <= 3; seed++)
        check_net(random_net(seed, seed == 2));
    check_net(net_with_a_large_head(false));
}

CHECK_MAIN(CHECK_TEST(an_occluder_gives_the_same_maps))
