/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top.c: tests of the strongest nine, against a plain program that runs every picture. */
#define _POSIX_C_SOURCE 200809L
#include "plugin/fixture/top.h"
#include "actions/top/index.h"
#include "base/busy.h"
#include "photo/seen.h"
#include "probe/probe.h"
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the plain program --- */

typedef struct {
    char *name;
    float value;
} Found;

static int
stronger(const void *a, const void *b)
{
    const Found *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Every picture, one after another, sorted. */
static Found *
plain(const char *model, const char *folder_path_text, gsize map, gsize *count)
{
    GError *error = NULL;
    Folder folder;
    Probe probe;
    g_assert_true(folder_read(&folder, folder_path_text, NULL, &error));
    g_assert_true(probe_open(&probe, net_open(model, &error), "maps", 1, &error));
    Found *found = g_new0(Found, folder.count);
    *count = 0;
    for (gsize i = 0; i < folder.count; i++) {
        char *path = folder_path(&folder, i);
        HostPixels *pixels = host_file_open(path, NULL);
        g_free(path);
        if (!pixels)
            continue;
        Seen seen;
        GeglRectangle item = {0};
        host_pixels_size(pixels, &item.width, &item.height);
        g_assert_true(seen_take(&seen, pixels, &item, NULL, probe.net, FIT_CROP, &error));
        g_assert_true(probe_run(&probe, seen.input, NULL, &error));
        const float *values = probe_values(&probe, map);
        float best = values[0];
        for (int k = 1; k < 36; k++)
            best = fmaxf(best, values[k]);
        found[(*count)++] = (Found){g_strdup(folder.files[i].name), best};
        seen_clear(&seen);
        host_pixels_close(pixels);
    }
    qsort(found, *count, sizeof *found, stronger);
    probe_close(&probe);
    folder_clear(&folder);
    return found;
}

static void
check_nine(const Call *call, const TopCase *t)
{
    GArray *maps = call->results[MAPS].numbers;
    for (guint m = 0; m < maps->len; m++) {
        gsize count;
        Found *found =
            plain(t->net, t->folder, (gsize)g_array_index(maps, double, m), &count);
        g_assert_cmpuint(count, ==, TOP_PICTURES);
        for (guint i = 0; i < 9; i++) {
            double value =
                g_array_index(call->results[VALUES].numbers, double, 9 * m + i);
            g_assert_cmpstr(call->results[FILES].texts[9 * m + i], ==, found[i].name);
            /* Sums of 27 terms in another order. */
            g_assert_cmpfloat_with_epsilon(value, found[i].value, 1e-5);
        }
        for (gsize i = 0; i < count; i++)
            g_free(found[i].name);
        g_free(found);
    }
}

/* --- tests --- */

static void
the_nine_are_those_of_a_plain_program(void)
{
    TopCase t = top_begin(top_noise("noise"));
    Call call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                             "choose=list", "maps=4;0;2", NULL);
    g_assert_cmpint(call.results[IMAGES].i, ==, TOP_PICTURES);
    g_assert_cmpint(call.results[COMPUTED].i, ==, TOP_PICTURES);
    g_assert_cmpuint(g_strv_length(call.results[SKIPPED].texts), ==, 2);
    g_assert_true(fixture_said("notes") && fixture_said("cut.png"));
    g_assert_cmpuint(call.results[MAPS].numbers->len, ==, 3);
    g_assert_cmpfloat(g_array_index(call.results[MAPS].numbers, double, 0), ==, 4);
    check_nine(&call, &t);
    top_clear(&call, &t.photo);

    /* Another map of the layer: nothing is run again. */
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
    g_assert_cmpint(call.results[IMAGES].i, ==, TOP_PICTURES);
    check_nine(&call, &t);
    top_clear(&call, &t.photo);

    /* A picture changes: its name and size may stay. */
    float white[16 * 12 * 3];
    for (gsize i = 0; i < G_N_ELEMENTS(white); i++)
        white[i] = 1;
    fixture_picture("noise/a/00.png", 16, 12, white);
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, TOP_PICTURES);
    check_nine(&call, &t);
    top_clear(&call, &t.photo);
    /* So does the card: the net is fed otherwise. */
    fixture_write("conv.ini", "[model]\nname=Conv\n[input]\nrange=0;255\n");
    net_forget();
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, TOP_PICTURES);
    top_clear(&call, &t.photo);
    top_end(&t);
}

/* Three pictures are one line of tiles, and the sheet has no room for more. */
static void
few_pictures_leave_no_empty_lines(void)
{
    float gray[16 * 12 * 3];
    int height[2];
    for (int k = 0; k < 2; k++) {
        char *folder = fixture_path(k ? "nine" : "three");
        for (int i = 0; i < (k ? 9 : 3); i++) {
            for (gsize j = 0; j < G_N_ELEMENTS(gray); j++)
                gray[j] = (float)((j * 7 + (gsize)i * 31) % 97) / 96;
            char *name = g_strdup_printf("%s/%d.png", k ? "nine" : "three", i);
            fixture_picture(name, 16, 12, gray);
            g_free(name);
        }
        TopCase t = top_begin(folder);
        Call call = fixture_call(&procedure_top, &t.photo, t.model, t.images,
                                 "layer=maps", "choose=list", "maps=0", NULL);
        height[k] = call.results[IMAGE].image->height;
        top_clear(&call, &t.photo);
        top_end(&t);
    }
    /* The words above are the same, the tiles three times as many. */
    g_assert_cmpint(height[0], <, height[1]);
    g_assert_cmpint(3 * height[0], >, height[1]);
}

static void
parts_give_what_one_pass_gives(void)
{
    TopCase t = top_begin(top_noise("noise"));
    fixture_refused(&procedure_top, &t.photo, PROCEDURE_ERROR_INPUT, "1, 2, 3", t.model,
                    t.images, "layer=maps", "part=0", "parts=3", NULL);
    Call call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                             "part=2", "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "1, 3");
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 0);
    g_assert_true(call.results[IMAGE].image == t.photo.image);
    g_assert_true(fixture_said("Part 2 of 3 is done"));
    top_clear(&call, &t.photo);
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "part=1", "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "3");
    top_clear(&call, &t.photo);
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=list", "maps=0,1,2,3,4", "part=3", "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "");
    g_assert_cmpint(call.results[IMAGES].i, ==, TOP_PICTURES);
    g_assert_cmpint(call.results[COMPUTED].i, <, TOP_PICTURES);
    check_nine(&call, &t);
    top_clear(&call, &t.photo);

    /* A run that asks for all parts at once finds it too. */
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=random", "count=2", "seed=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
    check_nine(&call, &t);
    double first = g_array_index(call.results[MAPS].numbers, double, 0);
    top_clear(&call, &t.photo);
    call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                        "choose=random", "count=2", "seed=3", NULL);
    g_assert_cmpfloat(g_array_index(call.results[MAPS].numbers, double, 0), ==, first);
    top_clear(&call, &t.photo);
    top_end(&t);
}

/* A net whose one map is the red channel at full size: a unit sees one pixel. */
static void
tiles_show_what_the_unit_sees(void)
{
    char *model = fixture_red_net(), *argument = g_strconcat("model=", model, NULL);
    float rgb[64 * 3];
    for (int i = 0; i < 12; i++) {
        char *name = g_strdup_printf("reds/%02d.png", i);
        memset(rgb, 0, sizeof rgb);
        rgb[3 * 9] = (float)(20 * i + 15) / 255;
        rgb[3 * 9 + 2] = 0.6f;
        fixture_picture(name, 8, 8, rgb);
        g_free(name);
    }
    char *folder = fixture_path("reds"), *images = g_strconcat("images=", folder, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                             "choose=list", "maps=0", "tile=20", NULL);
    HostImage *made = call.results[IMAGE].image;
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 21); /* and caption, paper */
    HostItem *projections = memory_image_item(made, 0);
    g_assert_cmpstr(projections->name, ==, "Projections");
    HostItem *patches = g_ptr_array_index(made->layers, 1);
    g_assert_cmpstr(patches->name, ==, "Patches");
    g_assert_cmpuint(projections->children->len, ==, 9);
    g_assert_cmpuint(patches->children->len, ==, 9);
    for (guint i = 0; i < 9; i++) {
        HostItem *left = g_ptr_array_index(projections->children, i);
        HostItem *right = g_ptr_array_index(patches->children, i);
        char *file = g_strdup_printf("%02d.png", 11 - i);
        g_assert_true(g_str_has_suffix(left->name, file));
        g_assert_cmpstr(left->name, ==, right->name);
        g_assert_cmpint(left->rect.y, ==, right->rect.y);
        g_assert_cmpint(left->rect.width, ==, 20);
        HostItem *first = g_ptr_array_index(projections->children, 0);
        HostItem *first_patch = g_ptr_array_index(patches->children, 0);
        g_assert_cmpint(left->rect.x - first->rect.x, ==,
                        right->rect.x - first_patch->rect.x);
        float *rgba = memory_item_get(right);
        g_assert_cmpfloat_with_epsilon(rgba[4 * 210], (20 * (11 - (float)i) + 15) / 255,
                                       0.003);
        g_assert_cmpfloat_with_epsilon(rgba[4 * 210 + 2], 0.6, 0.003);
        g_free(rgba);
        rgba = memory_item_get(left); /* one value, red: white there, gray elsewhere */
        g_assert_cmpfloat_with_epsilon(rgba[4 * 210], 1, 0.003);
        g_assert_cmpfloat_with_epsilon(rgba[4 * 210 + 1], 0.5, 0.003);
        g_free(rgba);
        g_free(file);
    }
    top_clear(&call, &photo);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

static void
what_cannot_be_is_refused(void)
{
    TopCase t = top_begin(top_noise("noise"));
    const Procedure *p = &procedure_top;
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "No folder", t.model, NULL);
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "nowhere", t.model,
                    "images=/nowhere", NULL);
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "no map 5", t.model, t.images,
                    "layer=maps", "choose=list", "maps=5", NULL);
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "“x”", t.model, t.images,
                    "layer=maps", "choose=list", "maps=x", NULL);
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "No map", t.model, t.images,
                    "layer=maps", "choose=list", NULL);
    fixture_refused(p, &t.photo, PROCEDURE_ERROR_INPUT, "part 4 of 3", t.model, t.images,
                    "layer=maps", "part=4", "parts=3", NULL);
    top_end(&t);
}

/* Two seconds after its start half of 400 pictures are done. */
static void
progress_tells_pictures_a_second(void)
{
    Busy busy = {.text = "Looking: image", .count = 400, .rate = TRUE, .to = 1};
    memory_host_reset();
    DcnProgress progress = busy_start(&busy);
    busy.start -= 2 * G_USEC_PER_SEC;
    busy.shown = 0;
    g_assert_true(progress.report(0.5, progress.user));
    GPtrArray *said = memory_host()->progress;
    g_assert_cmpstr(g_ptr_array_index(said, said->len - 1), ==,
                    "Looking: image 200 of 400, 100 a second, 3 s left");
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/top/few", few_pictures_leave_no_empty_lines);
    g_test_add_func("/top/nine", the_nine_are_those_of_a_plain_program);
    g_test_add_func("/top/parts", parts_give_what_one_pass_gives);
    g_test_add_func("/top/tiles", tiles_show_what_the_unit_sees);
    g_test_add_func("/top/refused", what_cannot_be_is_refused);
    g_test_add_func("/top/rate", progress_tells_pictures_a_second);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
