/* top.c: tests of the strongest nine, against a plain program that runs every picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "busy.h"
#include "fixture.h"
#include "look.h"
#include "probe.h"
#include "top_index.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define PICTURES 23

enum {
    LAYERS,
    IMAGE,
    LAYER,
    MAPS,
    COUNTS,
    VALUES,
    FILES,
    IMAGES,
    COMPUTED,
    SKIPPED,
    MISSING
};

/* Five maps of a 3x3 convolution with a stride. */
static char *
conv_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,12,12");
    new_weights(net, "w", "5,3,3,3", 21);
    new_weights(net, "b", "5", 22);
    new_node(net, "Conv", "conv", "picture;w;b", "conv", "pads=1,1,1,1;strides=2,2");
    new_node(net, "Relu", "maps", "conv", "maps", "");
    new_output(net, "maps");
    fixture_write("conv.ini", "[model]\nname=Conv\n[input]\nrange=0;1\n");
    return fixture_model(net, "conv.onnx");
}

/* Pictures of noise in three folders, a text, a PNG that is cut off. */
static char *
noise_folder(const char *name)
{
    GRand *random = g_rand_new_with_seed(1);
    float rgb[16 * 12 * 3];
    for (int i = 0; i < PICTURES; i++) {
        char *file = g_strdup_printf("%s/%c/%02d.png", name, 'a' + i % 3, i);
        for (gsize k = 0; k < G_N_ELEMENTS(rgb); k++)
            rgb[k] = (float)g_rand_double(random);
        fixture_picture(file, 16, 12, rgb);
        g_free(file);
    }
    g_rand_free(random);
    char *text = g_strconcat(name, "/a/notes.txt", NULL);
    char *cut = g_strconcat(name, "/b/cut.png", NULL);
    fixture_write(text, "no picture");
    fixture_write(cut, "\x89PNG\r\n\x1a\n");
    g_free(cut);
    g_free(text);
    return fixture_path(name);
}

static void
forget_indexes(void)
{
    char *folder = fixture_path("featurescope/top");
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    if (dir)
        g_dir_close(dir);
    g_free(folder);
}

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
        Look look;
        GeglRectangle item = {0};
        host_pixels_size(pixels, &item.width, &item.height);
        g_assert_true(look_take(&look, pixels, &item, NULL, probe.net, FIT_CROP, &error));
        g_assert_true(probe_run(&probe, look.input, NULL, &error));
        const float *values = dcn_session_tensor(probe.session, probe.tensor) + map * 36;
        float best = values[0];
        for (int k = 1; k < 36; k++)
            best = fmaxf(best, values[k]);
        found[(*count)++] = (Found){g_strdup(folder.files[i].name), best};
        look_clear(&look);
        host_pixels_close(pixels);
    }
    qsort(found, *count, sizeof *found, stronger);
    probe_close(&probe);
    folder_clear(&folder);
    return found;
}

static void
check_nine(const Call *call, const char *model, const char *folder)
{
    GArray *maps = call->results[MAPS].numbers;
    for (guint m = 0; m < maps->len; m++) {
        gsize count;
        Found *found =
            plain(model, folder, (gsize)g_array_index(maps, double, m), &count);
        g_assert_cmpuint(count, ==, PICTURES);
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

static void
clear(Call *call, const Photo *photo)
{
    if (call->results[IMAGE].image != photo->image)
        host_image_delete(call->results[IMAGE].image);
    fixture_call_clear(call);
}

/* --- tests --- */

static void
the_nine_are_those_of_a_plain_program(void)
{
    char *model = conv_net(), *argument = g_strconcat("model=", model, NULL);
    char *folder = noise_folder("noise"), *images = g_strconcat("images=", folder, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    forget_indexes();
    Call call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                             "choose=list", "maps=4;0;2", NULL);
    g_assert_cmpint(call.results[IMAGES].i, ==, PICTURES);
    g_assert_cmpint(call.results[COMPUTED].i, ==, PICTURES);
    g_assert_cmpuint(g_strv_length(call.results[SKIPPED].texts), ==, 2);
    g_assert_true(fixture_said("notes.txt") && fixture_said("cut.png"));
    g_assert_cmpuint(call.results[MAPS].numbers->len, ==, 3);
    g_assert_cmpfloat(g_array_index(call.results[MAPS].numbers, double, 0), ==, 4);
    check_nine(&call, model, folder);
    clear(&call, &photo);

    /* Another map of the layer: nothing is run again. */
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
    g_assert_cmpint(call.results[IMAGES].i, ==, PICTURES);
    check_nine(&call, model, folder);
    clear(&call, &photo);

    /* A picture changes: its name and size may stay. */
    float white[16 * 12 * 3];
    for (gsize i = 0; i < G_N_ELEMENTS(white); i++)
        white[i] = 1;
    fixture_picture("noise/a/00.png", 16, 12, white);
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, PICTURES);
    check_nine(&call, model, folder);
    clear(&call, &photo);
    /* So does the card: the net is fed otherwise. */
    fixture_write("conv.ini", "[model]\nname=Conv\n[input]\nrange=0;255\n");
    net_forget();
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=list", "maps=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, PICTURES);
    clear(&call, &photo);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

static void
parts_give_what_one_pass_gives(void)
{
    char *model = conv_net(), *argument = g_strconcat("model=", model, NULL);
    char *folder = noise_folder("noise"), *images = g_strconcat("images=", folder, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    forget_indexes();
    fixture_refused(&procedure_top, &photo, PROCEDURE_ERROR_INPUT, "1, 2, 3", argument,
                    images, "layer=maps", "part=0", "parts=3", NULL);
    Call call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                             "part=2", "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "1, 3");
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 0);
    g_assert_true(call.results[IMAGE].image == photo.image);
    g_assert_true(fixture_said("Part 2 of 3 is done"));
    clear(&call, &photo);
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps", "part=1",
                        "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "3");
    clear(&call, &photo);
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=list", "maps=0,1,2,3,4", "part=3", "parts=3", NULL);
    g_assert_cmpstr(call.results[MISSING].text, ==, "");
    g_assert_cmpint(call.results[IMAGES].i, ==, PICTURES);
    g_assert_cmpint(call.results[COMPUTED].i, <, PICTURES);
    check_nine(&call, model, folder);
    clear(&call, &photo);

    /* It is found by who asks for all at once, too. */
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=random", "count=2", "seed=3", NULL);
    g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
    check_nine(&call, model, folder);
    double first = g_array_index(call.results[MAPS].numbers, double, 0);
    clear(&call, &photo);
    call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                        "choose=random", "count=2", "seed=3", NULL);
    g_assert_cmpfloat(g_array_index(call.results[MAPS].numbers, double, 0), ==, first);
    clear(&call, &photo);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
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
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 19);
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
    clear(&call, &photo);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

static void
what_cannot_be_is_refused(void)
{
    char *model = conv_net(), *argument = g_strconcat("model=", model, NULL);
    char *folder = noise_folder("noise"), *images = g_strconcat("images=", folder, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    const Procedure *p = &procedure_top;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "No folder", argument, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "nowhere", argument,
                    "images=/nowhere", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no map 5", argument, images,
                    "layer=maps", "choose=list", "maps=5", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "“x”", argument, images,
                    "layer=maps", "choose=list", "maps=x", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "No map", argument, images,
                    "layer=maps", "choose=list", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "part 4 of 3", argument, images,
                    "layer=maps", "part=4", "parts=3", NULL);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

static void
a_damaged_index_is_made_anew(void)
{
    char *model = conv_net(), *argument = g_strconcat("model=", model, NULL);
    char *folder = noise_folder("noise"), *images = g_strconcat("images=", folder, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    forget_indexes();
    Call call =
        fixture_call(&procedure_top, &photo, argument, images, "layer=maps", NULL);
    clear(&call, &photo);
    char *cache = fixture_path("featurescope/top");
    GDir *dir = g_dir_open(cache, 0, NULL);
    char *path = g_build_filename(cache, g_dir_read_name(dir), NULL), *bytes;
    gsize size;
    g_dir_close(dir);
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    GRand *random = g_rand_new_with_seed(9);
    for (int i = 0; i < 300; i++) {
        /* Cut off somewhere, or with a byte that is another. */
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)size);
        char kept = bytes[at];
        bytes[at] = (char)(kept + 1 + i % 255);
        g_assert_true(
            g_file_set_contents(path, bytes, (gssize)(i % 2 ? size : at), NULL));
        bytes[at] = kept;
        call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                            "choose=list", "maps=1", NULL);
        g_assert_cmpint(call.results[IMAGES].i, <=, PICTURES + 2);
        clear(&call, &photo);
    }
    g_rand_free(random);
    g_free(bytes);
    g_free(path);
    g_free(cache);
    fixture_free(&photo);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

static void
the_cache_is_bounded(void)
{
    char *folder = fixture_path("bound"), *keep = fixture_path("bound/0.top");
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    for (int i = 0; i < 6; i++) {
        char *name = g_strdup_printf("bound/%d.top%s", i, i == 3 ? ".A1B2C3" : "");
        char *path = fixture_path(name);
        fixture_write(name, "0123456789");
        struct timespec times[2] = {{1000 + i, 0}, {1000 + i, 0}};
        g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
        g_free(path);
        g_free(name);
    }
    top_cache_prune(folder, 35, keep);
    /* Three fit: the one to keep, and the two that were used last. */
    const gboolean there[6] = {TRUE, FALSE, FALSE, FALSE, TRUE, TRUE};
    for (int i = 0; i < 6; i++) {
        char *name = g_strdup_printf("bound/%d.top%s", i, i == 3 ? ".A1B2C3" : "");
        char *path = fixture_path(name);
        g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, there[i]);
        g_free(path);
        g_free(name);
    }
    g_free(keep);
    g_free(folder);
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

/* --- a run that is killed --- */

#define MANY 10000

/* What the second process does: this program with "--pass MODEL FOLDER". */
static int
pass(const char *model, const char *folder)
{
    gegl_init(NULL, NULL);
    ParamValues *values = param_values_new(procedure_top.params, procedure_top.n_params);
    param_set_text(values, "model", model);
    param_set_text(values, "images", folder);
    param_set_text(values, "layer", "maps");
    ResultValue results[16] = {0};
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    Run run = {.image = photo.image,
               .drawables = &photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    return procedure_call(&procedure_top, &run, NULL) ? 0 : 1;
}

/* When the one index was written last, in nanoseconds; 0: there is none. */
static gint64
index_time(void)
{
    char *cache = fixture_path("featurescope/top");
    GDir *dir = g_dir_open(cache, 0, NULL);
    const char *name = NULL;
    gint64 time = 0;
    while (dir && (name = g_dir_read_name(dir)) && !g_str_has_suffix(name, ".top"))
        ;
    if (name) {
        struct stat now;
        char *path = g_build_filename(cache, name, NULL);
        if (stat(path, &now) == 0)
            time = (gint64)now.st_mtim.tv_sec * 1000000000 + now.st_mtim.tv_nsec;
        g_free(path);
    }
    if (dir)
        g_dir_close(dir);
    g_free(cache);
    return time;
}

static void
a_killed_run_keeps_what_it_has(void)
{
    char *model = conv_net(), *argument = g_strconcat("model=", model, NULL);
    char *folder = fixture_path("many"), *images = g_strconcat("images=", folder, NULL);
    float rgb[12 * 12 * 3] = {0};
    rgb[200] = 1;
    fixture_picture("many/00000.png", 12, 12, rgb);
    char *first = fixture_path("many/00000.png"), *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(first, &bytes, &size, NULL));
    for (int i = 1; i < MANY; i++) {
        char *path = g_strdup_printf("%s/%05d.png", folder, i);
        FILE *file = fopen(path, "wb");
        g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
        fclose(file);
        g_free(path);
    }
    forget_indexes();
    char *arguments[] = {(char *)"/proc/self/exe", (char *)"--pass", model, folder, NULL};
    GPid child;
    char *self = g_file_read_link("/proc/self/exe", NULL);
    arguments[0] = self;
    g_assert_true(g_spawn_async(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    int status;
    gboolean ended = FALSE;
    while (!ended && !index_time()) {
        ended = waitpid(child, &status, WNOHANG) == child;
        g_usleep(5000);
    }
    if (!ended) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    /* A second is enough for some thousand pictures; not for all, on machines of today.
     */
    g_assert_false(ended);

    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_top, &photo, argument, images, "layer=maps",
                             "choose=list", "maps=0", NULL);
    g_test_message("%d of %d were left", call.results[COMPUTED].i, MANY);
    g_assert_cmpint(call.results[IMAGES].i, ==, MANY);
    g_assert_cmpint(call.results[COMPUTED].i, <, MANY);
    g_assert_cmpint(call.results[COMPUTED].i, >, 0);
    /* All are alike: the first nine. */
    for (int i = 0; i < 9; i++) {
        char *wanted = g_strdup_printf("%05d.png", i);
        g_assert_cmpstr(call.results[FILES].texts[i], ==, wanted);
        g_free(wanted);
    }
    clear(&call, &photo);
    fixture_free(&photo);
    g_free(self);
    g_free(bytes);
    g_free(first);
    g_free(images);
    g_free(folder);
    g_free(argument);
    g_free(model);
}

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], "--pass"))
        return pass(argv[2], argv[3]);
    fixture_start(&argc, &argv);
    g_test_add_func("/top/nine", the_nine_are_those_of_a_plain_program);
    g_test_add_func("/top/parts", parts_give_what_one_pass_gives);
    g_test_add_func("/top/tiles", tiles_show_what_the_unit_sees);
    g_test_add_func("/top/refused", what_cannot_be_is_refused);
    g_test_add_func("/top/damaged", a_damaged_index_is_made_anew);
    g_test_add_func("/top/bounded", the_cache_is_bounded);
    g_test_add_func("/top/rate", progress_tells_pictures_a_second);
    g_test_add_func("/top/killed", a_killed_run_keeps_what_it_has);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
