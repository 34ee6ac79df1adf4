/* SPDX-License-Identifier: GPL-3.0-or-later */
/* about.c: what a result says of itself. */

#include "result/about.h"
#include <string.h>

static void
copy_group(GKeyFile *from, const char *group, GKeyFile *to, const char *to_group)
{
    char **keys = g_key_file_get_keys(from, group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
        char *value = g_key_file_get_value(from, group, *key, NULL);
        g_key_file_set_value(to, to_group, *key, value);
        g_free(value);
    }
    g_strfreev(keys);
}

static void
add_parameters(GKeyFile *about, const ParamValues *values)
{
    GKeyFile *saved = g_key_file_new();
    char *text = param_values_save(values);
    g_key_file_load_from_data(saved, text, strlen(text), G_KEY_FILE_NONE, NULL);
    char *group = g_key_file_get_start_group(saved);
    if (group)
        copy_group(saved, group, about, "parameters");

    /* Folders are left out: a picture that is passed on should not tell where its
     * author keeps files. */
    gsize n_params;
    const Param *params = param_values_table(values, &n_params);
    for (gsize i = 0; i < n_params; i++)
        if (params[i].type == PARAM_FILE || params[i].type == PARAM_SAVE ||
            params[i].type == PARAM_FOLDER) {
            const char *path = param_text(values, params[i].name);
            char *name = *path ? g_filename_display_basename(path) : g_strdup("");
            g_key_file_set_string(about, "parameters", params[i].name, name);
            g_free(name);
        }
    g_free(group);
    g_free(text);
    g_key_file_unref(saved);
}

static void
add_preprocessing(GKeyFile *about, const DcnPreprocessing *how, CardSource source)
{
    double mean[3], std[3];
    for (int c = 0; c < 3; c++) {
        mean[c] = (double)how->mean[c];
        std[c] = (double)how->std[c];
    }
    static const char *const sources[] = {
        [CARD_SILENT] = "unknown",
        [CARD_SAID] = "as the model says",
        [CARD_WORDS] = "as the model says",
        [CARD_WHOLE] = "assumed: an input of whole numbers",
        [CARD_INSIDE] = "assumed: the net's first steps",
        [CARD_LEVELS] = "assumed: the net's quantised input",
        [CARD_CAFFE] = "assumed: Caffe",
        [CARD_KERAS] = "assumed: Keras",
        [CARD_GRAY] = "assumed: gray",
        [CARD_IMAGENET] = "assumed: ImageNet",
    };
    g_key_file_set_string(about, "model", "preprocessing", sources[source]);
    g_key_file_set_string(about, "model", "order", how->bgr ? "BGR" : "RGB");
    g_key_file_set_double(about, "model", "range", (double)how->range);
    g_key_file_set_double_list(about, "model", "mean", mean, 3);
    g_key_file_set_double_list(about, "model", "std", std, 3);
    if (how->linear)
        g_key_file_set_string(about, "model", "gamma", "linear");
}

GKeyFile *
about_new(const Procedure *procedure,
          const Net *net,
          const Region *region,
          const ParamValues *values)
{
    GKeyFile *about = g_key_file_new();
    char *file = g_filename_display_basename(net->path), *hash = net_hash(net);
    int input[2] = {net->height, net->width};
    g_key_file_set_string(about, "featurescope", "procedure", procedure->name);
    g_key_file_set_string(about, "model", "name", net->card.name);
    g_key_file_set_string(about, "model", "file", file);
    if (hash)
        g_key_file_set_string(about, "model", "sha256", hash);
    add_preprocessing(about, &net->card.how, net->card.source);
    if (region) {
        const GeglRectangle *seen = &region->seen;
        int rect[4] = {seen->x, seen->y, seen->width, seen->height};
        g_key_file_set_integer_list(about, "region", "x-y-width-height", rect, 4);
    }
    g_key_file_set_integer_list(about, "region", "input-height-width", input, 2);
    add_parameters(about, values);
    g_free(hash);
    g_free(file);
    return about;
}

char *
about_finish(GKeyFile *about)
{
    char *text = g_key_file_to_data(about, NULL, NULL);
    g_key_file_unref(about);
    return text;
}
