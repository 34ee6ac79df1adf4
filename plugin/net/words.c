/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: what a model's file and its neighbours say. */

#include "net/words.h"
#include "base/fail.h"
#include "net/names.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* A list of a thousand names in JSON is some 30 kB. */
#define MOST_BYTES ((gsize)4 << 20)
#define DEEPEST 64
#define LARGEST_SIDE 16384
#define LARGEST_NUMBER 1e6

/* --- numbers --- */

typedef struct {
    int count;
    double values[4];
} Numbers;

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
        if (*end || !(fabs(value) <= LARGEST_NUMBER) ||
            numbers.count == G_N_ELEMENTS(numbers.values)) {
            numbers.count = 0;
            break;
        }
        numbers.values[numbers.count++] = value;
    }
    g_strfreev(words);
    return numbers;
}

static double
number_of(JsonNode *node, double fallback)
{
    if (!node || !JSON_NODE_HOLDS_VALUE(node))
        return fallback;
    GType type = json_node_get_value_type(node);
    return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double(node)
                                                         : fallback;
}

static Numbers
numbers_of_node(JsonNode *node)
{
    Numbers numbers = {0};
    JsonArray *array =
        node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    guint count = array ? json_array_get_length(array) : 0;
    if (count > G_N_ELEMENTS(numbers.values))
        return numbers;
    for (guint i = 0; i < count; i++) {
        JsonNode *element = json_array_get_element(array, i);
        double value = number_of(element, INFINITY);
        if (!(fabs(value) <= LARGEST_NUMBER))
            return (Numbers){0};
        numbers.values[numbers.count++] = value;
    }
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
static gboolean
take_statistics(Words *words, const Numbers *mean, const Numbers *std, double range)
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

static void
take_size(Words *words, double height, double width)
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
add_list(Words *words, Labels *list)
{
    gboolean of_people = FALSE;
    names_tidy(list);
    for (gsize i = 0; i < list->count && !of_people; i++)
        of_people = !is_wordnet_number(list->names[i]) && !is_placeholder(list->names[i]);
    if (of_people && words->n_lists < WORDS_MOST_LISTS)
        words->lists[words->n_lists++] = *list;
    else
        labels_clear(list);
}

static void
add_names(Words *words, const char *text)
{
    Labels list = {0};
    if (text && names_parse(&list, text))
        add_list(words, &list);
}

static void
said_by(Words *words, const char *source)
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

/* https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md (values in any case): pixel format and range of
 * the pictures that the model was made for. */
static void
read_image_keys(Words *words, const DcnModel *model)
{
    const char *format = dcn_model_metadata(model, "Image.BitmapPixelFormat");
    const char *range = dcn_model_metadata(model, "Image.NominalPixelRange");
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
    said_by(words, "Image.BitmapPixelFormat, Image.NominalPixelRange");
}

static void
read_ultralytics(Words *words, const DcnModel *model)
{
    const char *names = dcn_model_metadata(model, "names");
    const char *task = dcn_model_metadata(model, "task");
    Numbers size = numbers_of(dcn_model_metadata(model, "imgsz"));
    if (size.count == 1 || size.count == 2)
        take_size(words, size.values[0], size.values[size.count - 1]);
    add_names(words, names);
    if (!words->preparation && names && (task || size.count)) {
        words->how = (DcnPreprocessing){.range = 1, .std = {1, 1, 1}};
        said_by(words, "names, imgsz, task (Ultralytics)");
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
    if (!words->preparation && mean.count && take_statistics(words, &mean, &std, 0))
        said_by(words, "mean, std");
    Numbers size = numbers_of(either(model, "input_size", "image_size"));
    if (size.count > 0) /* 3 x 224 x 224, 224 x 224 or 224 */
        take_size(words, size.values[size.count > 1 ? size.count - 2 : 0],
                  size.values[size.count - 1]);
    static const char *const keys[] = {"id2label", "class_names", "classes"};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        add_names(words, dcn_model_metadata(model, keys[i]));
    read_ultralytics(words, model);
}

/* --- JSON beside the model --- */

static JsonNode *
member(JsonObject *object, const char *name)
{
    return object && json_object_has_member(object, name)
               ? json_object_get_member(object, name)
               : NULL;
}

static JsonObject *
object_of(JsonNode *node)
{
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static gboolean
is_boolean(JsonNode *node, gboolean value)
{
    return node && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == G_TYPE_BOOLEAN &&
           json_node_get_boolean(node) == value;
}

/* {"height": 224, "width": 224}, {"shortest_edge": 224} or 224. */
static void
take_json_size(Words *words, JsonNode *node)
{
    JsonObject *object = object_of(node);
    double edge = number_of(object ? member(object, "shortest_edge") : node, 0);
    take_size(words, number_of(member(object, "height"), edge),
              number_of(member(object, "width"), edge));
}

/* preprocessor_config.json of Hugging Face's image processors. */
static void
read_processor(Words *words, JsonObject *root, const char *name)
{
    if (!is_boolean(member(root, "do_center_crop"), FALSE))
        take_json_size(words, member(root, "crop_size"));
    take_json_size(words, member(root, "size"));
    if (words->preparation)
        return;
    Numbers mean = numbers_of_node(member(root, "image_mean"));
    Numbers std = numbers_of_node(member(root, "image_std"));
    gboolean rescales = !is_boolean(member(root, "do_rescale"), FALSE);
    double factor = rescales ? number_of(member(root, "rescale_factor"), 1.0 / 255) : 1;
    /* MobileViT's programs know no mean and feed B G R. */
    gboolean bgr = is_boolean(member(root, "do_flip_channel_order"), TRUE);
    if (is_boolean(member(root, "do_normalize"), FALSE) || (bgr && !mean.count)) {
        mean = (Numbers){1, {0}};
        std = (Numbers){0};
    }
    if (!(factor > 0 && factor < LARGEST_NUMBER) || !mean.count ||
        !take_statistics(words, &mean, &std, 255 * factor))
        return;
    words->how.bgr = bgr;
    if (rescales && is_boolean(member(root, "rescale_offset"), TRUE))
        for (int c = 0; c < 3; c++)
            words->how.mean[c] += 1; /* EfficientNet's: rescaled to -1 ... 1 */
    said_by(words, name);
}

static void
take_json_names(Words *words, JsonNode *node)
{
    if (!node)
        return;
    char *text = json_to_string(node, FALSE);
    add_names(words, text);
    g_free(text);
}

/* config.json: names of Hugging Face's, all of timm's. */
static void
read_config(Words *words, JsonObject *root, const char *name)
{
    take_json_names(words, member(root, "id2label"));
    take_json_names(words, member(root, "label_names"));
    JsonObject *timm = object_of(member(root, "pretrained_cfg"));
    if (!timm)
        return;
    Numbers size = numbers_of_node(member(timm, "input_size"));
    if (size.count == 3)
        take_size(words, size.values[1], size.values[2]);
    Numbers mean = numbers_of_node(member(timm, "mean"));
    Numbers std = numbers_of_node(member(timm, "std"));
    if (!words->preparation && mean.count && take_statistics(words, &mean, &std, 1))
        said_by(words, name);
}

/* JSON without what some readers take besides (comments, other quotes), and not deeper than
 * the parser, which calls itself for each level, may go. */
static gboolean
is_plain_json(const char *text, gsize length)
{
    int depth = 0;
    gboolean inside = FALSE; /* a string */
    for (gsize i = 0; i < length; i++) {
        if (inside && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            inside = !inside;
        } else if (inside) {
            continue;
        } else if (text[i] == '{' || text[i] == '[') {
            if (++depth > DEEPEST)
                return FALSE;
        } else if (text[i] == '}' || text[i] == ']') {
            depth--;
        } else if (!g_ascii_isalnum(text[i]) && !strchr(":,+-. \t\r\n", text[i])) {
            return FALSE;
        }
    }
    return !inside && depth == 0;
}

static JsonObject *
parse(JsonParser *parser, const char *text, gsize length)
{
    if (length == 0 || length > MOST_BYTES || memchr(text, '\0', length) ||
        !is_plain_json(text, length) ||
        !json_parser_load_from_data(parser, text, (gssize)length, NULL))
        return NULL;
    return object_of(json_parser_get_root(parser));
}

static void
read_json(Words *words,
          const char *folder,
          const char *name,
          void (*read)(Words *, JsonObject *, const char *))
{
    char *path = g_build_filename(folder, name, NULL);
    GMappedFile *file = g_file_test(path, G_FILE_TEST_IS_REGULAR)
                            ? g_mapped_file_new(path, FALSE, NULL)
                            : NULL;
    JsonParser *parser = json_parser_new();
    JsonObject *root = file ? parse(parser, g_mapped_file_get_contents(file),
                                    g_mapped_file_get_length(file))
                            : NULL;
    if (root)
        read(words, root, name);
    g_object_unref(parser);
    if (file)
        g_mapped_file_unref(file);
    g_free(path);
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
            add_list(words, &list);
        g_free(path);
    }
}

void
words_read(Words *words, const char *model_path, const DcnModel *model)
{
    *words = (Words){0};
    char *folder = g_path_get_dirname(model_path);
    read_metadata(words, model);
    read_json(words, folder, "preprocessor_config.json", read_processor);
    read_json(words, folder, "config.json", read_config);
    read_lists(words, folder);
    /* Many of Hugging Face's models lie in a folder of this name below their files. */
    char *base = g_path_get_basename(folder);
    if (g_str_equal(base, "onnx")) {
        char *above = g_path_get_dirname(folder);
        read_json(words, above, "preprocessor_config.json", read_processor);
        read_json(words, above, "config.json", read_config);
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
words_labels(const Words *words, gsize classes)
{
    for (gsize i = 0; i < words->n_lists; i++)
        if (words->lists[i].count == classes)
            return &words->lists[i];
    return NULL;
}
