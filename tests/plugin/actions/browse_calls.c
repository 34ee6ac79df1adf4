/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_calls.c: what is on a browser's screen can be called again. */
#include "actions/browse/calls.h"
#include "plugin/fixture/browse.h"
#include "plugin/fixture/fixture.h"

static void
what_is_shown_is_a_call(void)
{
    const float gray[3] = {0.5f, 0.5f, 0.5f};
    Scene scene;
    BrowseCall calls[BROWSE_CALLS];
    int x, y;
    scene_small(&scene, "r2");
    /* As if seen of a photo twice as large, 10 and 20 pixels from its corner. */
    Seen seen = scene.seen;
    seen.region = (Region){{10, 20, 2 * SCENE_SIDE, 2 * SCENE_SIDE},
                           {10, 20, 2 * SCENE_SIDE, 2 * SCENE_SIDE},
                           SCENE_SIDE,
                           SCENE_SIDE};
    browse_free(scene.browse);
    scene.browse = browse_new(scene.net, &seen, 1, scene_changed, &scene);
    Labels labels = net_labels(scene.net, 3);
    ParamValues *values =
        param_values_new(procedure_browse.params, procedure_browse.n_params);
    param_set_text(values, "model", scene.net->path);
    param_set_text(values, "fit", "pad");
    param_set_text(values, "method", "guided");
    param_set_text(values, "label", "car");
    param_set_text(values, "sort", "evidence");
    g_assert_cmpuint(browse_calls(scene.browse, values, &labels, calls), ==, 0);

    browse_evidence_for(scene.browse, 2);
    browse_open(scene.browse, "r2", BROWSE_NO_THUMBS, BROWSE_EVIDENCE, DCN_DECONVNET);
    browse_choose(scene.browse,
                  &(BrowseChoice){.map = 2, .unit = BROWSE_POINT, .x = 11.5, .y = 4});
    scene_wait(&scene, BROWSE_VIEW, 1);
    scene_wait(&scene, BROWSE_ORDER, 1);
    browse_occlude(scene.browse, &(BrowseSquare){.size = 4, .step = 2, .class_index = 1},
                   gray);
    scene_wait_heat(&scene);
    g_assert_cmpuint(browse_calls(scene.browse, values, &labels, calls), ==, 3);
    for (int i = 0; i < 3; i++) {
        g_assert_true(param_check(calls[i].values, NULL));
        g_assert_cmpstr(param_text(calls[i].values, "model"), ==, scene.net->path);
        g_assert_cmpstr(param_text(calls[i].values, "fit"), ==, "pad");
    }
    const ParamValues *projection = calls[0].values, *heat = calls[1].values,
                      *evidence = calls[2].values;
    g_assert_true(calls[0].procedure == &procedure_project);
    g_assert_cmpstr(param_text(projection, "layer"), ==, "r2");
    g_assert_cmpint(param_int(projection, "map"), ==, 2);
    g_assert_cmpstr(param_text(projection, "unit"), ==, "point");
    g_assert_cmpstr(param_text(projection, "method"), ==, "guided");
    param_point(projection, "point", &x, &y);
    g_assert_true(x == 10 + 23 && y == 20 + 8);
    g_assert_true(calls[1].procedure == &procedure_occlusion);
    g_assert_cmpint(param_int(heat, "size"), ==, 4);
    g_assert_cmpint(param_int(heat, "step"), ==, 2);
    g_assert_cmpstr(param_text(heat, "labels"), ==, "dog");
    g_assert_true(calls[2].procedure == &procedure_evidence);
    g_assert_cmpstr(param_text(evidence, "label"), ==, "car");
    for (int i = 0; i < 3; i++)
        param_values_free(calls[i].values);

    /* Of a map's activity. */
    browse_occlude(scene.browse,
                   &(BrowseSquare){.size = 4, .step = 4, .follow = TRUE, .map = 5}, gray);
    scene_wait_heat(&scene);
    param_set_text(values, "sort", "strength");
    g_assert_cmpuint(browse_calls(scene.browse, values, &labels, calls), ==, 2);
    g_assert_cmpstr(param_text(calls[1].values, "show"), ==, "activity");
    g_assert_cmpstr(param_text(calls[1].values, "layer"), ==, "r2");
    g_assert_cmpint(param_int(calls[1].values, "map"), ==, 5);
    for (int i = 0; i < 2; i++)
        param_values_free(calls[i].values);

    /* Compared with another model. */
    param_set_text(values, "against", "model");
    param_set_text(values, "other", "other.onnx");
    g_assert_cmpuint(browse_calls(scene.browse, values, &labels, calls), ==, 3);
    const ParamValues *comparison = calls[2].values;
    g_assert_true(calls[2].procedure == &procedure_compare);
    g_assert_cmpstr(param_text(comparison, "model"), ==, scene.net->path);
    g_assert_cmpstr(param_text(comparison, "against"), ==, "model");
    g_assert_cmpstr(param_text(comparison, "other"), ==, "other.onnx");
    g_assert_cmpstr(param_text(comparison, "layer"), ==, "r2");
    g_assert_cmpint(param_int(comparison, "map"), ==, 2);
    g_assert_cmpstr(param_text(comparison, "method"), ==, "guided");
    g_assert_cmpstr(param_text(comparison, "label"), ==, "car");
    for (int i = 0; i < 3; i++)
        param_values_free(calls[i].values);
    param_values_free(values);
    labels_clear(&labels);
    scene_end(&scene);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/browse-calls/shown", what_is_shown_is_a_call);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
