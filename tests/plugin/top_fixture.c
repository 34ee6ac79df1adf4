/* top_fixture.c: pictures, a net and the index, for the tests of the strongest nine.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "top_fixture.h"
#include <glib/gstdio.h>

/* Five maps of a 3x3 convolution with a stride. */
static char *
five_maps(void)
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
char *
top_noise(const char *name)
{
    GRand *random = g_rand_new_with_seed(1);
    float rgb[16 * 12 * 3];
    for (int i = 0; i < TOP_PICTURES; i++) {
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

/* All indexes. */
static void
forget(void)
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

void
top_clear(Call *call, const Photo *photo)
{
    if (call->results[IMAGE].image != photo->image)
        host_image_delete(call->results[IMAGE].image);
    fixture_call_clear(call);
}

TopCase
top_begin(char *folder)
{
    TopCase t = {.net = five_maps(), .folder = folder, .photo = fixture_photo(8, 8)};
    t.model = g_strconcat("model=", t.net, NULL);
    t.images = g_strconcat("images=", t.folder, NULL);
    fixture_done(&t.photo);
    forget();
    return t;
}

void
top_end(TopCase *t)
{
    fixture_free(&t->photo);
    g_free(t->images);
    g_free(t->folder);
    g_free(t->model);
    g_free(t->net);
}
