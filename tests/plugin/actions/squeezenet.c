/* SPDX-License-Identifier: GPL-3.0-or-later */
/* squeezenet.c: a real net and real photos through the whole procedures.
 *
 * They lie outside the repository, in ../shared; without it all is skipped. */
#include "plugin/fixture/fixture.h"
#include <string.h>

#define SHARED SOURCE_ROOT "/../shared/"
#define NET "model=" SHARED "models/squeezenet1.1.onnx"

static gboolean
absent(void)
{
    if (g_file_test(SHARED "models/squeezenet1.1.onnx", G_FILE_TEST_EXISTS))
        return FALSE;
    g_test_skip("../shared is not here");
    return TRUE;
}

static Photo
load(const char *name)
{
    GError *error = NULL;
    char *path = g_strconcat(SHARED "photos/", name, NULL);
    fixture_ignore_leaks(TRUE); /* of GEGL's loaders */
    HostPixels *pixels = host_file_open(path, &error);
    g_assert_no_error(error);
    Photo photo = {0};
    host_pixels_size(pixels, &photo.width, &photo.height);
    host_pixels_close(pixels);
    photo.image = memory_image_new(photo.width, photo.height, HOST_RGB);
    photo.photo = memory_layer_load(photo.image, path, 0, 0, &error);
    g_assert_no_error(error);
    fixture_ignore_leaks(FALSE);
    g_free(path);
    return photo;
}

static void
photos_are_called_by_their_names(void)
{
    const struct {
        const char *photo, *labels, *model;
    } cases[] = {
        {"cat.jpg", "Egyptian cat;tabby;tiger cat", NET},
        {"coffee.jpg", "espresso", NET},
        {"camera-gray.jpg", "tripod", NET},
        {"cat.jpg", "cougar face", "model="},
    };
    if (absent())
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Photo photo = load(cases[i].photo);
        Call call = fixture_call(&procedure_classify, &photo, cases[i].model, NULL);
        g_test_message("%s: %s %.3f", cases[i].photo, call.results[0].text,
                       g_array_index(call.results[2].numbers, double, 0));
        g_assert_nonnull(strstr(cases[i].labels, call.results[0].text));
        fixture_call_clear(&call);
        fixture_free(&photo);
    }
}

/* Fed as PyTorch's nets it sees a mosquito net, whatever the photo. */
static void
the_right_way_of_feeding_shows(void)
{
    if (absent())
        return;
    Photo photo = load("cat.jpg");
    Call call = fixture_call(&procedure_check, &photo, NET, NULL);
    g_assert_cmpstr(call.results[0].texts[0], ==, "imagenet");
    g_assert_cmpstr(call.results[1].texts[0], ==, "mosquito net");
    g_assert_cmpstr(call.results[0].texts[1], ==, "caffe");
    g_assert_cmpstr(call.results[1].texts[1], ==, "Egyptian cat");
    g_assert_true(g_str_has_prefix(call.results[3].texts[1], "Egyptian cat 4"));
    g_assert_cmpstr(call.results[4].text, ==, "caffe"); /* by its names */
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
the_strongest_map_is_the_one_that_is_known(void)
{
    if (absent())
        return;
    Photo photo = load("cat.jpg");
    Call call = fixture_call(&procedure_project, &photo, NET, "count=3", NULL);
    g_assert_cmpstr(call.results[2].text, ==, "fire9/concat");
    g_assert_cmpfloat(g_array_index(call.results[3].numbers, double, 0), ==, 426);
    HostItem *layer = call.results[0].items[0];
    g_assert_true(gegl_rectangle_equal(&layer->rect, &(GeglRectangle){75, 0, 300, 300}));

    /* The eye at about 90, 95 of the layer is drawn; the lower right corner is not. */
    float *rgba = memory_item_get(layer);
    double eye = 0, corner = 0;
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 40; x++) {
            float a = rgba[4 * ((90 + y) * 300 + 70 + x)] - 0.5f;
            float b = rgba[4 * ((260 + y) * 300 + 260 + x)] - 0.5f;
            eye += (double)(a * a);
            corner += (double)(b * b);
        }
    g_assert_cmpfloat(eye, >, 20 * corner);
    g_free(rgba);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
covering_the_tripod_takes_the_tripod_away(void)
{
    if (absent())
        return;
    Photo photo = load("camera-gray.jpg");
    Call call = fixture_call(&procedure_occlusion, &photo, NET, "size=32", "step=16",
                             "target=channel", NULL);
    g_assert_cmpstr(call.results[2].texts[0], ==, "P(tripod)");
    g_assert_cmpfloat(g_array_index(call.results[4].numbers, double, 0), <,
                      g_array_index(call.results[3].numbers, double, 0) - 0.3);
    /* The tripod's head lies at about 300, 360 of 512, grass at 470, 480. */
    float *rgba = memory_item_get(call.results[0].items[0]);
    g_assert_cmpfloat(rgba[4 * (360 * 512 + 300)], >, 0.5f);
    g_assert_cmpfloat(rgba[4 * (480 * 512 + 470)] * 2, <, rgba[4 * (360 * 512 + 300)]);
    g_free(rgba);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/squeezenet/classify", photos_are_called_by_their_names);
    g_test_add_func("/squeezenet/check", the_right_way_of_feeding_shows);
    g_test_add_func("/squeezenet/project", the_strongest_map_is_the_one_that_is_known);
    g_test_add_func("/squeezenet/occlusion", covering_the_tripod_takes_the_tripod_away);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
