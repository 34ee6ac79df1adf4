/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c: files may have names that are no text. Whatever is done with a folder of them, all
 * that a run says is text, and pictures among them are read. */
#include "check.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>

#define ODD "\377" /* stands in no text */

static char *folder, *masks, *epochs; /* of pictures, of parts of them, of checkpoints */
static char *model;
static Photo photo;

static void
check_valid(const char *procedure, const char *what, const char *text)
{
    if (text && !g_utf8_validate(text, -1, NULL)) {
        char *shown = g_utf8_make_valid(text, -1);
        check_fail("%s, %s: \"%s\"", procedure, what, shown);
        g_free(shown);
    }
}

static void
check_items(const char *procedure, const GPtrArray *items)
{
    for (guint i = 0; items && i < items->len; i++) {
        const HostItem *item = items->pdata[i];
        check_valid(procedure, "the name of a layer", item->name);
        check_valid(procedure, "what a layer keeps", item->parasite);
        check_valid(procedure, "a text layer", item->words);
        check_items(procedure, item->children);
    }
}

static void
check_results(const Call *call)
{
    const Procedure *procedure = call->procedure;
    for (gsize i = 0; i < procedure->n_results; i++) {
        const ResultValue *result = &call->results[i];
        check_valid(procedure->name, procedure->results[i].name, result->text);
        for (char **text = result->texts; text && *text; text++)
            check_valid(procedure->name, procedure->results[i].name, *text);
    }
}

static void
check_host(const char *procedure)
{
    const MemoryHost *host = memory_host();
    for (guint i = 0; i < host->messages->len; i++)
        check_valid(procedure, "a message", host->messages->pdata[i]);
    for (guint i = 0; i < host->progress->len; i++)
        check_valid(procedure, "progress", host->progress->pdata[i]);
    for (guint i = 0; i < memory_images()->len; i++) {
        const HostImage *image = memory_images()->pdata[i];
        check_valid(procedure, "the name of an image", image->name);
        check_items(procedure, image->layers);
    }
}

/* Everything that a run said is text, and it came to its end. */
static void
check_call(Call *call)
{
    const char *name = call->procedure->name;
    check_valid(name, "its error", call->ok ? NULL : call->error->message);
    check_results(call);
    check_host(name);
    if (!call->ok)
        check_fail("%s: %s", name, call->error->message);
    fixture_call_clear(call);
}

static int
result_of(const Call *call, const char *name)
{
    gsize i = 0;
    while (!g_str_equal(call->procedure->results[i].name, name))
        i++;
    return call->results[i].i;
}

static char *
pair(const char *name, const char *value)
{
    return g_strconcat(name, "=", value, NULL);
}

static void
the_nine_are_found_and_kept(void)
{
    char *images = pair("images", folder), *net = pair("model", model);
    for (int again = 0; again < 2; again++) {
        memory_host_reset();
        Call call = fixture_call(&procedure_top, &photo, net, images, "layer=maps", NULL);
        check_int(result_of(&call, "images"), 3, "all pictures count");
        check_int(result_of(&call, "computed"), again ? 0 : 3, "what was found is kept");
        check_call(&call);
    }
    g_free(net);
    g_free(images);
}

static void
kernels_are_measured(void)
{
    char *images = pair("images", folder), *net = pair("model", model);
    memory_host_reset();
    Call call = fixture_call(&procedure_filters, &photo, net, images, NULL);
    check_call(&call);
    g_free(net);
    g_free(images);
}

static void
epochs_are_shown(void)
{
    char *checkpoints = pair("checkpoints", epochs), *images = pair("images", folder);
    memory_host_reset();
    Call call = fixture_call(&procedure_evolution, &photo, checkpoints, images,
                             "layer=maps", NULL);
    check_call(&call);
    g_free(images);
    g_free(checkpoints);
}

static void
parts_are_compared(void)
{
    char *images = pair("folder", folder), *all = pair("masks", masks),
         *net = pair("model", model);
    memory_host_reset();
    Call call = fixture_call(&procedure_correspondence, &photo, net, "pictures=folder",
                             images, all, "draws=1", NULL);
    check_call(&call);
    g_free(net);
    g_free(all);
    g_free(images);
}

static void
pictures_are_moved(void)
{
    char *images = pair("folder", folder), *net = pair("model", model);
    memory_host_reset();
    Call call =
        fixture_call(&procedure_invariance, &photo, net, "pictures=folder", images, NULL);
    check_call(&call);
    g_free(net);
    g_free(images);
}

static void
a_folder_is_done_but_for_them(void)
{
    char *images = pair("images", folder), *net = pair("model", model),
         *out = fixture_path("out"), *to = pair("output", out);
    memory_host_reset();
    Call call = fixture_call(&procedure_folder, &photo, net, images, to, NULL);
    check_call(&call);
    g_free(to);
    g_free(out);
    g_free(net);
    g_free(images);
}

/* As the scoring net's. */
static char *
odd_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "pic" ODD, "1,3,8,8");
    new_weights(net, "w1" ODD, "4,3,3,3", 11);
    new_weights(net, "w2", "3,4,1,1", 12);
    new_node(net, "Conv", "c1" ODD, "pic" ODD ";w1" ODD, "c1" ODD, "pads=[1,1,1,1]");
    new_node(net, "Relu", "maps" ODD, "c1" ODD, "maps" ODD, "");
    new_node(net, "Conv", "c2" ODD, "maps" ODD ";w2", "c2" ODD, "");
    new_node(net, "GlobalAveragePool", "mean" ODD, "c2" ODD, "mean" ODD, "");
    new_node(net, "Flatten", "score" ODD, "mean" ODD, "score" ODD, "");
    new_node(net, "Softmax", "end" ODD, "score" ODD, "end" ODD, "axis=1");
    new_output(net, "end" ODD);
    return fixture_model(net, "odd.onnx");
}

static void
names_in_a_model_may_be_no_text(void)
{
    char *path = odd_net(), *net = pair("model", path), *images = pair("images", folder);
    const Procedure *const asked[] = {
        &procedure_classify, &procedure_project, &procedure_occlusion,
        &procedure_evidence, &procedure_judge,   &procedure_model,
        &procedure_check,    &procedure_filters, &procedure_top,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        memory_host_reset();
        const char *more = asked[i] == &procedure_top ? images : NULL;
        Call call = fixture_call(asked[i], &photo, net, more, NULL);
        check_call(&call);
    }
    g_free(images);
    g_free(net);
    g_free(path);
}

static void
make_files(void)
{
    float rgb[8 * 8 * 3], white[8 * 8 * 3];
    for (gsize i = 0; i < G_N_ELEMENTS(rgb); i++) {
        rgb[i] = (float)(i * 7 % 11) / 10;
        white[i] = i < 60;
    }
    fixture_picture("odd/plain.png", 8, 8, rgb);
    fixture_picture("odd/pic" ODD "ture.png", 8, 8, rgb);
    fixture_picture("odd/fol" ODD "der/one.png", 8, 8, rgb);
    fixture_write("odd/no" ODD "ne.png", "no picture");
    fixture_picture("masks/eye" ODD "/plain.png", 8, 8, white);
    fixture_picture("masks/eye" ODD "/pic" ODD "ture.png", 8, 8, white);
    folder = fixture_path("odd");
    masks = fixture_path("masks");
    epochs = fixture_path("epochs");
    model = fixture_red_net();
    char *bytes;
    gsize size;
    g_assert(g_file_get_contents(model, &bytes, &size, NULL) &&
             g_mkdir(epochs, 0700) == 0);
    for (int i = 0; i < 2; i++) {
        char *path = g_strdup_printf("%s/epoch" ODD "%d.onnx", epochs, i);
        g_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
        g_free(path);
    }
    g_free(bytes);
}

static const CheckTest tests[] = {
    CHECK_TEST(the_nine_are_found_and_kept),
    CHECK_TEST(kernels_are_measured),
    CHECK_TEST(epochs_are_shown),
    CHECK_TEST(parts_are_compared),
    CHECK_TEST(pictures_are_moved),
    CHECK_TEST(a_folder_is_done_but_for_them),
    CHECK_TEST(names_in_a_model_may_be_no_text),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    make_files();
    photo = fixture_noise(16, 16);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_free(&photo);
    g_free(folder);
    g_free(masks);
    g_free(epochs);
    g_free(model);
    fixture_end();
    return status;
}
