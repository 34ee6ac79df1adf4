/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse.c: tests of the browser's engine against the core's own functions. */
#include "plugin/fixture/browse.h"
#include "base/text.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

#define SIDE SCENE_SIDE
#define MAPS SCENE_MAPS

static void
a_layer_has_numbers_and_thumbnails(void)
{
    Scene scene;
    scene_small(&scene, "r2");
    browse_open(scene.browse, "r2", BROWSE_ACTIVATIONS, BROWSE_STRENGTH, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_THUMB, MAPS);
    const BrowseMaps *maps = browse_maps(scene.browse);
    g_assert_cmpstr(maps->layer.shown, ==, "r2");
    g_assert_cmpuint(maps->count, ==, MAPS);
    g_assert_cmpuint(maps->height, ==, SIDE / 2);
    g_assert_cmpuint(maps->n_thumbs, ==, MAPS);
    DcnUnit units[MAPS];
    g_assert_cmpuint(probe_rank(&scene.probe, MAPS, units), ==, MAPS);
    gsize *order = browse_order(maps, BROWSE_STRENGTH);
    for (gsize i = 0; i < MAPS; i++) {
        g_assert_cmpuint(order[i], ==, units[i].channel);
        g_assert_cmpfloat(maps->units[order[i]].value, ==, units[i].value);
        g_assert_cmpuint(maps->units[order[i]].x, ==, units[i].x);
        g_assert_nonnull(maps->thumbs[i]);
    }
    g_free(order);
    order = browse_order(maps, BROWSE_INDEX);
    for (gsize i = 0; i < MAPS; i++)
        g_assert_cmpuint(order[i], ==, i);
    g_free(order);
    scene_end(&scene);
}

/* The score is a mean of weighted maps, so it is the sum of what each map brings. */
static void
evidence_adds_up_to_the_score(void)
{
    Scene scene;
    DcnClassifier classifier;
    scene_small(&scene, "r2");
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_EVIDENCE, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_ORDER, 1);
    const BrowseMaps *maps = browse_maps(scene.browse);
    g_assert_nonnull(maps->evidence);
    double sum = 0, best = -INFINITY;
    for (gsize i = 0; i < MAPS; i++)
        sum += maps->evidence[i];
    g_assert_true(net_classifier(scene.net, &classifier, NULL));
    Runner runner;
    g_assert_true(
        runner_open(&runner, scene.net, &(RunnerPart){.targets = {"score"}}, NULL));
    runner_put(&runner, 0, scene.seen.input);
    g_assert_true(runner_run(&runner, NULL, NULL));
    const float *scores = runner_values(&runner, 0, 0);
    for (int i = 0; i < 3; i++)
        best = fmax(best, (double)scores[i]);
    g_assert_cmpfloat_with_epsilon(sum, best, 1e-4 * fabs(best) + 1e-5);
    gsize *order = browse_order(maps, BROWSE_EVIDENCE);
    for (gsize i = 1; i < MAPS; i++)
        g_assert_cmpfloat(maps->evidence[order[i - 1]], >=, maps->evidence[order[i]]);
    g_free(order);
    /* What the window shows of it. */
    char label[BROWSE_LABEL];
    ((BrowseMaps *)maps)->evidence[2] = -0.3125;
    ((BrowseMaps *)maps)->evidence[5] = NAN;
    g_assert_cmpstr(browse_label(maps, 2, BROWSE_EVIDENCE, label), ==, "2 −0.31");
    g_assert_cmpstr(browse_label(maps, 5, BROWSE_EVIDENCE, label), ==, "5");
    g_assert_cmpstr(browse_label(maps, 2, BROWSE_STRENGTH, label), ==, "2");
    runner_close(&runner);
    scene_end(&scene);
}

static void
check_view(Scene *scene, const Target *target, DcnMethod method)
{
    const BrowseView *view = browse_view(scene->browse);
    float *signal = g_new(float, SIDE *SIDE * 3);
    g_assert_true(probe_project(&scene->probe, target, method, signal, NULL, NULL));
    g_assert_cmpuint(view->target.unit.channel, ==, target->unit.channel);
    g_assert_cmpuint(view->target.unit.y, ==, target->unit.y);
    g_assert_cmpuint(view->target.unit.x, ==, target->unit.x);
    g_assert_cmpmem(view->signal, SIDE * SIDE * 3 * 4, signal, SIDE * SIDE * 3 * 4);
    char *name = probe_name(&scene->probe, target);
    g_assert_cmpstr(view->name, ==, name);
    g_free(name);
    g_free(signal);
}

static void
a_view_is_the_projection(void)
{
    Scene scene;
    Target target;
    scene_small(&scene, "r2");
    /* Asked for before the layer is open. */
    browse_open(scene.browse, "r2", BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_DECONVNET);
    browse_choose(scene.browse, &(BrowseChoice){.map = -1});
    scene_wait(&scene, BROWSE_VIEW, 1);
    g_assert_cmpuint(probe_strongest(&scene.probe, -1, 1, FALSE, &target, NULL), ==, 1);
    check_view(&scene, &target, DCN_DECONVNET);
    /* Two 3 x 3 kernels with a pool of 2 between them see 8 of 16 pixels inside. */
    g_assert_cmpfloat(browse_view(scene.browse)->seen.height, <=, 8);
    g_assert_null(strstr(browse_view(scene.browse)->field, "all methods"));

    browse_choose(scene.browse,
                  &(BrowseChoice){.map = 3, .unit = BROWSE_WHOLE, .method = DCN_GUIDED});
    scene_wait(&scene, BROWSE_VIEW, 2);
    g_assert_cmpuint(probe_strongest(&scene.probe, 3, 1, TRUE, &target, NULL), ==, 1);
    check_view(&scene, &target, DCN_GUIDED);
    g_assert_cmpfloat(browse_view(scene.browse)->seen.height, ==, SIDE);

    browse_choose(scene.browse,
                  &(BrowseChoice){.map = 2, .unit = BROWSE_POINT, .x = 11, .y = 4});
    scene_wait(&scene, BROWSE_VIEW, 3);
    g_assert_cmpuint(probe_at(&scene.probe, 2, 1, 11, 4, &target, NULL), ==, 1);
    check_view(&scene, &target, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_THUMB, MAPS);
    scene_end(&scene);
}

static void
the_newest_choice_is_shown(void)
{
    Scene scene;
    scene_small(&scene, "r2");
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_MAPS, 1);
    for (int map = 0; map < MAPS; map++)
        browse_choose(scene.browse, &(BrowseChoice){.map = map});
    gint64 end = g_get_monotonic_time() + SCENE_PATIENCE;
    while (!(browse_view(scene.browse) &&
             browse_view(scene.browse)->choice.map == MAPS - 1) &&
           g_get_monotonic_time() < end)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpint(browse_view(scene.browse)->choice.map, ==, MAPS - 1);

    /* A layer asked for later is the one that comes. */
    browse_open(scene.browse, "r1", BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_DECONVNET);
    browse_open(scene.browse, "c1", BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_DECONVNET);
    browse_choose(scene.browse, &(BrowseChoice){.map = 1});
    int views = scene.came[BROWSE_VIEW];
    scene_wait(&scene, BROWSE_VIEW, views + 1);
    g_assert_cmpstr(browse_maps(scene.browse)->layer.shown, ==, "c1");
    g_assert_cmpstr(browse_view(scene.browse)->layer.shown, ==, "c1");
    /* No rectifier lies before the first layer. */
    g_assert_true(
        g_str_has_suffix(browse_view(scene.browse)->field, "the same by all methods"));
    scene_end(&scene);
}

static void
a_heat_map_is_the_occlusion(void)
{
    const float gray[3] = {0.5f, 0.5f, 0.5f};
    Scene scene;
    scene_small(&scene, "r2");
    browse_occlude(scene.browse, &(BrowseSquare){.size = 4, .step = 2, .class_index = 1},
                   gray);
    g_assert_true(browse_occluding(scene.browse));
    scene_wait_heat(&scene);
    const BrowseHeat *heat = browse_heat(scene.browse);
    float *fill = g_new(float, SIDE *SIDE * 3);
    for (int i = 0; i < SIDE * SIDE * 3; i++)
        fill[i] = 0.5f; /* the card feeds values as they are */
    DcnOcclusion options = {.size = 4, .step = 2, .fill = fill, .channel = -1};
    DcnOcclusionMaps maps;
    g_assert_true(dcn_occlude(scene.net->model, scene.probe.runner.context, &options,
                              scene.seen.input, &maps, NULL, NULL));
    g_assert_cmpuint(heat->rows, ==, maps.rows);
    g_assert_cmpuint(heat->known, ==, maps.rows * maps.columns);
    g_assert_true(heat->over);
    g_assert_cmpfloat_with_epsilon(heat->base, maps.base_probability[1], 1e-6);
    for (gsize i = 0; i < maps.rows * maps.columns; i++)
        g_assert_cmpfloat_with_epsilon(heat->values[i], maps.probability[3 * i + 1],
                                       1e-6);
    dcn_occlusion_maps_free(&maps);
    g_free(fill);

    /* Of a map of the open layer; stopped, what came stays. */
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_MAPS, 1);
    browse_occlude(scene.browse,
                   &(BrowseSquare){.size = 4, .step = 1, .follow = TRUE, .map = 2}, gray);
    scene_wait(&scene, BROWSE_HEAT, scene.came[BROWSE_HEAT] + 1);
    browse_stop(scene.browse);
    g_assert_false(browse_occluding(scene.browse));
    heat = browse_heat(scene.browse);
    g_assert_true(heat->follow && heat->over);
    g_assert_cmpuint(heat->map, ==, 2);
    g_assert_cmpstr(heat->shown, ==, "r2");
    browse_no_heat(scene.browse);
    g_assert_null(browse_heat(scene.browse));
    scene_end(&scene);
}

/* Of another class than the predicted one, and of the layer that is open already. */
static void
evidence_is_for_the_class_that_is_asked_for(void)
{
    Scene scene;
    double of[3] = {0};
    scene_small(&scene, "r2");
    for (int class = 0; class < 3; class ++) {
        browse_evidence_for(scene.browse, class);
        browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_EVIDENCE, DCN_DECONVNET);
        scene_wait(&scene, BROWSE_ORDER, class + 1);
        for (gsize i = 0; i < MAPS; i++)
            of[class] += browse_maps(scene.browse)->evidence[i];
    }
    Runner runner;
    g_assert_true(
        runner_open(&runner, scene.net, &(RunnerPart){.targets = {"score"}}, NULL));
    runner_put(&runner, 0, scene.seen.input);
    g_assert_true(runner_run(&runner, NULL, NULL));
    for (int class = 0; class < 3; class ++)
        g_assert_cmpfloat_with_epsilon(of[class],
                                       (double)runner_values(&runner, 0, 0)[class], 1e-4);
    runner_close(&runner);
    /* What belongs to another class is forgotten. */
    browse_evidence_for(scene.browse, 0);
    g_assert_null(browse_maps(scene.browse)->evidence);
    scene_end(&scene);
}

static void
what_answers_at_a_point_comes_first(void)
{
    Scene scene;
    Target there[MAPS];
    char label[BROWSE_LABEL], number[TEXT_NUMBER];
    scene_small(&scene, "r2");
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_HERE, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_MAPS, 1);
    const BrowseMaps *maps = browse_maps(scene.browse);
    g_assert_null(maps->here);
    browse_choose(scene.browse,
                  &(BrowseChoice){
                      .map = -1, .unit = BROWSE_POINT, .x = 4.5, .y = 9.5, .rank = TRUE});
    scene_wait(&scene, BROWSE_VIEW, 1);
    g_assert_cmpint(scene.came[BROWSE_ORDER], ==, 1);
    g_assert_nonnull(maps->here);
    g_assert_cmpuint(probe_at(&scene.probe, -1, MAPS, 4.5, 9.5, there, NULL), ==, MAPS);
    gsize *order = browse_order(maps, BROWSE_HERE);
    gboolean silent = FALSE;
    for (gsize i = 0; i < MAPS; i++) {
        gsize map = there[i].unit.channel;
        g_assert_cmpuint(order[i], ==, map);
        g_assert_cmpfloat(maps->here[map], ==, (double)there[i].unit.value);
        g_assert_cmpint(browse_silent(maps, map, BROWSE_HERE), ==,
                        there[i].unit.value == 0);
        g_assert_cmpint(browse_silent(maps, map, BROWSE_INDEX), ==,
                        maps->units[map].value == 0);
        silent = silent || there[i].unit.value == 0;
    }
    g_assert_true(silent); /* or the picture proves nothing */
    g_assert_cmpuint(browse_view(scene.browse)->target.unit.channel, ==, order[0]);
    char *wanted =
        g_strdup_printf("%zu · %s", order[0], text_number(number, maps->here[order[0]]));
    g_assert_cmpstr(browse_label(maps, order[0], BROWSE_HERE, label), ==, wanted);
    g_free(wanted);
    g_free(order);
    scene_end(&scene);
}

/* The class that the net takes the picture for. */
static void
the_answer_is_the_nets(void)
{
    Scene scene;
    DcnClassifier classifier;
    float wanted[3];
    scene_small(&scene, "r2");
    g_assert_null(browse_answer(scene.browse));
    g_assert_true(browse_ask_answer(scene.browse, NULL));
    scene_wait(&scene, BROWSE_ANSWER, 1);
    Runner runner;
    g_assert_true(net_classifier(scene.net, &classifier, NULL));
    g_assert_true(
        runner_open(&runner, scene.net, &(RunnerPart){.targets = {"probability"}}, NULL));
    runner_put(&runner, 0, scene.seen.input);
    g_assert_true(runner_run(&runner, NULL, NULL));
    memcpy(wanted, runner_values(&runner, 0, 0), sizeof wanted);
    for (int i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon(browse_answer(scene.browse)[i], wanted[i], 1e-6);
    runner_close(&runner);
    scene_end(&scene);
}

static void
what_fails_is_said(void)
{
    const float gray[3] = {0.5f, 0.5f, 0.5f};
    Scene scene;
    scene_small(&scene, "r2");
    browse_open(scene.browse, "nonsense", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    g_assert_cmpint(scene.came[BROWSE_ERROR], ==, 1);
    g_assert_nonnull(strstr(browse_error(scene.browse), "nonsense"));
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    browse_choose(scene.browse, &(BrowseChoice){.map = 99});
    scene_wait(&scene, BROWSE_ERROR, 2);
    g_assert_nonnull(strstr(browse_error(scene.browse), "99"));
    browse_choose(scene.browse, &(BrowseChoice){.map = 0});
    scene_wait(&scene, BROWSE_VIEW, 1);
    g_assert_null(browse_error(scene.browse));
    browse_occlude(scene.browse, &(BrowseSquare){.size = 99, .class_index = -1}, gray);
    g_assert_cmpint(scene.came[BROWSE_ERROR], ==, 3);
    scene_end(&scene);
}

/* The form of a dialog opens the file again while its preview still looks into it. */
static void
a_network_stays_when_its_file_changes(void)
{
    Scene scene;
    scene_small(&scene, "r2");
    char *path = fixture_path("small.onnx");
    char *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL)); /* a new file */
    Net *again = net_open(path, NULL);
    g_assert_nonnull(again);
    g_assert_true(again != scene.net);
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    browse_choose(scene.browse, &(BrowseChoice){.map = 1});
    scene_wait(&scene, BROWSE_VIEW, 1);
    g_assert_cmpstr(scene.net->card.name, ==, "Small");
    g_free(bytes);
    g_free(path);
    scene_end(&scene);
}

static void
a_script_is_refused(void)
{
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    fixture_refused(&procedure_browse, &photo, PROCEDURE_ERROR_INPUT,
                    "plug-in-featurescope-project", NULL, NULL);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/browse/layer", a_layer_has_numbers_and_thumbnails);
    g_test_add_func("/browse/evidence", evidence_adds_up_to_the_score);
    g_test_add_func("/browse/view", a_view_is_the_projection);
    g_test_add_func("/browse/newest", the_newest_choice_is_shown);
    g_test_add_func("/browse/heat", a_heat_map_is_the_occlusion);
    g_test_add_func("/browse/evidence-of-a-class",
                    evidence_is_for_the_class_that_is_asked_for);
    g_test_add_func("/browse/here", what_answers_at_a_point_comes_first);
    g_test_add_func("/browse/answer", the_answer_is_the_nets);
    g_test_add_func("/browse/fails", what_fails_is_said);
    g_test_add_func("/browse/replaced", a_network_stays_when_its_file_changes);
    g_test_add_func("/browse/script", a_script_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
