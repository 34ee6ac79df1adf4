/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_add.c: tests of what the browser adds to the image. */
#include "plugin/fixture/browse.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* A photo of the red net's size, with its browser. */
static Browse *
open_photo(Scene *scene, Photo *photo, const char *model, Run *run, HostItem **drawable)
{
    GError *error = NULL;
    *photo = fixture_photo(8, 8);
    fixture_dot(photo, 5, 2, 1, 0, 0);
    fixture_dot(photo, 1, 6, 0.5f, 0, 0);
    fixture_done(photo);
    *scene = (Scene){.net = net_open(model, &error)};
    g_assert_no_error(error);
    g_assert_nonnull(net_survey(scene->net, &error));
    *drawable = photo->photo;
    *run = (Run){
        .interactive = TRUE,
        .image = photo->image,
        .drawables = drawable,
        .n_drawables = 1,
        .values = param_values_new(procedure_browse.params, procedure_browse.n_params)};
    g_assert_true(seen_of_drawable(&scene->seen, run, photo->photo, scene->net, &error));
    scene->browse = browse_new(scene->net, &scene->seen, 1, scene_changed, scene);
    browse_open(scene->browse, "maps", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    return scene->browse;
}

static void
close_photo(Scene *scene, Photo *photo, Run *run)
{
    browse_free(scene->browse);
    seen_clear(&scene->seen);
    param_values_free((ParamValues *)run->values);
    fixture_free(photo);
    net_forget();
}

/* The same pixels and the same name as the procedure for scripts gives. */
static void
what_is_added_is_the_projection(void)
{
    Scene scene;
    Photo photo;
    Run run;
    HostItem *drawable;
    GError *error = NULL;
    char *model = fixture_red_net(), *argument = g_strconcat("model=", model, NULL);
    Browse *browse = open_photo(&scene, &photo, model, &run, &drawable);
    BrowseTarget target = {.run = &run};
    browse_choose(browse, &(BrowseChoice){.map = 0});
    scene_wait(&scene, BROWSE_VIEW, 1);
    const BrowseView *view = browse_view(browse);
    g_assert_true(browse_add_view(&target, browse, view, run.values,
                                  browse_scale(browse, view, 99.5), &error));
    g_assert_cmpint(photo.image->undo_steps, ==, 1);
    char *name = g_strdup(fixture_layer(&photo, 0)->name);
    float *added = memory_item_get(fixture_layer(&photo, 0));
    Call call =
        fixture_call(&procedure_project, &photo, argument, "layer=maps", "map=0", NULL);
    float *wanted = memory_item_get(call.results[0].items[0]);
    g_assert_cmpmem(added, 8 * 8 * 4 * 4, wanted, 8 * 8 * 4 * 4);
    g_assert_cmpstr(name, ==, call.results[0].items[0]->name);
    g_assert_nonnull(strstr(fixture_layer(&photo, 1)->parasite, "unit-x=5"));
    fixture_call_clear(&call);

    /* The next one lies above the first, not between that and the photo. */
    g_assert_true(browse_add_view(&target, browse, view, run.values, 1, &error));
    g_assert_cmpuint(memory_image_count(photo.image), ==, 4);
    g_assert_nonnull(strstr(fixture_layer(&photo, 0)->parasite, "featurescope-browse"));
    for (guint i = 0; i < 4; i++)
        g_assert_false(fixture_layer(&photo, i)->hidden);
    g_free(wanted);
    g_free(added);
    g_free(name);
    close_photo(&scene, &photo, &run);
    g_free(argument);
    g_free(model);
}

static void
a_heat_map_becomes_layers(void)
{
    const float gray[3] = {128 / 255.0f, 128 / 255.0f, 128 / 255.0f};
    Scene scene;
    Photo photo;
    Run run;
    HostItem *drawable;
    GError *error = NULL;
    char *model = fixture_red_net(), *argument = g_strconcat("model=", model, NULL);
    Browse *browse = open_photo(&scene, &photo, model, &run, &drawable);
    BrowseTarget target = {.run = &run};
    Labels labels = net_labels(scene.net, 2);
    browse_occlude(browse, &(BrowseSquare){.size = 2, .step = 2, .class_index = -1},
                   gray);
    scene_wait_heat(&scene);
    g_assert_true(browse_add_heat(&target, browse, browse_heat(browse), &labels,
                                  run.values, &error));
    g_assert_cmpint(photo.image->undo_steps, ==, 1);
    /* A photo of 8 pixels has no place for a legend, so there is one layer. */
    char *name = g_strdup(fixture_layer(&photo, 0)->name);
    float *added = memory_item_get(fixture_layer(&photo, 0));
    Call call = fixture_call(&procedure_occlusion, &photo, argument, "size=2", "step=2",
                             "legend=false", NULL);
    float *wanted = memory_item_get(call.results[0].items[0]);
    for (int i = 0; i < 8 * 8 * 4; i++)
        g_assert_cmpfloat_with_epsilon(added[i], wanted[i], 0.005);
    g_assert_cmpstr(name, ==, call.results[0].items[0]->name);
    fixture_call_clear(&call);
    /* A heat map shows through to the photo, so the one before it is hidden. */
    g_assert_false(fixture_layer(&photo, 0)->hidden);
    g_assert_true(fixture_layer(&photo, 1)->hidden);
    g_assert_false(photo.photo->hidden);
    g_free(wanted);
    g_free(added);
    g_free(name);
    labels_clear(&labels);
    close_photo(&scene, &photo, &run);
    g_free(argument);
    g_free(model);
}

/* An indexed image cannot hold them: what is added later joins the first, or begins anew
 * when a person has closed that image. */
static void
layers_of_an_indexed_image_come_together(void)
{
    Scene scene;
    Photo photo;
    Run run;
    HostItem *drawable;
    char *model = fixture_red_net();
    Browse *browse = open_photo(&scene, &photo, model, &run, &drawable);
    BrowseTarget target = {.run = &run};
    photo.image->base = HOST_INDEXED;
    browse_choose(browse, &(BrowseChoice){.map = 0});
    scene_wait(&scene, BROWSE_VIEW, 1);
    for (int i = 0; i < 2; i++)
        g_assert_true(
            browse_add_view(&target, browse, browse_view(browse), run.values, 1, NULL));
    g_assert_nonnull(target.image);
    g_assert_true(target.image != photo.image);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    g_assert_cmpuint(memory_image_count(target.image), ==, 3); /* with the photo's copy */
    host_image_delete(target.image);
    g_assert_true(
        browse_add_view(&target, browse, browse_view(browse), run.values, 1, NULL));
    g_assert_cmpuint(memory_image_count(target.image), ==, 2);
    host_image_delete(target.image);
    photo.image->base = HOST_RGB;
    close_photo(&scene, &photo, &run);
    g_free(model);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/browse-add/view", what_is_added_is_the_projection);
    g_test_add_func("/browse-add/heat", a_heat_map_becomes_layers);
    g_test_add_func("/browse-add/indexed", layers_of_an_indexed_image_come_together);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
