/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: reads a model's metadata and the lists of names beside it; words_json.c reads
 * the JSON files. */

#include "net/names.h"
#include "net/words_private.h"
#include <math.h>
#include <string.h>

#define LARGEST_SIDE 16384

/* --- numbers --- */

/* Of "[0.485, 0.456, 0.406]", "(224, 224)" or "0.5"; none if anything else is in it. */
static Numbers
numbers_of(const char *text)
{
    Numbers numbers = {0};
    char **words = g_strsplit_set(text ? text : "", "[](){},; \t\n", -1);
    for (char **word = words; *word; word++) {
        char *end;
        if (!**word)
            continue;
        double value = g_ascii_strtod(*word, &end);
        if (*end || !(fabs(value) <= WORDS_LARGEST_NUMBER) ||
            numbers.count == G_N_ELEMENTS(numbers.values)) {
            numbers.count = 0;
            break;
        }
        numbers.values[numbers.count++] = value;
    }
    g_strfreev(words);
    return numbers;
}

/* One number for all channels, or one for each. */
static gboolean
channels(const Numbers *numbers, float out[3])
{
    if (numbers->count != 1 && numbers->count != 3)
        return FALSE;
    for (int c = 0; c < 3; c++)
        out[c] = (float)numbers->values[numbers->count == 1 ? 0 : c];
    return TRUE;
}

/* Mean and deviation of values 0 ... 1, or 0 ... 255 where the mean says so. */
gboolean
words_take_statistics(Words *words, const Numbers *mean, const Numbers *std, double range)
{
    DcnPreprocessing how = {.range = (float)range, .std = {1, 1, 1}};
    if (!channels(mean, how.mean) || (std->count && !channels(std, how.std)))
        return FALSE;
    if (range == 0)
        how.range = how.mean[0] > 2 || how.std[0] > 2 ? 255 : 1;
    for (int c = 0; c < 3; c++)
        if (!(how.std[c] > 0))
            return FALSE;
    words->how = how;
    return TRUE;
}

void
words_take_size(Words *words, double height, double width)
{
    if (!words->height && height >= 1 && height <= LARGEST_SIDE && width >= 1 &&
        width <= LARGEST_SIDE) {
        words->height = (int)height;
        words->width = (int)width;
    }
}

static gboolean
is_wordnet_number(const char *name)
{
    return name[0] == 'n' && strspn(name + 1, "0123456789") == 8 && !name[9];
}

/* "LABEL_7", as Hugging Face's programs call class 7 of a net that has no names. */
static gboolean
is_placeholder(const char *name)
{
    return g_str_has_prefix(name, "LABEL_") && name[6] &&
           strspn(name + 6, "0123456789") == strlen(name + 6);
}

/* Takes a list over, if names for people are in it. */
static void
add_list(Words *words, Labels *list, const char *said_in)
{
    gboolean of_people = FALSE;
    names_tidy(list);
    for (gsize i = 0; i < list->count && !of_people; i++)
        of_people = !is_wordnet_number(list->names[i]) && !is_placeholder(list->names[i]);
    if (of_people && words->n_lists < WORDS_MOST_LISTS) {
        words->said_in[words->n_lists] = said_in;
        words->lists[words->n_lists++] = *list;
    } else {
        labels_clear(list);
    }
}

void
words_add_names(Words *words, const char *text, const char *said_in)
{
    Labels list = {0};
    if (text && names_parse(&list, text))
        add_list(words, &list, said_in);
}

void
words_said_by(Words *words, const char *source)
{
    if (!words->preparation)
        words->preparation = g_strdup(source);
}

/* --- metadata --- */

static gboolean
says(const char *value, const char *part)
{
    char *lower = g_ascii_strdown(value ? value : "", -1);
    gboolean found = strstr(lower, part) != NULL;
    g_free(lower);
    return found;
}

/* https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md (values in any case):
 * pixel format, range and encoding of the pictures that the model was made for. */
static void
read_image_keys(Words *words, const DcnModel *model)
{
    const char *format = dcn_model_metadata(model, "Image.BitmapPixelFormat");
    const char *range = dcn_model_metadata(model, "Image.NominalPixelRange");
    const char *gamma = dcn_model_metadata(model, "Image.ColorSpaceGamma");
    words->linear = gamma && g_ascii_strcasecmp(gamma, "Linear") == 0;
    if (!format && !range)
        return;
    DcnPreprocessing how = {.range = 255, .std = {1, 1, 1}};
    how.bgr = format && g_ascii_strncasecmp(format, "Bgr", 3) == 0;
    if (says(range, "normalized_0_1")) {
        how.range = 1;
    } else if (says(range, "normalized_1_1")) {
        how.range = 2;
        how.mean[0] = how.mean[1] = how.mean[2] = 1;
    } else if (says(range, "16_235")) {
        how.range = 219;
        how.mean[0] = how.mean[1] = how.mean[2] = -16;
    }
    words->how = how;
    words_said_by(words, "Image.BitmapPixelFormat, Image.NominalPixelRange");
}

static void
read_ultralytics(Words *words, const DcnModel *model)
{
    const char *names = dcn_model_metadata(model, "names");
    const char *task = dcn_model_metadata(model, "task");
    Numbers size = numbers_of(dcn_model_metadata(model, "imgsz"));
    if (size.count == 1 || size.count == 2)
        words_take_size(words, size.values[0], size.values[size.count - 1]);
    words_add_names(words, names, "names");
    if (!words->preparation && names && (task || size.count)) {
        words->how = (DcnPreprocessing){.range = 1, .std = {1, 1, 1}};
        words_said_by(words, "names, imgsz, task (Ultralytics)");
    }
}

static const char *
either(const DcnModel *model, const char *a, const char *b)
{
    const char *value = dcn_model_metadata(model, a);
    return value ? value : dcn_model_metadata(model, b);
}

static void
read_metadata(Words *words, const DcnModel *model)
{
    read_image_keys(words, model);
    Numbers mean = numbers_of(either(model, "mean", "image_mean"));
    Numbers std = numbers_of(either(model, "std", "image_std"));
    if (!words->preparation && mean.count && words_take_statistics(words, &mean, &std, 0))
        words_said_by(words, "mean, std");
    Numbers size = numbers_of(either(model, "input_size", "image_size"));
    if (size.count > 0) /* 3 x 224 x 224, 224 x 224 or 224 */
        words_take_size(words, size.values[size.count > 1 ? size.count - 2 : 0],
                        size.values[size.count - 1]);
    static const char *const keys[] = {"id2label", "class_names", "classes"};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        words_add_names(words, dcn_model_metadata(model, keys[i]), keys[i]);
    read_ultralytics(words, model);
}

/* --- lists beside the model --- */

static void
read_lists(Words *words, const char *folder)
{
    static const char *const names[] = {"labels.txt", "classes.txt", "synset.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = g_build_filename(folder, names[i], NULL);
        Labels list = {0};
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && labels_read(&list, path, NULL))
            add_list(words, &list, names[i]);
        g_free(path);
    }
}

void
words_read(Words *words, const char *model_path, const DcnModel *model)
{
    *words = (Words){0};
    char *folder = g_path_get_dirname(model_path);
    read_metadata(words, model);
    words_read_json(words, folder);
    read_lists(words, folder);
    /* Many of Hugging Face's models lie in a folder of this name below their files. */
    char *base = g_path_get_basename(folder);
    if (g_str_equal(base, "onnx")) {
        char *above = g_path_get_dirname(folder);
        words_read_json(words, above);
        g_free(above);
    }
    g_free(base);
    g_free(folder);
}

void
words_clear(Words *words)
{
    g_free(words->preparation);
    for (gsize i = 0; i < words->n_lists; i++)
        labels_clear(&words->lists[i]);
    *words = (Words){0};
}

const Labels *
words_labels(const Words *words, gsize classes, const char **said_in)
{
    for (gsize i = 0; i < words->n_lists; i++)
        if (words->lists[i].count == classes) {
            if (said_in)
                *said_in = words->said_in[i];
            return &words->lists[i];
        }
    return NULL;
}
